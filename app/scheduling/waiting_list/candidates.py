"""Who suits a time that became free, found in the order of asking.

For each whose-time-suits the entries are read from one index in their order until enough suit:
the length of the waiting list does not matter, only how many have to be passed over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Select,
    TableValuedAlias,
    Uuid,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.identity import User
from app.infra.uow import UnitOfWork
from app.patients import records_of
from app.scheduling.appointments import LIVE, Appointment, AppointmentStatus
from app.scheduling.availability import VisitType
from app.scheduling.waiting_list.lifecycle import WaitingStatus
from app.scheduling.waiting_list.matching import FreeTime, WallTime, on_the_wall
from app.scheduling.waiting_list.models import TimeOffer, WaitingListEntry
from app.scheduling.waiting_list.repository import by_ids, whom_of

Entry = WaitingListEntry
LONGEST = timedelta(hours=24)  # of an appointment, by a rule of its table


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A visit type that fits into a free time, and how long it takes there."""

    visit_type_id: UUID
    ends_at: datetime
    until_minute: int


async def free_time(
    uow: UnitOfWork,
    practitioner_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    *,
    room_id: UUID | None = None,
    given_up_by: UUID | None = None,
) -> FreeTime:
    """A doctor's time, with the specialty by which it may be wanted; unknown doctors have none."""
    statement = select(User.specialty).where(User.id == practitioner_id)
    return FreeTime(
        practitioner_id=practitioner_id,
        specialty=(await uow.db.execute(statement)).scalar_one_or_none(),
        room_id=room_id,
        starts_at=starts_at,
        ends_at=ends_at,
        given_up_by=given_up_by,
    )


def fits_of(time: FreeTime, visit_types: Sequence[VisitType], zone: ZoneInfo) -> list[Fit]:
    """Those visit types for which the time is long enough."""
    found = []
    for each in visit_types:
        ends_at = time.starts_at + timedelta(minutes=each.duration_minutes)
        if ends_at <= time.ends_at:
            wall = on_the_wall(time.starts_at, ends_at, zone)
            found.append(
                Fit(visit_type_id=each.id, ends_at=ends_at, until_minute=wall.until_minute)
            )
    return found


async def candidates(
    uow: UnitOfWork, time: FreeTime, fits: Sequence[Fit], *, limit: int
) -> list[WaitingListEntry]:
    """Entries that a free time suits, the most urgent first, then the oldest.

    Left out: patients who are busy then, who had this very time and gave it up or declined it,
    and who come for the same before that anyway.
    """
    if not fits:
        return []
    statement = in_turn(uow, time, fits, limit=limit)
    ids = list((await uow.db.scalars(statement)).all())
    found = await by_ids(uow, ids)
    return [found[each] for each in ids if each in found]


def in_turn(uow: UnitOfWork, time: FreeTime, fits: Sequence[Fit], *, limit: int) -> Select[UUID]:
    """The ids of those who suit, one ordered read for each way of saying with whom."""
    whom: list[ColumnElement[str]] = [literal(whom_of(time.practitioner_id)), literal("anyone")]
    if time.specialty is not None:
        whom.append(literal("specialty:") + func.lower(time.specialty))
    suitable = [suiting(uow, time, fits, each).limit(limit).subquery() for each in whom]
    rows = union_all(*(select(each) for each in suitable)).subquery()
    ordered = (rows.c.urgency_rank, rows.c.created_at, rows.c.id)
    return select(rows.c.id).order_by(*ordered).limit(limit)


def suiting(
    uow: UnitOfWork, time: FreeTime, fits: Sequence[Fit], whom: ColumnElement[str]
) -> Select[UUID, int, datetime]:
    fit = table_of(fits)
    wall = on_the_wall(time.starts_at, time.ends_at, uow.zone)
    statement = (
        select(Entry.id, Entry.urgency_rank, Entry.created_at)
        .join(fit, fit.c.visit_type_id == Entry.visit_type_id)
        .where(Entry.whom == whom, Entry.status == WaitingStatus.WAITING)
        .where(*on_a_good_day(wall), until_allows(fit))
        .where(~is_busy(time, fit), ~had_it(time), ~comes_before(uow, time))
        .order_by(Entry.urgency_rank, Entry.created_at, Entry.id)
    )
    if time.given_up_by is not None:
        statement = statement.where(Entry.patient_id.not_in(records_of(time.given_up_by)))
    return statement


def table_of(fits: Sequence[Fit]) -> TableValuedAlias:
    """As arrays, so that the statement is the same however many types fit."""
    columns = (
        literal([each.visit_type_id for each in fits], ARRAY(Uuid)),
        literal([each.ends_at for each in fits], ARRAY(DateTime(timezone=True))),
        literal([each.until_minute for each in fits], ARRAY(Integer)),
    )
    fit = func.unnest(*columns).table_valued(
        column("visit_type_id", Uuid),
        column("ends_at", DateTime(timezone=True)),
        column("until_minute", Integer),
        name="fit",
    )
    return fit.render_derived()


def on_a_good_day(wall: WallTime) -> tuple[ColumnElement[bool], ...]:
    weekday = wall.day.isoweekday()
    return (
        or_(func.cardinality(Entry.weekdays) == 0, Entry.weekdays.contains([weekday])),
        or_(Entry.from_minute.is_(None), Entry.from_minute <= wall.from_minute),
        or_(Entry.not_before.is_(None), Entry.not_before <= wall.day),
        or_(Entry.not_after.is_(None), Entry.not_after >= wall.day),
    )


def until_allows(fit: TableValuedAlias) -> ColumnElement[bool]:
    return or_(Entry.until_minute.is_(None), Entry.until_minute >= fit.c.until_minute)


def is_busy(time: FreeTime, fit: TableValuedAlias) -> ColumnElement[bool]:
    """The patient is somewhere else at that time."""
    return exists().where(
        Appointment.patient_id == Entry.patient_id,
        Appointment.status.in_(LIVE),
        Appointment.starts_at > time.starts_at - LONGEST,
        Appointment.starts_at < time.ends_at,
        Appointment.starts_at < fit.c.ends_at,
        Appointment.ends_at > time.starts_at,
    )


def had_it(time: FreeTime) -> ColumnElement[bool]:
    """They had it booked, or were offered it before; a dialog that was only open is neither."""
    offered = exists().where(TimeOffer.appointment_id == Appointment.id)
    return exists().where(
        Appointment.practitioner_id == time.practitioner_id,
        Appointment.starts_at == time.starts_at,
        Appointment.status == AppointmentStatus.CANCELLED,
        Appointment.patient_id == Entry.patient_id,
        Appointment.booked_at.is_not(None) | offered,
    )


def comes_before(uow: UnitOfWork, time: FreeTime) -> ColumnElement[bool]:
    """They wait to come sooner, which this would not be."""
    return exists().where(
        Appointment.patient_id == Entry.patient_id,
        Appointment.visit_type_id == Entry.visit_type_id,
        Appointment.status.in_(LIVE - {AppointmentStatus.PENDING}),
        Appointment.starts_at >= uow.now,
        Appointment.starts_at <= time.starts_at,
    )
