"""Every statement that touches calendars of working time."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.infra.uow import UnitOfWork
from app.work_queues.calendars.errors import CalendarNotFound
from app.work_queues.calendars.models import WorkCalendar, WorkCalendarClosure, WorkCalendarSpan


async def calendars(uow: UnitOfWork) -> Sequence[WorkCalendar]:
    return (await uow.db.scalars(select(WorkCalendar).order_by(WorkCalendar.name))).all()


async def by_key(uow: UnitOfWork, key: str, *, lock: bool = False) -> WorkCalendar:
    """Raises `CalendarNotFound`."""
    statement = select(WorkCalendar).where(WorkCalendar.key == key)
    if lock:
        statement = statement.with_for_update(key_share=True)
        statement = statement.execution_options(populate_existing=True)
    found = (await uow.db.execute(statement)).scalar_one_or_none()
    if found is None:
        raise CalendarNotFound
    return found


async def add(uow: UnitOfWork, key: str, name: str) -> WorkCalendar | None:
    """None when there is one by that key already, whoever came at the same time."""
    statement = (
        insert(WorkCalendar)
        .values(id=uuid4(), key=key, name=name, version=1, updated_by=uow.actor.id)
        .on_conflict_do_nothing(index_elements=[WorkCalendar.key])
        .returning(WorkCalendar)
    )
    return (await uow.db.scalars(statement)).one_or_none()


async def replace_spans(
    uow: UnitOfWork, calendar_id: UUID, spans: Iterable[tuple[int, int, int]]
) -> None:
    """Weekday, opens and closes of each."""
    await uow.db.execute(
        delete(WorkCalendarSpan).where(WorkCalendarSpan.calendar_id == calendar_id)
    )
    rows: list[dict[str, Any]] = [
        {
            "calendar_id": calendar_id,
            "weekday": weekday,
            "opens_minute": opens,
            "closes_minute": closes,
        }
        for weekday, opens, closes in spans
    ]
    await uow.db.execute(insert(WorkCalendarSpan).values(rows))


async def close_day(uow: UnitOfWork, calendar_id: UUID, closed_on: date, name: str) -> None:
    """A day that was closed already gets the new name."""
    new = insert(WorkCalendarClosure).values(
        calendar_id=calendar_id, closed_on=closed_on, name=name
    )
    statement = new.on_conflict_do_update(
        index_elements=["calendar_id", "closed_on"], set_={"name": name}
    )
    await uow.db.execute(statement)


async def open_day(uow: UnitOfWork, calendar_id: UUID, closed_on: date) -> bool:
    """Whether the day was closed."""
    gone = (
        delete(WorkCalendarClosure)
        .where(
            WorkCalendarClosure.calendar_id == calendar_id,
            WorkCalendarClosure.closed_on == closed_on,
        )
        .returning(WorkCalendarClosure.closed_on)
    )
    return (await uow.db.execute(gone)).first() is not None


async def count_closures(uow: UnitOfWork, calendar_id: UUID) -> int:
    statement = select(func.count()).where(WorkCalendarClosure.calendar_id == calendar_id)
    return (await uow.db.execute(statement)).scalar_one()


async def spans_of(uow: UnitOfWork, calendar_ids: Sequence[UUID]) -> Sequence[WorkCalendarSpan]:
    statement = (
        select(WorkCalendarSpan)
        .where(WorkCalendarSpan.calendar_id.in_(calendar_ids))
        .order_by(WorkCalendarSpan.weekday, WorkCalendarSpan.opens_minute)
        .execution_options(populate_existing=True)
    )
    return (await uow.db.scalars(statement)).all()


async def closures_of(
    uow: UnitOfWork, calendar_ids: Sequence[UUID]
) -> Sequence[WorkCalendarClosure]:
    statement = (
        select(WorkCalendarClosure)
        .where(WorkCalendarClosure.calendar_id.in_(calendar_ids))
        .order_by(WorkCalendarClosure.closed_on)
        .execution_options(populate_existing=True)
    )
    return (await uow.db.scalars(statement)).all()


async def require_calendar(uow: UnitOfWork, calendar_id: UUID) -> None:
    """Raise `CalendarNotFound` when there is none by that id."""
    statement = select(WorkCalendar.id).where(WorkCalendar.id == calendar_id)
    if (await uow.db.execute(statement)).first() is None:
        raise CalendarNotFound
