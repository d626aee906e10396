"""The rule of a task that comes back: one at a time, so what is asked is only what is next."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.kernel.recurrence import Recurrence, RuleUnreadable

HORIZON = timedelta(days=30 * 366)  # of any rule that ever falls on a day, the next one lies nearer


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRecurrence(Recurrence):
    """When a task comes back. `count` includes the occurrence at hand."""

    def require_first(self, first: datetime) -> None:
        """Refuse a first occurrence that is none."""
        if not self.begins(first):
            raise RuleUnreadable("rrule_first", "It is first due on a day that is not of the rule.")

    def next_after(
        self, occurrence: datetime, now: datetime
    ) -> "tuple[datetime, TaskRecurrence] | None":
        """The first occurrence after this one that is still to come, and the rule from there on.

        What was missed meanwhile is passed over, and counts. None: it was the last one.
        """
        latest = max(occurrence, now) + HORIZON
        for passed, each in enumerate(self.occurrences(occurrence, latest)):
            if self.count is not None and passed >= self.count:
                return None
            if each > occurrence and each > now:
                left = None if self.count is None else self.count - passed
                return each, replace(self, count=left)
        return None
