"""Slowing down whoever guesses from one address, with or without Redis."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from redis.asyncio import ConnectionPool
from redis.exceptions import RedisError

from app.identity.errors import CredentialsWrong, LoginDelayed

PER_ADDRESS = RateLimitItemPerMinute(30)
PER_ADDRESS_AND_NAME = RateLimitItemPerMinute(10)
RETRY_AFTER_SECONDS = 60
PATIENCE = {"socket_connect_timeout": 1, "socket_timeout": 1}


class LoginThrottle:
    """At most 30 wrong tries a minute from one address, 10 for one name from there."""

    def __init__(self, redis_url: str | None) -> None:
        self._local = MovingWindowRateLimiter(MemoryStorage())
        self._pool = ConnectionPool.from_url(redis_url, **PATIENCE) if redis_url else None
        self._shared = (
            MovingWindowRateLimiter(
                RedisStorage(
                    f"async+{redis_url}",
                    implementation="redispy",
                    connection_pool=self._pool,  # type: ignore[arg-type]
                )
            )
            if redis_url
            else None
        )

    async def close(self) -> None:
        if self._pool is not None:
            await self._pool.disconnect()

    @asynccontextmanager
    async def guarding(self, *, address: str | None, name_key: str) -> AsyncIterator[None]:
        """Around one try: refuses with `LoginDelayed` after too many wrong ones, counts this one.

        Only wrong tries count: a whole clinic may sign in from one address at eight o'clock.
        Falls back to this process alone when Redis is away.
        """
        place = address or "unknown"
        tries = (
            (PER_ADDRESS, ("login", place)),
            (PER_ADDRESS_AND_NAME, ("login", place, name_key)),
        )
        for item, keys in tries:
            if not await self._ask("test", item, keys):
                raise LoginDelayed(retry_after_seconds=RETRY_AFTER_SECONDS)
        try:
            yield
        except CredentialsWrong:
            for item, keys in tries:
                await self._ask("hit", item, keys)
            raise

    async def _ask(
        self, verb: Literal["test", "hit"], item: RateLimitItem, keys: tuple[str, ...]
    ) -> bool:
        if self._shared is not None:
            try:
                return bool(await getattr(self._shared, verb)(item, *keys))
            except (StorageError, RedisError, OSError):
                pass
        return bool(await getattr(self._local, verb)(item, *keys))
