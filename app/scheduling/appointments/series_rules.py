"""The rule of a series of appointments, which is booked at once and therefore ends."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from app.kernel.recurrence import DAYS, Day, Reader, Recurrence, RuleUnreadable, read_days

MOST_OCCURRENCES = 200
LONGEST_SPAN = timedelta(days=5 * 366)


def week_start(value: str, zone: ZoneInfo) -> int:
    found = read_days(value, zone)
    if len(found) != 1 or found[0].nth:
        raise RuleUnreadable("rrule_day", "A week begins on one of MO to SU.")
    return found[0].weekday


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurrenceRule(Recurrence):
    """When somebody comes again. Exactly one of `count` and `until` ends it."""

    most: ClassVar[int] = MOST_OCCURRENCES
    more_parts: ClassVar[dict[str, tuple[str, Reader]]] = {"WKST": ("week_start", week_start)}

    week_start: int = 0

    def check_end(self) -> None:
        if (self.count is None) == (self.until is None):
            raise RuleUnreadable("rrule_end", "Say either COUNT or UNTIL.")

    def parts(self) -> dict[str, Any]:
        begins = {"WKST": DAYS[self.week_start] if self.week_start else None}
        return {**Recurrence.parts(self), **begins}  # super() is lost on a class with slots

    def expand(self, first: datetime) -> list[datetime]:
        """The wall times of all occurrences, the first one included; raises `RuleUnreadable`.

        `first` is naive wall time and must be an occurrence itself.
        """
        latest = first + LONGEST_SPAN
        if not self.begins(first):
            raise RuleUnreadable(
                "rrule_first", "The first appointment is not on a day of the rule."
            )
        all_of_them = islice(self.occurrences(first, latest, wkst=self.week_start), self.count)
        found = list(islice(all_of_them, MOST_OCCURRENCES + 1))
        if len(found) > MOST_OCCURRENCES:
            why = f"A series has at most {MOST_OCCURRENCES} appointments."
            raise RuleUnreadable("rrule_length", why)
        if (self.count is not None and len(found) < self.count) or (
            self.until is not None and self.until > latest
        ):
            raise RuleUnreadable("rrule_span", "A series ends within five years.")
        return found

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


def day_shift(old: datetime, new: datetime) -> int:
    """How many days later on the calendar."""
    return (new.date() - old.date()).days


def tail(occurrences: Sequence[datetime], pivot: datetime) -> list[datetime]:
    """Those from the pivot on."""
    return [each for each in occurrences if each >= pivot]
