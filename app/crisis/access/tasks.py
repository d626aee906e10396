"""What nobody does: the end of broken glass is written down. It was over to the second before."""

from app.crisis.access import repository, service
from app.infra.uow import Works
from app.kernel.actors import Actor

SWEEPER = Actor.system("broken-glass")
BATCH = 100


async def end_expired(works: Works) -> int:
    """Write down the end of what expired, each once; returns how many."""
    total = 0
    while True:
        async with works.begin(SWEEPER) as uow:
            found = await repository.expired_grants(uow, BATCH)
            for grant in found:
                await service.write_down_end(uow, grant)
        total += len(found)
        if len(found) < BATCH:
            return total
