"""Tasks that wait for others, or for a cause to come true: held back, and woken."""

from uuid import UUID

from app.infra.uow import UnitOfWork
from app.work_queues.items import Before, Change, TaskStatus, WorkItem, changed, trace, wake
from app.work_queues.tasks import repository
from app.work_queues.tasks.adding import waits_for_others
from app.work_queues.tasks.errors import DependencyCycle


async def hold_or_wake(uow: UnitOfWork, item: WorkItem) -> None:
    """Put a locked task where it belongs by what it waits for now."""
    detail = await repository.detail_of(uow, item.id)
    for_cause = detail is not None and detail.waits_for is not None
    waits = for_cause or bool(await repository.open_dependencies(uow, item.id))
    aside = item.status == TaskStatus.ON_HOLD
    if not waits:
        if aside and item.snoozed_until is None:
            wake(uow, item)
    elif not aside:
        before = Before.of(item)
        item.move_to(TaskStatus.ON_HOLD, at=uow.now)
        changed(uow, item, Change.HELD_BACK, before)
    elif item.snoozed_until is not None:  # put off; now it waits for more than a moment
        item.snoozed_until = None
        changed(uow, item, Change.HELD_BACK, Before.of(item))


async def prepare_dependencies(
    uow: UnitOfWork, item_id: UUID, depends_on: tuple[UUID, ...]
) -> None:
    """Before the task is locked: what it is to wait for stays open or closed from here on.

    Whoever closes a task locks it first and then those it holds back, so we do too. Raises
    `TaskUnfit`, `DependencyCycle`.
    """
    await repository.one_at_a_time(uow)
    circle = await repository.waiting_for(uow, item_id, depends_on)
    if circle:
        raise DependencyCycle(item_id=item_id, depends_on=circle)
    await waits_for_others(uow, depends_on)


async def wake_those_waiting(uow: UnitOfWork, closed: WorkItem) -> None:
    """In the unit of work that closes a task: whatever waited for it alone, waits no longer."""
    for item in await repository.held_back_by(uow, closed.id):
        await hold_or_wake(uow, item)


async def came_true(uow: UnitOfWork, cause_key: str) -> int:
    """What tasks waited for has happened; returns how many waited for it."""
    waiting = await repository.waiting_for_cause(uow, cause_key)
    for item in waiting:
        detail = await repository.detail_of(uow, item.id)
        assert detail is not None
        detail.waits_for = None
        await uow.db.flush()
        await hold_or_wake(uow, item)
        await trace(uow, "come-true", item)
    return len(waiting)
