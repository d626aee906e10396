"""Rules of repetition (RFC 5545, section 3.3.10) for tasks, in wall time; pure.

A rule knows nothing of zones or clocks. Unlike a series of appointments, which is booked at once,
a task comes back one at a time: what is asked is only when it is due next.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule
from dateutil.rrule import weekday as weekday_of_month

FREQUENCIES: Final = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY}
DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONGEST_MONTH: Final = 31
HORIZON = timedelta(days=30 * 366)  # of any rule that ever falls on a day, the next one lies nearer
Day = tuple[int, int]  # a weekday (0 is Monday), in a month perhaps the nth, from the end negative


class RuleUnreadable(ValueError):
    """A rule that is none, or not one of ours; `rule` names which of our rules it breaks."""

    def __init__(self, rule: str, why: str) -> None:
        super().__init__(why)
        self.rule, self.why = rule, why


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """When a task comes back. `count` includes the occurrence at hand; without an end, for ever."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    days: tuple[Day, ...] = ()
    month_days: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()

    @classmethod
    def parse(cls, text: str, zone: ZoneInfo) -> "Recurrence":
        """Read a rule; an UNTIL in UTC is taken to the clinic's wall. Raises `RuleUnreadable`."""
        given: dict[str, str] = {}
        for part in text.strip().upper().removeprefix("RRULE:").split(";"):
            name, _, value = part.partition("=")
            if name not in READERS or name in given or not value:
                raise RuleUnreadable("rrule_part", f"Parts are {', '.join(READERS)}, each once.")
            given[name] = value
        told = {FIELDS[name]: READERS[name](value, zone) for name, value in given.items()}
        if "frequency" not in told:
            raise RuleUnreadable("rrule_frequency", "Say FREQ=DAILY, WEEKLY or MONTHLY.")
        rule = cls(**told)
        rule.check()
        return rule

    def check(self) -> None:
        if self.count is not None and self.until is not None:
            raise RuleUnreadable("rrule_end", "Say COUNT or UNTIL, not both.")
        monthly = self.month_days or self.positions or any(nth for _, nth in self.days)
        if self.frequency != "MONTHLY" and monthly:
            why = "BYMONTHDAY, BYSETPOS and 2TU belong to FREQ=MONTHLY."
            raise RuleUnreadable("rrule_monthly", why)
        if len({bool(nth) for _, nth in self.days}) > 1:
            raise RuleUnreadable("rrule_day", "Either every Tuesday or the second: TU or 2TU.")
        if self.positions and not (self.days or self.month_days):
            raise RuleUnreadable("rrule_positions", "BYSETPOS needs BYDAY or BYMONTHDAY.")

    def __str__(self) -> str:
        parts = {
            "FREQ": self.frequency,
            "INTERVAL": self.interval if self.interval != 1 else None,
            "COUNT": self.count,
            "UNTIL": f"{self.until:%Y%m%dT%H%M%S}" if self.until else None,
            "BYDAY": ",".join(f"{nth or ''}{DAYS[day]}" for day, nth in self.days),
            "BYMONTHDAY": ",".join(map(str, self.month_days)),
            "BYSETPOS": ",".join(map(str, self.positions)),
        }
        return ";".join(f"{name}={value}" for name, value in parts.items() if value)

    def require_first(self, first: datetime) -> None:
        """Refuse a first occurrence that is none; dateutil would look for one for ages."""
        if not self.falls_on(first.date()) or (self.until is not None and first > self.until):
            raise RuleUnreadable("rrule_first", "It is first due on a day that is not of the rule.")

    def next_after(
        self, occurrence: datetime, now: datetime
    ) -> "tuple[datetime, Recurrence] | None":
        """The first occurrence after this one that is still to come, and the rule from there on.

        What was missed meanwhile is passed over, and counts. None: it was the last one.
        """
        latest = max(occurrence, now) + HORIZON
        found = self._from(occurrence, min(self.until or latest, latest))
        for passed, each in enumerate(found):
            if self.count is not None and passed >= self.count:
                return None
            if each > occurrence and each > now:
                left = None if self.count is None else self.count - passed
                return each, replace(self, count=left)
        return None

    def _from(self, first: datetime, until: datetime) -> rrule:
        return rrule(
            FREQUENCIES[self.frequency],
            dtstart=first,
            interval=self.interval,
            until=until,
            byweekday=[weekday_of_month(day, nth or None) for day, nth in self.days] or None,
            bymonthday=self.month_days or None,
            bysetpos=self.positions or None,
        )

    def falls_on(self, day: date) -> bool:
        length = monthrange(day.year, day.month)[1]
        month = [day.replace(day=number) for number in range(1, length + 1)]
        named = [each for each in month if self._names(each, length)]
        if self.positions:
            named = [named[at - (at > 0)] for at in self.positions if abs(at) <= len(named)]
        return day in named

    def _names(self, day: date, length: int) -> bool:
        nths = (0, (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1))
        by_day = not self.days or any((day.weekday(), nth) in self.days for nth in nths)
        counted = {day.day, day.day - length - 1}
        return by_day and not (self.month_days and counted.isdisjoint(self.month_days))


def number(most: int) -> Callable[[str, ZoneInfo], int]:
    def read(value: str, _zone: ZoneInfo) -> int:
        if not re.fullmatch(r"[0-9]{1,3}", value) or not 1 <= int(value) <= most:
            raise RuleUnreadable("rrule_number", f"A number here lies between 1 and {most}.")
        return int(value)

    return read


def days_of_month(value: str, _zone: ZoneInfo) -> tuple[int, ...]:
    """From the beginning, or negative from the end."""
    if not re.fullmatch(r"[+-]?[0-9]{1,2}(,[+-]?[0-9]{1,2})*", value):
        raise RuleUnreadable("rrule_number", "Numbers of a month lie between -31 and 31.")
    found = tuple(sorted({int(part) for part in value.split(",")}))
    if 0 in found or max(map(abs, found)) > LONGEST_MONTH:
        raise RuleUnreadable(
            "rrule_number", "Numbers of a month lie between -31 and 31, without 0."
        )
    return found


def frequency(value: str, _zone: ZoneInfo) -> str:
    if value not in FREQUENCIES:
        raise RuleUnreadable("rrule_frequency", "Say FREQ=DAILY, WEEKLY or MONTHLY.")
    return value


def end(value: str, zone: ZoneInfo) -> datetime:
    """A day counts whole; 20260630T070000Z is the wall time it is then at the clinic."""
    why = "UNTIL is a day (20260630) or a time (20260630T090000)."
    if not re.fullmatch(r"[0-9]{8}(T[0-9]{6}Z?)?", value):
        raise RuleUnreadable("rrule_until", why)
    try:
        if "T" not in value:
            day = datetime.strptime(value, "%Y%m%d")  # noqa: DTZ007 - wall time has no zone
            return datetime.combine(day, time(23, 59, 59))
        moment = datetime.strptime(value.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007
        if value.endswith("Z"):
            moment = moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None)
    except (ValueError, OverflowError) as error:
        raise RuleUnreadable("rrule_until", why) from error
    return moment


def days(value: str, _zone: ZoneInfo) -> tuple[Day, ...]:
    found: set[Day] = set()
    for part in value.split(","):
        match = re.fullmatch(rf"([+-]?[1-5])?({'|'.join(DAYS)})", part)
        if match is None:
            raise RuleUnreadable("rrule_day", "Days are MO to SU, in a month also 2TU or -1FR.")
        nth, name = match.groups()
        found.add((DAYS.index(name), int(nth or 0)))
    return tuple(sorted(found))


READERS: Final[dict[str, Callable[[str, ZoneInfo], Any]]] = {
    "FREQ": frequency,
    "INTERVAL": number(99),
    "COUNT": number(999),
    "UNTIL": end,
    "BYDAY": days,
    "BYMONTHDAY": days_of_month,
    "BYSETPOS": days_of_month,
}
FIELDS: Final = {
    "FREQ": "frequency",
    "INTERVAL": "interval",
    "COUNT": "count",
    "UNTIL": "until",
    "BYDAY": "days",
    "BYMONTHDAY": "month_days",
    "BYSETPOS": "positions",
}
