"""The calendar page: what the browser must know before it can draw anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.identity import User
from app.infra.uow import UnitOfWork
from app.kernel.actors import Actor, Role
from app.scheduling.availability import PractitionerSchedule, Room, VisitType
from app.web.presenters.wall_time import short_day

BOOKERS = (Role.RECEPTIONIST, Role.DOCTOR, Role.NURSE)
OVERRIDERS = (Role.RECEPTIONIST, Role.DOCTOR)


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """`data` is read by the page's script; the rest is there before any script runs."""

    title: str
    date: str
    month: str
    zone: str
    may_book: bool
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Clinic:
    """Whom and what the calendar is about."""

    practitioners: Sequence[User]
    schedules: Mapping[UUID, PractitionerSchedule]
    visit_types: Sequence[VisitType]
    offered_by: Mapping[UUID, frozenset[UUID]]
    rooms: Sequence[Room]


def weekday(value: date) -> str:
    """Mon 02-Mar-2026."""
    return f"{short_day(value)}-{value.year:04d}"


def calendar_page(
    uow: UnitOfWork, clinic: Clinic, *, shown: date, appointment_id: UUID | None
) -> CalendarPage:
    return CalendarPage(
        title=weekday(shown),
        date=shown.isoformat(),
        month=f"{shown:%Y-%m}",
        zone=str(uow.zone),
        may_book=uow.actor.has_any(*BOOKERS),
        data={
            "zone": str(uow.zone),
            "now": uow.now.isoformat(),
            "date": shown.isoformat(),
            "open": str(appointment_id) if appointment_id else None,
            "me": str(uow.actor.id),
            "default_doctors": own_column(uow.actor, clinic),
            "may": may(uow.actor),
            **lists(clinic),
        },
    )


def may(actor: Actor) -> dict[str, bool]:
    """What the page offers; the verbs decide for themselves."""
    return {
        "book": actor.has_any(*BOOKERS),
        "override": actor.has_any(*OVERRIDERS),
        "start": actor.has_any(Role.DOCTOR),
    }


def own_column(actor: Actor, clinic: Clinic) -> list[str] | None:
    """Doctors begin with their own column, everybody else with all of them."""
    is_theirs = any(one.id == actor.id for one in clinic.practitioners)
    return [str(actor.id)] if is_theirs else None


def lists(clinic: Clinic) -> dict[str, list[dict[str, Any]]]:
    return {
        "practitioners": [
            {
                "id": str(one.id),
                "name": one.full_name,
                "specialty": one.specialty,
                "lanes": clinic.schedules[one.id].lanes,
                "slot_minutes": clinic.schedules[one.id].slot_minutes,
            }
            for one in clinic.practitioners
        ],
        "visit_types": [
            {
                "id": str(one.id),
                "name": one.name,
                "color": one.color,
                "duration_minutes": one.duration_minutes,
                "offered_by": sorted(map(str, clinic.offered_by.get(one.id, ()))),
            }
            for one in clinic.visit_types
        ],
        "rooms": [{"id": str(one.id), "name": one.name} for one in clinic.rooms],
    }
