"""A patient's appointments, what they wait for, and whether they want to be reminded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from app.scheduling.appointments import AppointmentOut, AppointmentStatus
from app.scheduling.waiting_list import EntryOut, WaitingStatus
from app.web.presenters.formats import Moment, State, day
from app.web.presenters.today import STATES
from app.web.presenters.waiting_list import URGENCIES
from app.web.presenters.wall_time import WEEKDAYS, duration, wall_clock, wall_day

S = AppointmentStatus
HERE = frozenset({S.ARRIVED, S.IN_ROOM})
WAITING = {
    WaitingStatus.WAITING: "waiting",
    WaitingStatus.OFFERED: "a time is offered",
}


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Who looks at the record, whether they begin visits, and where and when that is."""

    zone: ZoneInfo
    today: date
    starts: bool


@dataclass(frozen=True, slots=True)
class AppointmentRow:
    """`at` on the clinic's clock, not the reader's; `visit` leads to what has begun of it."""

    id: UUID
    href: str
    at: Moment
    what: str
    tone: str
    whom: str
    reason: str
    state: State
    visit: str
    can_begin: bool


@dataclass(frozen=True, slots=True)
class WaitingRow:
    what: str
    whom: str
    since: str
    said: str
    urgency: State


@dataclass(frozen=True, slots=True)
class Appointments:
    """`coming` the next one first, `past` the latest first; each cut where there are too many."""

    coming: tuple[AppointmentRow, ...]
    past: tuple[AppointmentRow, ...]
    more_coming: bool
    more_past: bool
    waiting: tuple[WaitingRow, ...]
    opted_out: bool
    may_switch: bool


def calendar_href(appointment_id: UUID, starts_at: datetime, zone: ZoneInfo) -> str:
    """Where the appointment stands in the calendar, opened."""
    return f"/calendar?date={wall_day(starts_at, zone).isoformat()}&appointment={appointment_id}"


def rows(
    found: Sequence[AppointmentOut], visits: Mapping[UUID, UUID], onlooker: Onlooker
) -> tuple[AppointmentRow, ...]:
    """`visits`: the encounter of each appointment that has one."""
    return tuple(row(one, visits.get(one.id), onlooker) for one in found)


def row(one: AppointmentOut, visit: UUID | None, onlooker: Onlooker) -> AppointmentRow:
    zone = onlooker.zone
    whom = f"{one.practitioner_name}, {one.room_name}" if one.room_name else one.practitioner_name
    return AppointmentRow(
        id=one.id,
        href=calendar_href(one.id, one.starts_at, zone),
        at=whole_moment(one.starts_at, zone),
        what=f"{one.visit_type_name}, {duration(one.duration_minutes)}",
        tone=one.color,
        whom=whom,
        reason=one.reason or "",
        state=STATES[one.status],
        visit=f"/encounters/{visit}" if visit else "",
        can_begin=onlooker.starts and visit is None and can_begin(one, onlooker),
    )


def can_begin(one: AppointmentOut, onlooker: Onlooker) -> bool:
    """Who is here can be seen; who is only booked, on the day itself."""
    on = wall_day(one.starts_at, onlooker.zone)
    return one.status in HERE or (one.status is S.BOOKED and on == onlooker.today)


def whole_moment(instant: datetime, zone: ZoneInfo) -> Moment:
    """Mon 02-Mar-2026 09:05."""
    on = wall_day(instant, zone)
    text = f"{WEEKDAYS[on.weekday()][:3]} {day(on)} {wall_clock(instant, zone)}"
    return Moment(iso=instant.astimezone(zone).isoformat(), text=text)


def waiting_rows(found: Sequence[EntryOut], zone: ZoneInfo) -> tuple[WaitingRow, ...]:
    return tuple(
        WaitingRow(
            what=one.visit_type_name,
            whom=one.practitioner_name or one.specialty or "any doctor",
            since=day(wall_day(one.created_at, zone)),
            said=WAITING.get(one.status, ""),
            urgency=URGENCIES[one.urgency],
        )
        for one in found
    )
