"""The end of an item: done, called off or resolved, by a person or because its cause is gone."""

from app.infra.uow import UnitOfWork
from app.work_queues.items import repository
from app.work_queues.items.events import WorkItemClosed
from app.work_queues.items.lifecycle import AlertStatus, TaskStatus
from app.work_queues.items.models import WorkItem
from app.work_queues.items.schemas import Change, ItemKind
from app.work_queues.items.telling import Before, changed

DONE = {
    TaskStatus.COMPLETED: Change.COMPLETED,
    TaskStatus.CANCELLED: Change.CANCELLED,
    AlertStatus.RESOLVED: Change.RESOLVED,
}
FINISHED = {ItemKind.TASK: TaskStatus.COMPLETED, ItemKind.ALERT: AlertStatus.RESOLVED}


async def close(
    uow: UnitOfWork, item: WorkItem, target: TaskStatus | AlertStatus, *, reason: str | None = None
) -> None:
    """End a locked item; raises `IllegalMove` when it has ended. Audits nothing."""
    before = Before.of(item)
    item.move_to(target, at=uow.now)
    changed(uow, item, DONE[target], before, reason=reason)
    await uow.publish(
        WorkItemClosed(
            item_id=item.id,
            kind=item.kind.value,
            status=target.value,
            patient_id=item.patient_id,
        )
    )


async def find_cause(uow: UnitOfWork, cause_key: str) -> WorkItem | None:
    """The open item of a cause, locked; None when there is none any more."""
    return await repository.by_cause(uow, cause_key)
