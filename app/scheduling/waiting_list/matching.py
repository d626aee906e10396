"""Who would like a time that became free: rules without a database."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from app.scheduling.rules import SchedulingRules

MINUTES_OF_DAY = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeTime:
    """A doctor's time that became free; instants in UTC, the end is not part of it."""

    practitioner_id: UUID
    specialty: str | None
    room_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    given_up_by: UUID | None = None  # the patient who had it, and does not want it


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What suits somebody who waits; a blank one means any. Minutes count from midnight."""

    practitioner_id: UUID | None = None
    specialty: str | None = None
    weekdays: Collection[int] = ()
    from_minute: int | None = None
    until_minute: int | None = None
    not_before: date | None = None
    not_after: date | None = None


class WallTime(NamedTuple):
    """A span as the clock on the clinic's wall shows it.

    `until_minute` goes on counting where the span reaches into the next day.
    """

    day: date
    from_minute: int
    until_minute: int


def on_the_wall(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> WallTime:
    begins, ends = starts_at.astimezone(zone), ends_at.astimezone(zone)
    days = (ends.date() - begins.date()).days
    return WallTime(
        begins.date(), minute_of(begins), minute_of(ends, up=True) + days * MINUTES_OF_DAY
    )


def minute_of(local: datetime, *, up: bool = False) -> int:
    """Minutes since midnight; a minute that has begun counts as over when rounding up."""
    begun = up and (local.second > 0 or local.microsecond > 0)
    return local.hour * 60 + local.minute + begun


def suits(wish: Wish, time: FreeTime, ends_at: datetime, zone: ZoneInfo) -> bool:
    """Whether a visit at the beginning of the free time, until `ends_at`, is what they want."""
    wall = on_the_wall(time.starts_at, ends_at, zone)
    return (
        ends_at <= time.ends_at
        and is_with(wish, time)
        and (not wish.weekdays or wall.day.isoweekday() in wish.weekdays)
        and (wish.from_minute is None or wish.from_minute <= wall.from_minute)
        and (wish.until_minute is None or wall.until_minute <= wish.until_minute)
        and (wish.not_before is None or wish.not_before <= wall.day)
        and (wish.not_after is None or wall.day <= wish.not_after)
    )


def is_with(wish: Wish, time: FreeTime) -> bool:
    if wish.practitioner_id is not None:
        return wish.practitioner_id == time.practitioner_id
    if wish.specialty is not None:
        return time.specialty is not None and wish.specialty.lower() == time.specialty.lower()
    return True


def offer_ends(now: datetime, starts_at: datetime, rules: SchedulingRules) -> datetime | None:
    """Until when a time may be held for one patient; None: it begins too soon to ask anybody.

    At most half of what is left, so that somebody else can still be asked afterwards.
    """
    left = starts_at - now
    if left < rules.offer_notice or left <= timedelta(0):
        return None
    return now + min(rules.offer_for, left / 2)
