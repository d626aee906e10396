"""A visit begins: of somebody who just came, or the one an appointment was made for."""

from typing import NoReturn
from uuid import UUID

from app import identity, patients
from app.clinical.encounters import repository
from app.clinical.encounters.errors import (
    AppointmentHasEncounter,
    AppointmentOfAnother,
    KindMismatch,
    NotAPractitioner,
    PatientMissing,
    PractitionerMissing,
)
from app.clinical.encounters.lifecycle import EncounterStatus
from app.clinical.encounters.models import Encounter, EncounterMove
from app.clinical.encounters.policies import require_arranger
from app.clinical.encounters.schemas import EncounterKind, NewEncounter
from app.clinical.encounters.tracing import tell_moved, trace
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.kernel.lifecycle import IllegalMove
from app.scheduling import appointments
from app.scheduling.appointments import APPOINTMENT, Appointment, AppointmentStatus


async def start_encounter(uow: UnitOfWork, new: NewEncounter) -> Encounter:
    """A patient has come and will be seen by a doctor; their appointment says so too.

    Raises `PatientMissing`, `PatientNotFound`, `PractitionerMissing`, `NotAPractitioner`,
    `KindMismatch`, and of an appointment `AppointmentNotFound`, `AppointmentOfAnother`,
    `AppointmentHasEncounter`, and what `appointments.begin_consultation` raises.
    """
    require_arranger(uow)
    require_kind(new)
    if new.appointment_id is None:
        encounter = await begin_walk_in(uow, new)
    else:
        encounter = await begin_planned(uow, new, new.appointment_id)
    uow.db.add(
        EncounterMove(
            encounter_id=encounter.id,
            to_status=encounter.status,
            moved_by=uow.actor.id,
            moved_at=uow.now,
        )
    )
    await tell_moved(uow, encounter, None)
    await trace(uow, "encounter.start", encounter)
    return encounter


async def begin_walk_in(uow: UnitOfWork, new: NewEncounter) -> Encounter:
    if new.patient_id is None:
        why = "Say which patient has come."
        raise PatientMissing(errors=[fault("patient_id", why, "patient_required")])
    patient = await patients.get_patient(uow, new.patient_id)
    encounter = Encounter(
        patient_id=patient.id,
        practitioner_id=await practitioner_for(uow, new.practitioner_id),
        kind=EncounterKind.WALK_IN,
        reason=new.reason,
        status=EncounterStatus.IN_PROGRESS,
        started_at=uow.now,
    )
    uow.db.add(encounter)
    await uow.db.flush()
    return encounter


async def begin_planned(uow: UnitOfWork, new: NewEncounter, appointment_id: UUID) -> Encounter:
    """The unique index decides between two who begin the same visit at once."""
    appointment = await appointments.get_appointment(uow, appointment_id)
    patient_id = await patient_of(uow, appointment, new)
    practitioner_id = appointment.practitioner_id
    if new.practitioner_id is not None:
        practitioner_id = await practitioner_for(uow, new.practitioner_id)
    encounter = await repository.add_unless_taken(
        uow,
        appointment_id=appointment_id,
        patient_id=patient_id,
        practitioner_id=practitioner_id,
        kind=EncounterKind.APPOINTMENT,
        reason=new.reason or appointment.reason,
        status=EncounterStatus.IN_PROGRESS,
        started_at=uow.now,
    )
    if encounter is None:
        await refuse(uow, appointment)
    await appointments.begin_consultation(uow, appointment_id)
    return encounter


async def patient_of(uow: UnitOfWork, appointment: Appointment, new: NewEncounter) -> UUID:
    """Whose appointment it is, by the record that counts."""
    if appointment.patient_id is None or not APPOINTMENT.allows(
        appointment.status, AppointmentStatus.WITH_DOCTOR
    ):
        await refuse(uow, appointment)
    patient = await patients.get_patient(uow, appointment.patient_id)
    if new.patient_id is not None:
        named = await patients.get_patient(uow, new.patient_id)
        if named.id != patient.id:
            why = "This appointment is another patient's."
            raise AppointmentOfAnother(errors=[fault("patient_id", why, "same_patient")])
    return patient.id


async def refuse(uow: UnitOfWork, appointment: Appointment) -> NoReturn:
    """There is an encounter already, or the appointment is not in a state to begin one."""
    taken = await repository.of_appointments(uow, [appointment.id])
    if encounter := taken.get(appointment.id):
        raise AppointmentHasEncounter(appointment_id=appointment.id, encounter_id=encounter.id)
    raise IllegalMove(
        lifecycle=APPOINTMENT.name,
        current=appointment.status,
        target=AppointmentStatus.WITH_DOCTOR,
    )


async def practitioner_for(uow: UnitOfWork, named: UUID | None) -> UUID:
    """The doctor who was named, or the doctor who asks."""
    if named is None:
        if uow.actor.has_any(Role.DOCTOR):
            return uow.actor.id
        why = "Say which doctor the patient will see."
        raise PractitionerMissing(errors=[fault("practitioner_id", why, "practitioner_required")])
    if named not in {user.id for user in await identity.list_practitioners(uow)}:
        why = "Nobody who sees patients here has that id."
        raise NotAPractitioner(errors=[fault("practitioner_id", why, "practitioner_known")])
    return named


def require_kind(new: NewEncounter) -> None:
    planned = new.appointment_id is not None
    if new.kind is not None and (new.kind is EncounterKind.APPOINTMENT) is not planned:
        why = "A visit is of the kind appointment exactly when appointment_id says which one."
        raise KindMismatch(errors=[fault("kind", why, "kind_of_visit")])


def fault(field: str, why: str, rule: str) -> dict[str, object]:
    return {"at": ["body", field], "why": why, "rule": rule}
