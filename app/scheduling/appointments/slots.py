"""Free time on a doctor's grid. Pure: the database decides when somebody books it."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from app.scheduling.appointments.shares import Share, free_share
from app.scheduling.availability import Span, by_day

STARTS_AT = attrgetter("starts_at")


class Slot(NamedTuple):
    """A time that can be booked: with this doctor, in this room (None: in none), for this type."""

    practitioner_id: UUID
    room_id: UUID | None
    visit_type_id: UUID
    starts_at: datetime
    ends_at: datetime


class Taken(NamedTuple):
    """That a share of somebody, or of a room, is taken from one instant to another."""

    starts_at: datetime
    ends_at: datetime
    share: Share


class Free(NamedTuple):
    """Free time between two instants, and the room it could be in."""

    starts_at: datetime
    ends_at: datetime
    room_id: UUID | None


class Occupied:
    """Which shares are taken during a time; asked for ever later times of one length."""

    def __init__(self, taken: Iterable[Taken]) -> None:
        self._coming = deque(sorted(taken, key=STARTS_AT))
        self._present: list[Taken] = []

    def during(self, starts_at: datetime, ends_at: datetime) -> list[Share]:
        while self._coming and self._coming[0].starts_at < ends_at:
            self._present.append(self._coming.popleft())
        self._present = [taken for taken in self._present if taken.ends_at > starts_at]
        return [taken.share for taken in self._present]


def free_slots(
    spans: Sequence[Span],
    *,
    step: timedelta,
    duration: timedelta,
    lanes: int = 1,
    parallel: int = 1,
    doctor: Iterable[Taken] = (),
    patient: Iterable[Taken] = (),
    rooms: Mapping[UUID, Iterable[Taken]] | None = None,
    room_id: UUID | None = None,
    not_before: datetime | None = None,
) -> Iterator[Free]:
    """Every start on the grid from which the whole duration is open and free, first to last.

    The grid begins anew with each of the sorted spans. One time may reach over spans that
    adjoin. With `room_id` that room must have a share left as well; without, the room of the
    span is named where it has one, and none where it has not: then the doctor is free all the
    same. Of the doctor a share of the lanes must be free, of the patient and rooms one lane.
    """
    of_doctor, of_patient = Occupied(doctor), Occupied(patient)
    of_rooms = {room: Occupied(taken) for room, taken in (rooms or {}).items()}

    def room_has_place(room: UUID | None, starts_at: datetime, ends_at: datetime) -> bool:
        if room is None or room not in of_rooms:
            return True
        return free_share(of_rooms[room].during(starts_at, ends_at), 1, parallel) is not None

    for span, reach, room_reach in reaches(spans):
        for starts_at in grid(span, step, not_before):
            ends_at = starts_at + duration
            if ends_at > reach:
                break
            if free_share(of_doctor.during(starts_at, ends_at), lanes, parallel) is None:
                continue
            if free_share(of_patient.during(starts_at, ends_at), 1) is None:
                continue
            room = room_id or (span.room_id if ends_at <= room_reach else None)
            if room_has_place(room, starts_at, ends_at):
                yield Free(starts_at, ends_at, room)
            elif room_id is None:
                yield Free(starts_at, ends_at, None)


def grid(span: Span, step: timedelta, not_before: datetime | None) -> Iterator[datetime]:
    """The starts of a span that are not too early."""
    starts_at = span.starts_at
    if not_before is not None and not_before > starts_at:
        starts_at += -((starts_at - not_before) // step) * step
    while starts_at < span.ends_at:
        yield starts_at
        starts_at += step


def reaches(spans: Sequence[Span]) -> list[tuple[Span, datetime, datetime]]:
    """Each span with the end of open time without a gap from it, and of that in its room."""
    found: list[tuple[Span, datetime, datetime]] = []
    for span in reversed(spans):
        reach = room_reach = span.ends_at
        if found and found[-1][0].starts_at == span.ends_at:
            later, reach, later_room_reach = found[-1]
            room_reach = later_room_reach if later.room_id == span.room_id else room_reach
        found.append((span, reach, room_reach))
    return found[::-1]


def days_of(spans: Sequence[Span], first: date, end: date, zone: ZoneInfo) -> list[Span]:
    """The spans cut at the clinic's midnights, so that every day has the grid it always has."""
    days = by_day(spans, first, end, zone)
    return [span for day in days.values() for span in day]
