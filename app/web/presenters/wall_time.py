"""Instants as the clock and the calendar on the clinic's wall show them."""

from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

from app.web.presenters.formats import MONTHS, Moment, day

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MINUTES_OF_HOUR = 60


def weekday(number: int) -> str:
    """ISO: 1 is Monday."""
    return WEEKDAYS[number - 1]


def short_day(value: date) -> str:
    """Mon 02-Mar."""
    return f"{WEEKDAYS[value.weekday()][:3]} {value.day:02d}-{MONTHS[value.month - 1]}"


def long_day(value: date) -> str:
    """Monday 02-Mar-2026."""
    return f"{WEEKDAYS[value.weekday()]} {day(value)}"


def wall_clock(instant: datetime, zone: ZoneInfo) -> str:
    """09:05."""
    return f"{instant.astimezone(zone):%H:%M}"


def wall_day(instant: datetime, zone: tzinfo) -> date:
    return instant.astimezone(zone).date()


def clock_moment(instant: datetime, zone: ZoneInfo) -> Moment:
    """09:05, for a `<time>` element that stays in the clinic's zone."""
    return Moment(iso=instant.astimezone(zone).isoformat(), text=wall_clock(instant, zone))


def day_moment(instant: datetime, zone: ZoneInfo) -> Moment:
    """Mon 02-Mar 09:05."""
    text = f"{short_day(wall_day(instant, zone))} {wall_clock(instant, zone)}"
    return Moment(iso=instant.astimezone(zone).isoformat(), text=text)


def duration(minutes: int) -> str:
    """45 min; 1 h; 1 h 30 min."""
    hours, rest = divmod(minutes, MINUTES_OF_HOUR)
    parts = [f"{hours} h"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} min")
    return " ".join(parts)
