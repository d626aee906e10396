"""Which reminders an appointment should have, and making it so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from app import audit
from app.infra.uow import UnitOfWork
from app.scheduling import appointments
from app.scheduling.appointments import Appointment, AppointmentStatus
from app.scheduling.reminders import repository
from app.scheduling.reminders.lifecycle import ReminderReason, ReminderStatus
from app.scheduling.reminders.models import Reminder
from app.scheduling.rules import ReminderPlan


@dataclass(frozen=True, slots=True)
class Changes:
    """How many reminders were planned and made void."""

    planned: int
    void: int


async def plan_reminders(
    uow: UnitOfWork, appointment_id: UUID, plans: Sequence[ReminderPlan]
) -> None:
    """Give an appointment the reminders it should have now; safe to run again, in any order.

    It looks at the appointment itself, not at the fact that said it changed: facts may come
    late, twice, or one before the other.
    """
    appointment = await appointments.get_appointment(uow, appointment_id, lock=True)
    changes = await align(uow, appointment, plans)
    if changes != Changes(0, 0):
        await audit.record(
            uow,
            "reminder.plan",
            patient_id=appointment.patient_id,
            subject=("appointment", appointment.id),
            detail={"planned": changes.planned, "void": changes.void},
        )


async def align(
    uow: UnitOfWork, appointment: Appointment, plans: Sequence[ReminderPlan]
) -> Changes:
    """Void what is no longer true and plan what is missing; the appointment must be locked."""
    known = await repository.of_appointment(uow, appointment.id, lock=True)
    unwanted = await why_not_at_all(uow, appointment)
    void = 0
    for reminder in known:
        reason = unwanted or moved(reminder, appointment)
        if reminder.status is ReminderStatus.PLANNED and reason is not None:
            uow.db.add(reminder.void(reason, by=uow.actor.id, at=uow.now))
            void += 1
    planned = 0
    if unwanted is not ReminderReason.NOT_BOOKED:
        for plan in plans:
            if is_missing(plan, appointment, known):
                planned += await plan_one(uow, appointment, plan, unwanted, known)
    await uow.db.flush()
    return Changes(planned, void)


async def why_not_at_all(uow: UnitOfWork, appointment: Appointment) -> ReminderReason | None:
    """Why nobody should be reminded of this appointment, or None."""
    if appointment.status is not AppointmentStatus.BOOKED or appointment.patient_id is None:
        return ReminderReason.NOT_BOOKED
    if await repository.has_opted_out(uow, appointment.patient_id):
        return ReminderReason.OPTED_OUT
    return None


def moved(reminder: Reminder, appointment: Appointment) -> ReminderReason | None:
    return ReminderReason.MOVED if reminder.starts_at != appointment.starts_at else None


def is_missing(plan: ReminderPlan, appointment: Appointment, known: Iterable[Reminder]) -> bool:
    """Whether the patient has not been told, and will not be, that it begins at this time.

    What counts is the last time they were told: moved away and back again, they are told again
    only when they were told of the other time in between.
    """
    same = [r for r in known if (r.kind, r.channel) == (plan.kind, plan.channel)]
    standing = [r for r in same if r.status is not ReminderStatus.VOID]
    return not standing or standing[-1].starts_at != appointment.starts_at


async def plan_one(
    uow: UnitOfWork,
    appointment: Appointment,
    plan: ReminderPlan,
    unwanted: ReminderReason | None,
    known: Iterable[Reminder],
) -> bool:
    """Plan it, or write down once why there is none; returns whether one will be sent."""
    send_at = appointment.starts_at - plan.lead
    reason = unwanted or (ReminderReason.TOO_LATE if send_at <= uow.now else None)
    said = {(r.kind, r.channel, r.starts_at, r.reason) for r in known}
    if reason and (plan.kind, plan.channel, appointment.starts_at, reason) in said:
        return False
    await repository.add(
        uow,
        Reminder(
            appointment_id=appointment.id,
            appointment_version=appointment.version,
            starts_at=appointment.starts_at,
            kind=plan.kind,
            channel=plan.channel,
            status=ReminderStatus.VOID if reason else ReminderStatus.PLANNED,
            reason=reason,
            send_at=send_at,
            created_at=uow.now,
        ),
    )
    return reason is None
