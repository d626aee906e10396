"""A doctor's appointments as an iCalendar file (RFC 5545): times, and nothing about anybody."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from app.scheduling.appointments import AppointmentStatus
from app.scheduling.calendar_feeds.repository import Entry

PRODUCT = "-//Dr. Assistant//Calendar feed//EN"
SHAPE = "1"  # counts up when the same appointments are written differently
# Whatever was planned and will not be, or was never meant: the calendar strikes it out.
NOT_TAKING_PLACE = frozenset(
    {
        AppointmentStatus.CANCELLED,
        AppointmentStatus.NOSHOW,
        AppointmentStatus.ENTERED_IN_ERROR,
    }
)


@dataclass(frozen=True, kw_only=True)
class Contents:
    """Everything a calendar file is made of."""

    label: str
    zone: ZoneInfo
    day_began: datetime  # today's midnight, by which the days shown are counted
    entries: Sequence[Entry]

    @cached_property
    def etag(self) -> str:
        """Of what the file says, known without writing it."""
        told = hashlib.sha256(repr((SHAPE, self.label, self.zone.key, self.day_began)).encode())
        for entry in self.entries:
            told.update(repr((entry.id, entry.version, entry.updated_at)).encode())
            told.update(initials_of(entry.patient_name).encode())
        return f'"{told.hexdigest()}"'

    @property
    def changed_at(self) -> datetime:
        """When it last said something else: an appointment changed, or the days moved on."""
        return max([self.day_began, *(entry.updated_at for entry in self.entries)])


def initials_of(name: str | None) -> str:
    """Mara Okafor-Lind is "M.O."; nobody is nothing."""
    words = (name or "").split()
    letters = (next((c for c in word if c.isalnum()), "") for word in words)
    return "".join(f"{letter.upper()}." for letter in letters if letter)


def write_calendar(contents: Contents) -> bytes:
    """The file itself; instants are in UTC, which every calendar shows on its own clock."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", contents.label)
    calendar.add("x-wr-timezone", contents.zone.key)
    for entry in contents.entries:
        calendar.add_component(event_of(entry))
    written: bytes = calendar.to_ical()
    return written


def event_of(entry: Entry) -> Event:
    is_off = entry.status in NOT_TAKING_PLACE
    event = Event()
    event.add("uid", f"{entry.id}@dr-assistant")
    event.add("dtstamp", entry.updated_at.astimezone(UTC))
    event.add("created", entry.created_at.astimezone(UTC))
    event.add("last-modified", entry.updated_at.astimezone(UTC))
    event.add("sequence", entry.version)
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", f"Appointment {initials_of(entry.patient_name)}".strip())
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if is_off else "OPAQUE")
    event.add("class", "PRIVATE")
    return event
