"""Appointments that do not take place: cancelled, or written down by mistake."""

from uuid import UUID

from app.infra.uow import UnitOfWork
from app.kernel.lifecycle import IllegalMove
from app.scheduling.appointments import repository
from app.scheduling.appointments.lapsing import CALENDAR
from app.scheduling.appointments.lifecycle import APPOINTMENT, LIVE, AppointmentStatus
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.moving import require_single
from app.scheduling.appointments.placing import trace
from app.scheduling.appointments.policies import require_booker
from app.scheduling.appointments.schemas import CancelAppointment, CancelledBy
from app.scheduling.appointments.telling import Had, tell_opened, tell_status


async def cancel(
    uow: UnitOfWork, appointment_id: UUID, cancellation: CancelAppointment
) -> Appointment:
    """Call an appointment off; raises `IllegalMove` for one that is over or under way."""
    require_booker(uow)
    appointment = await repository.get(uow, appointment_id, lock=True)
    require_single(appointment, cancellation.scope)
    await call_off(uow, appointment, cancellation)
    await trace(uow, "appointment.cancel", appointment)
    return appointment


async def call_off(
    uow: UnitOfWork, appointment: Appointment, cancellation: CancelAppointment
) -> None:
    """Cancel a locked appointment without a trace of its own; its time is free from now on."""
    await end(uow, appointment, AppointmentStatus.CANCELLED, cancellation.reason)
    appointment.cancelled_by = CancelledBy(cancellation.by)
    appointment.cancellation_reason = cancellation.reason


async def enter_in_error(uow: UnitOfWork, appointment_id: UUID, *, reason: str) -> Appointment:
    """It should never have been in the book; nobody takes that back."""
    require_booker(uow)
    appointment = await repository.get(uow, appointment_id, lock=True)
    await end(uow, appointment, AppointmentStatus.ENTERED_IN_ERROR, reason)
    await trace(uow, "appointment.enter-in-error", appointment)
    return appointment


async def end(
    uow: UnitOfWork, appointment: Appointment, target: AppointmentStatus, reason: str
) -> None:
    before = appointment.status
    if before is AppointmentStatus.PENDING:  # a hold is released, not cancelled
        raise IllegalMove(lifecycle=APPOINTMENT.name, current=before, target=target)
    uow.db.add(appointment.move(target, by=uow.actor.id, at=uow.now, reason=reason))
    uow.wake(CALENDAR)
    await tell_status(uow, appointment, before)
    if before in LIVE:
        await tell_opened(uow, Had.of(appointment), appointment.patient_id)
