"""Something begins to wait for a person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from app.infra.uow import UnitOfWork
from app.work_queues.items import repository
from app.work_queues.items.events import WorkItemOpened
from app.work_queues.items.lifecycle import WAITING, TaskStatus
from app.work_queues.items.models import WorkItem
from app.work_queues.items.schemas import Change, ItemKind, Severity
from app.work_queues.items.telling import NEW, Before, tell


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """What waits, for whom and until when; everything is settled already.

    `cause_key`: in our own words, what it is about. While an item of the same cause is open there
    is no second one: the first counts one occurrence more.
    """

    kind: ItemKind
    type: str
    severity: Severity
    title: str
    pool_id: UUID
    body: str | None = None
    assignee_id: UUID | None = None
    patient_id: UUID | None = None
    subject: tuple[str, UUID] | None = None
    due_at: datetime | None = None
    cause_key: str | None = None
    held_back: bool = False  # a task that waits for something else first


async def open_item(uow: UnitOfWork, new: NewItem) -> tuple[WorkItem, bool]:
    """The item, and whether it is new; audits nothing: the verb above does."""
    item, is_new = await repository.insert_or_add(uow, row_of(uow, new))
    if is_new:
        tell(uow, item, Change.OPENED, NEW)
        await uow.publish(
            WorkItemOpened(
                item_id=item.id,
                kind=item.kind.value,
                pool_id=item.pool_id,
                patient_id=item.patient_id,
            )
        )
    else:
        detail = {"occurrences": item.occurrences}
        tell(uow, item, Change.OCCURRED_AGAIN, Before.of(item), detail=detail)
    return item, is_new


def row_of(uow: UnitOfWork, new: NewItem) -> dict[str, Any]:
    subject_type, subject_id = new.subject or (None, None)
    return {
        "id": uuid4(),
        "kind": new.kind,
        "type": new.type,
        "status": TaskStatus.ON_HOLD if new.held_back else WAITING[new.kind],
        "severity": new.severity,
        "title": new.title,
        "body": new.body,
        "pool_id": new.pool_id,
        "assignee_id": new.assignee_id,
        "patient_id": new.patient_id,
        "subject_type": subject_type,
        "subject_id": subject_id,
        "due_at": new.due_at,
        "cause_key": new.cause_key,
        "last_occurred_at": uow.now,
        "created_by": uow.actor.id,
        "created_at": uow.now,
    }
