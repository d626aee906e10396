"""Where processes leave days for each other: Redis, as long as it answers.

Nothing here is believed: whoever takes a day off the shelf holds it against the version that
counts. Redis may be slow, away, empty or old; that makes answers slower and never wrong.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from uuid import UUID

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from app.dashboards.day.entries import SHAPE, Entry, unpacked
from app.dashboards.day.metrics import REDIS_FAILURES

ANSWER_SECONDS = 0.25
LEFT_ALONE_SECONDS = 1.0  # after a failure nobody asks for so long
KEPT_SECONDS = 26 * 3600  # a day of the clinic, and the hour more that one of them has
BUILDING_MS = 3000
GIVE_BACK = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end"

T = TypeVar("T")


class Shelf:
    """One for each process. Without an address it is always empty."""

    def __init__(self, redis_url: str | None) -> None:
        self._redis = opened(redis_url) if redis_url else None
        self._left_alone_until = 0.0

    async def close(self) -> None:
        if self._redis is not None:
            await self._redis.aclose()

    @property
    def _usable(self) -> bool:
        return self._redis is not None and time.monotonic() >= self._left_alone_until

    async def take(self, who: UUID) -> Entry | None:
        """What was left for this doctor last, whatever it is worth by now."""
        if not self._usable:
            return None
        assert self._redis is not None
        kept = await self._asked(self._redis.get(key_of(who)))
        entry = unpacked(kept) if isinstance(kept, bytes) else None
        return entry if entry is not None and entry.who == who else None

    async def leave(self, entry: Entry) -> None:
        if self._usable:
            assert self._redis is not None
            await self._asked(self._redis.set(key_of(entry.who), entry.packed(), ex=KEPT_SECONDS))

    @asynccontextmanager
    async def building(self, who: UUID) -> AsyncIterator[bool]:
        """Whether it is ours to build this day; false: another process is at it.

        Whoever dies while building is forgotten after a moment. Without Redis everybody builds.
        """
        if not self._usable:
            yield True
            return
        assert self._redis is not None
        key, token = f"{key_of(who)}:building", secrets.token_hex(8)
        taken = await self._asked(
            self._redis.set(key, token, nx=True, px=BUILDING_MS), otherwise=True
        )
        try:
            yield bool(taken)
        finally:
            if taken and self._usable:
                script: Any = self._redis.eval(GIVE_BACK, 1, key, token)
                await self._asked(script)

    async def _asked(self, asking: Awaitable[T], otherwise: Any = None) -> T | Any:
        """The answer, or something else instead: then Redis is left alone for a while."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await asking
        except (RedisError, OSError, TimeoutError):
            REDIS_FAILURES.inc()
            self._left_alone_until = time.monotonic() + LEFT_ALONE_SECONDS
            return otherwise


def opened(redis_url: str) -> Redis:
    return Redis.from_url(
        redis_url,
        socket_connect_timeout=ANSWER_SECONDS,
        socket_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


def key_of(who: UUID) -> str:
    return f"dra:day:{SHAPE}:{who}"
