"""Slowing down whoever guesses from one address, with or without Redis."""

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError
from redis.exceptions import RedisError

from app.identity.errors import LoginDelayed

PER_ADDRESS = RateLimitItemPerMinute(30)
PER_ADDRESS_AND_NAME = RateLimitItemPerMinute(10)
RETRY_AFTER_SECONDS = 60


class LoginThrottle:
    """At most 30 tries a minute from one address, 10 for one name from there."""

    def __init__(self, redis_url: str | None) -> None:
        self._local = MovingWindowRateLimiter(MemoryStorage())
        self._shared = (
            MovingWindowRateLimiter(RedisStorage(f"async+{redis_url}", wrap_exceptions=True))
            if redis_url
            else None
        )

    async def admit(self, *, address: str | None, name_key: str) -> None:
        """Raises `LoginDelayed`; falls back to this process alone when Redis is away."""
        place = address or "unknown"
        for item, keys in (
            (PER_ADDRESS, ("login", place)),
            (PER_ADDRESS_AND_NAME, ("login", place, name_key)),
        ):
            if not await self._hit(item, keys):
                raise LoginDelayed(retry_after_seconds=RETRY_AFTER_SECONDS)

    async def _hit(self, item: RateLimitItemPerMinute, keys: tuple[str, ...]) -> bool:
        if self._shared is not None:
            try:
                return await self._shared.hit(item, *keys)
            except (StorageError, RedisError, OSError):
                pass
        return await self._local.hit(item, *keys)
