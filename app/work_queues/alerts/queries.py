"""Looking at an alert."""

from uuid import UUID

from app.infra.uow import UnitOfWork
from app.work_queues import items
from app.work_queues.alerts.schemas import AlertOut
from app.work_queues.escalations import planned_of
from app.work_queues.items import AlertStatus, History, ItemKind, WorkItem


async def read_alert(uow: UnitOfWork, alert_id: UUID) -> AlertOut:
    """Somebody looks at an alert; raises `ItemNotFound`."""
    return await described(uow, await items.read_item(uow, alert_id, kind=ItemKind.ALERT))


async def described(uow: UnitOfWork, item: WorkItem) -> AlertOut:
    """Everything about it in one answer; audits nothing: the verb before does."""
    told = await items.described(uow, item)
    if {"handover"} <= set(told["moves"]):
        told["moves"] = [*told["moves"], *own_moves(item)]
    return AlertOut(**told, escalations=await planned_of(uow, item))


def own_moves(item: WorkItem) -> list[str]:
    """Of one that the actor may work with."""
    acknowledged = item.status == AlertStatus.TRIGGERED
    return ["acknowledgement", "resolution"] if acknowledged else ["resolution"]


async def history(uow: UnitOfWork, alert_id: UUID) -> History:
    """Raises `ItemNotFound`."""
    return await items.history_of(uow, alert_id, kind=ItemKind.ALERT)
