"""Alerts, and the steps they have before them, for tests."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import alerts, escalations
from app.work_queues.escalations import Escalation
from app.work_queues.items import Severity, WorkItem
from tests.builders.work_queues_items import Act
from tests.builders.work_queues_queues import SETUP

CAUSE = "note.unsigned:1"


async def an_alert(works: Works, *, by: Actor = SETUP, **said: Any) -> WorkItem:
    """One of the nurses, high, which climbs the urgent ladder at 0, 15, 30 and 60 minutes."""
    async with works.begin(by) as uow:
        return await alerts.raise_alert(uow, alerts.NewAlert(**{"title": "Potassium 6.8"} | said))


async def from_cause(works: Works, severity: Severity = Severity.LOW, **said: Any) -> WorkItem:
    return await an_alert(works, cause_key=CAUSE, severity=severity, **said)


async def planned(works: Works, item_id: UUID) -> list[tuple[int, Any]]:
    """Cycle and moment of the steps that are still to come."""
    async with works.sessions() as db:
        rows = select(Escalation).where(
            Escalation.item_id == item_id,
            Escalation.status == escalations.EscalationStatus.PLANNED,
        )
        ordered = rows.order_by(Escalation.cycle, Escalation.position)
        return [(each.cycle, each.due_at) for each in await db.scalars(ordered)]


def acknowledge(item: WorkItem, reason: str | None = None) -> Act:
    return lambda uow: alerts.acknowledge(uow, item.id, reason=reason)


def resolve(item: WorkItem, reason: str | None = None) -> Act:
    return lambda uow: alerts.resolve(uow, item.id, reason=reason)
