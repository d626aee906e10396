"""Asking calendars: what they say, and when something is due by them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.infra.uow import UnitOfWork
from app.work_queues.calendars import repository
from app.work_queues.calendars.errors import CalendarExhausted
from app.work_queues.calendars.models import WorkCalendar, WorkCalendarClosure, WorkCalendarSpan
from app.work_queues.calendars.schemas import (
    CalendarOut,
    Closure,
    DueUnit,
    OpenSpan,
    clock_of_minute,
)
from app.work_queues.calendars.working_time import LAST_INSTANT, Calendar, Hours, instant_of


async def load_calendar(uow: UnitOfWork, calendar_id: UUID) -> Calendar:
    """A calendar as it is now, on the clinic's wall clock; raises `CalendarNotFound`."""
    spans = await repository.spans_of(uow, [calendar_id])
    if not spans:  # one that is stored has some
        await repository.require_calendar(uow, calendar_id)
    closures = await repository.closures_of(uow, [calendar_id])
    return Calendar.of(
        uow.zone,
        [Hours(span.weekday, span.opens_minute, span.closes_minute) for span in spans],
        [closure.closed_on for closure in closures],
    )


async def due_at(
    uow: UnitOfWork, calendar_id: UUID, start: datetime, amount: int, unit: DueUnit
) -> datetime:
    """When so much time has passed since `start`, in UTC.

    Minutes are minutes and days are days on the clinic's wall; only the working ones ask the
    calendar. Raises `CalendarNotFound`, `CalendarExhausted`.
    """
    match unit:
        case DueUnit.MINUTES | DueUnit.DAYS:
            return elapsed(uow, start, amount, unit)
        case DueUnit.WORKING_MINUTES:
            return (await load_calendar(uow, calendar_id)).add_minutes(start, amount)
        case DueUnit.WORKING_DAYS:
            return (await load_calendar(uow, calendar_id)).add_days(start, amount)


def elapsed(uow: UnitOfWork, start: datetime, amount: int, unit: DueUnit) -> datetime:
    span = timedelta(minutes=amount) if unit is DueUnit.MINUTES else timedelta(days=amount)
    if span > LAST_INSTANT - start:
        raise CalendarExhausted(searched_days=span.days)
    if unit is DueUnit.MINUTES:
        return start.astimezone(UTC) + span
    wall = start.astimezone(uow.zone).replace(tzinfo=None, fold=0)
    return instant_of(uow.zone, wall + span)


async def list_calendars(uow: UnitOfWork) -> list[CalendarOut]:
    """All of them, by name."""
    return await described(uow, await repository.calendars(uow))


async def find_calendar(uow: UnitOfWork, key: str) -> CalendarOut:
    """Raises `CalendarNotFound`."""
    return (await described(uow, [await repository.by_key(uow, key)]))[0]


async def described(uow: UnitOfWork, calendars: Sequence[WorkCalendar]) -> list[CalendarOut]:
    """What they say, each with its week and its closed days."""
    ids = [calendar.id for calendar in calendars]
    spans: dict[UUID, list[WorkCalendarSpan]] = defaultdict(list)
    for span in await repository.spans_of(uow, ids):
        spans[span.calendar_id].append(span)
    closures: dict[UUID, list[WorkCalendarClosure]] = defaultdict(list)
    for closure in await repository.closures_of(uow, ids):
        closures[closure.calendar_id].append(closure)
    return [
        CalendarOut(
            id=calendar.id,
            key=calendar.key,
            name=calendar.name,
            spans=[span_out(span) for span in spans[calendar.id]],
            closures=[Closure.model_validate(each) for each in closures[calendar.id]],
            version=calendar.version,
        )
        for calendar in calendars
    ]


def span_out(span: WorkCalendarSpan) -> OpenSpan:
    return OpenSpan(
        weekday=span.weekday,
        opens=clock_of_minute(span.opens_minute),
        closes=clock_of_minute(span.closes_minute),
    )
