"""Asking calendars: what they say, and when something is due by them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.infra.uow import UnitOfWork
from app.work_queues.calendars import repository
from app.work_queues.calendars.errors import CalendarExhausted
from app.work_queues.calendars.schemas import DueUnit
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
