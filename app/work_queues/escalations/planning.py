"""A climb begins and ends: the steps of a ladder, copied for one item with their moments."""

from datetime import datetime
from uuid import UUID, uuid4

from app.infra.uow import UnitOfWork
from app.work_queues.escalations import repository
from app.work_queues.escalations.models import EscalationStatus
from app.work_queues.items import WorkItem
from app.work_queues.ladders import calendar_of, steps_of


async def begin_climb(
    uow: UnitOfWork, item: WorkItem, *, ladder_id: UUID | None, began_at: datetime
) -> None:
    """Plan every step of a ladder for the item's cycle, counted from `began_at`.

    `began_at`: the trigger of an alert, the deadline of a task. What is left of earlier cycles is
    given up. Begun again in the same cycle, say because the deadline moved, the steps that have
    not fired yet move along. The item is new or locked; audits nothing: the verb above does.
    """
    if item.cycle > 1:
        await repository.void(uow, item.id, below_cycle=item.cycle)
    if ladder_id is None:
        return
    calendar = await calendar_of(uow, ladder_id)
    rows = [
        {
            "id": uuid4(),
            "item_id": item.id,
            "cycle": item.cycle,
            "position": step.position,
            "status": EscalationStatus.PLANNED,
            "due_at": calendar.add_minutes(began_at, step.after_minutes),
            "target": step.target,
            "user_id": step.user_id,
            "pool_id": step.pool_id,
            "channel": step.channel,
            "settled_at": None,
        }
        for step in await steps_of(uow, ladder_id)
    ]
    if rows:
        await repository.plan(uow, rows)


async def stop_climb(uow: UnitOfWork, item: WorkItem) -> int:
    """Give up what is planned of a locked item, which somebody answers for or which is closed.

    Returns how many steps that were; audits nothing: the verb above does.
    """
    return await repository.void(uow, item.id)
