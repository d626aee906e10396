"""When a report is due: a pure function of what the rule says, the moment, and the clinic's days.

Hours are elapsed hours. A working day has open hours and is not closed; the day of the moment is
never counted, and the last one ends when its open hours end on the clinic's wall: never later
than the law's day. What is due at once is due at the very moment the suspicion was formed.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from app.work_queues.calendars import Calendar, CalendarExhausted

ONE_DAY = timedelta(days=1)
MOST_DAYS_SEARCHED = 80 * 366


class Leg(StrEnum):
    """By telephone, and on paper."""

    ORAL = "oral"
    WRITTEN = "written"


class LimitUnit(StrEnum):
    """`at-once`: immediately, or as soon as practicable."""

    AT_ONCE = "at-once"
    HOURS = "hours"
    WORKING_DAYS = "working-days"


class Mark(StrEnum):
    """How much of the time is over: half, four fifths, all."""

    HALF = "half"
    MOST = "most"
    BREACH = "breach"


SHARES = {Mark.HALF: 0.5, Mark.MOST: 0.8, Mark.BREACH: 1.0}


@dataclass(frozen=True, slots=True)
class Limit:
    """How long there is; `amount` of what is due at once is None."""

    unit: LimitUnit
    amount: int | None = None


def due_at(limit: Limit, moment: datetime, calendar: Calendar) -> datetime:
    """In UTC; raises `CalendarExhausted` when no working day is ever found."""
    match limit.unit:
        case LimitUnit.AT_ONCE:
            return moment.astimezone(UTC)
        case LimitUnit.HOURS:
            return moment.astimezone(UTC) + timedelta(hours=limit.amount or 0)
        case LimitUnit.WORKING_DAYS:
            return end_of_working_day(calendar, moment, limit.amount or 0)


def end_of_working_day(calendar: Calendar, moment: datetime, days: int) -> datetime:
    """When the open hours of the n-th working day after the day of the moment end."""
    day = moment.astimezone(calendar.zone).date()
    for _ in range(MOST_DAYS_SEARCHED):
        day += ONE_DAY
        hours = calendar.on(day)
        days -= 1 if hours else 0
        if days == 0:
            midnight = datetime(day.year, day.month, day.day, tzinfo=calendar.zone)
            return first_instant(midnight, hours[-1].closes)
    raise CalendarExhausted(searched_days=MOST_DAYS_SEARCHED)


def first_instant(midnight: datetime, minute: int) -> datetime:
    """When the wall first shows a minute of a day; one that is skipped counts by the old offset."""
    wall = midnight.replace(tzinfo=None) + timedelta(minutes=minute)
    return wall.replace(tzinfo=midnight.tzinfo, fold=0).astimezone(UTC)


def marks(formed_at: datetime, due: datetime) -> dict[Mark, datetime]:
    """When to warn and when it is late; of what is due at once only that it is due."""
    span = due - formed_at
    if span <= timedelta():
        return {Mark.BREACH: due}
    return {mark: formed_at + span * share for mark, share in SHARES.items()}
