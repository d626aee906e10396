"""What nobody asks for: results that wait to be acknowledged for too long."""

from datetime import timedelta

from sqlalchemy import ColumnElement, select

from app.clinical.results import repository
from app.clinical.results.following import alert_overdue, unacknowledged_in_sql
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues.items import WorkItem

SWEEPER = Actor.system("unacknowledged-results")
BATCH = 100


async def alert_unacknowledged(works: Works, overdue_after: timedelta) -> int:
    """Raise an alert for each that is overdue, once for each version; returns how many."""
    total = 0
    while True:
        async with works.begin(SWEEPER) as uow:
            before = uow.now - overdue_after
            late = await repository.overdue(uow, before, was_told(), limit=BATCH)
            for report in late:
                await alert_overdue(uow, report)
        total += len(late)
        if len(late) < BATCH:
            return total


def was_told() -> ColumnElement[bool]:
    """Whether there has been an alert about the version that counts, open or not."""
    about = select(WorkItem.id).where(WorkItem.cause_key == unacknowledged_in_sql())
    return about.exists()
