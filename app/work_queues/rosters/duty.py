"""Who is there for a pool at a moment."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, union_all

from app.identity import User, UserStatus
from app.infra.uow import UnitOfWork
from app.work_queues.rosters.belonging import STAFF, belonging_to
from app.work_queues.rosters.models import Absence, DutyShift, Pool, PoolMember
from app.work_queues.rosters.standing import Away, Stand, each_once, stand_for

Planned = dict[UUID, list[UUID]]


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
    return each_once((await there_in(uow, [pool_id], at))[pool_id])


async def standing_in(uow: UnitOfWork, user_id: UUID, at: datetime) -> Stand | None:
    """Somebody themselves, or who stands in for them. None: away, and nobody stands in."""
    stand = stand_for(user_id, await away_at(uow, at))
    return stand if stand and await active_of(uow, [stand.user_id]) else None


async def absent_behind(uow: UnitOfWork, user_id: UUID, at: datetime) -> set[UUID]:
    """Those out of office in whose place somebody is there; nobody for one who is away too."""
    away = await away_at(uow, at)
    stands = {absent: stand_for(absent, away) for absent in away}
    return {absent for absent, stand in stands.items() if stand and stand.user_id == user_id}


async def there_in(
    uow: UnitOfWork, pool_ids: Collection[UUID], at: datetime
) -> dict[UUID, list[Stand]]:
    """Who is there for each of these pools; somebody twice who is there for two."""
    with_roster = await planned_pools(uow, pool_ids)
    due = await on_roster(uow, with_roster, at)
    due |= await everybody_of(uow, set(pool_ids) - with_roster)
    away = await away_at(uow, at)
    stands = {pool_id: stands_for(due.get(pool_id, []), away) for pool_id in pool_ids}
    people = {stand.user_id for found in stands.values() for stand in found}
    active = await active_of(uow, people)
    return {
        pool_id: [stand for stand in found if stand.user_id in active]
        for pool_id, found in stands.items()
    }


def stands_for(user_ids: Iterable[UUID], away: Away) -> list[Stand]:
    return [stand for each in user_ids if (stand := stand_for(each, away)) is not None]


async def planned_pools(uow: UnitOfWork, pool_ids: Collection[UUID]) -> set[UUID]:
    """Those for which somebody is or was on duty by name."""
    any_shift = select(DutyShift.id).where(
        DutyShift.pool_id == Pool.id, DutyShift.cancelled_at.is_(None)
    )
    return set(
        await uow.db.scalars(select(Pool.id).where(Pool.id.in_(pool_ids), any_shift.exists()))
    )


async def on_roster(uow: UnitOfWork, pool_ids: Collection[UUID], at: datetime) -> Planned:
    """Whose shift covers a moment, of those who still belong to the pool.

    The moment at which one shift ends and the next begins is the next one's.
    """
    named = select(PoolMember.user_id).where(
        PoolMember.user_id == DutyShift.user_id, PoolMember.pool_id == DutyShift.pool_id
    )
    statement = (
        select(DutyShift.pool_id, DutyShift.user_id)
        .join(Pool, Pool.id == DutyShift.pool_id)
        .join(User, User.id == DutyShift.user_id)
        .where(
            DutyShift.pool_id.in_(pool_ids),
            DutyShift.cancelled_at.is_(None),
            DutyShift.starts_at <= at,
            DutyShift.ends_at > at,
            or_(Pool.role == User.role, named.exists()),
        )
        .order_by(DutyShift.starts_at, DutyShift.user_id)
    )
    return by_pool(await uow.db.execute(statement))


async def everybody_of(uow: UnitOfWork, pool_ids: Collection[UUID]) -> Planned:
    """Who belongs to each of these pools, with an active account or not."""
    both = union_all(
        select(PoolMember.pool_id, PoolMember.user_id).where(PoolMember.pool_id.in_(pool_ids)),
        select(Pool.id, User.id).join(User, User.role == Pool.role).where(Pool.id.in_(pool_ids)),
    )
    return by_pool(await uow.db.execute(both.order_by("user_id")))


def by_pool(rows: Iterable[tuple[UUID, UUID]]) -> Planned:
    """The people of each pool, each once, in their order."""
    found: dict[UUID, dict[UUID, None]] = {}
    for pool_id, user_id in rows:
        found.setdefault(pool_id, {})[user_id] = None
    return {pool_id: list(people) for pool_id, people in found.items()}


async def away_at(uow: UnitOfWork, at: datetime) -> Away:
    """Everybody who is out of office at a moment, and who was named to stand in."""
    statement = select(Absence.user_id, Absence.substitute_id).where(
        Absence.cancelled_at.is_(None), Absence.starts_at <= at, Absence.ends_at > at
    )
    return {row.user_id: row.substitute_id for row in await uow.db.execute(statement)}


async def active_of(uow: UnitOfWork, user_ids: Collection[UUID]) -> set[UUID]:
    statement = select(User.id).where(User.id.in_(user_ids), User.status == UserStatus.ACTIVE)
    return set(await uow.db.scalars(statement))
