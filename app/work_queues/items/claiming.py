"""Taking work, so that nobody else takes it, and giving it back.

A claim is one statement and atomic. It holds for a lease, which whoever has the page open renews;
when nobody does, the item goes back to its queue.
"""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import update

from app import audit
from app.infra.uow import UnitOfWork
from app.work_queues.items import repository
from app.work_queues.items.errors import ItemHeld, ItemNotHeld, ItemNotWaiting, PoolNotYours
from app.work_queues.items.lifecycle import CLAIMABLE, WAITING
from app.work_queues.items.models import WorkItem
from app.work_queues.items.next_taking import take_next
from app.work_queues.items.policies import require_may_work, require_worker
from app.work_queues.items.reach import Reach, reach_of
from app.work_queues.items.schemas import Change, ItemKind
from app.work_queues.items.telling import QUEUES, Before, changed, tell

LEASE = timedelta(minutes=15)


async def claim(uow: UnitOfWork, item_id: UUID, *, kind: ItemKind | None = None) -> WorkItem:
    """Take one item; taking what one holds already renews the lease.

    Raises `ItemNotFound`, `ItemHeld` with who has it since when, `ItemNotWaiting`,
    `NotInThisPool`.
    """
    require_worker(uow)
    reach = await reach_of(uow)
    seen = await repository.get(uow, reach, item_id, kind=kind)
    require_may_work_or_renew(uow, reach, seen)
    taken = await take(uow, item_id)
    if taken is None:
        return await renew_or_refuse(uow, reach, item_id)
    return taken


async def claim_next(uow: UnitOfWork, pool_id: UUID) -> WorkItem | None:
    """Take whatever is first in the queue of a pool; None: nothing waits there.

    Raises `PoolNotYours`.
    """
    require_worker(uow)
    allowed, taken = await take_next(uow, pool_id, uow.now + LEASE)
    if not allowed:
        raise PoolNotYours(pool_id=pool_id)
    if taken is not None:
        uow.wake(QUEUES)
    return taken


async def take(uow: UnitOfWork, item_id: UUID) -> WorkItem | None:
    asked = {"item": item_id, "holder": uow.actor.id, "at": uow.now, "until": uow.now + LEASE}
    taken = (await uow.db.scalars(repository.TAKE, asked)).one_or_none()
    if taken is not None:
        await tell_taken(uow, taken)
    return taken


async def tell_taken(uow: UnitOfWork, taken: WorkItem) -> None:
    tell(uow, taken, Change.CLAIMED, Before(WAITING[taken.kind], None))
    await trace(uow, "claim", taken)


def require_may_work_or_renew(uow: UnitOfWork, reach: Reach, item: WorkItem) -> None:
    """Whose hands it is in is told before whether one might have taken it."""
    if item.holder_id in {None, uow.actor.id}:
        require_may_work(reach, item)


async def renew_or_refuse(uow: UnitOfWork, reach: Reach, item_id: UUID) -> WorkItem:
    item = await repository.get(uow, reach, item_id, lock=True)
    if item.holder_id is None:
        raise ItemNotWaiting(item_id=item.id, item_status=item.status)
    if item.holder_id != uow.actor.id:
        assert item.held_since is not None
        raise ItemHeld(item_id=item.id, holder_id=item.holder_id, held_since=item.held_since)
    item.lease_until = max(item.lease_until or uow.now, uow.now + LEASE)
    await trace(uow, "renew", item)
    return item


async def renew_leases(uow: UnitOfWork) -> int:
    """The actor is still there: everything they hold stays theirs for a lease; returns how much."""
    renewed = (
        update(WorkItem)
        .where(WorkItem.holder_id == uow.actor.id, WorkItem.lease_until < uow.now + LEASE)
        .values(lease_until=uow.now + LEASE)
        .returning(WorkItem.id)
        .execution_options(synchronize_session=False)
    )
    count = len((await uow.db.scalars(renewed)).all())
    if count:
        await audit.record(uow, "work-items.renew", detail={"count": count})
    return count


async def release(
    uow: UnitOfWork, item_id: UUID, *, kind: ItemKind | None = None, reason: str | None = None
) -> WorkItem:
    """Give back what one holds: it waits again, in its old place.

    Raises `ItemNotFound`, `ItemNotHeld`.
    """
    require_worker(uow)
    item = await held_item(uow, item_id, kind)
    give_back(uow, item, Change.RELEASED, reason=reason)
    await trace(uow, "release", item)
    return item


async def held_item(uow: UnitOfWork, item_id: UUID, kind: ItemKind | None) -> WorkItem:
    """An item the actor holds, locked; supervisors may take anything out of anybody's hands."""
    reach = await reach_of(uow)
    item = await repository.get(uow, reach, item_id, kind=kind, lock=True)
    if item.holder_id is None or not (item.holder_id == uow.actor.id or reach.everything):
        raise ItemNotHeld(item_id=item.id, holder_id=item.holder_id)
    return item


def give_back(
    uow: UnitOfWork, item: WorkItem, change: Change, *, reason: str | None = None
) -> None:
    """Back into its queue; an acknowledgement is over with it."""
    before = Before.of(item)
    if item.status in CLAIMABLE:
        item.let_go()
    else:
        item.move_to(WAITING[item.kind], at=uow.now)
    changed(uow, item, change, before, reason=reason)


async def trace(uow: UnitOfWork, verb: str, item: WorkItem, **detail: object) -> None:
    """Tasks and alerts have a name each in the audit trail: task.claim, alert.acknowledge."""
    await audit.record(
        uow,
        f"{item.kind}.{verb}",
        patient_id=item.patient_id,
        subject=("work_item", item.id),
        detail=detail,
    )
