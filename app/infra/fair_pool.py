"""Connections are handed out in the order in which they were asked for.

SQLAlchemy's own queue gives one that comes back to whoever asks next, though others have waited
longer; under load a few are served at once and the others seem forgotten.
"""

import asyncio
from collections import deque

from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry
from sqlalchemy.util import await_only
from sqlalchemy.util.queue import Empty, Full, QueueCommon


class FairQueue(QueueCommon[ConnectionPoolEntry]):
    """Whoever waits longest is served first; all of it in one event loop."""

    def __init__(self, maxsize: int = 0, use_lifo: bool = False) -> None:
        self.maxsize, self.use_lifo = maxsize, use_lifo
        self._idle: deque[ConnectionPoolEntry] = deque()
        self._waiting: deque[asyncio.Future[ConnectionPoolEntry]] = deque()

    def empty(self) -> bool:
        return not self._idle

    def full(self) -> bool:
        return 0 < self.maxsize <= len(self._idle)

    def qsize(self) -> int:
        return len(self._idle)

    def put(
        self, item: ConnectionPoolEntry, block: bool = True, timeout: float | None = None
    ) -> None:
        self.put_nowait(item)

    def put_nowait(self, item: ConnectionPoolEntry) -> None:
        """Into the hands of the first who waits; raises `Full`, never waits."""
        if self._handed(item):
            return
        if self.full():
            raise Full
        self._idle.append(item)

    def _handed(self, item: ConnectionPoolEntry) -> bool:
        while self._waiting:
            first = self._waiting.popleft()
            if not first.done():  # who gave up is still in line
                first.set_result(item)
                return True
        return False

    def get(self, block: bool = True, timeout: float | None = None) -> ConnectionPoolEntry:
        if self._idle or not block:
            return self.get_nowait()
        return await_only(self._turn(timeout))

    def get_nowait(self) -> ConnectionPoolEntry:
        if not self._idle:
            raise Empty
        return self._idle.pop() if self.use_lifo else self._idle.popleft()

    async def _turn(self, patience_seconds: float | None) -> ConnectionPoolEntry:
        turn: asyncio.Future[ConnectionPoolEntry] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(patience_seconds):
                return await turn
        except TimeoutError:
            self._give_up(turn)
            raise Empty from None
        except BaseException:
            self._give_up(turn)
            raise

    def _give_up(self, turn: "asyncio.Future[ConnectionPoolEntry]") -> None:
        """What was handed over in the very moment goes to the next, or lies idle."""
        if turn.cancel() or turn.cancelled():
            return
        item = turn.result()
        if not self._handed(item):
            self._idle.append(item)


class FairPool(AsyncAdaptedQueuePool):
    _queue_class = FairQueue
