"""Every statement that touches calendars of working time."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.infra.uow import UnitOfWork
from app.work_queues.calendars.errors import CalendarNotFound
from app.work_queues.calendars.models import WorkCalendar, WorkCalendarClosure, WorkCalendarSpan


async def spans_of(uow: UnitOfWork, calendar_ids: Sequence[UUID]) -> Sequence[WorkCalendarSpan]:
    statement = (
        select(WorkCalendarSpan)
        .where(WorkCalendarSpan.calendar_id.in_(calendar_ids))
        .order_by(WorkCalendarSpan.weekday, WorkCalendarSpan.opens_minute)
    )
    return (await uow.db.scalars(statement)).all()


async def closures_of(
    uow: UnitOfWork, calendar_ids: Sequence[UUID]
) -> Sequence[WorkCalendarClosure]:
    statement = (
        select(WorkCalendarClosure)
        .where(WorkCalendarClosure.calendar_id.in_(calendar_ids))
        .order_by(WorkCalendarClosure.closed_on)
    )
    return (await uow.db.scalars(statement)).all()


async def require_calendar(uow: UnitOfWork, calendar_id: UUID) -> None:
    """Raise `CalendarNotFound` when there is none by that id."""
    statement = select(WorkCalendar.id).where(WorkCalendar.id == calendar_id)
    if (await uow.db.execute(statement)).first() is None:
        raise CalendarNotFound
