"""Calls to look again: few are sent, none that is needed is left out."""

import asyncio
from typing import Any

from app.infra.wakeups import RedisWakeups


class SlowRedis:
    """Takes its time, and says what was true when each call went out."""

    def __init__(self) -> None:
        self.committed = 0
        self.sent: list[int] = []
        self.go_on = asyncio.Event()

    async def publish(self, topic: str, message: bytes) -> None:
        self.sent.append(self.committed)
        await self.go_on.wait()


async def test_who_calls_meanwhile_is_in_the_next_call() -> None:
    redis: Any = SlowRedis()
    wakeups = RedisWakeups(redis)

    async def commit_and_wake() -> None:
        redis.committed += 1
        await wakeups.wake("queue")

    first = asyncio.create_task(commit_and_wake())
    await asyncio.sleep(0)
    others = [asyncio.create_task(commit_and_wake()) for _ in range(50)]
    await asyncio.sleep(0)
    redis.go_on.set()
    await asyncio.gather(first, *others)
    assert redis.sent == [1, 51]


async def test_who_is_called_off_leaves_the_line_open() -> None:
    redis: Any = SlowRedis()
    wakeups = RedisWakeups(redis)
    first = asyncio.create_task(wakeups.wake("queue"))
    await asyncio.sleep(0)
    second = asyncio.create_task(wakeups.wake("queue"))
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)
    third = asyncio.create_task(wakeups.wake("queue"))
    await asyncio.sleep(0)
    redis.go_on.set()
    await asyncio.gather(first, third)
    assert len(redis.sent) == 2
