"""The queues as they change, over HTTP."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from app import audit
from app.infra.http.access import allow
from app.infra.http.deps import CurrentCaller, Uow
from app.infra.http.routing import api_router
from app.work_queues import items
from app.work_queues.feed import live
from app.work_queues.feed.live import Admitted
from app.work_queues.feed.positions import Position

router = api_router("", "queue events")


async def admit(
    uow: Uow,
    caller: CurrentCaller,
    last_event_id: Annotated[
        str | None, Header(max_length=40, description="The id of the last event received.")
    ] = None,
) -> Admitted:
    """Leave a trace before the answer begins; who names an id we never gave has lost the thread."""
    await audit.record(uow, "queue.follow")
    told = Position.parse(last_event_id) if last_event_id else None
    return Admitted(
        session_id=caller.session_id,
        reach=await items.reach_of(uow),
        told=told,
        lost=bool(last_event_id) and told is None,
    )


@router.get("/events", dependencies=[allow(*items.WORKERS)], response_class=EventSourceResponse)
async def follow_queues(
    request: Request, who: Annotated[Admitted, Depends(admit, scope="function")]
) -> AsyncIterator[ServerSentEvent]:
    """Follow every change of the tasks and alerts that are yours to know; one stream a browser.

    An event `item` names what changed in ids and words of ours; `hello` comes first, and again
    with `reload` when there was too much to tell. Send the last id to go on from there. The order
    is that of transactions: of two changes of one item the higher `version` counts.
    """
    async for event in live.follow(request.state.queue_hub, who):
        yield event
