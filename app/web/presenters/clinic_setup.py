"""Planning: visit types, rooms and closing days of the whole clinic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.identity import User
from app.scheduling.availability import (
    AvailabilityException,
    Color,
    OfferStatus,
    Room,
    VisitType,
)
from app.web.presenters.choices import PickedChoice
from app.web.presenters.formats import State
from app.web.presenters.schedule import SAVED, ExceptionRow, exception_row, picked
from app.web.presenters.wall_time import duration

STATES = {
    OfferStatus.ACTIVE: State("ok", "in use"),
    OfferStatus.RETIRED: State("", "retired"),
}


@dataclass(frozen=True, slots=True)
class VisitTypeRow:
    id: UUID
    name: str
    detail: str
    color: str
    state: State
    active: bool
    version: int
    duration_minutes: int
    parallel: int
    colors: tuple[PickedChoice, ...]
    doctors: tuple[PickedChoice, ...]


@dataclass(frozen=True, slots=True)
class RoomRow:
    id: UUID
    name: str
    state: State
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class ClinicPage:
    saved: str
    visit_types: tuple[VisitTypeRow, ...]
    rooms: tuple[RoomRow, ...]
    closings: tuple[ExceptionRow, ...]
    colors: tuple[PickedChoice, ...]
    doctors: tuple[PickedChoice, ...]
    today: str


def colors(chosen: Color) -> tuple[PickedChoice, ...]:
    return tuple(PickedChoice(color, color, color is chosen) for color in Color)


def visit_type_row(
    found: VisitType, offered_by: frozenset[UUID] | None, doctors: Sequence[User]
) -> VisitTypeRow:
    names = [one.full_name for one in doctors if offered_by and one.id in offered_by]
    whose = ", ".join(names) if offered_by else "every doctor"
    group = f", {found.parallel} patients at a time" if found.parallel > 1 else ""
    return VisitTypeRow(
        id=found.id,
        name=found.name,
        detail=f"{duration(found.duration_minutes)}{group} · {whose}",
        color=found.color,
        state=STATES[found.status],
        active=found.status is OfferStatus.ACTIVE,
        version=found.version,
        duration_minutes=found.duration_minutes,
        parallel=found.parallel,
        colors=colors(found.color),
        doctors=tuple(picked(doctors, offered_by or frozenset())),
    )


def room_row(room: Room) -> RoomRow:
    active = room.status is OfferStatus.ACTIVE
    return RoomRow(room.id, room.name, STATES[room.status], active, room.version)


def clinic_page(
    *,
    visit_types: Sequence[VisitType],
    offers: Mapping[UUID, frozenset[UUID]],
    doctors: Sequence[User],
    rooms: Sequence[Room],
    closings: Sequence[AvailabilityException],
    today: date,
    saved: str | None,
) -> ClinicPage:
    return ClinicPage(
        saved=SAVED.get(saved or "", ""),
        visit_types=tuple(
            visit_type_row(each, offers.get(each.id), doctors)
            for each in sorted(visit_types, key=lambda one: (one.status, one.name.casefold()))
        ),
        rooms=tuple(room_row(room) for room in sorted(rooms, key=lambda one: one.status)),
        closings=tuple(exception_row(each, may_withdraw=True) for each in closings),
        colors=colors(Color.BLUE),
        doctors=tuple(picked(doctors, frozenset())),
        today=today.isoformat(),
    )
