"""Every statement that looks at many appointments, and at the names of whom they are about."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, Uuid, any_, bindparam, or_, select, true, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

from app.identity import User
from app.infra.uow import UnitOfWork
from app.kernel.paging import PageRequest
from app.patients import Patient, hidden_from_named, records_of, seer
from app.scheduling.appointments.lifecycle import AppointmentStatus
from app.scheduling.appointments.models import Appointment, AppointmentMove
from app.scheduling.appointments.repository import on_the_book, visible
from app.scheduling.availability import Color, Room, VisitType


@dataclass(frozen=True, slots=True, kw_only=True)
class AppointmentFilter:
    """Which appointments are asked for; None, or nothing named, asks for any."""

    starts_from: datetime | None = None
    starts_before: datetime | None = None
    practitioner_ids: Collection[UUID] = ()
    patient_id: UUID | None = None
    statuses: Collection[AppointmentStatus] = ()
    latest_first: bool = False


class LatestMove(NamedTuple):
    """The last thing that happened to an appointment and was not taken back."""

    to_status: AppointmentStatus
    from_status: AppointmentStatus | None
    moved_at: datetime


class Names(NamedTuple):
    """What an appointment's ids stand for, and the latest thing that can be taken back."""

    practitioner: str
    patient_mrn: str | None
    visit_type: str
    color: Color
    room: str | None
    created_by: str | None
    booked_by: str | None
    latest: LatestMove | None
    hidden: bool  # whom it is about the actor may not see


def names() -> Select[*tuple[Any, ...]]:
    """The names of certain appointments, a row for each, as plain columns."""
    each = Appointment.__table__.c
    doctor, creator, booker = (User.__table__.alias(name) for name in ("doctor", "creator", "who"))
    types, rooms, people = VisitType.__table__.c, Room.__table__.c, Patient.__table__.c
    move = AppointmentMove.__table__.c
    undo = AppointmentMove.__table__.alias("undo").c
    undone = select(undo.seq).where(
        undo.appointment_id == move.appointment_id, undo.undoes == move.seq
    )
    latest = (
        select(move.to_status, move.from_status, move.moved_at)
        .where(move.appointment_id == each.id, move.undoes.is_(None), ~undone.exists())
        .order_by(move.seq.desc())
        .limit(1)
        .lateral("latest")
    )
    return (
        select(
            each.id,
            doctor.c.full_name,
            people.mrn,
            types.name,
            types.color,
            rooms.name,
            creator.c.full_name,
            booker.c.full_name,
            hidden_from_named().label("hidden"),
            *latest.c,
        )
        .select_from(Appointment.__table__)
        .join(doctor, doctor.c.id == each.practitioner_id)
        .join(VisitType.__table__, types.id == each.visit_type_id)
        .outerjoin(Patient.__table__, people.id == each.patient_id)
        .outerjoin(Room.__table__, rooms.id == each.room_id)
        .outerjoin(creator, creator.c.id == each.created_by)
        .outerjoin(booker, booker.c.id == each.booked_by)
        .outerjoin(latest, true())
        .where(each.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    )


NAMES = names()  # built once: that takes longer than the answer


async def page(
    uow: UnitOfWork, wanted: AppointmentFilter, request: PageRequest
) -> Sequence[Appointment]:
    """One row more than the page holds, by time. Holds that were let go are no appointments."""
    book = visible(uow) if wanted.patient_id else select(Appointment).where(on_the_book(uow))
    statement = book.where(
        or_(Appointment.status != AppointmentStatus.CANCELLED, Appointment.booked_at.is_not(None))
    )
    statement = narrowed(statement, wanted)
    order = (Appointment.starts_at, Appointment.id)
    if request.cursor is not None:
        last = tuple_(request.cursor.at, request.cursor.id)
        after = tuple_(*order) < last if wanted.latest_first else tuple_(*order) > last
        statement = statement.where(after)
    by_time = [key.desc() for key in order] if wanted.latest_first else order
    return (await uow.db.scalars(statement.order_by(*by_time).limit(request.limit + 1))).all()


def narrowed(statement: Select[Appointment], wanted: AppointmentFilter) -> Select[Appointment]:
    if wanted.starts_from is not None:
        statement = statement.where(Appointment.starts_at >= wanted.starts_from)
    if wanted.starts_before is not None:
        statement = statement.where(Appointment.starts_at < wanted.starts_before)
    if wanted.practitioner_ids:
        statement = statement.where(Appointment.practitioner_id.in_(wanted.practitioner_ids))
    if wanted.patient_id is not None:
        statement = statement.where(Appointment.patient_id.in_(records_of(wanted.patient_id)))
    if wanted.statuses:
        statement = statement.where(Appointment.status.in_(wanted.statuses))
    return statement


async def names_of(uow: UnitOfWork, appointment_ids: Collection[UUID]) -> dict[UUID, Names]:
    """The names that go with each of these appointments, in one statement."""
    asked = {"ids": list(appointment_ids), **seer(uow)}
    return {
        row[0]: Names._make((*row[1:8], None if row[9] is None else LatestMove(*row[9:]), row[8]))
        for row in await uow.db.execute(NAMES, asked)
    }
