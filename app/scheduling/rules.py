"""What a site may decide about scheduling."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

LEAD_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
LONGEST_LEAD = timedelta(days=90)


class ReminderChannel(StrEnum):
    EMAIL = "email"
    WEBHOOK = "webhook"
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderPlan:
    """One reminder of each appointment: how long before it begins, and by which way."""

    kind: str  # the lead as the site wrote it: "48h"
    lead: timedelta
    channel: ReminderChannel

    @classmethod
    def parse(cls, written: str) -> "ReminderPlan":
        """Read "48h:file": a number of m(inutes), h(ours) or d(ays of 24 hours), and a channel.

        Raises ValueError with advice.
        """
        channels = "|".join(ReminderChannel)
        found = re.fullmatch(rf"(([1-9]\d{{0,4}})([mhd])):({channels})", written.strip())
        if found is None:
            raise ValueError(f"write a reminder as 48h:file; channels are {channels}")
        kind, number, unit, channel = found.groups()
        lead = int(number) * LEAD_UNITS[unit]
        if lead > LONGEST_LEAD:
            raise ValueError(f"a reminder comes at most {LONGEST_LEAD.days} days before")
        return cls(kind=kind, lead=lead, channel=ReminderChannel(channel))


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulingRules:
    """Spans of time and choices that differ from clinic to clinic."""

    hold_for: timedelta = timedelta(minutes=5)
    offer_for: timedelta = timedelta(hours=2)
    offer_notice: timedelta = timedelta(minutes=30)  # nobody is asked about a time any sooner
    no_show_after: timedelta = timedelta(hours=1)
    feed_initials: bool = False
    reminders: tuple[ReminderPlan, ...] = (ReminderPlan.parse("48h:file"),)


DEFAULT_RULES = SchedulingRules()
