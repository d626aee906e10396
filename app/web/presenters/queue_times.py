"""Deadlines in words: breaches in 12 min, breached 5 min ago, due tomorrow 09:00."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.web.presenters.wall_time import (
    WEEKDAYS,
    duration,
    short_day,
    wall_clock,
    wall_day,
)

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NEAR = timedelta(minutes=15)
WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Countdown:
    """`nearness` chooses sign and colour: over, near, soon, later, or none for no deadline."""

    iso: str
    text: str
    nearness: str
    title: str

    @property
    def icon(self) -> str:
        signs = {"over": "over", "near": "near", "none": "none"}
        return signs.get(self.nearness, "clock")


NO_DEADLINE = Countdown("", "no deadline", "none", "")


@dataclass(frozen=True, slots=True)
class Watch:
    """What time it is, and on which wall."""

    now: datetime
    zone: ZoneInfo

    def countdown(self, due: datetime | None) -> Countdown:
        """The same words as in `countdown.js`, which keeps them true."""
        if due is None:
            return NO_DEADLINE
        left = due - self.now
        when = self.moment(due)
        if left <= timedelta():
            return Countdown(due.isoformat(), f"breached {ago(-left)}", "over", f"was due {when}")
        nearness = "near" if left <= NEAR else "soon" if left <= HOUR else "later"
        text = f"breaches in {minutes_left(left)}" if left < HOUR else f"due {when}"
        return Countdown(due.isoformat(), text, nearness, f"due {when}")

    def moment(self, instant: datetime) -> str:
        """14:30, tomorrow 09:00, Fri 09:00, or Mon 07-Dec 09:00."""
        clock = wall_clock(instant, self.zone)
        day = self.day(instant)
        return f"{day} {clock}" if day else clock

    def day(self, instant: datetime) -> str:
        """Nothing for today."""
        on, today = wall_day(instant, self.zone), wall_day(self.now, self.zone)
        ahead = (on - today).days
        if ahead == 0:
            return ""
        if ahead == 1:
            return "tomorrow"
        if ahead == -1:
            return "yesterday"
        if 1 < ahead < WEEK_DAYS:
            return WEEKDAYS[on.weekday()][:3]
        return short_day(on)


def minutes_left(left: timedelta) -> str:
    minutes = left // MINUTE
    return f"{minutes} min" if minutes else "less than a minute"


def ago(past: timedelta) -> str:
    if past < MINUTE:
        return "just now"
    if past < DAY:
        return f"{duration(past // MINUTE)} ago"
    days = past // DAY
    return f"{days} day{'' if days == 1 else 's'} ago"
