"""From what somebody asks for to a time that can be wanted: known doctor, type, room, length."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Interval,
    Select,
    and_,
    bindparam,
    exists,
    func,
    select,
    true,
)

from app.identity import User, UserStatus
from app.infra.prepared import Look, Prepared
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.patients import PatientNotFound, seer, visible_to_named
from app.scheduling.appointments import repository
from app.scheduling.appointments.errors import VisitTypeUnknown
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.repository import (
    BUSY_COLUMNS,
    FIRST_TO_LAST,
    LONGEST,
    Person,
    busy_until,
    person_where,
)
from app.scheduling.appointments.searching import DAYS_NEAR
from app.scheduling.appointments.today import day_of
from app.scheduling.appointments.wanted import Wanted
from app.scheduling.availability import (
    TOLD_COLUMNS,
    Color,
    DoctorUnknown,
    OfferStatus,
    PractitionerSchedule,
    Room,
    RoomUnknown,
    VisitType,
    VisitTypePractitioner,
    asking_for,
    hours_of,
    told,
)

DAY = timedelta(days=1)
ONE_LANE, QUARTER_HOUR = 1, 15  # of a doctor about whom nobody said more

TYPES, OFFERS = VisitType.__table__.c, VisitTypePractitioner.__table__.c
USERS, ROOMS = User.__table__.c, Room.__table__.c
SCHEDULES = PractitionerSchedule.__table__.c


class Facts(NamedTuple):
    """A visit type, with the doctor and the room if there are such, and what they are called.

    And what was said about when the doctor can be seen on the days around; for a booking also who
    is there at that time.
    """

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
    hours_told: Sequence[Any]
    exceptions_told: Sequence[Any]
    busy_told: Sequence[Any] = ()


def facts(*more: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
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
            *TOLD_COLUMNS,
            *more,
        )
        .select_from(VisitType.__table__)
        .outerjoin(User.__table__, doctor)
        .outerjoin(Room.__table__, ROOMS.id == bindparam("room_id"))
        .outerjoin(PractitionerSchedule.__table__, SCHEDULES.practitioner_id == USERS.id)
        .where(TYPES.id == bindparam("visit_type_id"))
    )


FACTS = Look(facts(), lambda row: Facts(*row))

MINUTES = func.coalesce(bindparam("minutes", type_=Integer), TYPES.duration_minutes)
ENDS_AT: ColumnElement[datetime] = bindparam(
    "starts_at", type_=DateTime(timezone=True)
) + func.make_interval(0, 0, 0, 0, 0, MINUTES, type_=Interval)
BUSY_TOLD = func.array(
    select(func.row(*BUSY_COLUMNS))
    .where(busy_until(ENDS_AT))
    .order_by(*FIRST_TO_LAST)
    .correlate(VisitType)
    .scalar_subquery()
).label("busy_told")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where and for what; what stands in the request."""

    practitioner_id: UUID
    visit_type_id: UUID
    starts_at: datetime
    duration_minutes: int | None = None
    room_id: UUID | None = None


def asked_of(uow: UnitOfWork, place: Place) -> dict[str, Any]:
    return {
        "practitioner_id": place.practitioner_id,
        "visit_type_id": place.visit_type_id,
        "room_id": place.room_id,
        **asking_for([place.practitioner_id], *days_around(uow, place)),
    }


def days_around(uow: UnitOfWork, place: Place) -> tuple[date, date]:
    """Those on which alternatives are looked for, and one more; the last not included."""
    day = day_of(uow, place.starts_at)
    return day - DAYS_NEAR * DAY, day + (DAYS_NEAR + 2) * DAY


@lru_cache(maxsize=16)
def patient_and_facts(
    visible: ColumnElement[bool], *, keep: bool
) -> Prepared[tuple[Person, Facts | None]]:
    """Both in one statement; two for each filter of patients there is.

    Either the patient is kept as they are, or who is there at that time is told.
    """
    asked = person_where(visible)
    if keep:
        return Prepared(joined(asked.with_for_update(read=True), facts()), person_first)
    return Look(joined(asked, facts(BUSY_TOLD)), person_first)


def joined(
    asked: Select[*tuple[Any, ...]], told: Select[*tuple[Any, ...]]
) -> Select[*tuple[Any, ...]]:
    person, known = asked.cte("person"), told.subquery("known")
    return select(*person.c, *known.c).select_from(person.outerjoin(known, true()))


def person_first(row: Sequence[Any]) -> tuple[Person, Facts | None]:
    ours, theirs = row[: len(Person._fields)], row[len(Person._fields) :]
    return Person._make(ours), None if theirs[0] is None else Facts(*theirs)


async def patient_at(
    uow: UnitOfWork, patient_id: UUID, place: Place, *, keep: bool
) -> tuple[Person, Facts | None]:
    """Like `repository.patient`, with the facts of a place; locked only to `keep` it as it is.

    Otherwise the facts tell who is there.
    """
    statement = patient_and_facts(visible_to_named(uow.actor), keep=keep)
    asked = {
        "patient_id": patient_id,
        **asked_of(uow, place),
        **seer(uow),
        "minutes": place.duration_minutes,
        "starts_at": place.starts_at,
        "starts_after": place.starts_at - LONGEST,
        "ignoring": None,
    }
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
    row = await uow.line.ask_one(FACTS, asked_of(uow, place))
    return wanted_from(uow, row, place, patient_id=patient_id, moving=moving)


def wanted_from(
    uow: UnitOfWork,
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
        hours=hours_of(
            told((row.hours_told, row.exceptions_told)),
            [place.practitioner_id],
            *days_around(uow, place),
            uow.zone,
        ),
    )
