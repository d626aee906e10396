"""Views: filters of the queue that somebody gave a name."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from app import audit
from app.infra.uow import UnitOfWork
from app.work_queues.items import reach_of, require_worker
from app.work_queues.queues import repository
from app.work_queues.queues.errors import (
    FilterUnfit,
    TooManyViews,
    ViewNameTaken,
    ViewNotFound,
)
from app.work_queues.queues.models import QueueView
from app.work_queues.queues.schemas import NewQueueView, QueueFilter

MOST_VIEWS = 30


async def save_view(uow: UnitOfWork, new: NewQueueView) -> QueueView:
    """Give a filter a name.

    Raises `FilterUnfit`, `PoolNotYours`, `ViewNameTaken`, `TooManyViews`.
    """
    require_worker(uow)
    await require_sense(uow, new.filter)
    await repository.one_at_a_time(uow)
    views = await repository.views_of(uow)
    for view in views:
        if view.name == new.name:
            raise ViewNameTaken(view_id=view.id)
    if len(views) >= MOST_VIEWS:
        raise TooManyViews(most=MOST_VIEWS)
    told = new.filter.model_dump(mode="json", exclude_defaults=True)
    view = QueueView(
        id=uuid4(), user_id=uow.actor.id, name=new.name, filter=told, created_at=uow.now
    )
    uow.db.add(view)
    await audit.record(uow, "queue_view.save", subject=("queue_view", view.id))
    return view


async def require_sense(uow: UnitOfWork, wanted: QueueFilter) -> None:
    """Of pools that there are, and of one's own."""
    known = await repository.known_pools(uow, wanted.pool) if wanted.pool else set()
    if missing := [each for each in wanted.pool if each not in known]:
        at = ["body", "filter", "pool", str(wanted.pool.index(missing[0]))]
        why = "No pool has that id."
        raise FilterUnfit(errors=[{"at": at, "why": why, "rule": "pool_known"}])
    if wanted.pool:
        reach = await reach_of(uow)
        for pool_id in wanted.pool:
            reach.require_pool(pool_id)


async def list_views(uow: UnitOfWork) -> Sequence[QueueView]:
    """One's own, by name."""
    require_worker(uow)
    return await repository.views_of(uow)


async def delete_view(uow: UnitOfWork, view_id: UUID) -> None:
    """Raises `ViewNotFound`, of somebody else's too."""
    require_worker(uow)
    if not await repository.delete_view(uow, view_id):
        raise ViewNotFound(view_id=view_id)
    await audit.record(uow, "queue_view.delete", subject=("queue_view", view_id))
