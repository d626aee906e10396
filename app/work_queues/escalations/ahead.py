"""What happens next with an item when nobody acts, as people see it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from app import identity
from app.infra.uow import UnitOfWork
from app.work_queues.escalations.models import Escalation, EscalationStatus
from app.work_queues.items import Person, WorkItem
from app.work_queues.ladders import Channel, Target
from app.work_queues.rosters import Pool

STEP_EXAMPLE: dict[str, Any] = {
    "position": 2,
    "due_at": "2026-11-30T09:15:00Z",
    "target": "on-duty",
    "person": None,
    "pool": "Doctors",
    "channel": "page",
}


class PlannedStep(BaseModel):
    """Who is told when, unless somebody acts before."""

    model_config = ConfigDict(json_schema_extra={"examples": [STEP_EXAMPLE]})

    position: int
    due_at: datetime
    target: Target
    person: Person | None
    pool: str | None
    channel: Channel


async def planned_of(uow: UnitOfWork, item: WorkItem) -> list[PlannedStep]:
    """The steps an item has before it, from the next one up; audits nothing."""
    planned = select(Escalation).where(
        Escalation.item_id == item.id, Escalation.status == EscalationStatus.PLANNED
    )
    ordered = planned.order_by(Escalation.cycle, Escalation.position)
    steps = (await uow.db.scalars(ordered)).all()
    if not steps:
        return []
    names = await identity.names_of(uow, {each.user_id for each in steps if each.user_id})
    pools = await pool_names(uow, {each.pool_id for each in steps if each.pool_id})
    return [
        PlannedStep(
            position=each.position,
            due_at=each.due_at,
            target=each.target,
            person=Person(id=each.user_id, name=names.get(each.user_id)) if each.user_id else None,
            pool=pools.get(each.pool_id) if each.pool_id else None,
            channel=each.channel,
        )
        for each in steps
    ]


async def has_climbed(uow: UnitOfWork, item: WorkItem) -> bool:
    """Whether a climb was begun in this cycle of an item, wherever it stands now."""
    begun = select(Escalation.id).where(
        Escalation.item_id == item.id, Escalation.cycle == item.cycle
    )
    return (await uow.db.execute(begun.limit(1))).first() is not None


async def pool_names(uow: UnitOfWork, pool_ids: set[UUID]) -> dict[UUID, str]:
    if not pool_ids:
        return {}
    rows = await uow.db.execute(select(Pool.id, Pool.name).where(Pool.id.in_(pool_ids)))
    return {row[0]: row[1] for row in rows}
