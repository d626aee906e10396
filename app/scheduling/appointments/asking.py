"""From what somebody asks for to a time that can be wanted: known doctor, type, room, length."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, exists, func, select

from app.identity import User, UserStatus
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.scheduling.appointments.errors import VisitTypeUnknown
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.wanted import Wanted
from app.scheduling.availability import (
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
        )
        .select_from(VisitType.__table__)
        .outerjoin(User.__table__, doctor)
        .outerjoin(Room.__table__, ROOMS.id == bindparam("room_id"))
        .outerjoin(PractitionerSchedule.__table__, SCHEDULES.practitioner_id == USERS.id)
        .where(TYPES.id == bindparam("visit_type_id"))
    )


FACTS = facts()  # built once: that takes longer than the answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where and for what; what stands in the request."""

    practitioner_id: UUID
    visit_type_id: UUID
    starts_at: datetime
    duration_minutes: int | None = None
    room_id: UUID | None = None


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
    asked = {
        "practitioner_id": place.practitioner_id,
        "visit_type_id": place.visit_type_id,
        "room_id": place.room_id,
    }
    row = (await uow.db.execute(FACTS, asked)).one_or_none()
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
