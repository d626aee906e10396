"""What can be done with calendars of working time."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app import audit
from app.infra.uow import UnitOfWork
from app.work_queues.calendars import repository
from app.work_queues.calendars.errors import (
    CalendarChanged,
    CalendarFixed,
    CalendarUnfit,
    ClosureNotFound,
    Fault,
)
from app.work_queues.calendars.models import WorkCalendar
from app.work_queues.calendars.policies import require_keeper
from app.work_queues.calendars.schemas import Closure, OpenSpan, SaveCalendar

ALWAYS = UUID("00000000-0000-4000-8000-00000000ca01")  # made by the migration, as is the next
OFFICE_HOURS = UUID("00000000-0000-4000-8000-00000000ca02")

# With so much a week and no more closed days, the longest deadline there may be is found.
LEAST_MINUTES_A_WEEK = 60
MOST_CLOSURES = 1000


async def save_calendar(
    uow: UnitOfWork, key: str, wanted: SaveCalendar, *, version: int
) -> WorkCalendar:
    """Make a calendar (version 0), or replace the name and the week of one.

    What was planned by the old week stays planned. Raises `CalendarUnfit` when it is hardly ever
    open, `CalendarNotFound`, `CalendarChanged`, `CalendarFixed`, `MayNotKeepCalendars`.
    """
    await require_keeper(uow)
    require_open(wanted.spans)
    calendar = await repository.add(uow, key, wanted.name) if version == 0 else None
    if calendar is None:
        calendar = await changeable(uow, key)
        if calendar.version != version:
            raise CalendarChanged(expected_version=version, current_version=calendar.version)
        calendar.name = wanted.name
        renew(uow, calendar)
    await repository.replace_spans(
        uow, calendar.id, [(span.weekday, *span.minutes) for span in wanted.spans]
    )
    await trace(uow, "calendar.save", calendar)
    return calendar


def require_open(spans: Sequence[OpenSpan]) -> None:
    open_minutes = sum(closes - opens for opens, closes in (span.minutes for span in spans))
    if open_minutes < LEAST_MINUTES_A_WEEK:
        why = "Say at least one hour of the week in which minutes count."
        fault: Fault = {"at": ["body", "spans"], "why": why, "rule": "open_hours"}
        raise CalendarUnfit(errors=[fault])


async def add_closure(uow: UnitOfWork, key: str, closure: Closure) -> WorkCalendar:
    """Close a whole day; deadlines counted before stay what they are.

    Raises `CalendarNotFound`, `CalendarFixed`, `CalendarUnfit` when too many days are closed,
    `MayNotKeepCalendars`.
    """
    await require_keeper(uow)
    calendar = await changeable(uow, key)
    await repository.close_day(uow, calendar.id, closure.closed_on, closure.name)
    if await repository.count_closures(uow, calendar.id) > MOST_CLOSURES:
        why = f"A calendar has at most {MOST_CLOSURES} closed days: remove old ones."
        fault: Fault = {"at": ["body", "closed_on"], "why": why, "rule": "most_closures"}
        raise CalendarUnfit(errors=[fault])
    renew(uow, calendar)
    await trace(uow, "calendar.close-day", calendar)
    return calendar


async def remove_closure(uow: UnitOfWork, key: str, closed_on: date) -> WorkCalendar:
    """Open a closed day again.

    Raises `CalendarNotFound`, `ClosureNotFound`, `MayNotKeepCalendars`.
    """
    await require_keeper(uow)
    calendar = await repository.by_key(uow, key, lock=True)
    if not await repository.open_day(uow, calendar.id, closed_on):
        raise ClosureNotFound(closed_on=closed_on)
    renew(uow, calendar)
    await trace(uow, "calendar.open-day", calendar)
    return calendar


async def changeable(uow: UnitOfWork, key: str) -> WorkCalendar:
    """Everything that counts minutes by day and night relies on one calendar doing so."""
    calendar = await repository.by_key(uow, key, lock=True)
    if calendar.id == ALWAYS:
        raise CalendarFixed
    return calendar


def renew(uow: UnitOfWork, calendar: WorkCalendar) -> None:
    calendar.version += 1
    calendar.updated_by = uow.actor.id


async def trace(uow: UnitOfWork, action: str, calendar: WorkCalendar) -> None:
    detail = {"version": calendar.version}
    await audit.record(uow, action, subject=("work_calendar", calendar.id), detail=detail)
