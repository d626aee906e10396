"""Rules of repetition (RFC 5545, section 3.3.10), in wall time; pure.

A rule knows nothing of zones or clocks: it gives wall times, and whoever asks turns each into the
instant at which the clinic's clock shows it. So what happens weekly at nine stays at nine. Slices
say in a subclass how a rule of theirs may end, and what they ask of it.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, ClassVar, Final, Self
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule
from dateutil.rrule import weekday as weekday_of_month

FREQUENCIES: Final = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY}
DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_INTERVAL: Final = 99
LONGEST_MONTH: Final = 31
Reader = Callable[[str, ZoneInfo], Any]


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
class Recurrence:
    """When something happens again; `until` is wall time. Without an end, for ever."""

    most: ClassVar[int] = 999  # occurrences a COUNT may ask for
    more_parts: ClassVar[dict[str, tuple[str, Reader]]] = {}  # to read: name, field and reader

    frequency: str
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    days: tuple[Day, ...] = ()
    month_days: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()

    @classmethod
    def parse(cls, text: str, zone: ZoneInfo) -> Self:
        """Read a rule; an UNTIL in UTC is taken to the clinic's wall. Raises `RuleUnreadable`."""
        parts = {**PARTS, "COUNT": ("count", number(1, cls.most)), **cls.more_parts}
        given: dict[str, Any] = {}
        for part in text.strip().upper().removeprefix("RRULE:").split(";"):
            name, _, value = part.partition("=")
            if name not in parts or parts[name][0] in given or not value:
                raise RuleUnreadable("rrule_part", f"Parts are {', '.join(parts)}, each once.")
            field, read = parts[name]
            given[field] = read(value, zone)
        if "frequency" not in given:
            raise RuleUnreadable("rrule_frequency", "Say FREQ=DAILY, WEEKLY or MONTHLY.")
        rule = cls(**given)
        rule.check()
        return rule

    def check(self) -> None:
        """Raise `RuleUnreadable` unless the parts fit together."""
        self.check_end()
        monthly = self.month_days or self.positions or any(day.nth for day in self.days)
        if self.frequency != "MONTHLY" and monthly:
            why = "BYMONTHDAY, BYSETPOS and 2TU belong to FREQ=MONTHLY."
            raise RuleUnreadable("rrule_monthly", why)
        if len({bool(day.nth) for day in self.days}) > 1:
            raise RuleUnreadable("rrule_day", "Either every Tuesday or the second: TU or 2TU.")
        if self.positions and not (self.days or self.month_days):
            raise RuleUnreadable("rrule_positions", "BYSETPOS needs BYDAY or BYMONTHDAY.")

    def check_end(self) -> None:
        if self.count is not None and self.until is not None:
            raise RuleUnreadable("rrule_end", "Say COUNT or UNTIL, not both.")

    def __str__(self) -> str:
        return ";".join(f"{name}={value}" for name, value in self.parts().items() if value)

    def parts(self) -> dict[str, object]:
        """Each part as it is written; what says nothing is empty."""
        return {
            "FREQ": self.frequency,
            "INTERVAL": self.interval if self.interval != 1 else None,
            "COUNT": self.count,
            "UNTIL": f"{self.until:%Y%m%dT%H%M%S}" if self.until else None,
            "BYDAY": ",".join(map(str, self.days)),
            "BYMONTHDAY": ",".join(map(str, self.month_days)),
            "BYSETPOS": ",".join(map(str, self.positions)),
        }

    def begins(self, first: datetime) -> bool:
        """Whether it may begin then. dateutil would look for a first one for ages."""
        return self.falls_on(first.date()) and (self.until is None or first <= self.until)

    def occurrences(self, first: datetime, latest: datetime, **more: Any) -> rrule:
        """Wall times from the first on, without a count; none after `latest` or `until`."""
        return rrule(
            FREQUENCIES[self.frequency],
            dtstart=first,
            interval=self.interval,
            until=min(self.until or latest, latest),
            byweekday=[weekday_of_month(day.weekday, day.nth or None) for day in self.days] or None,
            bymonthday=self.month_days or None,
            bysetpos=self.positions or None,
            **more,
        )

    def falls_on(self, day: date) -> bool:
        """Whether that day is one of the rule's, were it to begin there."""
        length = monthrange(day.year, day.month)[1]
        month = [day.replace(day=number) for number in range(1, length + 1)]
        named = [each for each in month if self._names(each, length)]
        if self.positions:
            named = [named[at - (at > 0)] for at in self.positions if abs(at) <= len(named)]
        return day in named

    def _names(self, day: date, length: int) -> bool:
        nths = (0, (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1))
        by_day = not self.days or any(Day(day.weekday(), nth) in self.days for nth in nths)
        counted = {day.day, day.day - length - 1}
        return by_day and not (self.month_days and counted.isdisjoint(self.month_days))


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


def read_days(value: str, _zone: ZoneInfo) -> tuple[Day, ...]:
    found: set[Day] = set()
    for part in value.split(","):
        match = re.fullmatch(rf"([+-]?[1-5])?({'|'.join(DAYS)})", part)
        if match is None:
            raise RuleUnreadable("rrule_day", "Days are MO to SU, in a month also 2TU or -1FR.")
        nth, name = match.groups()
        found.add(Day(DAYS.index(name), int(nth or 0)))
    return tuple(sorted(found))


PARTS: Final[dict[str, tuple[str, Reader]]] = {
    "FREQ": ("frequency", frequency),
    "INTERVAL": ("interval", number(1, MOST_INTERVAL)),
    "COUNT": ("count", number(1, Recurrence.most)),
    "UNTIL": ("until", end),
    "BYDAY": ("days", read_days),
    "BYMONTHDAY": ("month_days", numbers(LONGEST_MONTH)),
    "BYSETPOS": ("positions", numbers(LONGEST_MONTH)),
}
