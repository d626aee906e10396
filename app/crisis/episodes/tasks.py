"""What the worker does with episodes when nobody acts."""

from app.crisis.episodes.steps import BATCH, tell_overdue
from app.infra.uow import Works
from app.kernel.actors import Actor

CLOCK = Actor.system("crisis-clock")


async def alert_overdue(works: Works) -> int:
    """Alerts for steps past their moment; any number of processes may do this at once."""
    told = 0
    while True:
        async with works.begin(CLOCK) as uow:
            some = await tell_overdue(uow)
        told += some
        if some < BATCH:
            return told
