"""Every statement that touches rooms, visit types, working hours and exceptions."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import delete, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from app.infra.uow import UnitOfWork
from app.scheduling.availability.errors import ExceptionNotFound, RoomNotFound, VisitTypeNotFound
from app.scheduling.availability.lifecycle import ExceptionStatus, OfferStatus
from app.scheduling.availability.models import (
    AvailabilityException,
    PractitionerSchedule,
    Room,
    VisitType,
    VisitTypePractitioner,
    WeeklyHours,
    WeeklyHourSpan,
)

ONE_WEEK_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended(:key, 0))")


async def room(uow: UnitOfWork, room_id: UUID, *, lock: bool = False) -> Room:
    statement = select(Room).where(Room.id == room_id)
    if lock:
        statement = statement.with_for_update(key_share=True)
        statement = statement.execution_options(populate_existing=True)
    found = (await uow.db.execute(statement)).scalar_one_or_none()
    if found is None:
        raise RoomNotFound(room_id=room_id)
    return found


async def rooms(uow: UnitOfWork, *, retired: bool) -> Sequence[Room]:
    """By name; those in use first, the others only when asked for."""
    statement = select(Room).order_by(Room.status, Room.name, Room.id)
    if not retired:
        statement = statement.where(Room.status == OfferStatus.ACTIVE)
    return (await uow.db.scalars(statement)).all()


async def visit_type(uow: UnitOfWork, visit_type_id: UUID, *, lock: bool = False) -> VisitType:
    statement = select(VisitType).where(VisitType.id == visit_type_id)
    if lock:
        statement = statement.with_for_update(key_share=True)
        statement = statement.execution_options(populate_existing=True)
    found = (await uow.db.execute(statement)).scalar_one_or_none()
    if found is None:
        raise VisitTypeNotFound(visit_type_id=visit_type_id)
    return found


async def visit_types(
    uow: UnitOfWork, practitioner_id: UUID | None, *, retired: bool
) -> Sequence[VisitType]:
    """By name; with a doctor only those that this doctor offers."""
    statement = select(VisitType).order_by(VisitType.status, VisitType.name, VisitType.id)
    if not retired:
        statement = statement.where(VisitType.status == OfferStatus.ACTIVE)
    if practitioner_id is not None:
        rows = select(VisitTypePractitioner.visit_type_id)
        theirs = rows.where(VisitTypePractitioner.practitioner_id == practitioner_id)
        statement = statement.where(or_(VisitType.id.not_in(rows), VisitType.id.in_(theirs)))
    return (await uow.db.scalars(statement)).all()


async def offered_by(
    uow: UnitOfWork, visit_type_ids: Collection[UUID]
) -> dict[UUID, frozenset[UUID]]:
    """The doctors who offer each visit type; a type that everybody offers is not there."""
    statement = select(VisitTypePractitioner.visit_type_id, VisitTypePractitioner.practitioner_id)
    statement = statement.where(VisitTypePractitioner.visit_type_id.in_(visit_type_ids))
    found: dict[UUID, set[UUID]] = {}
    for visit_type_id, practitioner_id in await uow.db.execute(statement):
        found.setdefault(visit_type_id, set()).add(practitioner_id)
    return {key: frozenset(doctors) for key, doctors in found.items()}


async def schedules(uow: UnitOfWork, ids: Collection[UUID]) -> Sequence[PractitionerSchedule]:
    statement = select(PractitionerSchedule).where(PractitionerSchedule.practitioner_id.in_(ids))
    return (await uow.db.scalars(statement)).all()


async def schedule_for_change(uow: UnitOfWork, practitioner_id: UUID) -> PractitionerSchedule:
    """The row under a lock, made with version 0 where there was none."""
    made = insert(PractitionerSchedule).values(practitioner_id=practitioner_id, version=0)
    await uow.db.execute(made.on_conflict_do_nothing())
    statement = (
        select(PractitionerSchedule)
        .where(PractitionerSchedule.practitioner_id == practitioner_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await uow.db.scalars(statement)).one()


async def weeks(uow: UnitOfWork, practitioner_ids: Collection[UUID]) -> Sequence[WeeklyHours]:
    """All weeks these doctors ever had, in order; a doctor has one or two a year."""
    statement = (
        select(WeeklyHours)
        .where(WeeklyHours.practitioner_id.in_(practitioner_ids))
        .order_by(WeeklyHours.practitioner_id, WeeklyHours.valid_from)
    )
    return (await uow.db.scalars(statement)).all()


async def spans_of(
    uow: UnitOfWork, weekly_hours_ids: Collection[UUID]
) -> dict[UUID, list[WeeklyHourSpan]]:
    statement = (
        select(WeeklyHourSpan)
        .where(WeeklyHourSpan.weekly_hours_id.in_(weekly_hours_ids))
        .order_by(WeeklyHourSpan.weekday, WeeklyHourSpan.opens_minute)
    )
    found: dict[UUID, list[WeeklyHourSpan]] = {key: [] for key in weekly_hours_ids}
    for span in await uow.db.scalars(statement):
        found[span.weekly_hours_id].append(span)
    return found


async def exceptions(
    uow: UnitOfWork,
    practitioner_ids: Collection[UUID] | None,
    day_from: date,
    day_until: date,
    *,
    withdrawn: bool = False,
) -> Sequence[AvailabilityException]:
    """The clinic's and these (None: all) doctors' exceptions that touch the days, oldest first."""
    statement = (
        select(AvailabilityException)
        .where(AvailabilityException.ends_local > midnight_of(day_from))
        .where(AvailabilityException.starts_local < midnight_of(day_until))
        .order_by(AvailabilityException.created_at, AvailabilityException.id)
    )
    if practitioner_ids is not None:
        whose = AvailabilityException.practitioner_id
        statement = statement.where(or_(whose.is_(None), whose.in_(practitioner_ids)))
    if not withdrawn:
        statement = statement.where(AvailabilityException.status == ExceptionStatus.ACTIVE)
    return (await uow.db.scalars(statement)).all()


async def exception(uow: UnitOfWork, exception_id: UUID) -> AvailabilityException:
    """One exception, locked."""
    statement = (
        select(AvailabilityException)
        .where(AvailabilityException.id == exception_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = (await uow.db.execute(statement)).scalar_one_or_none()
    if found is None:
        raise ExceptionNotFound(exception_id=exception_id)
    return found


def midnight_of(day: date) -> datetime:
    """As the clinic's wall shows it."""
    return datetime.combine(day, time())


async def hold_weeks(uow: UnitOfWork, practitioner_id: UUID) -> None:
    """Two people who set one doctor's hours at once take turns."""
    key = f"availability.weekly_hours:{practitioner_id}"
    await uow.db.execute(ONE_WEEK_AT_A_TIME, {"key": key})


async def replace_offers(
    uow: UnitOfWork, visit_type_id: UUID, practitioner_ids: Collection[UUID]
) -> None:
    whose = VisitTypePractitioner.visit_type_id == visit_type_id
    await uow.db.execute(delete(VisitTypePractitioner).where(whose))
    rows = [{"visit_type_id": visit_type_id, "practitioner_id": each} for each in practitioner_ids]
    if rows:
        await uow.db.execute(insert(VisitTypePractitioner), rows)
