"""The waiting list: who would come sooner, what suits them, what they are being asked about."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from app.identity import User
from app.scheduling.availability import VisitType
from app.scheduling.waiting_list import EntryOut, OfferOut, Urgency, WaitingStatus
from app.web.presenters.choices import PickedChoice
from app.web.presenters.formats import State, counted, day
from app.web.presenters.wall_time import WEEKDAYS, day_moment, duration, wall_day

MINUTE, ONE_DAY = timedelta(minutes=1), timedelta(days=1)
NOON = "12:00"
URGENCIES = {
    Urgency.URGENT: State("bad", "urgent"),
    Urgency.SOON: State("warn", "soon"),
    Urgency.ROUTINE: State("", "routine"),
}
ENDED = {
    WaitingStatus.BOOKED: State("ok", "booked"),
    WaitingStatus.WITHDRAWN: State("", "withdrawn"),
}
VIEWS = (("open", "Waiting"), ("booked", "Booked"), ("withdrawn", "Withdrawn"))
SAVED = {
    "added": "The patient is on the waiting list.",
    "changed": "The wish is changed.",
    "withdrawn": "They wait no longer.",
}


@dataclass(frozen=True, slots=True)
class WishForm:
    """The fields of what would suit somebody; `key` makes the ids of the fields unique."""

    key: str
    visit_types: tuple[PickedChoice, ...]
    whom: tuple[PickedChoice, ...]
    urgencies: tuple[PickedChoice, ...]
    weekdays: tuple[PickedChoice, ...]
    from_time: str = ""
    until_time: str = ""
    not_before: str = ""
    not_after: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class OpenOffer:
    id: UUID
    when: str
    iso: str
    doctor: str
    left: int


@dataclass(frozen=True, slots=True)
class EntryRow:
    id: UUID
    patient: str
    href: str
    reach: str
    wish: str
    suits: str
    note: str
    urgency: State
    waits: str
    ended: State | None
    version: int
    search: str
    hours: str
    offer: OpenOffer | None
    form: WishForm | None


@dataclass(frozen=True, slots=True)
class WaitingListView:
    """What is asked for anew: offers first, then everybody in the order of asking."""

    offers: tuple[EntryRow, ...]
    entries: tuple[EntryRow, ...]
    is_open: bool
    next_href: str | None
    summary: str


@dataclass(frozen=True, slots=True)
class WaitingListPage:
    list: WaitingListView
    src: str
    zone: str
    views: tuple[PickedChoice, ...]
    doctors: tuple[PickedChoice, ...]
    form: WishForm | None
    saved: str


@dataclass(frozen=True, slots=True)
class Clinic:
    """What can be wished for, and when now is."""

    visit_types: Sequence[VisitType]
    doctors: Sequence[User]
    zone: ZoneInfo
    now: datetime
    may_keep: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """Which part of the list is looked at."""

    view: str
    doctor: UUID | None = None
    cursor: str | None = None

    @property
    def query(self) -> str:
        asked = {"view": self.view, "doctor": self.doctor, "cursor": self.cursor}
        return urlencode({name: value for name, value in asked.items() if value})


def page(list_view: WaitingListView, clinic: Clinic, shown: Shown, saved: str) -> WaitingListPage:
    return WaitingListPage(
        list=list_view,
        zone=clinic.zone.key,
        src=f"/fragments/waiting-list?{shown.query}",
        views=tuple(PickedChoice(value, label, value == shown.view) for value, label in VIEWS),
        doctors=tuple(
            PickedChoice(str(one.id), one.full_name, one.id == shown.doctor)
            for one in clinic.doctors
        ),
        form=wish_form("new", clinic) if clinic.may_keep else None,
        saved=SAVED.get(saved, ""),
    )


def list_view(
    offered: Sequence[EntryOut],
    entries: Sequence[EntryOut],
    clinic: Clinic,
    shown: Shown,
    next_cursor: str | None,
) -> WaitingListView:
    more = Shown(shown.view, shown.doctor, next_cursor).query
    waiting = [one for one in entries if one.status is not WaitingStatus.OFFERED]
    return WaitingListView(
        offers=tuple(row(one, clinic) for one in offered),
        entries=tuple(row(one, clinic) for one in waiting),
        is_open=shown.view == "open",
        next_href=f"/waiting-list?{more}" if next_cursor else None,
        summary=f"{counted(len(offered), 'open offer')}, {len(waiting)} waiting",
    )


def row(entry: EntryOut, clinic: Clinic) -> EntryRow:
    is_open = entry.status not in ENDED
    return EntryRow(
        id=entry.id,
        patient=entry.patient_name,
        href=f"/patients/{entry.patient_id}",
        reach=" · ".join([entry.patient_phone or "no phone", entry.patient_mrn]),
        wish=f"{entry.visit_type_name}, {duration(entry.duration_minutes)} · with {whom(entry)}",
        suits=suits(entry),
        note=entry.note or "",
        urgency=URGENCIES[entry.urgency],
        waits=waits(entry.created_at, clinic),
        ended=ENDED.get(entry.status),
        version=entry.version,
        search=json.dumps(search(entry)),
        hours=f"{entry.from_time or '00:00'} {entry.until_time or '24:00'}",
        offer=open_offer(entry.offer, clinic) if entry.offer else None,
        form=wish_form(f"e-{entry.id}", clinic, entry) if is_open and clinic.may_keep else None,
    )


def whom(entry: EntryOut) -> str:
    return entry.practitioner_name or (f"any {entry.specialty}" if entry.specialty else "anyone")


def suits(entry: EntryOut) -> str:
    """Mon, Tue 08:00 to 12:00, until 24-Dec-2026; or any time."""
    parts = []
    if entry.weekdays:
        parts.append(", ".join(WEEKDAYS[number - 1][:3] for number in entry.weekdays))
    if entry.from_time and entry.until_time:
        parts.append(f"{entry.from_time} to {entry.until_time}")
    elif entry.from_time or entry.until_time:
        parts.append(f"from {entry.from_time}" if entry.from_time else f"until {entry.until_time}")
    if entry.not_before:
        parts.append(f"not before {day(entry.not_before)}")
    if entry.not_after:
        parts.append(f"by {day(entry.not_after)}")
    return ", ".join(parts) or "any time"


def waits(since: datetime, clinic: Clinic) -> str:
    """In days of the clinic's wall."""
    days = (wall_day(clinic.now, clinic.zone) - wall_day(since, clinic.zone)).days
    return f"for {counted(days, 'day')}" if days else "since today"


def search(entry: EntryOut) -> dict[str, object]:
    """What a search for free time is asked with."""
    asked = {
        "visit_type_id": str(entry.visit_type_id),
        "practitioner_id": str(entry.practitioner_id) if entry.practitioner_id else None,
        "specialty": entry.specialty,
        "patient_id": str(entry.patient_id),
        "weekday": entry.weekdays,
        "from": entry.not_before.isoformat() if entry.not_before else None,
        "to": (entry.not_after + ONE_DAY).isoformat() if entry.not_after else None,
        "part_of_day": part_of_day(entry),
    }
    return {name: value for name, value in asked.items() if value}


def part_of_day(entry: EntryOut) -> str | None:
    """What the search knows of times of day; the page looks at the minutes."""
    if entry.until_time and entry.until_time <= NOON:
        return "morning"
    return "afternoon" if entry.from_time and entry.from_time >= NOON else None


def open_offer(offer: OfferOut, clinic: Clinic) -> OpenOffer:
    when = day_moment(offer.starts_at, clinic.zone)
    left = max(0, ceil((offer.expires_at - clinic.now) / MINUTE))
    return OpenOffer(offer.id, when.text, when.iso, offer.practitioner_name, left)


def wish_form(key: str, clinic: Clinic, entry: EntryOut | None = None) -> WishForm:
    chosen = set(entry.weekdays) if entry else set()
    urgency = entry.urgency if entry else Urgency.ROUTINE
    return WishForm(
        key=key,
        visit_types=tuple(
            PickedChoice(str(one.id), one.name, entry is not None and one.id == entry.visit_type_id)
            for one in clinic.visit_types
        ),
        whom=whom_choices(clinic, entry),
        urgencies=tuple(
            PickedChoice(value, state.label, value is urgency) for value, state in URGENCIES.items()
        ),
        weekdays=tuple(
            PickedChoice(str(number), WEEKDAYS[number - 1][:3], number in chosen)
            for number in range(1, len(WEEKDAYS) + 1)
        ),
        from_time=(entry and entry.from_time) or "",
        until_time=(entry and entry.until_time) or "",
        not_before=day_text(entry.not_before if entry else None),
        not_after=day_text(entry.not_after if entry else None),
        note=(entry and entry.note) or "",
    )


def day_text(value: date | None) -> str:
    return value.isoformat() if value else ""


def whom_choices(clinic: Clinic, entry: EntryOut | None) -> tuple[PickedChoice, ...]:
    """Anyone, a specialty, or one doctor, as one question."""
    specialties = sorted({one.specialty for one in clinic.doctors if one.specialty})
    choices = [("", "Anyone")]
    choices += [(f"specialty:{name}", f"Any: {name}") for name in specialties]
    choices += [(f"practitioner:{one.id}", one.full_name) for one in clinic.doctors]
    chosen = ""
    if entry and entry.practitioner_id:
        chosen = f"practitioner:{entry.practitioner_id}"
    elif entry and entry.specialty:
        chosen = f"specialty:{entry.specialty}"
    return tuple(PickedChoice(value, label, value == chosen) for value, label in choices)
