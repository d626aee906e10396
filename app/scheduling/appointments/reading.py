"""Every statement that looks at many appointments, and at the names of whom they are about."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select, true, tuple_
from sqlalchemy.orm import aliased

from app.identity import User
from app.infra.uow import UnitOfWork
from app.kernel.paging import PageRequest
from app.patients import Patient, records_of
from app.scheduling.appointments.lifecycle import AppointmentStatus
from app.scheduling.appointments.models import Appointment, AppointmentMove
from app.scheduling.appointments.repository import standing, visible
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What an appointment's ids stand for, and the latest thing that can be taken back."""

    practitioner: str
    patient_mrn: str | None
    visit_type: str
    color: Color
    room: str | None
    created_by: str | None
    booked_by: str | None
    latest: AppointmentMove | None


async def page(
    uow: UnitOfWork, wanted: AppointmentFilter, request: PageRequest
) -> Sequence[Appointment]:
    """One row more than the page holds, by time. Holds that were let go are no appointments."""
    statement = visible(uow).where(
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
    doctor, creator, booker = aliased(User), aliased(User), aliased(User)
    latest = aliased(
        AppointmentMove,
        select(AppointmentMove)
        .where(AppointmentMove.appointment_id == Appointment.id, standing())
        .order_by(AppointmentMove.seq.desc())
        .limit(1)
        .lateral("latest"),
    )
    statement = (
        select(
            Appointment.id,
            doctor.full_name,
            Patient.mrn,
            VisitType.name,
            VisitType.color,
            Room.name,
            creator.full_name,
            booker.full_name,
            latest,
        )
        .select_from(Appointment)
        .join(doctor, doctor.id == Appointment.practitioner_id)
        .join(VisitType, VisitType.id == Appointment.visit_type_id)
        .outerjoin(Patient, Patient.id == Appointment.patient_id)
        .outerjoin(Room, Room.id == Appointment.room_id)
        .outerjoin(creator, creator.id == Appointment.created_by)
        .outerjoin(booker, booker.id == Appointment.booked_by)
        .outerjoin(latest, true())
        .where(Appointment.id.in_(appointment_ids))
    )
    return {
        row[0]: Names(
            practitioner=row[1],
            patient_mrn=row[2],
            visit_type=row[3],
            color=row[4],
            room=row[5],
            created_by=row[6],
            booked_by=row[7],
            latest=row[8],
        )
        for row in await uow.db.execute(statement)
    }
