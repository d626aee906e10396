"""What the queue tells the slices above."""

from typing import Literal
from uuid import UUID

from app.kernel.events import DomainEvent


class WorkItemOpened(DomainEvent, name="work_queues.item_opened.v1"):
    """Something new waits for a person; `patient_id` null: it is about no patient."""

    item_id: UUID
    kind: Literal["task", "alert"]
    pool_id: UUID
    patient_id: UUID | None = None


class WorkItemClosed(DomainEvent, name="work_queues.item_closed.v1"):
    """A task was completed or cancelled, or an alert resolved."""

    item_id: UUID
    kind: Literal["task", "alert"]
    status: Literal["completed", "cancelled", "resolved"]
    patient_id: UUID | None = None


class WorkItemHandedOver(DomainEvent, name="work_queues.item_handed_over.v1"):
    """A task or an alert waits for somebody else, perhaps in another pool."""

    item_id: UUID
    kind: Literal["task", "alert"]
    pool_id: UUID
    patient_id: UUID | None
