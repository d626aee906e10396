"""An open stream within this process, read event by event."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any
from uuid import UUID

from fastapi.sse import ServerSentEvent

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import items
from app.work_queues.feed import Hello, Hub
from app.work_queues.feed.live import Admitted, follow
from app.work_queues.feed.positions import Position
from tests.builders.work_queues_feed import a_session

PATIENCE_SECONDS = 60


class Stream:
    """What one browser reads."""

    def __init__(self, events: AsyncIterator[ServerSentEvent], session_id: UUID) -> None:
        self._events = events
        self.session_id = session_id
        self.last_id: str = ""

    async def next(self) -> ServerSentEvent:
        async with asyncio.timeout(PATIENCE_SECONDS):
            event = await anext(self._events)
        assert event.id is not None
        self.last_id = event.id
        return event

    async def hello(self) -> Hello:
        event = await self.next()
        assert event.event == "hello", event
        assert isinstance(event.data, Hello)
        return event.data

    async def item(self) -> dict[str, Any]:
        event = await self.next()
        assert event.event == "item", event
        assert event.raw_data is not None
        told: dict[str, Any] = json.loads(event.raw_data)
        return told

    async def versions(self, count: int) -> list[int]:
        return [(await self.item())["version"] for _ in range(count)]


async def admitted(
    works: Works, actor: Actor, *, told: str | None = None, session_id: UUID | None = None
) -> Admitted:
    async with works.begin(actor) as uow:
        reach = await items.reach_of(uow)
    return Admitted(
        session_id=session_id or await a_session(works, actor),
        reach=reach,
        told=Position.parse(told) if told else None,
    )


@asynccontextmanager
async def listening(
    hub: Hub, actor: Actor, *, told: str | None = None, session_id: UUID | None = None
) -> AsyncIterator[Stream]:
    who = await admitted(hub.works, actor, told=told, session_id=session_id)
    async with aclosing(follow(hub, who)) as events:  # type: ignore[type-var]
        yield Stream(events, who.session_id)
