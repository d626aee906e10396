"""Every statement that touches single pools, shifts and absences."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from app.identity import User, UserStatus
from app.infra.uow import UnitOfWork
from app.work_queues.rosters.belonging import belonging_to
from app.work_queues.rosters.errors import AbsenceNotFound, PoolNotFound, ShiftNotFound
from app.work_queues.rosters.lifecycle import PoolStatus
from app.work_queues.rosters.models import Absence, DutyShift, Pool, PoolMember


async def pool(uow: UnitOfWork, pool_id: UUID, *, lock: bool = False) -> Pool:
    found = await uow.db.get(Pool, pool_id, with_for_update=lock)
    if found is None:
        raise PoolNotFound(pool_id=pool_id)
    return found


async def pools(uow: UnitOfWork, *, retired: bool) -> Sequence[Pool]:
    statement = select(Pool).order_by(Pool.name, Pool.id)
    if not retired:
        statement = statement.where(Pool.status == PoolStatus.ACTIVE)
    return (await uow.db.scalars(statement)).all()


async def members(uow: UnitOfWork, pool_id: UUID) -> list[tuple[UUID, str, bool]]:
    """Id, name and whether they were added by name, of those with an active account."""
    named = select(PoolMember.user_id).where(PoolMember.pool_id == pool_id)
    statement = (
        select(User.id, User.full_name, User.id.in_(named).label("by_name"))
        .where(User.status == UserStatus.ACTIVE, User.id.in_(belonging_to(pool_id)))
        .order_by(User.full_name, User.id)
    )
    return [(row.id, row.full_name, row.by_name) for row in await uow.db.execute(statement)]


async def shift(uow: UnitOfWork, shift_id: UUID) -> DutyShift:
    """Locked."""
    found = await uow.db.get(DutyShift, shift_id, with_for_update=True)
    if found is None:
        raise ShiftNotFound(shift_id=shift_id)
    return found


async def absence(uow: UnitOfWork, absence_id: UUID) -> Absence:
    """Locked."""
    found = await uow.db.get(Absence, absence_id, with_for_update=True)
    if found is None:
        raise AbsenceNotFound(absence_id=absence_id)
    return found


async def shifts_within(
    uow: UnitOfWork, first: datetime, end: datetime, *, pool_id: UUID | None
) -> Sequence[DutyShift]:
    """Those that touch a time, by their beginning."""
    statement = select(DutyShift).where(
        DutyShift.cancelled_at.is_(None), DutyShift.starts_at < end, DutyShift.ends_at > first
    )
    if pool_id is not None:
        statement = statement.where(DutyShift.pool_id == pool_id)
    return (await uow.db.scalars(statement.order_by(DutyShift.starts_at, DutyShift.id))).all()


async def shifts_beginning(
    uow: UnitOfWork, pool_id: UUID, first: datetime, end: datetime
) -> Sequence[DutyShift]:
    statement = select(DutyShift).where(
        DutyShift.pool_id == pool_id,
        DutyShift.cancelled_at.is_(None),
        DutyShift.starts_at >= first,
        DutyShift.starts_at < end,
    )
    return (await uow.db.scalars(statement.order_by(DutyShift.starts_at, DutyShift.id))).all()


async def absences_within(
    uow: UnitOfWork, first: datetime, end: datetime | None, *, user_id: UUID | None = None
) -> Sequence[Absence]:
    """Those that touch a time, by their beginning; without an end all to come."""
    statement = select(Absence).where(Absence.cancelled_at.is_(None), Absence.ends_at > first)
    if end is not None:
        statement = statement.where(Absence.starts_at < end)
    if user_id is not None:
        statement = statement.where(Absence.user_id == user_id)
    return (await uow.db.scalars(statement.order_by(Absence.starts_at, Absence.id))).all()


async def cancel_shifts_of(uow: UnitOfWork, pool_id: UUID, user_ids: Collection[UUID]) -> int:
    """Nobody is on duty for a pool from now on whom it has not; returns how many shifts end."""
    statement = (
        update(DutyShift)
        .where(
            DutyShift.pool_id == pool_id,
            DutyShift.user_id.in_(user_ids),
            DutyShift.user_id.not_in(belonging_to(pool_id)),
            DutyShift.cancelled_at.is_(None),
            DutyShift.ends_at > uow.now,
        )
        .values(cancelled_by=uow.actor.id, cancelled_at=uow.now)
        .returning(DutyShift.id)
        .execution_options(synchronize_session=False)
    )
    return len((await uow.db.scalars(statement)).all())
