"""Looking at the queues: pages, counts, and whatever is next."""

from uuid import UUID

from sqlalchemy import RowMapping

from app import audit
from app.infra.uow import UnitOfWork
from app.work_queues.items import claim_next, reach_of, require_worker
from app.work_queues.queues import repository
from app.work_queues.queues.errors import QueueNotFound
from app.work_queues.queues.finding import places
from app.work_queues.queues.places import PageOfQueue, Place
from app.work_queues.queues.schemas import (
    MyCounts,
    PoolCounts,
    QueueCounts,
    QueueFilter,
    QueueRow,
    QueueState,
)

FIRST_PAGE = PageOfQueue()
next_item = claim_next


async def list_items(
    uow: UnitOfWork, wanted: QueueFilter, page: PageOfQueue = FIRST_PAGE
) -> tuple[list[QueueRow], str | None]:
    """Items by severity, breach time and age, and the cursor of the next page.

    What is closed comes by when it was, the latest first. Raises `PoolNotYours`.
    """
    require_worker(uow)
    reach = await reach_of(uow)
    for pool_id in wanted.pool:
        reach.require_pool(pool_id)
    closed = wanted.state is QueueState.CLOSED
    found = await repository.page(uow, places(uow, reach, wanted, page), closed=closed)
    rows = [row_from(each) for each in found[: page.limit]]
    await note_queue(uow, wanted, rows)
    more = len(found) > page.limit
    return rows, place_of(found[page.limit - 1]).encode() if more else None


def row_from(row: RowMapping) -> QueueRow:
    return QueueRow.model_validate(dict(row), extra="ignore")


def place_of(row: RowMapping) -> Place:
    return Place(row["place_rank"], row["place_at"], row["created_at"], row["id"])


async def note_queue(uow: UnitOfWork, wanted: QueueFilter, rows: list[QueueRow]) -> None:
    """Who saw a queue saw every patient in it."""
    seen = dict.fromkeys(str(row.patient_id) for row in rows if row.patient_id)
    asked = wanted.model_dump(mode="json", exclude_defaults=True)
    await audit.record(
        uow,
        "queue.read",
        patient_id=wanted.patient_id,
        detail={"asked": asked, "items": len(rows), "patients": list(seen)},
    )


async def describe(uow: UnitOfWork, *item_ids: UUID) -> list[QueueRow]:
    """The lines of these items as the queue shows them. Audits nothing: the verb before did."""
    reach = await reach_of(uow)
    return [row_from(each) for each in await repository.rows_of(uow, reach, item_ids)]


async def counts(uow: UnitOfWork) -> QueueCounts:
    """How much there is; numbers only, so that a page may ask often."""
    require_worker(uow)
    reach = await reach_of(uow)
    mine = await repository.count_mine(uow)
    pools = await repository.count_pools(uow, reach)
    return QueueCounts(
        mine=MyCounts.model_validate(dict(mine)),
        pools=[PoolCounts.model_validate(dict(each)) for each in pools],
    )


async def find_queue(uow: UnitOfWork, name: str) -> UUID:
    """The pool of this key or id; raises `QueueNotFound`."""
    require_worker(uow)
    found = await repository.pool_by_name(uow, name)
    if found is None:
        raise QueueNotFound
    return found
