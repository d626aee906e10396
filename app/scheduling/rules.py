"""What a site may decide about scheduling."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulingRules:
    """Spans of time and choices that differ from clinic to clinic."""

    hold_for: timedelta = timedelta(minutes=5)
    offer_for: timedelta = timedelta(hours=2)
    no_show_after: timedelta = timedelta(hours=1)
    feed_initials: bool = False


DEFAULT_RULES = SchedulingRules()
