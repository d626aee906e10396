"""Every statement that touches single appointments, holds and their history."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Uuid,
    and_,
    bindparam,
    func,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased

from app.infra.postgres import DEADLOCK, EXCLUSION_VIOLATION, sqlstate_of
from app.infra.prepared import Look, Prepared
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.patients import Patient, PatientNotFound, seer, visible_patients, visible_to_named
from app.scheduling.appointments.errors import AppointmentNotFound, BookBusy
from app.scheduling.appointments.lifecycle import LIVE, AppointmentStatus
from app.scheduling.appointments.models import Appointment, AppointmentMove
from app.scheduling.appointments.shares import Share
from app.scheduling.appointments.wanted import Wanted

# Holds without a patient say nothing about anybody; those who book together see them.
SEES_HOLDS = (Role.DOCTOR, Role.NURSE, Role.RECEPTIONIST, Role.ADMIN, Role.SYSTEM)
LONGEST = timedelta(hours=24)  # ck_appointments_order
SHARES = ("practitioner_share", "patient_share", "room_share")

# Keys in one order for everybody, so that two who move things about never wait for each other.
TAKE_TURNS = text(
    "select pg_advisory_xact_lock(hashtextextended('appointments:' || whose, 0))"
    " from (select whose from unnest(:ids) as whose order by whose) as sorted"
).bindparams(bindparam("ids", type_=ARRAY(Uuid)))


class Busy(NamedTuple):
    """A live appointment or hold at the time somebody wants."""

    id: UUID
    status: AppointmentStatus
    practitioner_id: UUID
    patient_id: UUID | None
    room_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime | None
    practitioner_share: Share
    patient_share: Share
    room_share: Share

    def expired(self, now: datetime) -> bool:
        return (
            self.status is AppointmentStatus.PENDING
            and self.expires_at is not None
            and self.expires_at <= now
        )


class Person(NamedTuple):
    """As much of a patient's record as a booking needs."""

    id: UUID
    given_name: str
    family_name: str
    mrn: str
    merged_into: UUID | None
    version: int


APPOINTMENTS, PEOPLE = Appointment.__table__.c, Patient.__table__.c

# Of shares the numbers: ranges made into objects would take longer than finding them.
BUSY_COLUMNS = (
    *(APPOINTMENTS[name] for name in Busy._fields if name not in SHARES),
    *(
        end_of(APPOINTMENTS[name], type_=Integer)
        for name in SHARES
        for end_of in (func.lower, func.upper)
    ),
)


def busy_until(ends_at: ColumnElement[datetime]) -> ColumnElement[bool]:
    return and_(
        or_(
            APPOINTMENTS.practitioner_id == bindparam("practitioner_id"),
            APPOINTMENTS.patient_id == bindparam("patient_id"),
            APPOINTMENTS.room_id == bindparam("room_id"),
        ),
        APPOINTMENTS.status.in_(LIVE),
        APPOINTMENTS.id.is_distinct_from(bindparam("ignoring")),
        APPOINTMENTS.starts_at > bindparam("starts_after"),
        APPOINTMENTS.starts_at < ends_at,
        APPOINTMENTS.ends_at > bindparam("starts_at"),
    )


def busy_of(row: Sequence[Any]) -> Busy:
    """Out of `BUSY_COLUMNS`, also as the driver gives them."""
    *rest, doctor, doctor_end, patient, patient_end, room, room_end = row
    shares = Share(doctor, doctor_end), Share(patient, patient_end), Share(room, room_end)
    found = Busy._make([*rest, *shares])
    return found._replace(status=AppointmentStatus(found.status))


FIRST_TO_LAST = (APPOINTMENTS.starts_at, APPOINTMENTS.id)
BUSY = Look(
    select(*BUSY_COLUMNS).where(busy_until(bindparam("ends_at"))).order_by(*FIRST_TO_LAST), busy_of
)


def seen_by(uow: UnitOfWork) -> ColumnElement[bool]:
    """Appointments of patients the actor may see."""
    if not uow.actor.has_any(*SEES_HOLDS):
        return visible_patients(uow)
    return or_(Appointment.patient_id.is_(None), visible_patients(uow))


def on_the_book(uow: UnitOfWork) -> ColumnElement[bool]:
    """What takes time, for those who book: whoever shows it hides whom they may not see."""
    return true() if uow.actor.has_any(*SEES_HOLDS) else visible_patients(uow)


def visible(uow: UnitOfWork) -> Select[Appointment]:
    joined = select(Appointment).outerjoin(Patient, Patient.id == Appointment.patient_id)
    return joined.where(seen_by(uow))


async def get(uow: UnitOfWork, appointment_id: UUID, *, lock: bool = False) -> Appointment:
    statement = visible(uow).where(Appointment.id == appointment_id)
    if lock:
        # Rows that point at this appointment may still be written meanwhile.
        statement = statement.with_for_update(of=Appointment, key_share=True)
        statement = statement.execution_options(populate_existing=True)
    found = (await uow.db.execute(statement)).scalar_one_or_none()
    if found is None:
        raise AppointmentNotFound(appointment_id=appointment_id)
    return found


async def hold(uow: UnitOfWork, hold_id: UUID) -> Appointment | None:
    """A hold under a lock; None when it is none any more."""
    statement = (
        select(Appointment)
        .where(Appointment.id == hold_id, Appointment.status == AppointmentStatus.PENDING)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await uow.db.execute(statement)).scalar_one_or_none()


def person_where(visible: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    asked = select(*(PEOPLE[name] for name in Person._fields))
    return asked.where(PEOPLE.id == bindparam("patient_id"), visible)


@lru_cache(maxsize=8)
def person_among(visible: ColumnElement[bool]) -> Prepared[Person]:
    """One statement for each filter there is, and there are three."""
    return Prepared(person_where(visible).with_for_update(read=True), Person._make)


async def patient(uow: UnitOfWork, patient_id: UUID) -> Person:
    """The record of a patient that counts, kept as it is until we are done: the name is copied."""
    statement = person_among(visible_to_named(uow.actor))
    found = await uow.line.ask_one(statement, {"patient_id": patient_id, **seer(uow)})
    if found is None:
        raise PatientNotFound(patient_id=patient_id)
    if found.merged_into is not None:  # the record that counts is never merged itself
        return await patient(uow, found.merged_into)
    return found


async def update_unless_taken(
    uow: UnitOfWork, appointment: Appointment, whose: Collection[UUID], values: dict[str, Any]
) -> bool:
    """Change a locked appointment that takes time it did not have; False: the time is taken.

    The exclusion constraints decide. `whose` time is taken: doctor, patient, room.
    """
    statement = (
        update(Appointment)
        .where(Appointment.id == appointment.id)
        .values(values)
        .returning(Appointment)
        .execution_options(populate_existing=True, synchronize_session=False)
    )
    try:
        with deadlocks_told():
            async with uow.db.begin_nested():
                await uow.db.execute(TAKE_TURNS, {"ids": list(whose)})
                (await uow.db.scalars(statement)).one()
    except DBAPIError as error:
        if sqlstate_of(error) != EXCLUSION_VIOLATION:
            raise
        return False
    return True


@contextmanager
def deadlocks_told() -> Iterator[None]:
    """Raise `BookBusy` where somebody who changes several waits for us as we wait for them."""
    try:
        yield
    except DBAPIError as error:
        if sqlstate_of(error) == DEADLOCK:
            raise BookBusy from error
        raise


async def busy(uow: UnitOfWork, wanted: Wanted) -> list[Busy]:
    """Everything live at that time of the doctor, the patient and the room, first to last."""
    asked = {
        "practitioner_id": wanted.practitioner_id,
        "patient_id": wanted.patient_id,
        "room_id": wanted.room_id,
        "ignoring": wanted.ignoring,
        "starts_at": wanted.starts_at,
        "starts_after": wanted.starts_at - LONGEST,
        "ends_at": wanted.ends_at,
    }
    return await uow.line.ask(BUSY, asked)


def overlapping(starts_at: datetime, ends_at: datetime) -> ColumnElement[bool]:
    """At the same time, in words that the plain indexes on starts_at understand."""
    return and_(
        Appointment.starts_at > starts_at - LONGEST,
        Appointment.starts_at < ends_at,
        Appointment.ends_at > starts_at,
    )


async def expired_holds(
    uow: UnitOfWork, *, among: Collection[UUID] | None = None, limit: int | None = None
) -> Sequence[Appointment]:
    """Holds that are over, locked. Of certain ones all; of any those nobody is busy with."""
    statement = (
        select(Appointment)
        .where(Appointment.status == AppointmentStatus.PENDING, Appointment.expires_at <= uow.now)
        .order_by(Appointment.id)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=among is None)
        .execution_options(populate_existing=True)
    )
    if among is not None:
        statement = statement.where(Appointment.id.in_(among))
    return (await uow.db.scalars(statement)).all()


async def not_come(uow: UnitOfWork, before: datetime, limit: int) -> Sequence[Appointment]:
    """Booked appointments that began before then, locked; those somebody is busy with are left."""
    statement = (
        select(Appointment)
        .where(Appointment.status == AppointmentStatus.BOOKED, Appointment.starts_at <= before)
        .order_by(Appointment.starts_at)
        .limit(limit)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return (await uow.db.scalars(statement)).all()


async def booked_between(
    uow: UnitOfWork, patient_id: UUID, since: datetime, until: datetime
) -> list[UUID]:
    """Appointments of a patient for which nobody has come yet."""
    statement = (
        select(Appointment.id)
        .where(Appointment.patient_id == patient_id)
        .where(Appointment.status == AppointmentStatus.BOOKED)
        .where(Appointment.starts_at >= since, Appointment.starts_at < until)
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return list(await uow.db.scalars(statement))


async def latest_move(uow: UnitOfWork, appointment_id: UUID) -> AppointmentMove | None:
    """The last thing that happened and was neither an undo nor undone."""
    statement = (
        select(AppointmentMove)
        .where(AppointmentMove.appointment_id == appointment_id, standing())
        .order_by(AppointmentMove.seq.desc())
        .limit(1)
    )
    return (await uow.db.execute(statement)).scalar_one_or_none()


def standing() -> ColumnElement[bool]:
    undo = aliased(AppointmentMove)
    undone = select(undo.seq).where(
        undo.appointment_id == AppointmentMove.appointment_id,
        undo.undoes == AppointmentMove.seq,
    )
    return and_(AppointmentMove.undoes.is_(None), ~undone.exists())


async def moves(uow: UnitOfWork, appointment_id: UUID) -> Sequence[AppointmentMove]:
    """Everything that happened, in order."""
    statement = (
        select(AppointmentMove)
        .where(AppointmentMove.appointment_id == appointment_id)
        .order_by(AppointmentMove.seq)
    )
    return (await uow.db.scalars(statement)).all()
