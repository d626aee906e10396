"""Who wants to be reminded."""

from collections.abc import Sequence
from uuid import UUID

from app import audit, patients
from app.infra.uow import UnitOfWork
from app.scheduling import appointments
from app.scheduling.reminders import repository
from app.scheduling.reminders.planning import align
from app.scheduling.reminders.policies import require_preference_keeper
from app.scheduling.rules import ReminderPlan


async def read_preference(uow: UnitOfWork, patient_id: UUID) -> bool:
    """Whether the patient does not want reminders; raises `PatientNotFound`."""
    patient = await patients.get_patient(uow, patient_id)
    await audit.record(
        uow, "reminder_preference.read", patient_id=patient.id, subject=("patient", patient.id)
    )
    return await repository.has_opted_out(uow, patient.id)


async def keep_preference(
    uow: UnitOfWork, patient_id: UUID, *, opted_out: bool, plans: Sequence[ReminderPlan]
) -> None:
    """Write down whether the patient wants reminders; those planned follow at once.

    Raises `PatientNotFound`.
    """
    require_preference_keeper(uow)
    patient = await patients.get_patient(uow, patient_id)
    if opted_out:
        await repository.add_opt_out(uow, patient.id)
    else:
        await repository.remove_opt_out(uow, patient.id)
    for appointment_id in await repository.upcoming(uow, patient.id):
        appointment = await appointments.get_appointment(uow, appointment_id, lock=True)
        await align(uow, appointment, plans)
    await audit.record(
        uow,
        "reminder_preference.keep",
        patient_id=patient.id,
        subject=("patient", patient.id),
        detail={"opted_out": opted_out},
    )
