"""Rules of repetition (RFC 5545, section 3.3.10), read and expanded in wall time; pure.

A rule knows nothing of zones or clocks: it gives wall times, and whoever asks turns each into the
instant at which the clinic's clock shows it. So a weekly visit at nine stays at nine.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule
from dateutil.rrule import weekday as weekday_of_month

FREQUENCIES: Final = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY}
DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_OCCURRENCES = 200
LONGEST_SPAN = timedelta(days=5 * 366)
MOST_INTERVAL = 99


class RuleUnreadable(ValueError):
    """A rule that is none, or not one of ours; `rule` names which of our rules it breaks."""

    def __init__(self, rule: str, why: str) -> None:
        super().__init__(why)
        self.rule, self.why = rule, why


@dataclass(frozen=True, slots=True, order=True)
class Day:
    """A weekday (0 is Monday), in a monthly rule perhaps the nth (from the end, if negative)."""

    weekday: int
    nth: int = 0

    def __str__(self) -> str:
        return f"{self.nth or ''}{DAYS[self.weekday]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurrenceRule:
    """When something happens again. Exactly one of `count` and `until` (wall time) ends it."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    days: tuple[Day, ...] = ()
    month_days: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0

    @classmethod
    def parse(cls, text: str, zone: ZoneInfo) -> "RecurrenceRule":
        """Read a rule; an UNTIL in UTC is taken to the clinic's wall. Raises `RuleUnreadable`."""
        given: dict[str, str] = {}
        for part in text.strip().upper().removeprefix("RRULE:").split(";"):
            name, _, value = part.partition("=")
            if name not in READERS or name in given or not value:
                raise RuleUnreadable("rrule_part", f"Parts are {', '.join(READERS)}, each once.")
            given[name] = value
        fields = {FIELDS[name]: READERS[name](value, zone) for name, value in given.items()}
        if "frequency" not in fields:
            raise RuleUnreadable("rrule_frequency", "Say FREQ=DAILY, WEEKLY or MONTHLY.")
        rule = cls(**fields)
        rule.check()
        return rule

    def check(self) -> None:
        if (self.count is None) == (self.until is None):
            raise RuleUnreadable("rrule_end", "Say either COUNT or UNTIL.")
        if self.frequency != "MONTHLY" and (
            self.month_days or self.positions or any(day.nth for day in self.days)
        ):
            raise RuleUnreadable(
                "rrule_monthly", "BYMONTHDAY, BYSETPOS and 2TU belong to FREQ=MONTHLY."
            )
        if len({bool(day.nth) for day in self.days}) > 1:
            raise RuleUnreadable("rrule_day", "Either every Tuesday or the second: TU or 2TU.")
        if self.positions and not (self.days or self.month_days):
            raise RuleUnreadable("rrule_positions", "BYSETPOS needs BYDAY or BYMONTHDAY.")

    def __str__(self) -> str:
        parts = {
            "FREQ": self.frequency,
            "INTERVAL": self.interval if self.interval != 1 else None,
            "COUNT": self.count,
            "UNTIL": f"{self.until:%Y%m%dT%H%M%S}" if self.until else None,
            "BYDAY": ",".join(map(str, self.days)),
            "BYMONTHDAY": ",".join(map(str, self.month_days)),
            "BYSETPOS": ",".join(map(str, self.positions)),
            "WKST": DAYS[self.week_start] if self.week_start else None,
        }
        return ";".join(f"{name}={value}" for name, value in parts.items() if value)

    def expand(self, first: datetime) -> list[datetime]:
        """The wall times of all occurrences, the first one included; raises `RuleUnreadable`.

        `first` is naive wall time and must be an occurrence itself.
        """
        latest = first + LONGEST_SPAN
        # dateutil would look for the first day of an unfulfillable rule up to the year 9999.
        fits = self.falls_on(first.date()) and (self.until is None or first <= self.until)
        if not fits:
            raise RuleUnreadable(
                "rrule_first", "The first appointment is not on a day of the rule."
            )
        found = list(islice(self._occurrences(first, latest), MOST_OCCURRENCES + 1))
        if len(found) > MOST_OCCURRENCES:
            why = f"A series has at most {MOST_OCCURRENCES} appointments."
            raise RuleUnreadable("rrule_length", why)
        if (self.count is not None and len(found) < self.count) or (
            self.until is not None and self.until > latest
        ):
            raise RuleUnreadable("rrule_span", "A series ends within five years.")
        return found

    def _occurrences(self, first: datetime, latest: datetime) -> "islice[datetime]":
        found = rrule(
            FREQUENCIES[self.frequency],
            dtstart=first,
            interval=self.interval,
            until=min(self.until or latest, latest),
            byweekday=[weekday_of_month(day.weekday, day.nth or None) for day in self.days] or None,
            bymonthday=self.month_days or None,
            bysetpos=self.positions or None,
            wkst=self.week_start,
        )
        return islice(found, self.count)

    def falls_on(self, day: date) -> bool:
        """Whether a series may begin that day."""
        length = monthrange(day.year, day.month)[1]
        month = [day.replace(day=number) for number in range(1, length + 1)]
        named = [each for each in month if self._names(each, length)]
        if self.positions:
            named = [named[at - (at > 0)] for at in self.positions if abs(at) <= len(named)]
        return day in named

    def _names(self, day: date, length: int) -> bool:
        from_first, from_last = (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)
        nths = (0, from_first, from_last)
        by_day = not self.days or any(Day(day.weekday(), nth) in self.days for nth in nths)
        month_days = {day.day, day.day - length - 1}
        return by_day and not (self.month_days and month_days.isdisjoint(self.month_days))

    def lasting(self, count: int) -> "RecurrenceRule":
        """The same, for so many occurrences."""
        return replace(self, count=count, until=None)

    def shifted(self, days: int) -> "RecurrenceRule":
        """The rule of the same occurrences so many days later, or earlier if negative.

        Raises `RuleUnreadable` for a monthly rule: the second Tuesday and a day is no rule.
        """
        if days == 0:
            return self
        if self.frequency == "MONTHLY":
            why = "A monthly series cannot move to other days: end it and begin another."
            raise RuleUnreadable("rrule_day_fixed", why)
        return replace(
            self,
            days=tuple(sorted(Day((day.weekday + days) % 7) for day in self.days)),
            # Weeks begin as much later, or every second week would be counted in other weeks.
            week_start=(self.week_start + days) % 7,
        )


def number(least: int, most: int) -> Callable[[str, ZoneInfo], int]:
    def read(value: str, _zone: ZoneInfo) -> int:
        if not re.fullmatch(r"[+-]?[0-9]{1,3}", value) or not least <= int(value) <= most:
            raise RuleUnreadable("rrule_number", f"A number here lies between {least} and {most}.")
        return int(value)

    return read


def numbers(most: int) -> Callable[[str, ZoneInfo], tuple[int, ...]]:
    """From the beginning, or negative from the end."""
    one = number(-most, most)

    def read(value: str, zone: ZoneInfo) -> tuple[int, ...]:
        found = tuple(sorted({one(part, zone) for part in value.split(",")}))
        if 0 in found:
            raise RuleUnreadable("rrule_number", "There is no day or place 0.")
        return found

    return read


def frequency(value: str, _zone: ZoneInfo) -> str:
    if value not in FREQUENCIES:
        raise RuleUnreadable("rrule_frequency", "Say FREQ=DAILY, WEEKLY or MONTHLY.")
    return value


def end(value: str, zone: ZoneInfo) -> datetime:
    """A day counts whole; 20260630T070000Z is the wall time it is then at the clinic."""
    try:
        if re.fullmatch(r"[0-9]{8}", value):
            day = datetime.strptime(value, "%Y%m%d")  # noqa: DTZ007 - wall time has no zone
            return datetime.combine(day, time(23, 59, 59))
        if not value.isascii():
            raise ValueError(value)
        moment = datetime.strptime(value.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007
        if value.endswith("Z"):
            moment = moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None)
    except (ValueError, OverflowError) as error:
        why = "UNTIL is a day (20260630) or a time (20260630T090000)."
        raise RuleUnreadable("rrule_until", why) from error
    return moment


def days(value: str, _zone: ZoneInfo) -> tuple[Day, ...]:
    found: set[Day] = set()
    for part in value.split(","):
        match = re.fullmatch(rf"([+-]?[1-5])?({'|'.join(DAYS)})", part)
        if match is None:
            raise RuleUnreadable("rrule_day", "Days are MO to SU, in a month also 2TU or -1FR.")
        nth, name = match.groups()
        found.add(Day(DAYS.index(name), int(nth or 0)))
    return tuple(sorted(found))


def week_start(value: str, zone: ZoneInfo) -> int:
    found = days(value, zone)
    if len(found) != 1 or found[0].nth:
        raise RuleUnreadable("rrule_day", "A week begins on one of MO to SU.")
    return found[0].weekday


READERS: Final[dict[str, Callable[[str, ZoneInfo], Any]]] = {
    "FREQ": frequency,
    "INTERVAL": number(1, MOST_INTERVAL),
    "COUNT": number(1, MOST_OCCURRENCES),
    "UNTIL": end,
    "BYDAY": days,
    "BYMONTHDAY": numbers(31),
    "BYSETPOS": numbers(31),
    "WKST": week_start,
}
FIELDS: Final = {
    "FREQ": "frequency",
    "INTERVAL": "interval",
    "COUNT": "count",
    "UNTIL": "until",
    "BYDAY": "days",
    "BYMONTHDAY": "month_days",
    "BYSETPOS": "positions",
    "WKST": "week_start",
}


def day_shift(old: datetime, new: datetime) -> int:
    """How many days later on the calendar."""
    return (new.date() - old.date()).days


def tail(occurrences: Sequence[datetime], pivot: datetime) -> list[datetime]:
    """Those from the pivot on."""
    return [each for each in occurrences if each >= pivot]
