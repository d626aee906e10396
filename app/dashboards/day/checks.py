"""Which version counts, asked for everybody who is waiting at once.

A hundred readers are one trip to the database and one commit: whoever comes while the database is
asked waits for the next trip, so every answer was looked at after its reader had asked.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app import audit
from app.dashboards.day import repository
from app.dashboards.day.entries import Entry
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor, Origin

READER = Actor.system("doctors-day")
READ = "dashboard.read"
MOST_AT_ONCE = 200
NAMED_IN_TRAIL = 1000  # patients
MOST_NAMED = 1000  # doctors


@dataclass(frozen=True, slots=True)
class Reader:
    """Who wants to see their day, and where they ask from."""

    actor: Actor
    origin: Origin


@dataclass(frozen=True, slots=True)
class Sighting:
    """The same bytes, seen by one person from one place with these requests at once."""

    reader: Reader
    entry: Entry
    requests: list[UUID | None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The version that counts; and the day, if one is kept that is of this version."""

    version: str
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Asked:
    reader: Reader
    brought: Entry | None
    answer: asyncio.Future[Verdict]


Kept = Callable[[UnitOfWork, Reader, str], Entry | None]


class Checks:
    """Takes readers together. `kept` says what there is of the version that counts."""

    def __init__(self, works: Works, kept: Kept) -> None:
        self._works, self._kept = works, kept
        self._waiting: list[Asked] = []
        self._named: dict[UUID, str] = {}  # of which day a trace names the patients already
        self._asking: asyncio.Task[None] | None = None

    async def ask(self, reader: Reader, brought: Entry | None = None) -> Verdict:
        """What counts now. Of a day that is handed out the trace is written already.

        `brought`: a day that was fetched for this reader after they asked; it is handed out.
        """
        answer: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        self._waiting.append(Asked(reader, brought, answer))
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask_all())
        return await answer

    async def close(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    async def _ask_all(self) -> None:
        try:
            while self._waiting:
                turn = self._waiting[:MOST_AT_ONCE]
                del self._waiting[:MOST_AT_ONCE]
                await self._ask_for(turn)
        finally:
            self._asking = None

    async def _ask_for(self, turn: Sequence[Asked]) -> None:
        try:
            verdicts = await self._verdicts(turn)
        except BaseException as error:
            for asked in turn:
                if not asked.answer.done():
                    asked.answer.set_exception(told(error))
            if not isinstance(error, Exception):
                raise
            return
        for asked, verdict in zip(turn, verdicts, strict=True):
            if not asked.answer.done():
                asked.answer.set_result(verdict)

    async def _verdicts(self, turn: Sequence[Asked]) -> list[Verdict]:
        async with self._works.begin(READER) as uow:
            people = {each.reader.actor.id for each in turn if each.brought is None}
            versions = await repository.versions(uow, people) if people else {}
            found: list[Verdict] = []
            seen: dict[tuple[UUID, str | None, str], Sighting] = {}
            for asked in turn:
                reader, entry = asked.reader, asked.brought
                version = entry.version if entry else versions[reader.actor.id]
                entry = entry or self._kept(uow, reader, version)
                if entry is not None:
                    place = (reader.actor.id, reader.origin.address, entry.etag)
                    seen.setdefault(place, Sighting(reader, entry, [])).requests.append(
                        reader.origin.request_id
                    )
                found.append(Verdict(version, entry))
            named: dict[UUID, str] = {}
            for each in seen.values():
                who, etag = each.entry.who, each.entry.etag
                theirs = replace(uow, actor=each.reader.actor, origin=each.reader.origin)
                known = named.get(who, self._named.get(who)) == etag
                await note(theirs, each, again=known)
                named[who] = etag
        self._named.update(named)  # now that it is written
        while len(self._named) > MOST_NAMED:
            del self._named[next(iter(self._named))]
        return found


def told(error: BaseException) -> Exception:
    """Each reader is told by itself; who was asking for all of them may have been stopped."""
    return error if isinstance(error, Exception) else ConnectionAbortedError("shutting down")


async def note(uow: UnitOfWork, sighting: Sighting, *, again: bool) -> None:
    """Who saw a day saw every patient in it.

    The patients are named with the first trace of what was seen; who reads the very same `again`
    is traced with its mark alone. Requests of one person from one place that were answered
    together with the same bytes are one trace, which names them all.
    """
    entry, others = sighting.entry, sighting.requests[1:]
    detail: dict[str, object] = {"day": entry.day.isoformat(), "seen": entry.etag.strip('"')}
    if others:
        detail["requests"] = [str(each) for each in others]
    if not again:
        detail["patients"] = list(entry.patients[:NAMED_IN_TRAIL])
    await audit.record(uow, READ, subject=("user", entry.who), detail=detail)
