"""What the worker does with alerts when nobody does anything about them."""

from app import audit
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues.alerts.climbing import climb
from app.work_queues.items import (
    AlertStatus,
    Before,
    Change,
    ItemKind,
    acknowledgements_over,
    changed,
    snoozes_over,
    wake,
)

SWEEPER = Actor.system("alert-sweeper")
BATCH = 50


async def end_acknowledgements(works: Works) -> int:
    """Trigger again what was acknowledged and not resolved in time; returns how much."""
    total = 0
    while True:
        async with works.begin(SWEEPER) as uow:
            over = await acknowledgements_over(uow, BATCH)
            for item in over:
                before = Before.of(item)
                item.move_to(AlertStatus.TRIGGERED, at=uow.now)
                changed(uow, item, Change.TRIGGERED_AGAIN, before)
                await climb(uow, item)
            if over:
                await audit.record(uow, "alert.trigger-again", detail={"alerts": len(over)})
        total += len(over)
        if len(over) < BATCH:
            return total


async def end_snoozes(works: Works) -> int:
    """Bring back alerts that were put off until now: they climb again; returns how many."""
    total = 0
    while True:
        async with works.begin(SWEEPER) as uow:
            over = await snoozes_over(uow, ItemKind.ALERT, BATCH)
            for item in over:
                wake(uow, item)
                await climb(uow, item)
            if over:
                await audit.record(uow, "alert.wake", detail={"alerts": len(over)})
        total += len(over)
        if len(over) < BATCH:
            return total
