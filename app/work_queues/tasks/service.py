"""What people do with tasks."""

from uuid import UUID

from app.infra.uow import UnitOfWork
from app.work_queues import items
from app.work_queues.escalations import climb_by_hand, stop_climb
from app.work_queues.items import (
    TASK,
    Before,
    Change,
    ItemKind,
    TaskStatus,
    WorkItem,
    changed,
    require_reason,
    trace,
    workable_item,
)
from app.work_queues.tasks import repository
from app.work_queues.tasks.errors import (
    ChecklistItemNotFound,
    ChecklistOpen,
    StillWaits,
    TaskClosed,
)
from app.work_queues.tasks.recurring import make_next
from app.work_queues.tasks.waiting import wake_those_waiting


async def complete(uow: UnitOfWork, task_id: UUID, *, reason: str | None = None) -> WorkItem:
    """It is done: what waited for it goes on, and what comes back is there for the next time.

    Raises `ItemNotFound`, `NotInThisPool`, `ItemHeld`, `IllegalMove`; without a reason also
    `ChecklistOpen`, and `StillWaits` for what waits for something else.
    """
    item = await workable_item(uow, task_id, kind=ItemKind.TASK)
    TASK.check(TaskStatus(item.status), TaskStatus.COMPLETED)
    if not reason:
        await require_done(uow, item)
    await finish(uow, item, TaskStatus.COMPLETED, reason)
    return item


async def require_done(uow: UnitOfWork, item: WorkItem) -> None:
    steps = await repository.checklist_of(uow, item.id)
    missing = [each.position for each in steps if each.done_at is None]
    if missing:
        raise ChecklistOpen(item_id=item.id, positions=missing)
    detail = await repository.detail_of(uow, item.id)
    depends_on = await repository.open_dependencies(uow, item.id)
    if depends_on or (detail is not None and detail.waits_for is not None):
        raise StillWaits(item_id=item.id, depends_on=depends_on)


async def cancel(uow: UnitOfWork, task_id: UUID, *, reason: str | None = None) -> WorkItem:
    """It is called off; of a series only this one. Raises what `complete` does, `ReasonMissing`."""
    item = await workable_item(uow, task_id, kind=ItemKind.TASK)
    TASK.check(TaskStatus(item.status), TaskStatus.CANCELLED)
    require_reason(item, reason)
    await finish(uow, item, TaskStatus.CANCELLED, reason)
    return item


async def close_cause(uow: UnitOfWork, cause_key: str) -> WorkItem | None:
    """Its cause is gone, so it is done: whoever holds it is told. None: there was no open task."""
    item = await items.find_cause(uow, cause_key)
    if item is None or item.kind is not ItemKind.TASK:
        return None
    await finish(uow, item, TaskStatus.COMPLETED, None)
    return item


async def finish(uow: UnitOfWork, item: WorkItem, target: TaskStatus, reason: str | None) -> None:
    await items.close(uow, item, target, reason=reason)
    await stop_climb(uow, item)
    await wake_those_waiting(uow, item)
    following = await make_next(uow, item)
    detail = {} if following is None else {"next": str(following)}
    verb = "complete" if target is TaskStatus.COMPLETED else "cancel"
    await trace(uow, verb, item, **detail)


async def tick(uow: UnitOfWork, task_id: UUID, position: int, *, done: bool) -> WorkItem:
    """Tick off a step of the checklist, or take the tick back; again the same changes nothing.

    Raises `ItemNotFound`, `NotInThisPool`, `ItemHeld`, `TaskClosed`, `ChecklistItemNotFound`.
    """
    item = await workable_item(uow, task_id, kind=ItemKind.TASK)
    if item.is_closed:
        raise TaskClosed(item_id=item.id)
    steps = {each.position: each for each in await repository.checklist_of(uow, item.id)}
    if position not in steps:
        raise ChecklistItemNotFound(item_id=item.id, position=position)
    step = steps[position]
    if (step.done_at is not None) is not done:
        step.done_by, step.done_at = (uow.actor.id, uow.now) if done else (None, None)
        detail = {"checklist": position, "done": done}
        changed(uow, item, Change.EDITED, Before.of(item), detail=detail)
    await trace(uow, "tick", item, position=position, done=done)
    return item


async def escalate(uow: UnitOfWork, task_id: UUID) -> WorkItem:
    """Tell the next ones now, whoever sees it may; raises `ItemNotFound`, `NothingToClimb`."""
    item = await items.find_item(uow, task_id, kind=ItemKind.TASK, lock=True)
    await climb_by_hand(uow, item)
    return item
