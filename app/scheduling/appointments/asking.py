"""From what somebody asks for to a time that can be wanted: known doctor, type, room, length."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, select, true

from app.identity import User, UserStatus
from app.infra.prepared import Prepared
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.patients import PatientNotFound, seer, visible_to_named
from app.scheduling.appointments import repository
from app.scheduling.appointments.errors import VisitTypeUnknown
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.repository import Person, person_where
from app.scheduling.appointments.wanted import Wanted
from app.scheduling.availability import (
    Color,
    DoctorUnknown,
    OfferStatus,
    PractitionerSchedule,
    Room,
    RoomUnknown,
    VisitType,
    VisitTypePractitioner,
)

ONE_LANE, QUARTER_HOUR = 1, 15  # of a doctor about whom nobody said more

TYPES, OFFERS = VisitType.__table__.c, VisitTypePractitioner.__table__.c
USERS, ROOMS = User.__table__.c, Room.__table__.c
SCHEDULES = PractitionerSchedule.__table__.c


class Facts(NamedTuple):
    """A visit type, with the doctor and the room if there are such, and what they are called."""

    type_status: OfferStatus
    duration_minutes: int
    parallel: int
    doctor_id: UUID | None
    room_status: OfferStatus | None
    lanes: int
    slot_minutes: int
    offered: bool
    doctor_name: str | None
    type_name: str
    color: Color
    room_name: str | None


def facts() -> Select[*tuple[Any, ...]]:
    """One row if there is such a visit type; the doctor and the room may be missing from it."""
    offers = select(OFFERS.visit_type_id).where(OFFERS.visit_type_id == TYPES.id)
    theirs = offers.where(OFFERS.practitioner_id == bindparam("practitioner_id"))
    doctor = and_(
        USERS.id == bindparam("practitioner_id"),
        USERS.role == Role.DOCTOR,
        USERS.status == UserStatus.ACTIVE,
    )
    return (
        select(
            TYPES.status.label("type_status"),
            TYPES.duration_minutes,
            TYPES.parallel,
            USERS.id.label("doctor_id"),
            ROOMS.status.label("room_status"),
            func.coalesce(SCHEDULES.lanes, ONE_LANE).label("lanes"),
            func.coalesce(SCHEDULES.slot_minutes, QUARTER_HOUR).label("slot_minutes"),
            (~exists(offers) | exists(theirs)).label("offered"),
            USERS.full_name.label("doctor_name"),
            TYPES.name.label("type_name"),
            TYPES.color,
            ROOMS.name.label("room_name"),
        )
        .select_from(VisitType.__table__)
        .outerjoin(User.__table__, doctor)
        .outerjoin(Room.__table__, ROOMS.id == bindparam("room_id"))
        .outerjoin(PractitionerSchedule.__table__, SCHEDULES.practitioner_id == USERS.id)
        .where(TYPES.id == bindparam("visit_type_id"))
    )


FACTS = Prepared(facts(), Facts._make)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where and for what; what stands in the request."""

    practitioner_id: UUID
    visit_type_id: UUID
    starts_at: datetime
    duration_minutes: int | None = None
    room_id: UUID | None = None


def named_in(place: Place) -> dict[str, UUID | None]:
    return {
        "practitioner_id": place.practitioner_id,
        "visit_type_id": place.visit_type_id,
        "room_id": place.room_id,
    }


@lru_cache(maxsize=8)
def patient_and_facts(visible: ColumnElement[bool]) -> Prepared[tuple[Person, Facts | None]]:
    """Both in one statement; one for each filter of patients there is."""
    person = person_where(visible).cte("person")
    known = facts().subquery("known")
    return Prepared(
        select(*person.c, *known.c).select_from(person.outerjoin(known, true())), person_first
    )


def person_first(row: Sequence[Any]) -> tuple[Person, Facts | None]:
    ours, theirs = row[: len(Person._fields)], row[len(Person._fields) :]
    return Person._make(ours), None if theirs[0] is None else Facts._make(theirs)


async def patient_at(
    uow: UnitOfWork, patient_id: UUID, place: Place
) -> tuple[Person, Facts | None]:
    """Like `repository.patient`, with the facts of a place."""
    statement = patient_and_facts(visible_to_named(uow.actor))
    asked = {"patient_id": patient_id, **named_in(place), **seer(uow)}
    found = await uow.line.ask_one(statement, asked)
    if found is None:
        raise PatientNotFound(patient_id=patient_id)
    person, known = found
    if person.merged_into is not None:
        person = await repository.patient(uow, person.merged_into)
    return person, known


async def wanted_at(
    uow: UnitOfWork,
    place: Place,
    *,
    patient_id: UUID | None = None,
    moving: Appointment | None = None,
) -> Wanted:
    """What that place means for everybody's time, in one statement.

    Raises `DoctorUnknown`, `VisitTypeUnknown`, `RoomUnknown`. An appointment that is being moved
    may keep the visit type and the room it has though they are retired by now.
    """
    row = await uow.line.ask_one(FACTS, named_in(place))
    return wanted_from(row, place, patient_id=patient_id, moving=moving)


def wanted_from(
    row: Facts | None,
    place: Place,
    *,
    patient_id: UUID | None = None,
    moving: Appointment | None = None,
) -> Wanted:
    """Like `wanted_at`, of facts that are known."""
    same_type = moving is not None and moving.visit_type_id == place.visit_type_id
    if row is None or not (same_type or row.type_status is OfferStatus.ACTIVE):
        why = "No visit type in use has that id."
        raise VisitTypeUnknown(
            errors=[{"at": ["body", "visit_type_id"], "why": why, "rule": "visit_type_known"}]
        )
    if row.doctor_id is None:
        why = "No doctor with an active account has that id."
        raise DoctorUnknown(
            errors=[{"at": ["body", "practitioner_id"], "why": why, "rule": "practitioner_known"}]
        )
    same_room = moving is not None and moving.room_id == place.room_id
    if not (same_room or place.room_id is None or row.room_status is OfferStatus.ACTIVE):
        why = "No room in use has that id."
        raise RoomUnknown(errors=[{"at": ["body", "room_id"], "why": why, "rule": "room_known"}])
    minutes = place.duration_minutes or row.duration_minutes
    return Wanted(
        practitioner_id=place.practitioner_id,
        visit_type_id=place.visit_type_id,
        starts_at=place.starts_at,
        ends_at=place.starts_at + timedelta(minutes=minutes),
        lanes=row.lanes,
        parallel=row.parallel,
        slot_minutes=row.slot_minutes,
        offered=row.offered,
        patient_id=patient_id,
        room_id=place.room_id,
        ignoring=moving.id if moving else None,
    )
