"""When somebody can be seen: wall time of the clinic turned into instants, and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

MINUTES_OF_DAY = 24 * 60
SECOND, ONE_DAY = timedelta(seconds=1), timedelta(days=1)


class Span(NamedTuple):
    """Open time between two instants in UTC; the end is not part of it."""

    starts_at: datetime
    ends_at: datetime
    room_id: UUID | None = None


class DayHours(NamedTuple):
    """Working time of one weekday in minutes after midnight, wall time."""

    opens_minute: int
    closes_minute: int
    room_id: UUID | None = None


class WallSpan(NamedTuple):
    """A span of naive wall time, to the minute; the end is not part of it."""

    starts: datetime
    ends: datetime
    room_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A doctor's week by ISO weekday (1 is Monday), valid on both days named and between."""

    valid_from: date
    valid_until: date | None
    hours: Mapping[int, Sequence[DayHours]]

    def on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningRules:
    """All that decides one doctor's open time. Of two extra sessions at once the later counts."""

    weeks: Sequence[Week] = ()
    closures: Sequence[WallSpan] = ()
    leave: Sequence[WallSpan] = ()
    extra: Sequence[WallSpan] = ()


class Piece(NamedTuple):
    """Wall time in minutes since day zero: whole numbers are cheap to compare and to hash."""

    starts: int
    ends: int
    room_id: UUID | None


START = attrgetter("starts")


def wall_to_instant(zone: ZoneInfo, local: datetime) -> datetime:
    """The instant (UTC) at which the clinic's clock first shows `local`, a naive wall time.

    A time skipped by the clock becomes the instant of the jump, a time shown twice its first
    showing: later wall times never become earlier instants, and adjoining spans stay so.
    """
    early = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    late = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return early if early <= late else jump_between(zone, late, early)


def jump_between(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The instant, `before` < it <= `after`, from which the zone has its later offset."""
    before, after = before.replace(microsecond=0), after.replace(microsecond=0)
    offset = after.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = (before + (after - before) // 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after


def open_spans(rules: OpeningRules, day_from: date, day_until: date, zone: ZoneInfo) -> list[Span]:
    """Open time from the first day up to, not including, the last: sorted, nowhere twice.

    Weekly hours without closures and leave, and extra sessions whatever the day is otherwise:
    somebody added them on purpose. What adjoins in the same room is one span.
    """
    pieces = weekly_pieces(rules.weeks, day_from, day_until)
    pieces = without(pieces, pieces_of((*rules.closures, *rules.leave)))
    window = (minute_of_day(day_from), minute_of_day(day_until))
    for extra in within(pieces_of(rules.extra), *window):
        pieces = sorted([*without(pieces, [extra]), extra], key=START)
    return spans_of(pieces, zone)


def closed_days(rules: OpeningRules, day_from: date, day_until: date) -> set[date]:
    """Days on which closures of the clinic leave nothing of the hours, or of the whole day."""
    window = (minute_of_day(day_from), minute_of_day(day_until))
    closures = within(pieces_of(rules.closures), *window)
    touched = {
        date.fromordinal(ordinal)
        for starts, ends, _ in closures
        for ordinal in range(starts // MINUTES_OF_DAY, -(-ends // MINUTES_OF_DAY))
    }
    return {day for day in touched if not left_of(rules.weeks, day, closures)}


def left_of(weeks: Sequence[Week], day: date, closures: Iterable[Piece]) -> list[Piece]:
    """What closures leave of a day's hours; of the whole day where there are none."""
    midnight = minute_of_day(day)
    hours = weekly_pieces(weeks, day, day + ONE_DAY)
    return without(hours or [Piece(midnight, midnight + MINUTES_OF_DAY, None)], closures)


def covers(spans: Iterable[Span], starts_at: datetime, ends_at: datetime) -> bool:
    """Whether sorted spans leave no gap between two instants, in whichever rooms."""
    reached = starts_at
    for span in spans:
        if span.starts_at > reached:
            break
        reached = max(reached, span.ends_at)
    return reached >= ends_at


def by_day(
    spans: Iterable[Span], day_from: date, day_until: date, zone: ZoneInfo
) -> dict[date, list[Span]]:
    """Every day of the clinic's wall with its part of the spans, cut at midnight."""
    days: dict[date, list[Span]] = {day: [] for day in days_between(day_from, day_until)}
    for span in spans:
        rest, day = span, span.starts_at.astimezone(zone).date()
        while rest.starts_at < rest.ends_at:
            midnight = instant_at(zone, minute_of_day(day) + MINUTES_OF_DAY)
            until = min(rest.ends_at, midnight)
            if day in days and rest.starts_at < until:
                days[day].append(rest._replace(ends_at=until))
            rest, day = rest._replace(starts_at=until), day + ONE_DAY
    return days


def days_between(day_from: date, day_until: date) -> list[date]:
    return [day_from + timedelta(days=n) for n in range((day_until - day_from).days)]


def minute_of_day(day: date) -> int:
    return day.toordinal() * MINUTES_OF_DAY


@lru_cache(maxsize=1 << 15)
def instant_at(zone: ZoneInfo, minute: int) -> datetime:
    days, rest = divmod(minute, MINUTES_OF_DAY)
    midnight = datetime.combine(date.fromordinal(days), datetime.min.time())
    return wall_to_instant(zone, midnight + timedelta(minutes=rest))


def weekly_pieces(weeks: Sequence[Week], day_from: date, day_until: date) -> list[Piece]:
    """Weekly hours of these days; `weeks` never overlap, which the database sees to."""
    found: list[Piece] = []
    for week in weeks:
        first = max(day_from, week.valid_from)
        end = day_until.toordinal()
        if week.valid_until is not None:
            end = min(end, week.valid_until.toordinal() + 1)
        for ordinal in range(first.toordinal(), end):
            midnight = ordinal * MINUTES_OF_DAY
            # Day one of the calendar was a Monday, so the ordinal tells the ISO weekday.
            found += [
                Piece(midnight + hours.opens_minute, midnight + hours.closes_minute, hours.room_id)
                for hours in week.hours.get((ordinal - 1) % 7 + 1, ())
            ]
    return sorted(found, key=START)


def pieces_of(spans: Iterable[WallSpan]) -> list[Piece]:
    return [Piece(minute_of(span.starts), minute_of(span.ends), span.room_id) for span in spans]


def minute_of(local: datetime) -> int:
    return local.toordinal() * MINUTES_OF_DAY + local.hour * 60 + local.minute


def without(pieces: list[Piece], taken: Iterable[Piece]) -> list[Piece]:
    """What is left of the pieces once the taken time is cut out, in the same order."""
    for starts, ends, _ in taken:
        left: list[Piece] = []
        for piece in pieces:
            if piece.ends <= starts or ends <= piece.starts:
                left.append(piece)
                continue
            if piece.starts < starts:
                left.append(piece._replace(ends=starts))
            if ends < piece.ends:
                left.append(piece._replace(starts=ends))
        pieces = left
    return pieces


def within(pieces: Iterable[Piece], first: int, end: int) -> list[Piece]:
    return [
        Piece(max(piece.starts, first), min(piece.ends, end), piece.room_id)
        for piece in pieces
        if piece.starts < end and first < piece.ends
    ]


def spans_of(pieces: Iterable[Piece], zone: ZoneInfo) -> list[Span]:
    """As instants, what adjoins in one room joined; time the clock skips leaves nothing."""
    found: list[Span] = []
    for piece in pieces:
        starts_at, ends_at = instant_at(zone, piece.starts), instant_at(zone, piece.ends)
        if starts_at >= ends_at:
            continue
        last = found[-1] if found else None
        if last and last.ends_at == starts_at and last.room_id == piece.room_id:
            found[-1] = last._replace(ends_at=ends_at)
        else:
            found.append(Span(starts_at, ends_at, piece.room_id))
    return found
