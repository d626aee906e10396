"""What the worker does with items when nobody asks: leases and snoozes that are over."""

from app import audit
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues.items import repository
from app.work_queues.items.claiming import give_back
from app.work_queues.items.putting_off import wake
from app.work_queues.items.schemas import Change, ItemKind

SWEEPER = Actor.system("queue-sweeper")
BATCH = 100


async def end_leases(works: Works) -> int:
    """Give back what nobody renewed; returns how much."""
    total = 0
    while True:
        async with works.begin(SWEEPER) as uow:
            over = await repository.leases_over(uow, BATCH)
            for item in over:
                give_back(uow, item, Change.LEASE_ENDED)
            if over:
                await audit.record(uow, "work_item.end-lease", detail={"items": len(over)})
        total += len(over)
        if len(over) < BATCH:
            return total


async def end_snoozes(works: Works) -> int:
    """Bring back tasks that were put off until now; returns how many. Alerts climb again then, so
    those are left to the slice that knows about it."""
    total = 0
    while True:
        async with works.begin(SWEEPER) as uow:
            over = await repository.snoozes_over(uow, ItemKind.TASK, BATCH)
            for item in over:
                wake(uow, item)
            if over:
                await audit.record(uow, "work_item.wake", detail={"items": len(over)})
        total += len(over)
        if len(over) < BATCH:
            return total
