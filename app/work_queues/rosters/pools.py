"""What can be done with pools and who belongs to them."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from app import audit
from app.infra.postgres import UNIQUE_VIOLATION, sqlstate_of
from app.infra.uow import UnitOfWork
from app.work_queues.rosters import repository
from app.work_queues.rosters.belonging import SUPERVISORS, can_receive
from app.work_queues.rosters.errors import (
    Fault,
    MemberNotFound,
    MemberUnfit,
    PoolIndispensable,
    PoolKeyTaken,
)
from app.work_queues.rosters.lifecycle import PoolStatus
from app.work_queues.rosters.models import Pool, PoolMember
from app.work_queues.rosters.policies import require_planner
from app.work_queues.rosters.schemas import NewPool


async def add_pool(uow: UnitOfWork, new: NewPool) -> Pool:
    """People who share a queue; raises `PoolKeyTaken`."""
    await require_planner(uow)
    pool = Pool(
        **new.model_dump(),
        status=PoolStatus.ACTIVE,
        updated_by=uow.actor.id,
        created_at=uow.now,
        updated_at=uow.now,
    )
    try:
        async with uow.db.begin_nested():
            uow.db.add(pool)
    except IntegrityError as error:
        if sqlstate_of(error) != UNIQUE_VIOLATION:
            raise
        raise PoolKeyTaken from error
    await trace(uow, "pool.add", pool)
    return pool


async def rename_pool(uow: UnitOfWork, pool_id: UUID, name: str, *, version: int) -> Pool:
    """Raises `PoolNotFound`, `PoolChanged`."""
    await require_planner(uow)
    pool = await repository.pool(uow, pool_id, lock=True)
    pool.rename(name, version=version, by=uow.actor.id)
    await trace(uow, "pool.rename", pool)
    return pool


async def retire_pool(uow: UnitOfWork, pool_id: UUID) -> Pool:
    """Nothing new comes to it; what waits in its queue can still be seen and worked.

    Raises `PoolNotFound`, `PoolIndispensable`, `IllegalMove`.
    """
    if pool_id == SUPERVISORS:
        raise PoolIndispensable(pool_id=pool_id)
    return await move_pool(uow, pool_id, PoolStatus.RETIRED, "pool.retire")


async def reinstate_pool(uow: UnitOfWork, pool_id: UUID) -> Pool:
    """A retired pool is in use again; raises `PoolNotFound`, `IllegalMove`."""
    return await move_pool(uow, pool_id, PoolStatus.ACTIVE, "pool.reinstate")


async def move_pool(uow: UnitOfWork, pool_id: UUID, target: PoolStatus, action: str) -> Pool:
    await require_planner(uow)
    pool = await repository.pool(uow, pool_id, lock=True)
    pool.move(target, by=uow.actor.id)
    await trace(uow, action, pool)
    return pool


async def add_member(uow: UnitOfWork, pool_id: UUID, user_id: UUID) -> None:
    """Somebody belongs to a pool by name, whatever their role; twice is once.

    Raises `PoolNotFound`, `MemberUnfit`.
    """
    await require_planner(uow)
    pool = await repository.pool(uow, pool_id)
    if not await can_receive(uow, user_id):
        why = "Nobody of the staff with an active account has that id."
        fault: Fault = {"at": ["path", "user_id"], "why": why, "rule": "person_known"}
        raise MemberUnfit(errors=[fault])
    row = {"pool_id": pool.id, "user_id": user_id, "added_by": uow.actor.id, "added_at": uow.now}
    await uow.db.execute(insert(PoolMember).values(row).on_conflict_do_nothing())
    await trace(uow, "pool.add-member", pool, user=str(user_id))


async def remove_member(uow: UnitOfWork, pool_id: UUID, user_id: UUID) -> None:
    """They belong to it no longer, unless by role, and have no duty there any more.

    Raises `PoolNotFound`, `MemberNotFound`.
    """
    await require_planner(uow)
    pool = await repository.pool(uow, pool_id)
    gone = (
        delete(PoolMember)
        .where(PoolMember.pool_id == pool_id, PoolMember.user_id == user_id)
        .returning(PoolMember.user_id)
        .execution_options(synchronize_session=False)
    )
    if (await uow.db.execute(gone)).first() is None:
        raise MemberNotFound(pool_id=pool_id, user_id=user_id)
    ended = await repository.cancel_shifts_of(uow, pool_id, [user_id])
    await trace(uow, "pool.remove-member", pool, user=str(user_id), shifts_cancelled=ended)


async def trace(uow: UnitOfWork, action: str, pool: Pool, **detail: object) -> None:
    await audit.record(
        uow, action, subject=("pool", pool.id), detail={"version": pool.version, **detail}
    )
