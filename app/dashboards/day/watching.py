"""Telling open pages that a day is another one: one look for all of a process."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import structlog
from fastapi.sse import ServerSentEvent

from app import identity
from app.dashboards.day import repository
from app.dashboards.day.checks import READER
from app.dashboards.day.schemas import DayChanged
from app.infra.uow import Works

LOOK_SECONDS = 0.8
LOOKS_PER_CHECK = 4  # so often it is looked whether those who listen are still signed in
LOOKS_PER_SIGN_OF_LIFE = 75
RECONNECT_MILLISECONDS = 1000

log = structlog.get_logger(__name__)


@dataclass(slots=True, eq=False)
class Line:
    """An open page: whose, in which session, and what it has yet to be told."""

    who: UUID
    session_id: UUID
    version: str = ""
    cut_off: bool = False
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, version: str) -> None:
        if version != self.version:
            self.version = version
            self.ready.set()

    def end(self) -> None:
        self.cut_off = True
        self.ready.set()


class Watch:
    """One for each process. Between two looks it takes no connection, without a line it never does.

    A page that is open counts as being there, as it does for the calendar and the queues.
    """

    def __init__(self, works: Works) -> None:
        self._works = works
        self._lines: set[Line] = set()
        self._somebody = asyncio.Event()
        self._looks = 0

    @contextmanager
    def line(self, who: UUID, session_id: UUID) -> Iterator[Line]:
        line = Line(who, session_id)
        self._lines.add(line)
        self._somebody.set()
        try:
            yield line
        finally:
            self._lines.discard(line)

    async def run(self) -> None:
        while True:
            if not self._lines:
                self._somebody.clear()
                await self._somebody.wait()
            try:
                await self._look()
            except Exception as error:  # noqa: BLE001 - whatever it is, the next look may go well
                log.warning("days_not_watched", error=type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def _look(self) -> None:
        self._looks += 1
        lines = [*self._lines]
        sessions = {line.session_id for line in lines}
        async with self._works.glance(READER) as uow:
            versions = await repository.versions(uow, {line.who for line in lines})
            if self._looks % LOOKS_PER_CHECK == 0:
                signed_in = await identity.live_sessions(uow, sessions)
                for line in lines:
                    if line.session_id not in signed_in:
                        line.end()
        for line in lines:
            line.tell(versions[line.who])
        if self._looks % LOOKS_PER_SIGN_OF_LIFE == 0:
            async with self._works.begin(READER) as uow:
                await identity.keep_alive(uow, sessions)

    def close(self) -> None:
        for line in self._lines:
            line.end()


async def follow(watch: Watch, who: UUID, session_id: UUID) -> AsyncIterator[ServerSentEvent]:
    """`hello`, then `day` whenever it is another one; until the session ends."""
    with watch.line(who, session_id) as line:
        name = "hello"
        while True:
            await line.ready.wait()
            line.ready.clear()
            if line.cut_off:
                return
            said = DayChanged(version=line.version)
            yield ServerSentEvent(event=name, data=said, retry=RECONNECT_MILLISECONDS)
            name = "day"


@asynccontextmanager
async def open_watch(works: Works) -> AsyncIterator[Watch]:
    """The watch of a process; lines that are still open on the way out are cut off."""
    watch = Watch(works)
    looking = asyncio.create_task(watch.run())
    try:
        yield watch
    finally:
        watch.close()
        looking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await looking
