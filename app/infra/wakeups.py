"""Waking people up early. A lost wake-up costs a moment, never a fact."""

import asyncio
import contextlib
from typing import Protocol

from redis.asyncio import Redis
from redis.exceptions import RedisError


class Wakeups(Protocol):
    @property
    def live(self) -> bool:
        """Whether whoever waits is really woken, and not only looks again now and then."""

    async def wake(self, topic: str) -> None:
        """Tell everybody waiting on this topic to look again."""

    async def wait(self, topic: str, *, seconds: float) -> None:
        """Return when the topic was woken, or after so many seconds."""


class PolledWakeups:
    """Without Redis everybody looks again when the time is up."""

    live = False

    async def wake(self, topic: str) -> None:
        return

    async def wait(self, topic: str, *, seconds: float) -> None:
        await asyncio.sleep(min(seconds, 1.0))


class RedisWakeups:
    """Publish and subscribe; falls back to looking again when Redis is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._reached = False
        self._sending: dict[str, asyncio.Lock] = {}
        self._about_to: set[str] = set()

    @property
    def live(self) -> bool:
        """Whether Redis answered when somebody last began to wait."""
        return self._reached

    async def wake(self, topic: str) -> None:
        """One call is sent at a time; who comes while the next has yet to go is in it."""
        if topic in self._about_to:
            return
        self._about_to.add(topic)
        sending = self._sending.setdefault(topic, asyncio.Lock())
        try:
            await sending.acquire()
        finally:
            self._about_to.discard(topic)
        try:
            await self._send(topic)
        finally:
            sending.release()

    async def _send(self, topic: str) -> None:
        with contextlib.suppress(RedisError, OSError, TimeoutError):
            await asyncio.wait_for(self._redis.publish(topic, b""), timeout=0.5)

    async def wait(self, topic: str, *, seconds: float) -> None:
        subscribed = False
        try:
            async with asyncio.timeout(seconds), self._redis.pubsub() as pubsub:
                await pubsub.subscribe(topic)
                self._reached = subscribed = True
                async for message in pubsub.listen():
                    if message["type"] == "message":
                        return
        except TimeoutError:
            self._reached = subscribed
        except (RedisError, OSError):
            self._reached = False
            await asyncio.sleep(min(seconds, 1.0))
