"""What a reminder says: where and when, and nothing of why or with whom."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Who writes."""

    clinic: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One reminder, ready to be handed to a channel; `id` stays the same however often tried."""

    id: UUID
    appointment_id: UUID
    kind: str
    email: str | None
    phone: str | None
    starts_at: datetime
    zone: ZoneInfo
    subject: str
    text: str


def subject_of(letterhead: Letterhead) -> str:
    """Shown on locked screens: not even the day."""
    if letterhead.clinic:
        return f"Reminder of your appointment at {letterhead.clinic}"
    return "Reminder of your appointment"


def text_of(letterhead: Letterhead, starts_at: datetime, zone: ZoneInfo) -> str:
    """Plain text in the clinic's wall time. No name, no doctor, no kind of visit, no reason."""
    where = f" at {letterhead.clinic}" if letterhead.clinic else ""
    call = f" Call {letterhead.phone}." if letterhead.phone else ""
    return (
        f"This is a reminder of your appointment{where}:\n\n"
        f"    {moment_of(starts_at, zone)}\n\n"
        f"If you cannot come, please let us know as early as you can.{call}\n\n"
        "This message was sent automatically; answers to it are not read.\n"
    )


def moment_of(instant: datetime, zone: ZoneInfo) -> str:
    """Thursday, 05-Mar-2026, 09:00 (Europe/Vienna)."""
    local = instant.astimezone(zone)
    day = f"{local.day:02}-{MONTHS[local.month - 1]}-{local.year}"
    return f"{WEEKDAYS[local.weekday()]}, {day}, {local:%H:%M} ({zone.key})"
