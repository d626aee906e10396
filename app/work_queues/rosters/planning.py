"""Planning who is on duty for a pool, and repeating a week of it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError

from app import audit
from app.infra.postgres import EXCLUSION_VIOLATION, sqlstate_of
from app.infra.uow import UnitOfWork
from app.work_queues.rosters import repository
from app.work_queues.rosters.belonging import belongs, pool_in_use
from app.work_queues.rosters.errors import Fault, ShiftsOverlap, ShiftUnfit
from app.work_queues.rosters.models import DutyShift
from app.work_queues.rosters.policies import require_planner
from app.work_queues.rosters.schemas import LONGEST_SHIFT, NewShift, RepeatWeek

WEEK = timedelta(days=7)


async def plan_shift(uow: UnitOfWork, new: NewShift) -> DutyShift:
    """Somebody of a pool is there for it; raises `ShiftUnfit`, `ShiftsOverlap`."""
    await require_planner(uow)
    faults = faults_of_time(new, uow.now)
    if not await pool_in_use(uow, new.pool_id):
        faults.append(fault("pool_id", "No pool in use has that id.", "pool_known"))
    elif not await belongs(uow, new.user_id, new.pool_id):
        why = "Nobody of that pool with an active account has that id."
        faults.append(fault("user_id", why, "belongs_to_pool"))
    if faults:
        raise ShiftUnfit(errors=faults)
    shift = shift_of(uow, new.pool_id, new.user_id, new.starts_at, new.ends_at)
    await store(uow, shift)
    await audit.record(uow, "shift.plan", subject=("duty_shift", shift.id))
    return shift


def faults_of_time(new: NewShift, now: datetime) -> list[Fault]:
    if new.ends_at <= new.starts_at:
        return [fault("ends_at", "It ends before it begins.", "moments_in_order")]
    if new.ends_at - new.starts_at > LONGEST_SHIFT:
        return [fault("ends_at", "A shift takes seven days at most.", "not_too_long")]
    if new.ends_at <= now:
        return [fault("ends_at", "That time is over.", "moment_to_come")]
    return []


async def cancel_shift(uow: UnitOfWork, shift_id: UUID) -> DutyShift:
    """Raises `ShiftNotFound`, `ShiftCancelled`."""
    await require_planner(uow)
    shift = await repository.shift(uow, shift_id)
    shift.cancel(by=uow.actor.id, at=uow.now)
    await audit.record(uow, "shift.cancel", subject=("duty_shift", shift.id))
    return shift


async def repeat_week(uow: UnitOfWork, wish: RepeatWeek) -> list[DutyShift]:
    """The shifts of seven days again in the weeks after them, at the same time by the clinic's
    clock; all of them or none.

    Those of people who no longer belong to the pool are left out. Raises `PoolNotFound`,
    `ShiftUnfit`, `ShiftsOverlap`.
    """
    await require_planner(uow)
    pool = await repository.pool(uow, wish.pool_id)
    first, end = midnight(wish.first_day, uow.zone), midnight(wish.first_day + WEEK, uow.zone)
    pattern = await repository.shifts_beginning(uow, pool.id, first, end)
    repeated = [
        again
        for shift in await still_belonging(uow, pattern)
        for week in range(1, wish.weeks + 1)
        if (again := weeks_later(uow, shift, week)).ends_at > uow.now
    ]
    if not repeated:
        why = "No shift to repeat begins in these seven days."
        raise ShiftUnfit(errors=[fault("first_day", why, "week_planned")])
    for shift in repeated:
        await store(uow, shift)
    detail = {"shifts": len(repeated), "weeks": wish.weeks}
    await audit.record(uow, "shift.repeat-week", subject=("pool", pool.id), detail=detail)
    return repeated


async def still_belonging(uow: UnitOfWork, shifts: Sequence[DutyShift]) -> list[DutyShift]:
    people = {(shift.user_id, shift.pool_id) for shift in shifts}
    fit = {pair for pair in people if await belongs(uow, *pair)}
    return [shift for shift in shifts if (shift.user_id, shift.pool_id) in fit]


def weeks_later(uow: UnitOfWork, shift: DutyShift, weeks: int) -> DutyShift:
    """At the same time of day, whether the clocks were changed meanwhile or not."""
    starts_at = on_the_wall_later(shift.starts_at, weeks * WEEK, uow.zone)
    ends_at = on_the_wall_later(shift.ends_at, weeks * WEEK, uow.zone)
    if not timedelta() < ends_at - starts_at <= LONGEST_SHIFT:  # it touches the missing hour
        ends_at = starts_at + (shift.ends_at - shift.starts_at)
    return shift_of(uow, shift.pool_id, shift.user_id, starts_at, ends_at)


def on_the_wall_later(moment: datetime, span: timedelta, zone: ZoneInfo) -> datetime:
    return (moment.astimezone(zone) + span).astimezone(UTC)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def shift_of(
    uow: UnitOfWork, pool_id: UUID, user_id: UUID, starts_at: datetime, ends_at: datetime
) -> DutyShift:
    return DutyShift(
        pool_id=pool_id,
        user_id=user_id,
        starts_at=starts_at,
        ends_at=ends_at,
        created_by=uow.actor.id,
        created_at=uow.now,
    )


async def store(uow: UnitOfWork, shift: DutyShift) -> None:
    """The database has the last word on two shifts at once, whoever planned the other."""
    try:
        async with uow.db.begin_nested():
            uow.db.add(shift)
    except IntegrityError as error:
        if sqlstate_of(error) != EXCLUSION_VIOLATION:
            raise
        raise ShiftsOverlap(
            pool_id=shift.pool_id,
            user_id=shift.user_id,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
        ) from error


def fault(field: str, why: str, rule: str) -> Fault:
    return Fault(at=["body", field], why=why, rule=rule)
