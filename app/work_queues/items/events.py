"""What the queue tells the slices above."""

from typing import Literal
from uuid import UUID

from app.kernel.events import DomainEvent


class WorkItemOpened(DomainEvent, name="work_queues.item_opened.v1"):
    """Something new waits for a person."""

    item_id: UUID
    kind: Literal["task", "alert"]
    pool_id: UUID


class WorkItemClosed(DomainEvent, name="work_queues.item_closed.v1"):
    """A task was completed or cancelled, or an alert resolved."""

    item_id: UUID
    kind: Literal["task", "alert"]
    status: Literal["completed", "cancelled", "resolved"]
