"""The queues over HTTP."""

from http import HTTPStatus
from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import Query, Response
from starlette.convertors import StringConvertor, register_url_convertor

from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.routing import api_router
from app.work_queues import alerts, items
from app.work_queues.queues import queries, service
from app.work_queues.queues.models import QueueView
from app.work_queues.queues.places import PageOfQueue, Place
from app.work_queues.queues.schemas import (
    LeasesRenewed,
    NewQueueView,
    QueueAsked,
    QueueCounts,
    QueuePage,
    QueueRow,
    QueueViewOut,
    QueueViews,
    ShiftHandedOver,
    ShiftHandover,
)


class NameOfQueue(StringConvertor):
    """A key or an id, but none of the words that stand beside them in addresses."""

    regex: ClassVar[str] = r"(?!(?:counts|handover|leases|views)(?:/|$))[a-z0-9-]{1,50}"


register_url_convertor("queue", NameOfQueue())
router = api_router("/queues", "queues")
WORKERS = [allow(*items.WORKERS)]
Asked = Annotated[QueueAsked, Query()]
NOTHING_WAITS: dict[int | str, dict[str, Any]] = {204: {"description": "Nothing waits there."}}


def page_asked(asked: QueueAsked) -> PageOfQueue:
    after = Place.decode(asked.cursor) if asked.cursor else None
    return PageOfQueue(limit=asked.limit, after=after)


@router.get("", dependencies=WORKERS)
async def list_queue(uow: Uow, asked: Asked) -> QueuePage:
    """Everything that waits for you and your pools: by severity, breach time, age."""
    rows, next_cursor = await queries.list_items(uow, asked.wanted, page_asked(asked))
    return QueuePage(items=rows, next_cursor=next_cursor)


@router.get("/counts", dependencies=WORKERS)
async def count_queues(uow: Uow) -> QueueCounts:
    """How much waits, is held, overdue or critical, in your hands and in each pool."""
    return await queries.counts(uow)


@router.post("/handover", status_code=201, dependencies=WORKERS)
async def hand_over_shift(body: ShiftHandover, uow: Uow) -> ShiftHandedOver:
    """Give everything you hold to a person or a pool, with a note."""
    to = items.Receiver(user_id=body.user_id, pool_id=body.pool_id)
    given = await alerts.hand_over_shift(uow, to, note=body.note)
    return ShiftHandedOver(item_ids=[item.id for item in given])


@router.post("/leases", status_code=201, dependencies=WORKERS)
async def renew_leases(uow: Uow) -> LeasesRenewed:
    """You are still here: what you hold stays yours a while longer."""
    return LeasesRenewed(renewed=await items.renew_leases(uow))


def seen(view: QueueView) -> QueueViewOut:
    return QueueViewOut.model_validate(view, from_attributes=True)


@router.get("/views", dependencies=WORKERS)
async def list_queue_views(uow: Uow) -> QueueViews:
    """Your own filters, by name."""
    return QueueViews(items=[seen(view) for view in await service.list_views(uow)])


@router.post("/views", status_code=201, dependencies=WORKERS)
async def save_queue_view(body: NewQueueView, uow: Uow) -> QueueViewOut:
    """Give a filter a name, for yourself."""
    return seen(await service.save_view(uow, body))


@router.delete("/views/{view_id}", status_code=204, dependencies=WORKERS)
async def delete_queue_view(view_id: UUID, uow: Uow) -> Response:
    """Forget one of your filters."""
    await service.delete_view(uow, view_id)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get("/{pool:queue}", dependencies=WORKERS)
async def list_queue_of_pool(pool: str, uow: Uow, asked: Asked) -> QueuePage:
    """The queue of one pool, by its key or id."""
    pool_id = await queries.find_queue(uow, pool)
    wanted = asked.wanted.model_copy(update={"pool": [pool_id]})
    rows, next_cursor = await queries.list_items(uow, wanted, page_asked(asked))
    return QueuePage(items=rows, next_cursor=next_cursor)


@router.post(
    "/{pool:queue}/next",
    status_code=201,
    dependencies=WORKERS,
    response_model=QueueRow,
    responses=NOTHING_WAITS,
)
async def claim_next_item(pool: str, uow: Uow) -> Any:
    """Take whatever is first in the queue of a pool."""
    taken = await queries.next_item(uow, await queries.find_queue(uow, pool))
    if taken is None:
        return Response(status_code=HTTPStatus.NO_CONTENT)
    return (await queries.describe(uow, taken.id))[0]
