"""Every statement that touches rooms, visit types, working hours and exceptions."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    CollectionAggregate,
    Uuid,
    and_,
    any_,
    bindparam,
    delete,
    func,
    literal,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from app.infra.prepared import Look
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
from app.scheduling.availability.schemas import ExceptionKind


class HoursRow(NamedTuple):
    """One span of a week that is valid on some of the days asked for; without one all None."""

    practitioner_id: UUID
    valid_from: date
    valid_until: date | None
    weekday: int | None
    opens_minute: int
    closes_minute: int
    room_id: UUID | None


class ExceptionRow(NamedTuple):
    """One exception that counts."""

    practitioner_id: UUID | None
    kind: ExceptionKind
    starts_local: datetime
    ends_local: datetime
    room_id: UUID | None


class Told(NamedTuple):
    """All that was said about when some doctors can be seen."""

    hours: list[HoursRow]
    exceptions: list[ExceptionRow]


ANY_OF_THEM = any_(bindparam("whose", type_=ARRAY(Uuid)))
WEEKS, SPANS = WeeklyHours.__table__.c, WeeklyHourSpan.__table__.c
EXCEPTIONS = AvailabilityException.__table__.c

HOURS = (
    select(
        func.row(
            WEEKS.practitioner_id,
            WEEKS.valid_from,
            WEEKS.valid_until,
            SPANS.weekday,
            SPANS.opens_minute,
            SPANS.closes_minute,
            SPANS.room_id,
        )
    )
    .outerjoin_from(
        WeeklyHours.__table__,
        WeeklyHourSpan.__table__,
        and_(
            SPANS.weekly_hours_id == WEEKS.id,
            WEEKS.valid_from < bindparam("day_until"),
            or_(WEEKS.valid_until.is_(None), WEEKS.valid_until >= bindparam("day_from")),
        ),
    )
    .where(WEEKS.practitioner_id == ANY_OF_THEM)
    .order_by(WEEKS.practitioner_id, WEEKS.valid_from, SPANS.weekday, SPANS.opens_minute)
)
EXCEPTION_SPANS = (
    select(
        func.row(
            EXCEPTIONS.practitioner_id,
            EXCEPTIONS.kind,
            EXCEPTIONS.starts_local,
            EXCEPTIONS.ends_local,
            EXCEPTIONS.room_id,
        )
    )
    .where(EXCEPTIONS.status == ExceptionStatus.ACTIVE)
    .where(EXCEPTIONS.ends_local > bindparam("wall_from"))
    .where(EXCEPTIONS.starts_local < bindparam("wall_until"))
    .where(or_(EXCEPTIONS.practitioner_id.is_(None), EXCEPTIONS.practitioner_id == ANY_OF_THEM))
    .order_by(EXCEPTIONS.created_at, EXCEPTIONS.id)
)


def told(row: Sequence[Any]) -> Told:
    hours, exceptions = row
    return Told(
        [HoursRow._make(each) for each in hours],
        [ExceptionRow(whose, ExceptionKind(kind), *rest) for whose, kind, *rest in exceptions],
    )


# In one, because whoever books waits for it; columns, so that others may ask for more beside it.
TOLD_COLUMNS = (
    func.array(HOURS.scalar_subquery()).label("hours_told"),
    func.array(EXCEPTION_SPANS.scalar_subquery()).label("exceptions_told"),
)
TOLD = Look(select(*TOLD_COLUMNS), told)
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
    statement = statement.where(VisitTypePractitioner.visit_type_id == any_of(visit_type_ids))
    found: dict[UUID, set[UUID]] = {}
    for visit_type_id, practitioner_id in await uow.db.execute(statement):
        found.setdefault(visit_type_id, set()).add(practitioner_id)
    return {key: frozenset(doctors) for key, doctors in found.items()}


async def schedules(uow: UnitOfWork, ids: Collection[UUID]) -> Sequence[PractitionerSchedule]:
    statement = select(PractitionerSchedule).where(
        PractitionerSchedule.practitioner_id == any_of(ids)
    )
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
        .where(WeeklyHours.practitioner_id == any_of(practitioner_ids))
        .order_by(WeeklyHours.practitioner_id, WeeklyHours.valid_from)
    )
    return (await uow.db.scalars(statement)).all()


async def spans_of(
    uow: UnitOfWork, weekly_hours_ids: Collection[UUID]
) -> dict[UUID, list[WeeklyHourSpan]]:
    statement = (
        select(WeeklyHourSpan)
        .where(WeeklyHourSpan.weekly_hours_id == any_of(weekly_hours_ids))
        .order_by(WeeklyHourSpan.weekday, WeeklyHourSpan.opens_minute)
    )
    found: dict[UUID, list[WeeklyHourSpan]] = {key: [] for key in weekly_hours_ids}
    for span in await uow.db.scalars(statement):
        found[span.weekly_hours_id].append(span)
    return found


async def told_of(
    uow: UnitOfWork, practitioner_ids: Collection[UUID], day_from: date, day_until: date
) -> Told:
    """Weeks of these doctors and what else counts for them on the days.

    Hours come in order, one row for each span of the weeks valid on some of the days. A week that
    is not, or is without spans, has one row without a span: its doctor has said when they work.
    Exceptions, the clinic's closings too, come oldest first.
    """
    (found,) = await uow.line.ask(TOLD, asking_for(practitioner_ids, day_from, day_until))
    return found


def asking_for(
    practitioner_ids: Collection[UUID], day_from: date, day_until: date
) -> dict[str, Any]:
    """What `TOLD_COLUMNS` are asked with."""
    return {
        "whose": list(practitioner_ids),
        "day_from": day_from,
        "day_until": day_until,
        "wall_from": midnight_of(day_from),
        "wall_until": midnight_of(day_until),
    }


def any_of(ids: Collection[UUID]) -> CollectionAggregate[Any]:
    """One parameter however many ids, so that one prepared statement serves all questions."""
    return any_(literal(list(ids), ARRAY(Uuid)))


async def exceptions(
    uow: UnitOfWork,
    practitioner_id: UUID | None,
    day_from: date,
    day_until: date,
    *,
    withdrawn: bool,
) -> Sequence[AvailabilityException]:
    """Exceptions that touch the days, by time; with a doctor theirs and the clinic's."""
    statement = (
        select(AvailabilityException)
        .where(AvailabilityException.ends_local > midnight_of(day_from))
        .where(AvailabilityException.starts_local < midnight_of(day_until))
        .order_by(AvailabilityException.starts_local, AvailabilityException.id)
    )
    if practitioner_id is not None:
        whose = AvailabilityException.practitioner_id
        statement = statement.where(or_(whose.is_(None), whose == practitioner_id))
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
