"""What the worker does with the feed when nobody asks: it forgets what is old."""

from datetime import timedelta

from app import audit
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues.feed import repository

SWEEPER = Actor.system("queue-feed-sweeper")
KEPT_FOR = timedelta(days=7)
BATCH = 5_000


async def forget_old_events(works: Works) -> int:
    """Delete what nobody will come back for; returns how many. The histories keep everything."""
    total = 0
    while True:
        async with works.begin(SWEEPER) as uow:
            gone = await repository.forget_before(uow, uow.now - KEPT_FOR, BATCH)
            if gone:
                await audit.record(uow, "queue_event.forget", detail={"events": gone})
        total += gone
        if gone < BATCH:
            return total
