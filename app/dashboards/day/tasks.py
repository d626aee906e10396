"""What the worker does for days: it counts changes together."""

from app import audit
from app.dashboards.day import repository
from app.infra.uow import Works
from app.kernel.actors import Actor

SETTLER = Actor.system("day-settler")
BATCH = 5_000


async def settle_changes(works: Works) -> int:
    """Put changes into the count of their topic; returns how many. No day becomes another by it."""
    total = 0
    while True:
        async with works.begin(SETTLER) as uow:
            settled = await repository.settle(uow, BATCH)
            if settled:
                await audit.record(uow, "day_change.settle", detail={"changes": settled})
        total += settled
        if settled < BATCH:
            return total
