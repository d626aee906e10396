"""The statements behind the board: as many, however much there is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, RowMapping, func, literal_column, select, true, union_all

from app.infra.uow import UnitOfWork
from app.work_queues.items import IN_TURN, WorkItem
from app.work_queues.rosters import Pool, PoolStatus

LOOKED_AT = 1000  # of each pool: more than any pool finishes in an hour
HOURS = 24
OPEN: Any = literal_column("(work_items.closed_at is null)")


async def pools(uow: UnitOfWork) -> Sequence[Pool]:
    """Those in use, and retired ones in which something is still open."""
    left = select(WorkItem.id).where(WorkItem.pool_id == Pool.id, OPEN).exists()
    in_use = (Pool.status == PoolStatus.ACTIVE) | left
    return (await uow.db.scalars(select(Pool).where(in_use).order_by(Pool.name, Pool.id))).all()


async def totals(uow: UnitOfWork) -> Sequence[RowMapping]:
    """By pool and severity, of what is open."""
    count = func.count()
    of_pool = (
        select(
            WorkItem.severity,
            WorkItem.severity_rank,
            count.label("open"),
            count.filter(WorkItem.holder_id.is_not(None)).label("claimed"),
            count.filter(WorkItem.due_at <= uow.now).label("breached"),
            count.filter(WorkItem.escalation_level > 0).label("escalated"),
            func.min(WorkItem.created_at).label("oldest_at"),
        )
        .where(WorkItem.pool_id == Pool.id, OPEN)
        .group_by(WorkItem.severity, WorkItem.severity_rank)
        .correlate(Pool)
        .lateral("of_pool")
    )
    statement = select(Pool.id.label("pool_id"), of_pool).select_from(Pool).join(of_pool, true())
    ordered = statement.order_by(Pool.id, of_pool.c.severity_rank)
    return (await uow.db.execute(ordered)).mappings().all()


async def flow(uow: UnitOfWork) -> Sequence[RowMapping]:
    """What came and what was closed, by pool, severity and hours ago, of the last day."""
    since = uow.now - timedelta(hours=HOURS)
    came = moved(uow, WorkItem.created_at, since, "arrived")
    left = moved(uow, WorkItem.closed_at, since, "finished")
    return (await uow.db.execute(union_all(came, left))).mappings().all()


def moved(uow: UnitOfWork, at: Any, since: datetime, which: str) -> Any:
    hours_ago = func.floor(func.extract("epoch", uow.now - at) / 3600).cast(Integer)
    of_pool = (
        select(WorkItem.severity, hours_ago.label("hours_ago"), func.count().label("items"))
        .where(WorkItem.pool_id == Pool.id, at > since, at <= uow.now)
        .group_by(WorkItem.severity, hours_ago)
        .correlate(Pool)
        .lateral(which)
    )
    what: Any = literal_column(f"'{which}'")
    return (
        select(Pool.id.label("pool_id"), what.label("what"), of_pool)
        .select_from(Pool)
        .join(of_pool, true())
    )


async def in_turn(uow: UnitOfWork) -> Sequence[RowMapping]:
    """The first of each pool's open items, in the order of work; one more than is looked at."""
    first = (
        select(WorkItem.id, WorkItem.severity, WorkItem.due_at, *IN_TURN[:3])
        .where(WorkItem.pool_id == Pool.id, OPEN)
        .order_by(*IN_TURN)
        .limit(LOOKED_AT + 1)
        .correlate(Pool)
        .lateral("first")
    )
    columns = first.c
    statement = (
        select(Pool.id.label("pool_id"), columns.id, columns.severity, columns.due_at)
        .select_from(Pool)
        .join(first, true())
        .order_by(Pool.id, columns.severity_rank, columns.turn_at, columns.created_at, columns.id)
    )
    return (await uow.db.execute(statement)).mappings().all()
