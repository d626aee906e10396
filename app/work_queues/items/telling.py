"""What happened to an item, told once to its history and to the pages that are open."""

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from app.infra.uow import UnitOfWork
from app.work_queues.items.models import QueueEvent, WorkItem, WorkItemMove
from app.work_queues.items.schemas import Change

QUEUES = "work_queues"  # what to wait on to be woken when anything changes


class Before(NamedTuple):
    """What an item was before it changed."""

    status: str | None
    holder_id: UUID | None

    @classmethod
    def of(cls, item: WorkItem) -> "Before":
        return cls(item.status, item.holder_id)


NEW = Before(None, None)


def tell(
    uow: UnitOfWork,
    item: WorkItem,
    change: Change,
    before: Before,
    *,
    reason: str | None = None,
    detail: dict[str, Any] | None = None,
    told: Collection[UUID] = (),
) -> None:
    """Write a line of history and an event, in this transaction; whoever listens is woken after it.

    `told`: people who hear of it though it is in no queue of theirs. Whoever made it, held it or
    was called to it hears too.
    """
    uow.paperwork.append(
        WorkItemMove.__tablename__,
        {
            "item_id": item.id,
            "change": change,
            "from_status": before.status,
            "to_status": item.status,
            "from_holder": before.holder_id,
            "to_holder": item.holder_id,
            "detail": detail or {},
            "reason": reason,
            "moved_by": uow.actor.id,
            "moved_at": uow.now,
        },
    )
    uow.paperwork.append(
        QueueEvent.__tablename__,
        {
            "item_id": item.id,
            "change": change,
            "kind": item.kind,
            "severity": item.severity,
            "status": item.status,
            "pool_id": item.pool_id,
            "assignee_id": item.assignee_id,
            "holder_id": item.holder_id,
            "version": item.version,
            "told": sorted({*told, *concerned(item, before)}, key=str),
            "occurred_at": uow.now,
        },
    )
    uow.wake(QUEUES)


def concerned(item: WorkItem, before: Before) -> set[UUID]:
    held = {before.holder_id} if before.holder_id else set()
    return {item.created_by, *item.called, *held}


def changed(uow: UnitOfWork, item: WorkItem, change: Change, before: Before, **said: Any) -> None:
    """A change of an item under a lock: its next version, and everybody is told."""
    item.version += 1
    tell(uow, item, change, before, **said)
