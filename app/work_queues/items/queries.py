"""Reading single items; lists are the queues' affair."""

from collections.abc import Collection, Sequence
from uuid import UUID

from app.infra.uow import UnitOfWork
from app.work_queues.items import repository
from app.work_queues.items.models import WorkItem, WorkItemMove
from app.work_queues.items.policies import (
    require_free_hands,
    require_may_work,
    require_worker,
)
from app.work_queues.items.reach import reach_of
from app.work_queues.items.schemas import ItemKind


async def find_item(
    uow: UnitOfWork, item_id: UUID, *, kind: ItemKind | None = None, lock: bool = False
) -> WorkItem:
    """One item in the actor's reach; raises `ItemNotFound`. Audits nothing: the verb above does."""
    require_worker(uow)
    return await repository.get(uow, await reach_of(uow), item_id, kind=kind, lock=lock)


async def workable_item(
    uow: UnitOfWork, item_id: UUID, *, kind: ItemKind | None = None
) -> WorkItem:
    """One item, locked, with which the actor may do something now.

    Raises `ItemNotFound`, `NotInThisPool`, `ItemHeld` when it is in somebody else's hands.
    Audits nothing: the verb above does.
    """
    require_worker(uow)
    reach = await reach_of(uow)
    item = await repository.get(uow, reach, item_id, kind=kind, lock=True)
    require_may_work(reach, item)
    require_free_hands(reach, item)
    return item


async def find_items(uow: UnitOfWork, item_ids: Collection[UUID]) -> Sequence[WorkItem]:
    """Those of them in the actor's reach, in the order of work."""
    return await repository.by_ids(uow, await reach_of(uow), item_ids)


async def moves_of(uow: UnitOfWork, item_id: UUID) -> Sequence[WorkItemMove]:
    """Everything that happened to it; raises `ItemNotFound`."""
    item = await find_item(uow, item_id)
    return await repository.moves(uow, item.id)
