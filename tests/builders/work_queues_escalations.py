"""Items that climb ladders, and what came of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor
from app.work_queues import escalations, items
from app.work_queues.escalations import Escalation, Notice
from app.work_queues.items import ItemKind, NewItem, Severity, WorkItem
from tests.builders.work_queues_ladders import NURSES


async def a_climbing_alert(
    works: Works,
    actor: Actor,
    ladder_id: UUID | None,
    *,
    assignee_id: UUID | None = None,
    pool_id: UUID = NURSES,
    began_at: datetime | None = None,
) -> WorkItem:
    """A high alert of the nurses' that has just been triggered."""
    async with works.begin(actor) as uow:
        return await climbing_alert(
            uow, ladder_id, assignee_id=assignee_id, pool_id=pool_id, began_at=began_at
        )


async def climbing_alert(
    uow: UnitOfWork,
    ladder_id: UUID | None,
    *,
    assignee_id: UUID | None = None,
    pool_id: UUID = NURSES,
    began_at: datetime | None = None,
) -> WorkItem:
    new = NewItem(
        kind=ItemKind.ALERT,
        type="alert",
        severity=Severity.HIGH,
        title="Look at this",
        pool_id=pool_id,
        assignee_id=assignee_id,
    )
    item, _ = await items.open_item(uow, new)
    await escalations.begin_climb(uow, item, ladder_id=ladder_id, began_at=began_at or uow.now)
    return item


async def steps_of(works: Works, item_id: UUID) -> Sequence[Escalation]:
    """In the order in which they are climbed."""
    async with works.sessions() as db:
        statement = select(Escalation).where(Escalation.item_id == item_id)
        ordered = statement.order_by(Escalation.cycle, Escalation.position)
        return (await db.scalars(ordered)).all()


async def notices_of(works: Works, item_id: UUID) -> Sequence[Notice]:
    """In the order in which they were given."""
    async with works.sessions() as db:
        statement = select(Notice).where(Notice.item_id == item_id)
        return (await db.scalars(statement.order_by(Notice.told_at, Notice.user_id))).all()


async def item_of(works: Works, item_id: UUID) -> WorkItem:
    async with works.sessions() as db:
        return (await db.scalars(select(WorkItem).where(WorkItem.id == item_id))).one()
