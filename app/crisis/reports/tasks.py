"""What the worker does with reports when nobody acts, and texts to which nothing points."""

from datetime import timedelta
from uuid import UUID

import structlog

from app.crisis.reports import clocks, repository, texts
from app.infra.uow import Works
from app.kernel.actors import Actor

CLOCK = Actor.system("report-clock")
SWEEPER = Actor.system("report-text-sweeper")
BATCH = 100
ORPHANED_AFTER = timedelta(days=1)

log = structlog.get_logger(__name__)


async def fire_due(works: Works) -> int:
    """Fire every clock that is due; returns how many.

    One report is one transaction under its lock, so that any number of processes may do this at
    once and any of them may die. One that fails is left for the next round, the others go on.
    """
    fired, passed_over = 0, set[UUID]()
    while True:
        async with works.glance(CLOCK) as uow:
            due = await repository.reports_due(uow, uow.now, without=passed_over, limit=BATCH)
        for report_id in due:
            fired += await try_one(works, report_id)
        passed_over |= set(due)
        if not due:
            return fired


async def try_one(works: Works, report_id: UUID) -> int:
    try:
        async with works.begin(CLOCK) as uow:
            found = await repository.get(uow, report_id, lock=True)
            return await clocks.fire_due(uow, found)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one, the others wait too
        log.warning("report_clock_failed", report_id=str(report_id), error=type(error).__name__)
        return 0


async def remove_orphans(works: Works) -> int:
    """Delete texts no row points to, once they are old; returns how many."""
    removed, last = 0, None
    while True:
        async with works.begin(SWEEPER) as uow:
            before = uow.now - ORPHANED_AFTER
            ids = await texts.older_than(uow, before, after=last, limit=BATCH)
            orphans = set(ids) - await repository.known_texts(uow, ids)
            removed += await texts.remove(uow, orphans, before)
        if len(ids) < BATCH:
            return removed
        last = ids[-1]
