"""Giving work to somebody else: to a person, to another pool, or a whole shift at once."""

from dataclasses import dataclass
from uuid import UUID

from app.infra.uow import UnitOfWork
from app.work_queues.items import repository
from app.work_queues.items.claiming import trace
from app.work_queues.items.errors import Fault, ItemNotWaiting, ReceiverUnfit
from app.work_queues.items.events import WorkItemHandedOver
from app.work_queues.items.lifecycle import WAITING, AlertStatus, TaskStatus
from app.work_queues.items.models import WorkItem
from app.work_queues.items.policies import require_worker
from app.work_queues.items.queries import workable_item
from app.work_queues.items.schemas import Change, ItemKind
from app.work_queues.items.telling import Before, changed
from app.work_queues.rosters import can_receive, pool_in_use

IN_HAND = {TaskStatus.IN_PROGRESS, AlertStatus.ACKNOWLEDGED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Who takes over: a person, or whoever comes first of a pool."""

    user_id: UUID | None = None
    pool_id: UUID | None = None


async def hand_over(
    uow: UnitOfWork,
    item_id: UUID,
    to: Receiver,
    *,
    kind: ItemKind | None = None,
    note: str | None = None,
) -> WorkItem:
    """Give one item to somebody else; it waits for them, and nobody holds it meanwhile.

    Raises `ItemNotFound`, `NotInThisPool`, `ItemHeld`, `ReceiverUnfit`, `ItemNotWaiting` when it
    is closed.
    """
    require_worker(uow)
    await require_fit(uow, to)
    item = await workable_item(uow, item_id, kind=kind)
    if item.is_closed:
        raise ItemNotWaiting(item_id=item.id, item_status=item.status)
    await pass_on(uow, item, to, note)
    await trace(uow, "hand-over", item, **said_of(to))
    return item


async def hand_over_shift(uow: UnitOfWork, to: Receiver, *, note: str) -> list[WorkItem]:
    """Give everything the actor holds to somebody else, all of it or nothing.

    Raises `ReceiverUnfit`.
    """
    require_worker(uow)
    await require_fit(uow, to)
    held = await repository.held_by(uow, uow.actor.id)
    for item in held:
        await pass_on(uow, item, to, note)
        await trace(uow, "hand-over", item, **said_of(to))
    return list(held)


async def pass_on(uow: UnitOfWork, item: WorkItem, to: Receiver, note: str | None) -> None:
    before = Before.of(item)
    if item.status in IN_HAND:
        item.move_to(WAITING[item.kind], at=uow.now)
    item.let_go()
    item.assignee_id = to.user_id
    item.pool_id = to.pool_id or item.pool_id
    told = [to.user_id] if to.user_id else []
    changed(uow, item, Change.HANDED_OVER, before, reason=note, detail=said_of(to), told=told)
    await uow.publish(
        WorkItemHandedOver(
            item_id=item.id,
            kind=item.kind.value,
            pool_id=item.pool_id,
            patient_id=item.patient_id,
        )
    )


async def require_fit(uow: UnitOfWork, to: Receiver) -> None:
    """Raise `ReceiverUnfit` for a pool that is not in use, or a person who works no queue."""
    fault: Fault | None = None
    if (to.user_id is None) == (to.pool_id is None):
        why = "Name a person or a pool, one of them."
        fault = {"at": ["body"], "why": why, "rule": "one_receiver"}
    elif to.pool_id is not None and not await pool_in_use(uow, to.pool_id):
        fault = {"at": ["body", "pool_id"], "why": "No pool in use.", "rule": "pool_known"}
    elif to.user_id is not None and not await can_receive(uow, to.user_id):
        why = "Nobody of the staff with an active account has that id."
        fault = {"at": ["body", "user_id"], "why": why, "rule": "person_known"}
    if fault is not None:
        raise ReceiverUnfit(errors=[fault])


def said_of(to: Receiver) -> dict[str, str]:
    ids = {"to_user": to.user_id, "to_pool": to.pool_id}
    return {name: str(value) for name, value in ids.items() if value is not None}
