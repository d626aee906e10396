"""Counting in working time: wall time of the clinic turned into instants, and nothing else.

A minute counts when the clinic's clock shows an open one: what the clock skips in spring counts
not at all, what it shows twice in autumn counts twice.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.work_queues.calendars.errors import CalendarExhausted

SECOND, MINUTE, ONE_DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
SEARCH_DAYS = 80 * 366  # whatever may be stored reaches its last deadline well before
LAST_INSTANT = datetime(9999, 12, 29, tzinfo=UTC)


class Hours(NamedTuple):
    """Open time of one weekday (1 is Monday), in minutes from midnight on the wall."""

    weekday: int
    opens: int
    closes: int


class Opening(NamedTuple):
    """Open time between two instants in UTC; the end is not part of it."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """A week of open hours, the days on which they do not hold, and the zone of the wall clock."""

    zone: ZoneInfo
    hours: tuple[tuple[Hours, ...], ...]  # by weekday, Monday first; in order, none touching
    closures: frozenset[date]

    @classmethod
    def of(cls, zone: ZoneInfo, spans: Iterable[Hours], closures: Collection[date]) -> "Calendar":
        week: list[tuple[Hours, ...]] = [()] * 7
        for weekday, of_day in groupby(sorted(spans), key=lambda each: each.weekday):
            week[weekday - 1] = merged(of_day)
        return cls(zone=zone, hours=tuple(week), closures=frozenset(closures))

    def is_open(self, at: datetime) -> bool:
        """Whether the minute in which this instant lies counts."""
        wall = at.astimezone(self.zone)
        minute = wall.hour * 60 + wall.minute
        return any(span.opens <= minute < span.closes for span in self.on(wall.date()))

    def add_minutes(self, start: datetime, minutes: int) -> datetime:
        """The earliest instant (UTC) by which so many open minutes have passed since `start`.

        None at all: the first open instant. Raises `CalendarExhausted`.
        """
        left = timedelta(minutes=minutes)
        for starts_at, ends_at in self.openings(start):
            end = starts_at + left
            if end < ends_at or (left and end == ends_at):
                return end
            left -= ends_at - starts_at
        raise CalendarExhausted(searched_days=SEARCH_DAYS)

    def minutes_between(self, one: datetime, other: datetime) -> int:
        """Whole open minutes from one instant to the other; negative when that lies before."""
        if other < one:
            return -self.minutes_between(other, one)
        passed = (ends - starts for starts, ends in self.openings(one, other))
        return sum(passed, timedelta()) // MINUTE

    def add_days(self, start: datetime, days: int) -> datetime:
        """The same time on the wall so many working days later, within that day's open hours.

        A day counts when it has open hours and is not closed; the day of `start` never does. None
        at all: the first open instant. Raises `CalendarExhausted`.
        """
        if days <= 0:
            return self.add_minutes(start, 0)
        if start > LAST_INSTANT - days * ONE_DAY:
            raise CalendarExhausted(searched_days=0)
        wall = start.astimezone(self.zone)
        day = wall.date()
        for _ in range(SEARCH_DAYS):
            if day >= LAST_INSTANT.date():
                break
            day += ONE_DAY
            days -= 1 if self.on(day) else 0
            if days == 0:
                return self.within(day, wall.replace(fold=0, tzinfo=None))
        raise CalendarExhausted(searched_days=SEARCH_DAYS)

    def within(self, day: date, wall: datetime) -> datetime:
        """The instant of a time on the wall, moved into the open hours of a working day."""
        open_hours = self.on(day)
        since_midnight = wall - midnight_of(wall.date())
        opens, closes = (
            timedelta(minutes=each) for each in (open_hours[0].opens, open_hours[-1].closes)
        )
        time = min(max(since_midnight, opens), closes)
        return instant_of(self.zone, midnight_of(day) + time)

    def on(self, day: date) -> tuple[Hours, ...]:
        """The open hours of a day, in order; none when it is closed."""
        return () if day in self.closures else self.hours[day.weekday()]

    def openings(self, start: datetime, end: datetime | None = None) -> Iterator[Opening]:
        """Open time from an instant on, in order, up to another or to the end of the search."""
        start = start.astimezone(UTC)
        last = LAST_INSTANT
        if last - start > SEARCH_DAYS * ONE_DAY:
            last = start + SEARCH_DAYS * ONE_DAY
        if end is not None:
            last = min(last, end.astimezone(UTC))
        for starts_at, ends_at, offset in stretches(self.zone, start, last):
            yield from self.opened(starts_at, ends_at, offset)

    def opened(self, starts_at: datetime, ends_at: datetime, offset: timedelta) -> list[Opening]:
        """Open time of a stretch in which the wall clock keeps its distance from UTC."""
        starts, ends = ((at + offset).replace(tzinfo=None) for at in (starts_at, ends_at))
        found = []
        day = starts.date()
        while (midnight := midnight_of(day)) < ends:
            for span in self.on(day):
                opens = max(starts, midnight + span.opens * MINUTE)
                closes = min(ends, midnight + span.closes * MINUTE)
                if opens < closes:
                    found.append(
                        Opening(
                            (opens - offset).replace(tzinfo=UTC),
                            (closes - offset).replace(tzinfo=UTC),
                        )
                    )
            day += ONE_DAY
        return found


def merged(spans: Iterable[Hours]) -> tuple[Hours, ...]:
    """Spans of one weekday in order, those that touch or overlap as one."""
    apart: list[Hours] = []
    for span in spans:
        if apart and span.opens <= apart[-1].closes:
            apart[-1] = apart[-1]._replace(closes=max(apart[-1].closes, span.closes))
        else:
            apart.append(span)
    return tuple(apart)


def midnight_of(day: date) -> datetime:
    """A naive time on the wall."""
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 wall time


def stretches(
    zone: ZoneInfo, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """The time from one instant to another, cut where the clock is put forward or back.

    Looked at day by day: no zone puts its clock forward and back within one.
    """
    while start < end:
        offset = offset_at(zone, start)
        stop = min(start + ONE_DAY, end)
        if offset_at(zone, stop) != offset:
            stop = jump_between(zone, start, stop)
        yield start, stop, offset
        start = stop


def offset_at(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def jump_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The whole second, `before` < it <= `after`, from which the zone has its later offset."""
    offset = offset_at(zone, before)
    while after - before > SECOND:
        middle = before + (after - before) // 2
        if offset_at(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def instant_of(zone: ZoneInfo, wall: datetime) -> datetime:
    """The instant (UTC) at which the wall clock first shows a time; skipped: when it jumps."""
    early = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    late = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return early if early <= late else jump_between(zone, late, early)
