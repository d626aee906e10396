"""Tasks and alerts that wait in a queue, for tests."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import items
from app.work_queues.items import ItemKind, NewItem, Severity, WorkItem

NURSES = UUID("00000000-0000-4000-8000-0000000000a1")
DOCTORS = UUID("00000000-0000-4000-8000-0000000000a2")
SUPERVISORS = UUID("00000000-0000-4000-8000-0000000000a4")
SETUP = Actor.system("test-setup")


async def waiting(
    works: Works,
    title: str = "Change the dressing",
    *,
    by: Actor = SETUP,
    kind: ItemKind = ItemKind.TASK,
    severity: Severity = Severity.MEDIUM,
    pool_id: UUID = NURSES,
    due_at: datetime | None = None,
    **more: Any,
) -> WorkItem:
    """Something that waits in the nurses' queue."""
    new = NewItem(
        kind=kind,
        type=more.pop("type", kind.value),
        severity=severity,
        title=title,
        pool_id=pool_id,
        due_at=due_at,
        **more,
    )
    async with works.begin(by) as uow:
        item, _ = await items.open_item(uow, new)
    return item
