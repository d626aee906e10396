"""Who is there for a pool at a moment."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import CompoundSelect, select, union

from app.identity import User, UserStatus
from app.infra.uow import UnitOfWork
from app.work_queues.rosters.belonging import STAFF
from app.work_queues.rosters.models import Absence, DutyShift, Pool, PoolMember
from app.work_queues.rosters.standing import Stand, each_once, stand_for


def belonging_to(pool_id: UUID) -> CompoundSelect[UUID]:
    """Everybody of a pool, by name or by role, with an active account or not."""
    return union(
        select(PoolMember.user_id).where(PoolMember.pool_id == pool_id),
        select(User.id).join(Pool, Pool.role == User.role).where(Pool.id == pool_id),
    )


async def members_of(uow: UnitOfWork, pool_id: UUID) -> list[UUID]:
    """Everybody of a pool with an active account."""
    statement = select(User.id).where(
        User.status == UserStatus.ACTIVE, User.id.in_(belonging_to(pool_id))
    )
    return list(await uow.db.scalars(statement.order_by(User.id)))


async def everybody_on_staff(uow: UnitOfWork) -> list[UUID]:
    """All the staff with an active account."""
    statement = select(User.id).where(User.status == UserStatus.ACTIVE, User.role.in_(STAFF))
    return list(await uow.db.scalars(statement.order_by(User.id)))


async def on_duty(uow: UnitOfWork, pool_id: UUID, at: datetime) -> list[Stand]:
    """Who is there for a pool at a moment, each person once, those whose duty began first first.

    A pool without a roster has all its members on duty. Who is out of office is replaced by their
    substitute; one without a substitute, and one whose account is locked, is left out.
    """
    planned = await on_roster(uow, pool_id, at)
    if planned is None:
        planned = list(await uow.db.scalars(belonging_to(pool_id).order_by("user_id")))
    return each_once(await there_for(uow, planned, at))


async def standing_in(uow: UnitOfWork, user_id: UUID, at: datetime) -> Stand | None:
    """Somebody themselves, or who stands in for them. None: away, and nobody stands in."""
    found = await there_for(uow, [user_id], at)
    return found[0] if found else None


async def on_roster(uow: UnitOfWork, pool_id: UUID, at: datetime) -> list[UUID] | None:
    """Whose shift covers a moment, of those who belong to the pool. None: nothing was ever planned.

    At a moment of the end of one shift and the start of the next it is the next one's.
    """
    ours = select(DutyShift.user_id).where(
        DutyShift.pool_id == pool_id, DutyShift.cancelled_at.is_(None)
    )
    covering = ours.where(
        DutyShift.starts_at <= at,
        DutyShift.ends_at > at,
        DutyShift.user_id.in_(belonging_to(pool_id)),
    ).order_by(DutyShift.starts_at, DutyShift.user_id)
    found = list(await uow.db.scalars(covering))
    if found or (await uow.db.execute(ours.limit(1))).first() is not None:
        return found
    return None


async def there_for(uow: UnitOfWork, user_ids: Sequence[UUID], at: datetime) -> list[Stand]:
    """Who is there for each of them, in their order; those for whom nobody is are left out."""
    away = await away_at(uow, at)
    stands = [stand for each in user_ids if (stand := stand_for(each, away)) is not None]
    active = await active_of(uow, {stand.user_id for stand in stands})
    return [stand for stand in stands if stand.user_id in active]


async def away_at(uow: UnitOfWork, at: datetime) -> dict[UUID, UUID | None]:
    """Everybody who is out of office at a moment, and who was named to stand in."""
    statement = select(Absence.user_id, Absence.substitute_id).where(
        Absence.cancelled_at.is_(None), Absence.starts_at <= at, Absence.ends_at > at
    )
    return {row.user_id: row.substitute_id for row in await uow.db.execute(statement)}


async def active_of(uow: UnitOfWork, user_ids: Collection[UUID]) -> set[UUID]:
    statement = select(User.id).where(User.id.in_(user_ids), User.status == UserStatus.ACTIVE)
    return set(await uow.db.scalars(statement))
