"""What waits for somebody because of clinical work."""

from collections.abc import Sequence

from sqlalchemy import select

from app.infra.uow import Works
from app.work_queues.items import WorkItem
from tests.scheduling.waiting_list.delivering import deliver_everything

OURS = "loose_ends."


async def told(works: Works, *, latest_first: bool = False) -> int:
    """Deliver every fact to us, also those that follow from the others' hearing."""
    await deliver_everything(works, only="notes.")
    return await deliver_everything(works, only=OURS, latest_first=latest_first)


async def waiting(works: Works) -> list[str]:
    """The kinds of what is open, in the order in which it was opened."""
    return [item.type for item in await everything(works) if not item.is_closed]


async def everything(works: Works) -> Sequence[WorkItem]:
    async with works.sessions() as db:
        rows = await db.scalars(select(WorkItem).order_by(WorkItem.created_at, WorkItem.type))
        return rows.all()
