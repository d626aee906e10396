"""Connections go round in the order in which they were asked for, and none is ever lost."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.infra.postgres import open_engine

LINES = 5


def pool_of(engine: AsyncEngine) -> Any:
    return engine.sync_engine.pool


@pytest.fixture
async def engine(database_url: str) -> Any:
    opened = open_engine(database_url, pool_size=LINES)
    yield opened
    await opened.dispose()


async def test_whoever_asked_first_is_served_first(engine: AsyncEngine) -> None:
    served: list[int] = []

    async def ask(number: int) -> None:
        for _ in range(3):  # and asks again at once, which must not overtake those in line
            async with engine.connect() as connection:
                await connection.execute(text("select 1"))
                served.append(number)

    held = [await engine.connect() for _ in range(LINES)]
    asking = [asyncio.create_task(ask(number)) for number in range(20)]
    await asyncio.sleep(0)
    for connection in held:
        await connection.close()
    await asyncio.gather(*asking)
    assert len(served) == 60
    # As many are served side by side as there are lines, so much may their ends be apart.
    assert max(abs(served.index(number) - number) for number in range(20)) < 2 * LINES


async def test_who_gives_up_takes_nothing_along(engine: AsyncEngine) -> None:
    held = [await engine.connect() for _ in range(LINES)]
    asking = [asyncio.create_task(engine.connect().start()) for _ in range(10)]
    await asyncio.sleep(0)
    for connection, task in zip(held, asking, strict=False):
        await connection.close()
        task.cancel()  # in the very moment it is handed over
    for task in asking[len(held) :]:
        task.cancel()
    results = await asyncio.gather(*asking, return_exceptions=True)
    for each in results:
        if not isinstance(each, BaseException):
            await each.close()
    assert pool_of(engine).checkedout() == 0
    async with asyncio.timeout(20):
        again = [await engine.connect() for _ in range(LINES)]
    for connection in again:
        await connection.close()


async def test_who_waits_too_long_is_told(engine: AsyncEngine) -> None:
    held = [await engine.connect() for _ in range(LINES)]
    pool_of(engine)._timeout = 0.05
    with pytest.raises(PoolTimeoutError):
        await engine.connect()
    for connection in held:
        await connection.close()
    assert pool_of(engine).checkedout() == 0
    async with engine.connect() as connection:
        assert (await connection.execute(text("select 1"))).scalar_one() == 1
