"""Appointments left outside when hours change, with where each could go."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from app.scheduling.appointments import Alternative, AppointmentOut, Obstacle, ObstacleKind
from app.web.presenters.formats import counted
from app.web.presenters.wall_time import day_moment, wall_clock

WHY = {
    ObstacleKind.CLOSED_DAY: "the clinic is closed",
    ObstacleKind.OUTSIDE_HOURS: "outside the working hours",
    ObstacleKind.NOT_OFFERED: "the doctor no longer offers this visit",
}


@dataclass(frozen=True, slots=True)
class MoveTo:
    """A free time: what the button says, and what is asked of the API."""

    label: str
    body: str
    said: str


@dataclass(frozen=True, slots=True)
class MisplacedRow:
    id: UUID
    patient: str
    href: str
    when: str
    what: str
    why: str
    moves: tuple[MoveTo, ...]


@dataclass(frozen=True, slots=True)
class MisplacedView:
    title: str
    rows: tuple[MisplacedRow, ...]
    more: bool
    may_move: bool
    summary: str


def view(rows: Sequence[MisplacedRow], *, more: bool, may_move: bool) -> MisplacedView:
    number = f"{len(rows)} or more appointments" if more else counted(len(rows), "appointment")
    verb = "fits" if len(rows) == 1 and not more else "fit"
    return MisplacedView(
        title=f"{number} no longer {verb}",
        rows=tuple(rows),
        more=more,
        may_move=may_move,
        summary=number if rows else "Every appointment fits",
    )


def row(
    found: AppointmentOut,
    conflicts: Sequence[Obstacle],
    alternatives: Sequence[Alternative],
    doctors: Mapping[UUID, str],
    zone: ZoneInfo,
) -> MisplacedRow:
    return MisplacedRow(
        id=found.id,
        patient=found.patient_name or "",
        href=f"/calendar?date={found.starts_at.astimezone(zone).date()}&appointment={found.id}",
        when=f"{day_moment(found.starts_at, zone).text} to {wall_clock(found.ends_at, zone)}",
        what=f"{found.visit_type_name} · {found.practitioner_name}",
        why=", ".join(dict.fromkeys(WHY.get(each["kind"], each["kind"]) for each in conflicts)),
        moves=tuple(move(found, each, doctors, zone) for each in alternatives),
    )


def move(
    found: AppointmentOut, slot: Alternative, doctors: Mapping[UUID, str], zone: ZoneInfo
) -> MoveTo:
    when = day_moment(slot["starts_at"], zone).text
    other = slot["practitioner_id"] != found.practitioner_id
    whom = f" with {doctors.get(slot['practitioner_id'], 'another doctor')}" if other else ""
    body = {
        "starts_at": slot["starts_at"].isoformat(),
        "practitioner_id": str(slot["practitioner_id"]),
        "room_id": str(slot["room_id"]) if slot["room_id"] else None,
        "version": found.version,
    }
    return MoveTo(
        label=f"{when}{whom}",
        body=json.dumps(body),
        said=f"{found.patient_name} moves to {when}{whom}.",
    )
