"""A doctor's day, out of memory where that is still true, built anew where it is not.

What is kept is served only when its version is the one that counts, and that is looked up in the
database after the reader has asked. So a change that was committed before is always in the answer,
whichever process made it; Redis and memory only save work.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from datetime import time as time_of_day
from uuid import UUID

from app.dashboards.day import repository
from app.dashboards.day.checks import READER, Checks, Reader
from app.dashboards.day.entries import Entry, made
from app.dashboards.day.metrics import (
    FROM_MEMORY,
    FROM_REDIS,
    MISSES,
    REBUILD_SECONDS,
    SHARED,
    STALE_REFUSED,
)
from app.dashboards.day.policies import require_doctor
from app.dashboards.day.shelf import Shelf
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor, Origin
from app.scheduling import availability

KEPT_AT_MOST = 500  # days in the memory of a process
OTHERS_BUILD_SECONDS = 1.0  # so long we wait for another process before we do it ourselves
LOOK_AGAIN_SECONDS = 0.02


@dataclass(slots=True)
class Flight:
    """A day on its way; `began` before it looked at anything."""

    began: float
    arriving: asyncio.Task[Entry]


class Days:
    """One for each process, with connections of its own.

    Pages hold a connection while they ask for a day: were ours the same ones, many of them would
    all wait for one more.
    """

    def __init__(self, works: Works, shelf: Shelf) -> None:
        self._works = replace(works, lines=works.asides)
        self._shelf = shelf
        self._memory: OrderedDict[UUID, Entry] = OrderedDict()
        self._flights: dict[UUID, Flight] = {}
        self._checks = Checks(self._works, self._kept)

    async def close(self) -> None:
        await self._checks.close()
        for flight in [*self._flights.values()]:
            flight.arriving.cancel()
            await asyncio.gather(flight.arriving, return_exceptions=True)

    async def read(self, actor: Actor, origin: Origin) -> Entry:
        """The actor's own day as it is now; leaves one trace. Raises `OnlyDoctorsHaveDays`."""
        require_doctor(actor)
        asked_at = time.monotonic()
        reader = Reader(actor, origin)
        verdict = await self._checks.ask(reader)
        if verdict.entry is not None:
            FROM_MEMORY.inc()
            return verdict.entry
        entry = await self._fetched(actor, verdict.version, asked_at)
        await self._checks.ask(reader, entry)
        return entry

    def _kept(self, uow: UnitOfWork, reader: Reader, version: str) -> Entry | None:
        entry = self._memory.get(reader.actor.id)
        if entry is None:
            return None
        if not entry.serves(uow.today, version, uow.now):
            STALE_REFUSED.inc()
            return None
        self._memory.move_to_end(entry.who)
        return entry

    async def _fetched(self, actor: Actor, version: str, asked_at: float) -> Entry:
        """With everybody else who waits for this day: it is fetched once.

        What arrives counts for us if it left after we asked, or is of the version we saw.
        """
        while True:
            flight = self._flights.get(actor.id)
            if flight is None or flight.arriving.done():  # what has arrived is not waited for
                flight = self._take_off(actor)
            else:
                SHARED.inc()
            entry = await asyncio.shield(flight.arriving)
            if flight.began >= asked_at or entry.version == version:
                return entry

    def _take_off(self, actor: Actor) -> Flight:
        flight = Flight(time.monotonic(), asyncio.create_task(self._bring(actor)))
        self._flights[actor.id] = flight
        flight.arriving.add_done_callback(lambda _done: self._land(actor.id, flight))
        return flight

    def _land(self, who: UUID, flight: Flight) -> None:
        if self._flights.get(who) is flight:
            del self._flights[who]
        if not flight.arriving.cancelled():
            flight.arriving.exception()  # whoever waits is told; where nobody does it is no fault

    async def _bring(self, actor: Actor) -> Entry:
        """From another process where it is, or has just been, built; else from the database."""
        give_up_at = time.monotonic() + OTHERS_BUILD_SECONDS
        while True:
            entry = await self._on_the_shelf(actor)
            if entry is not None:
                FROM_REDIS.inc()
                break
            async with self._shelf.building(actor.id) as ours:
                if ours or time.monotonic() >= give_up_at:
                    entry = await self._on_the_shelf(actor) if ours else None
                    entry = entry or await self._built(actor)
                    break
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        self._memory[actor.id] = entry
        self._memory.move_to_end(actor.id)
        while len(self._memory) > KEPT_AT_MOST:
            self._memory.popitem(last=False)
        return entry

    async def _on_the_shelf(self, actor: Actor) -> Entry | None:
        """What another process left, if it is of the version that counts by now."""
        entry = await self._shelf.take(actor.id)
        if entry is None:
            return None
        async with self._works.glance(READER) as uow:
            version = (await repository.versions(uow, [actor.id]))[actor.id]
            if entry.serves(uow.today, version, uow.now):
                return entry
        STALE_REFUSED.inc()
        return None

    async def _built(self, actor: Actor) -> Entry:
        MISSES.inc()
        with REBUILD_SECONDS.time():
            async with self._works.begin(actor) as uow:
                entry = await build(uow)
        await self._shelf.leave(entry)
        return entry


async def build(uow: UnitOfWork) -> Entry:
    """The actor's day from the database, whatever is kept; leaves no trace."""
    require_doctor(uow.actor)
    day = uow.today
    built = await repository.build(uow, day, midnight(uow, 0), midnight(uow, 1))
    return made(uow.actor.id, day, built.version, built.until, built.body)


def midnight(uow: UnitOfWork, days: int) -> datetime:
    """The beginning of a day of the clinic, so many days from today."""
    local = datetime.combine(uow.today + timedelta(days=days), time_of_day())
    return availability.wall_to_instant(uow.zone, local)


@asynccontextmanager
async def open_days(works: Works, redis_url: str | None) -> AsyncIterator[Days]:
    """The days of a process."""
    shelf = Shelf(redis_url)
    days = Days(works, shelf)
    try:
        yield days
    finally:
        await days.close()
        await shelf.close()
