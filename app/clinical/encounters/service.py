"""What can be done with encounters once they have begun."""

from uuid import UUID

from app.clinical.encounters import repository
from app.clinical.encounters.models import Encounter, RecordingConsent
from app.clinical.encounters.policies import require_arranger, require_clinician, require_witness
from app.clinical.encounters.schemas import ConsentDecision, ConsentMethod
from app.clinical.encounters.tracing import tell_moved, trace
from app.infra.uow import UnitOfWork
from app.scheduling import appointments


async def get_encounter(uow: UnitOfWork, encounter_id: UUID, *, lock: bool = False) -> Encounter:
    """An encounter of a patient the actor may see; raises `EncounterNotFound`.

    Leaves no trace in the audit trail: the verb that uses it does. With `lock` nobody moves
    the encounter or changes consent in it until this unit of work ends.
    """
    return await repository.get(uow, encounter_id, lock=lock)


async def complete_encounter(uow: UnitOfWork, encounter_id: UUID) -> Encounter:
    """The visit is over, and its appointment; raises `IllegalMove` when it already was."""
    require_clinician(uow)
    encounter = await repository.get(uow, encounter_id, lock=True)
    before = encounter.status
    uow.db.add(encounter.complete(by=uow.actor.id, at=uow.now))
    if encounter.appointment_id is not None:
        await appointments.finish_consultation(uow, encounter.appointment_id)
    await tell_moved(uow, encounter, before)
    await trace(uow, "encounter.complete", encounter)
    return encounter


async def cancel_encounter(uow: UnitOfWork, encounter_id: UUID, *, reason: str) -> Encounter:
    """The visit does not take place after all; raises `IllegalMove` when it is over.

    Of an appointment the patient is back where they were before the visit began.
    """
    require_arranger(uow)
    encounter = await repository.get(uow, encounter_id, lock=True)
    before = encounter.status
    uow.db.add(encounter.cancel(by=uow.actor.id, at=uow.now, reason=reason))
    if encounter.appointment_id is not None:
        await appointments.reopen_consultation(uow, encounter.appointment_id)
    await tell_moved(uow, encounter, before)
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
