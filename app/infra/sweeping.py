"""Work that comes round again and again, done by one process at a time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import structlog
from sqlalchemy import text

from app.infra.uow import Works

TRY_LOCK = text("select pg_try_advisory_lock(hashtextextended(:name, 0))")
UNLOCK = text("select pg_advisory_unlock(hashtextextended(:name, 0))")

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    name: str
    every_seconds: float
    run: Callable[[], Awaitable[object]]
    everywhere: bool = False  # every process sweeps for itself


async def keep_sweeping(
    works: Works, sweep: Sweep, stopping: asyncio.Event, turns: asyncio.Semaphore
) -> None:
    """Sweep now and then until told to stop; whatever goes wrong, there is a next time.

    `turns`: how many may sweep at once. A sweep holds one connection and works with another: were
    there more of them than the pool has, each would wait for the others for ever.
    """
    while not stopping.is_set():
        try:
            async with turns:
                await sweep_once(works, sweep)
        except Exception as error:  # noqa: BLE001 - a store may be away; others' faults must not stop us
            log.warning("sweep_failed", name=sweep.name, error=type(error).__name__)
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), sweep.every_seconds)


async def sweep_once(works: Works, sweep: Sweep) -> None:
    if sweep.everywhere:
        await sweep.run()
        return
    async with alone(works, sweep.name) as granted:
        if granted:
            await sweep.run()


@asynccontextmanager
async def alone(works: Works, name: str) -> AsyncIterator[bool]:
    """Whether nobody else is at it; Postgres lets go for us if we die."""
    async with works.sessions() as session:
        # Outside a transaction, which a long sweep would leave idle until the server ended it.
        connection = await session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        granted = bool(await connection.scalar(TRY_LOCK, {"name": name}))
        try:
            yield granted
        finally:
            if granted:
                await connection.execute(UNLOCK, {"name": name})
