"""One open connection, and what it is still to be told."""

import asyncio
from collections import deque
from enum import Enum
from typing import Final, Literal, NamedTuple
from uuid import UUID

from fastapi.sse import ServerSentEvent

from app.work_queues.feed.positions import Position

MOST_WAITING = 500


class Said(NamedTuple):
    """A change, in words: one for all who are told of it."""

    position: Position
    event: ServerSentEvent


class Turn(Enum):
    """What may come instead of the next change."""

    TOO_SLOW = "too slow"  # some were dropped
    CUT_OFF = "cut off"  # nothing will come any more


TOO_SLOW: Final = Turn.TOO_SLOW
CUT_OFF: Final = Turn.CUT_OFF


class Line:
    """Never more than so many changes wait; whoever takes them too slowly loses them all."""

    __slots__ = ("_cut_off", "_most", "_ready", "_too_slow", "_waiting", "session_id", "start")

    def __init__(self, session_id: UUID, *, most: int = MOST_WAITING) -> None:
        self.session_id = session_id
        self.start: Position | None = None  # every change after this is put here
        self._most = most
        self._waiting: deque[Said] = deque()
        self._ready = asyncio.Event()
        self._too_slow = self._cut_off = False

    @property
    def is_cut_off(self) -> bool:
        return self._cut_off

    @property
    def waiting(self) -> int:
        """How many changes are still to be told."""
        return len(self._waiting)

    def put(self, said: Said) -> None:
        if self._cut_off or self._too_slow:
            return
        if len(self._waiting) >= self._most:
            self._waiting.clear()
            self._too_slow = True
        else:
            self._waiting.append(said)
        self._ready.set()

    def cut_off(self) -> None:
        self._waiting.clear()
        self._cut_off = True
        self._ready.set()

    async def next(self) -> Said | Literal[Turn.TOO_SLOW, Turn.CUT_OFF]:
        while True:
            if self._cut_off:
                return CUT_OFF
            if self._too_slow:
                self._too_slow = False
                return TOO_SLOW
            if self._waiting:
                return self._waiting.popleft()
            self._ready.clear()
            await self._ready.wait()
