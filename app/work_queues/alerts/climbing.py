"""Alerts climb their ladder from the moment they are triggered, and each time from the bottom."""

from app.infra.uow import UnitOfWork
from app.work_queues.escalations import begin_climb, has_climbed
from app.work_queues.items import AlertStatus, ItemKind, WorkItem
from app.work_queues.ladders import WorkType, get_type


async def climb(uow: UnitOfWork, item: WorkItem, work_type: WorkType | None = None) -> None:
    """Plan the steps of this cycle, counted from now."""
    work_type = work_type or await get_type(uow, item.type)
    await begin_climb(uow, item, ladder_id=work_type.ladder_id, began_at=uow.now)


async def climb_on(uow: UnitOfWork, item: WorkItem) -> None:
    """After a move: what is triggered, climbs.

    One whose climb was stopped has a new cycle by now; one that was triggered all along goes on.
    """
    triggered = item.kind is ItemKind.ALERT and item.status == AlertStatus.TRIGGERED
    if triggered and not await has_climbed(uow, item):
        await climb(uow, item)
