"""Holds that are over."""

from collections.abc import Collection
from uuid import UUID

from app.infra.uow import UnitOfWork
from app.scheduling.appointments import repository
from app.scheduling.appointments.lifecycle import AppointmentStatus
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.schemas import CancelledBy

CALENDAR = "calendar"  # the topic on which open calendars wait


async def lapse(
    uow: UnitOfWork, *, among: Collection[UUID] | None = None, limit: int | None = None
) -> int:
    """Cancel holds that are over, those named or any; returns how many."""
    holds = await repository.expired_holds(uow, among=among, limit=limit)
    for hold in holds:
        let_go(uow, hold, CancelledBy.SYSTEM, "expired")
    await uow.db.flush()
    return len(holds)


def let_go(uow: UnitOfWork, hold: Appointment, by: CancelledBy, reason: str) -> None:
    """Cancel a locked hold; nobody else hears of it but those who look at the calendar."""
    move = hold.move(AppointmentStatus.CANCELLED, by=uow.actor.id, at=uow.now, reason=reason)
    hold.cancelled_by, hold.cancellation_reason = by, reason
    uow.db.add(move)
    uow.wake(CALENDAR)
