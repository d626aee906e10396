"""Whose queue is whose: who belongs to which pool."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import CompoundSelect, Uuid, any_, bindparam, literal, select, union
from sqlalchemy.dialects.postgresql import ARRAY

from app.identity import User, UserStatus
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.work_queues.rosters.lifecycle import PoolStatus
from app.work_queues.rosters.models import Pool, PoolMember

STAFF = (Role.DOCTOR, Role.NURSE, Role.RECEPTIONIST, Role.ADMIN)
SUPERVISORS = UUID("00000000-0000-4000-8000-0000000000a4")  # made by the migration

MINE = union(
    select(PoolMember.pool_id).where(PoolMember.user_id == bindparam("who")),
    select(Pool.id).where(Pool.role.in_(bindparam("roles", expanding=True))),
)


def belonging_to(pool_id: UUID) -> CompoundSelect[UUID]:
    """Everybody of a pool, by name or by role, with an active account or not."""
    return union(
        select(PoolMember.user_id).where(PoolMember.pool_id == pool_id),
        select(User.id).join(Pool, Pool.role == User.role).where(Pool.id == pool_id),
    )


async def pools_of(uow: UnitOfWork) -> frozenset[UUID]:
    """The pools the actor belongs to, by name or by role; retired ones as well."""
    asked = {"who": uow.actor.id, "roles": [role for role in uow.actor.roles if role in STAFF]}
    return frozenset(await uow.db.scalars(MINE, asked))


async def pools_of_each(uow: UnitOfWork, user_ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """The pools each of them belongs to, by name or by role, asked at once."""
    among = any_(literal(list(user_ids), ARRAY(Uuid)))
    by_name = select(PoolMember.user_id, PoolMember.pool_id).where(PoolMember.user_id == among)
    by_role = (
        select(User.id, Pool.id)
        .join(Pool, Pool.role == User.role)
        .where(User.id == among, User.role.in_(STAFF))
    )
    found: dict[UUID, set[UUID]] = {user_id: set() for user_id in user_ids}
    for user_id, pool_id in await uow.db.execute(union(by_name, by_role)):
        found[user_id].add(pool_id)
    return {user_id: frozenset(pools) for user_id, pools in found.items()}


async def belongs(uow: UnitOfWork, user_id: UUID, pool_id: UUID) -> bool:
    """Whether an active account is one of a pool that is in use."""
    named = select(PoolMember.user_id).where(
        PoolMember.user_id == User.id, PoolMember.pool_id == Pool.id
    )
    statement = select(User.id).where(
        User.id == user_id,
        User.status == UserStatus.ACTIVE,
        Pool.id == pool_id,
        Pool.status == PoolStatus.ACTIVE,
        (Pool.role == User.role) | named.exists(),
    )
    return (await uow.db.execute(statement)).first() is not None


async def pool_in_use(uow: UnitOfWork, pool_id: UUID) -> bool:
    statement = select(Pool.id).where(Pool.id == pool_id, Pool.status == PoolStatus.ACTIVE)
    return (await uow.db.execute(statement)).first() is not None


async def can_receive(uow: UnitOfWork, user_id: UUID) -> bool:
    """Whether there is such a member of the staff with an active account."""
    statement = select(User.id).where(
        User.id == user_id, User.status == UserStatus.ACTIVE, User.role.in_(STAFF)
    )
    return (await uow.db.execute(statement)).first() is not None
