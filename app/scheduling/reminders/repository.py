"""Every statement that touches reminders and who does not want any."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from app.infra.uow import UnitOfWork
from app.kernel.paging import PageRequest
from app.patients import Patient, records_of, visible_patients
from app.scheduling.appointments import Appointment, AppointmentStatus
from app.scheduling.reminders.lifecycle import ReminderStatus
from app.scheduling.reminders.models import Reminder, ReminderMove, ReminderOptOut

NEWEST_FIRST = (Reminder.send_at.desc(), Reminder.id.desc())


async def add(uow: UnitOfWork, reminder: Reminder) -> None:
    uow.db.add(reminder)
    await uow.db.flush()
    uow.db.add(
        ReminderMove(
            reminder_id=reminder.id,
            to_status=reminder.status,
            reason=reminder.reason,
            moved_by=uow.actor.id,
            moved_at=uow.now,
        )
    )


async def of_appointment(
    uow: UnitOfWork, appointment_id: UUID, *, lock: bool = False
) -> Sequence[Reminder]:
    """All there ever were of this appointment, oldest first."""
    statement = (
        select(Reminder)
        .where(Reminder.appointment_id == appointment_id)
        .order_by(Reminder.appointment_version, Reminder.created_at, Reminder.send_at, Reminder.id)
    )
    if lock:
        statement = statement.with_for_update(key_share=True)
        statement = statement.execution_options(populate_existing=True)
    return (await uow.db.scalars(statement)).all()


async def lock_next_due(uow: UnitOfWork) -> tuple[Reminder, Appointment] | None:
    """The reminder that is due longest, with its appointment, neither of them in use elsewhere.

    Both rows are locked in one statement that waits for nobody: whoever is just moving or
    cancelling the appointment finishes first, and the next round sees what they did.
    """
    statement = (
        select(Reminder, Appointment)
        .join(Appointment, Appointment.id == Reminder.appointment_id)
        .where(Reminder.status == ReminderStatus.PLANNED, Reminder.send_at <= uow.now)
        .order_by(Reminder.send_at, Reminder.id)
        .limit(1)
        .with_for_update(of=[Reminder, Appointment], key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    row = (await uow.db.execute(statement)).one_or_none()
    return None if row is None else (row[0], row[1])


async def is_overtaken(uow: UnitOfWork, reminder: Reminder) -> bool:
    """Whether a later reminder of the same time, by the same channel, is due as well."""
    later = exists().where(
        Reminder.appointment_id == reminder.appointment_id,
        Reminder.channel == reminder.channel,
        Reminder.starts_at == reminder.starts_at,
        Reminder.status == ReminderStatus.PLANNED,
        Reminder.send_at > reminder.send_at,
        Reminder.send_at <= uow.now,
    )
    return bool(await uow.db.scalar(select(later)))


async def lock(uow: UnitOfWork, reminder_id: UUID) -> Reminder:
    statement = select(Reminder).where(Reminder.id == reminder_id).with_for_update(key_share=True)
    return (await uow.db.scalars(statement.execution_options(populate_existing=True))).one()


async def patient_of(uow: UnitOfWork, reminder: Reminder) -> UUID | None:
    statement = select(Appointment.patient_id).where(Appointment.id == reminder.appointment_id)
    return await uow.db.scalar(statement)


async def lock_claimed_before(
    uow: UnitOfWork, before: datetime, *, limit: int
) -> Sequence[Reminder]:
    """Those whose sender has not been heard of since then."""
    statement = (
        select(Reminder)
        .where(Reminder.status == ReminderStatus.SENDING, Reminder.claimed_at < before)
        .order_by(Reminder.claimed_at)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
    )
    return (await uow.db.scalars(statement)).all()


async def page(
    uow: UnitOfWork, status: ReminderStatus | None, request: PageRequest
) -> Sequence[tuple[Reminder, UUID]]:
    """Reminders and whose they are, one more than the page holds, newest first."""
    statement = (
        select(Reminder, Patient.id)
        .join(Appointment, Appointment.id == Reminder.appointment_id)
        .join(Patient, Patient.id == Appointment.patient_id)
        .where(visible_patients(uow))
    )
    if status is not None:
        statement = statement.where(Reminder.status == status)
    if request.cursor is not None:
        last = (request.cursor.at, request.cursor.id)
        statement = statement.where(tuple_(Reminder.send_at, Reminder.id) < tuple_(*last))
    rows = await uow.db.execute(statement.order_by(*NEWEST_FIRST).limit(request.limit + 1))
    return [(row[0], row[1]) for row in rows]


async def upcoming(uow: UnitOfWork, patient_id: UUID) -> Sequence[UUID]:
    """Appointments still to come, in an order in which all lock them."""
    statement = (
        select(Appointment.id)
        .where(
            Appointment.patient_id.in_(records_of(patient_id)),
            Appointment.status == AppointmentStatus.BOOKED,
            Appointment.starts_at > uow.now,
        )
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return (await uow.db.scalars(statement)).all()


async def has_opted_out(uow: UnitOfWork, patient_id: UUID) -> bool:
    """Whether they said so under any of the records that were found to be theirs."""
    said = exists().where(ReminderOptOut.patient_id.in_(records_of(patient_id)))
    return bool(await uow.db.scalar(select(said)))


async def add_opt_out(uow: UnitOfWork, patient_id: UUID) -> None:
    row = {"patient_id": patient_id, "recorded_by": uow.actor.id, "recorded_at": uow.now}
    await uow.db.execute(insert(ReminderOptOut).values(row).on_conflict_do_nothing())


async def remove_opt_out(uow: UnitOfWork, patient_id: UUID) -> None:
    theirs = ReminderOptOut.patient_id.in_(records_of(patient_id))
    await uow.db.execute(
        delete(ReminderOptOut).where(theirs).execution_options(synchronize_session=False)
    )
