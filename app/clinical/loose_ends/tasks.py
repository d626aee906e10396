"""What nobody asks for: notes that have waited for their signature for too long."""

from sqlalchemy import ColumnElement, select

from app.clinical import notes
from app.clinical.loose_ends.causes import unsigned_in_sql
from app.clinical.loose_ends.signatures import DRAFT, alert_of
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues.items import WorkItem
from app.work_queues.ladders import due_for, get_type

SWEEPER = Actor.system("unsigned-notes")
BATCH = 100


async def alert_unsigned(works: Works) -> int:
    """Raise an alert for each draft past its limit, once for each; returns how many."""
    total = 0
    while True:
        async with works.begin(SWEEPER) as uow:
            kind = await get_type(uow, DRAFT)
            found = await notes.unsigned_before(uow, uow.now, was_told(), limit=BATCH)
            late = []
            for waiting in found:
                limit = await due_for(uow, kind, waiting.since)
                if limit is not None and limit <= uow.now:
                    late.append(waiting)
            for waiting in late:
                await alert_of(uow, waiting)
        total += len(late)
        if len(late) < BATCH:
            return total


def was_told() -> ColumnElement[bool]:
    """Whether there has been an alert about a note, open or not."""
    about = select(WorkItem.id).where(WorkItem.cause_key == unsigned_in_sql(notes.Note.id))
    return about.exists()
