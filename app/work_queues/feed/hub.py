"""Reads what changes once for a whole process, and hands it to everybody whom it concerns."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog
from fastapi.sse import ServerSentEvent

from app import identity
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import items
from app.work_queues.feed import repository
from app.work_queues.feed.lines import MOST_WAITING, Line, Said
from app.work_queues.feed.positions import Position
from app.work_queues.feed.schemas import ItemChanged
from app.work_queues.items import Reach

READER = Actor.system("queue-feed")
LOOK_AGAIN_SECONDS = 0.8  # a wake-up may be lost, and an event is to arrive within the second
MOST_AT_ONCE = 200
IDLE_CHECK_SECONDS = 3.0
TELLING_CHECK_SECONDS = 1.0  # nobody is told who was not welcome any more that long ago
KEEP_ALIVE_SECONDS = 60.0
BREATH_SECONDS = 0.1  # between two full pages; who has not caught up by then is too slow
SHORTEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.02, 0.5

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Listener:
    """Somebody with one line or more, and what is theirs to know."""

    reach: Reach
    lines: set[Line] = field(default_factory=set)


class Hub:
    """One reader for all lines of a process; without a line it reads nothing.

    Between two looks no connection to the database is taken. A line costs no query of its own:
    new rows, who is still signed in and what is theirs to know are asked for all of them at once.
    """

    def __init__(self, works: Works, *, check_seconds: float = TELLING_CHECK_SECONDS) -> None:
        self.works = works
        self._check_seconds = check_seconds
        self._listeners: dict[UUID, Listener] = {}
        self._position: Position | None = None
        self._somebody, self._begun = asyncio.Event(), asyncio.Event()
        self._checked_at = self._kept_at = 0.0
        self._pause = SHORTEST_PAUSE_SECONDS

    @property
    def live(self) -> bool:
        """Whether changes are told as they happen, and not only looked for."""
        return self.works.stores.wakeups.live

    @property
    def position(self) -> Position:
        """Up to here everybody has been told."""
        assert self._position is not None
        return self._position

    @property
    def lines(self) -> list[Line]:
        return [line for listener in self._listeners.values() for line in listener.lines]

    @contextmanager
    def line(self, session_id: UUID, reach: Reach) -> Iterator[Line]:
        """A line of somebody; from `start`, which is known once it has `begun`, nothing is lost."""
        line = Line(session_id)
        listener = self._listeners.setdefault(reach.actor_id, Listener(reach))
        listener.reach = reach
        listener.lines.add(line)
        if self._begun.is_set():
            line.start = self._position
        self._somebody.set()
        try:
            yield line
        finally:
            listener.lines.discard(line)
            if not listener.lines and self._listeners.get(reach.actor_id) is listener:
                del self._listeners[reach.actor_id]

    async def begun(self, line: Line) -> Position:
        """Where a line begins."""
        if line.start is None:
            await self._begun.wait()
        assert line.start is not None
        return line.start

    def reach_of(self, actor_id: UUID) -> Reach:
        """What is theirs to know by now; for those who have a line."""
        return self._listeners[actor_id].reach

    async def run(self) -> None:
        """Look, and wait until there may be more, for ever.

        Waiting begins before the look, so that what is committed meanwhile is not slept over.
        """
        woken: asyncio.Task[None] | None = None
        try:
            while True:
                await self._wait_for_somebody()
                woken = woken or asyncio.create_task(self._wake_up())
                pause = await self._look_or_complain()
                if pause is None:
                    await woken
                    woken = None
                else:
                    await asyncio.sleep(pause)
        finally:
            if woken is not None:
                woken.cancel()
                await asyncio.gather(woken, return_exceptions=True)

    async def _wake_up(self) -> None:
        await self.works.stores.wakeups.wait(items.QUEUES, seconds=LOOK_AGAIN_SECONDS)

    async def _wait_for_somebody(self) -> None:
        if not self._listeners:
            self._begun.clear()
            self._somebody.clear()
            self._position = None
            await self._somebody.wait()

    async def _look_or_complain(self) -> float | None:
        try:
            return await self.look()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next look may go well
            log.warning("feed_not_read", error=type(error).__name__)
            return LONGEST_PAUSE_SECONDS

    async def look(self) -> float | None:
        """Tell what is new. Returns after how many seconds to look again; None: when woken."""
        if self._position is None:
            await self._begin()
        async with self.works.glance(READER) as uow:
            found = await repository.settled_after(uow, self.position, MOST_AT_ONCE)
        await self._check_when_due(telling=bool(found.rows))
        for row in found.rows:
            self._tell(row)
        if len(found.rows) == MOST_AT_ONCE:
            return self._breath()
        if not found.held_back:
            self._pause = SHORTEST_PAUSE_SECONDS
            return None
        pause, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE_SECONDS)
        return pause

    def _breath(self) -> float:
        """How long those who read need until they can take as much again."""
        full = any(line.waiting > MOST_WAITING - MOST_AT_ONCE for line in self.lines)
        return BREATH_SECONDS if full else 0

    async def _begin(self) -> None:
        async with self.works.glance(READER) as uow:
            self._position = await repository.position_now(uow)
        for line in self.lines:
            line.start = self._position
        self._begun.set()

    def _tell(self, row: Any) -> None:
        said: Said | None = None
        position = Position(row.written_in, row.seq)
        for listener in self._listeners.values():
            if listener.reach.covers(row):
                said = said or Said(position, in_words(position, row))
                for line in listener.lines:
                    line.put(said)
        self._position = position

    async def _check_when_due(self, *, telling: bool) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._checked_at > (self._check_seconds if telling else IDLE_CHECK_SECONDS):
            await self.check()
            self._checked_at = now
        if now - self._kept_at > KEEP_ALIVE_SECONDS:
            await self._keep_alive()
            self._kept_at = now

    async def check(self) -> None:
        """Cut off whoever is no longer signed in, and see anew what is whose to know."""
        lines = self.lines
        async with self.works.glance(READER) as uow:
            signed_in = await identity.live_sessions(uow, {line.session_id for line in lines})
            reaches = await items.reaches_of(uow, list(self._listeners))
        for line in lines:
            if line.session_id not in signed_in:
                line.cut_off()
        for actor_id, reach in reaches.items():
            if actor_id in self._listeners:
                self._listeners[actor_id].reach = reach

    async def _keep_alive(self) -> None:
        """An open page counts as being there, as it does for the calendar."""
        sessions = {line.session_id for line in self.lines if not line.is_cut_off}
        async with self.works.begin(READER) as uow:
            await identity.keep_alive(uow, sessions)

    def close(self) -> None:
        for line in self.lines:
            line.cut_off()


def in_words(position: Position, row: Any) -> ServerSentEvent:
    told = ItemChanged.model_validate(row)
    return ServerSentEvent(event="item", id=str(position), raw_data=told.model_dump_json())


@asynccontextmanager
async def open_hub(
    works: Works, *, check_seconds: float = TELLING_CHECK_SECONDS
) -> AsyncIterator[Hub]:
    """The hub of a process; lines that are still open on the way out are cut off."""
    hub = Hub(works, check_seconds=check_seconds)
    reading = asyncio.create_task(hub.run())
    try:
        yield hub
    finally:
        hub.close()
        reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reading
