"""Turns at the one speech engine of a worker: dictations first, files between them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """First come, first served; whoever works long sees whether a dictation is waiting."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._dictations_waiting = 0

    @property
    def wanted(self) -> bool:
        """Whether a doctor who is dictating waits for the engine."""
        return self._dictations_waiting > 0

    @asynccontextmanager
    async def take(self, *, dictation: bool) -> AsyncIterator[None]:
        self._dictations_waiting += dictation
        try:
            await self._lock.acquire()
        finally:
            self._dictations_waiting -= dictation
        try:
            yield
        finally:
            self._lock.release()
