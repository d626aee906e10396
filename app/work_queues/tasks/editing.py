"""Changing what a task says, whom it is for, when it is due and what it waits for."""

from typing import Any
from uuid import UUID

from app.infra.uow import UnitOfWork
from app.work_queues.escalations import stop_climb
from app.work_queues.items import (
    Before,
    Change,
    ItemKind,
    WorkItem,
    changed,
    find_item,
    reach_of,
    require_free_hands,
    require_may_work,
    trace,
)
from app.work_queues.ladders import get_type
from app.work_queues.tasks import repository
from app.work_queues.tasks.adding import climb
from app.work_queues.tasks.errors import TaskClosed
from app.work_queues.tasks.fitness import require_moment, require_receivers
from app.work_queues.tasks.schemas import EditTask
from app.work_queues.tasks.waiting import hold_or_wake, prepare_dependencies

REPLANNED = {"due_at", "assignee_id"}


async def edit_task(uow: UnitOfWork, task_id: UUID, edit: EditTask, *, version: int) -> WorkItem:
    """Change what was said and nothing else; whoever made it may, and whoever may work it.

    Raises `ItemNotFound`, `NotInThisPool`, `ItemHeld`, `TaskClosed`, `ItemChanged`, `TaskUnfit`,
    `DependencyCycle`.
    """
    said = edit.model_dump(exclude_unset=True)
    depends_on = said.pop("depends_on", None)
    if depends_on is not None:
        await find_item(uow, task_id, kind=ItemKind.TASK)
        await prepare_dependencies(uow, task_id, tuple(depends_on))
    item = await editable(uow, task_id, version)
    changes = {name: value for name, value in said.items() if value != getattr(item, name)}
    await require_fit(uow, changes)
    await apply(uow, item, changes, fields=sorted(edit.model_fields_set))
    if depends_on is not None:
        await repository.put_dependencies(uow, item.id, set(depends_on))
        await hold_or_wake(uow, item)
    await trace(uow, "edit", item, fields=sorted(edit.model_fields_set))
    return item


async def editable(uow: UnitOfWork, task_id: UUID, version: int) -> WorkItem:
    item = await find_item(uow, task_id, kind=ItemKind.TASK, lock=True)
    reach = await reach_of(uow)
    if item.created_by != uow.actor.id:
        require_may_work(reach, item)
    require_free_hands(reach, item)
    if item.is_closed:
        raise TaskClosed(item_id=item.id)
    item.require_version(version)
    return item


async def require_fit(uow: UnitOfWork, changes: dict[str, Any]) -> None:
    await require_receivers(uow, pool_id=None, assignee_id=changes.get("assignee_id"))
    if changes.get("due_at") is not None:
        require_moment(uow, changes["due_at"], human=True)


async def apply(
    uow: UnitOfWork, item: WorkItem, changes: dict[str, Any], *, fields: list[str]
) -> None:
    before = Before.of(item)
    told = [each for each in [item.assignee_id] if each and "assignee_id" in changes]
    for name, value in changes.items():
        setattr(item, name, value)
    due_at = changes.get("due_at")
    if due_at is not None and item.snoozed_until is not None:
        item.snoozed_until = min(item.snoozed_until, due_at)
    if REPLANNED & set(changes):
        await replan(uow, item)
    changed(uow, item, Change.EDITED, before, detail={"fields": fields}, told=told)


async def replan(uow: UnitOfWork, item: WorkItem) -> None:
    """It climbs from its new deadline, from the bottom if it had climbed already."""
    await stop_climb(uow, item)
    if item.escalation_level > 0:
        item.cycle, item.escalation_level = item.cycle + 1, 0
    await climb(uow, item, await get_type(uow, item.type))
