"""What can be done with encounters."""

from uuid import UUID

from app import audit, identity, patients
from app.clinical.encounters import repository
from app.clinical.encounters.errors import NotAPractitioner, PractitionerMissing
from app.clinical.encounters.lifecycle import EncounterStatus
from app.clinical.encounters.models import Encounter, EncounterMove, RecordingConsent
from app.clinical.encounters.policies import require_arranger, require_clinician, require_witness
from app.clinical.encounters.schemas import ConsentDecision, ConsentMethod, NewEncounter
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role

PRACTITIONER_FIELD = ["body", "practitioner_id"]


async def get_encounter(uow: UnitOfWork, encounter_id: UUID, *, lock: bool = False) -> Encounter:
    """An encounter of a patient the actor may see; raises `EncounterNotFound`.

    Leaves no trace in the audit trail: the verb that uses it does. With `lock` nobody moves
    the encounter or changes consent in it until this unit of work ends.
    """
    return await repository.get(uow, encounter_id, lock=lock)


async def start_encounter(uow: UnitOfWork, new: NewEncounter) -> Encounter:
    """A patient has come and will be seen by a doctor.

    Raises `PatientNotFound`, `PractitionerMissing`, `NotAPractitioner`.
    """
    require_arranger(uow)
    patient = await patients.get_patient(uow, new.patient_id)
    encounter = Encounter(
        patient_id=patient.id,
        practitioner_id=await practitioner_for(uow, new.practitioner_id),
        kind=new.kind,
        reason=new.reason,
        status=EncounterStatus.IN_PROGRESS,
        started_at=uow.now,
    )
    uow.db.add(encounter)
    await uow.db.flush()
    uow.db.add(
        EncounterMove(
            encounter_id=encounter.id,
            to_status=encounter.status,
            moved_by=uow.actor.id,
            moved_at=uow.now,
        )
    )
    await trace(uow, "encounter.start", encounter)
    return encounter


async def complete_encounter(uow: UnitOfWork, encounter_id: UUID) -> Encounter:
    """The visit is over; raises `IllegalMove` when it already was."""
    require_clinician(uow)
    encounter = await repository.get(uow, encounter_id, lock=True)
    uow.db.add(encounter.complete(by=uow.actor.id, at=uow.now))
    await trace(uow, "encounter.complete", encounter)
    return encounter


async def cancel_encounter(uow: UnitOfWork, encounter_id: UUID, *, reason: str) -> Encounter:
    """The visit does not take place after all; raises `IllegalMove` when it is over."""
    require_arranger(uow)
    encounter = await repository.get(uow, encounter_id, lock=True)
    uow.db.add(encounter.cancel(by=uow.actor.id, at=uow.now, reason=reason))
    await trace(uow, "encounter.cancel", encounter)
    return encounter


async def record_consent(
    uow: UnitOfWork, encounter_id: UUID, *, decision: ConsentDecision, method: ConsentMethod
) -> RecordingConsent:
    """What the patient says to being recorded; it replaces what they said before.

    Raises `EncounterClosed` once the encounter is over.
    """
    require_witness(uow)
    encounter = await repository.get(uow, encounter_id, lock=True)
    encounter.require_open()
    consent = RecordingConsent(
        encounter_id=encounter.id,
        patient_id=encounter.patient_id,
        decision=decision,
        method=method,
        recorded_by=uow.actor.id,
        recorded_at=uow.now,
    )
    uow.db.add(consent)
    await uow.db.flush()
    await trace(uow, "consent.record", encounter, decision=decision, method=method)
    return consent


async def recording_permitted(uow: UnitOfWork, encounter_id: UUID) -> bool:
    """Whether the patient's latest word on being recorded in this encounter was yes."""
    consent = (await repository.latest_consents(uow, [encounter_id])).get(encounter_id)
    return consent is not None and consent.decision is ConsentDecision.PERMIT


async def practitioner_for(uow: UnitOfWork, named: UUID | None) -> UUID:
    """The doctor who was named, or the doctor who asks."""
    if named is None:
        if uow.actor.has_any(Role.DOCTOR):
            return uow.actor.id
        why = "Say which doctor the patient will see."
        raise PractitionerMissing(
            errors=[{"at": PRACTITIONER_FIELD, "why": why, "rule": "practitioner_required"}]
        )
    if named not in {user.id for user in await identity.list_practitioners(uow)}:
        why = "Nobody who sees patients here has that id."
        raise NotAPractitioner(
            errors=[{"at": PRACTITIONER_FIELD, "why": why, "rule": "practitioner_known"}]
        )
    return named


async def trace(uow: UnitOfWork, action: str, encounter: Encounter, **detail: str) -> None:
    await audit.record(
        uow,
        action,
        patient_id=encounter.patient_id,
        subject=("encounter", encounter.id),
        detail=detail,
    )
