"""Connections go round in the order in which they were asked for, and none is ever lost."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import literal, select
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.infra import lines as infra_lines
from app.infra.lines import Line, Lines
from app.infra.postgres import open_engine
from app.infra.prepared import Prepared

MANY = 5
ONE: Prepared[tuple[int, ...]] = Prepared(select(literal(1)), tuple)


@pytest.fixture
async def lines(database_url: str) -> AsyncIterator[Lines]:
    engine = open_engine(database_url, pool_size=MANY)
    yield Lines(engine)
    await engine.dispose()


async def all_held(lines: Lines) -> tuple[asyncio.Event, list[asyncio.Task[None]]]:
    done, all_here = asyncio.Event(), asyncio.Barrier(MANY + 1)

    async def hold() -> None:
        async with lines.lent():
            await all_here.wait()
            await done.wait()

    holding = [asyncio.create_task(hold()) for _ in range(MANY)]
    await all_here.wait()
    return done, holding


async def works(lines: Lines) -> bool:
    async with asyncio.timeout(20), lines.lent() as line:
        return await line.ask_one(ONE, {}) == (1,)


async def test_whoever_asked_first_is_served_first(database_url: str) -> None:
    engine = open_engine(database_url, pool_size=1)
    lines = Lines(engine)
    served: list[int] = []

    async def ask(number: int) -> None:
        for _ in range(3):  # and asks again at once, which must not overtake those in line
            async with lines.lent() as line:
                await line.ask_one(ONE, {})
                served.append(number)

    await asyncio.gather(*(ask(number) for number in range(20)))
    assert served == [*range(20)] * 3
    await engine.dispose()


async def test_who_gives_up_takes_nothing_along(lines: Lines) -> None:
    done, holding = await all_held(lines)
    asking = [asyncio.create_task(works(lines)) for _ in range(10)]
    await asyncio.sleep(0)
    done.set()
    for task in asking[:MANY]:
        task.cancel()  # in the very moment it is its turn
    await asyncio.gather(*holding)
    for task in asking[MANY:]:
        task.cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    again, held = await all_held(lines)
    again.set()
    await asyncio.gather(*held)
    assert await works(lines)


async def test_who_waits_too_long_is_told(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(infra_lines, "POOL_TIMEOUT_SECONDS", 0.05)
    done, holding = await all_held(lines)
    with pytest.raises(PoolTimeoutError):
        await works(lines)
    done.set()
    await asyncio.gather(*holding)
    assert await works(lines)


async def test_a_refusal_gives_the_line_back(lines: Lines) -> None:
    async def refused(line: Line) -> None:
        raise LookupError

    for _ in range(MANY + 1):
        with pytest.raises(LookupError):
            async with lines.transaction() as line:
                await refused(line)
    assert await works(lines)
