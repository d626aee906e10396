"""The stream of one browser: what it missed, then what happens."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from fastapi.sse import ServerSentEvent

from app.work_queues.feed import repository
from app.work_queues.feed.hub import READER, Hub, in_words
from app.work_queues.feed.lines import CUT_OFF, TOO_SLOW, Line
from app.work_queues.feed.positions import Position
from app.work_queues.feed.schemas import Hello
from app.work_queues.items import Reach

RECONNECT_MILLISECONDS = 1000
MOST_MISSED = 20_000  # more than that is quicker asked for than told
MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """Who listens. `told`: up to where they were told before; `lost`: that cannot be known."""

    session_id: UUID
    reach: Reach
    told: Position | None = None
    lost: bool = False


async def follow(hub: Hub, who: Admitted) -> AsyncIterator[ServerSentEvent]:
    """Tell somebody every change that is theirs to know, in order, each once.

    First comes a `Hello`, then what was missed since the last event they received, then what
    happens, until they are no longer signed in. No connection to the database is held meanwhile.
    """
    with hub.line(who.session_id, who.reach) as line:
        start = await hub.begun(line)
        told, reload = await begin(hub, who, start)
        yield hello(hub, told, reload=reload)
        async for event in missed(hub, line, who, told):
            yield event
        told = max(told, start)
        while (said := await line.next()) is not CUT_OFF:
            if said is TOO_SLOW:
                told = hub.position
                yield hello(hub, told, reload=True)
            elif said.position > told:  # they may have been told already, by another process
                told = said.position
                yield said.event


async def begin(hub: Hub, who: Admitted, start: Position) -> tuple[Position, bool]:
    """From where on to tell them, and whether that leaves out something they missed."""
    if who.told is None:
        return start, who.lost
    async with hub.works.glance(READER) as uow:
        known = await repository.is_known(uow, who.told)
        if (
            known
            and await repository.count_between(uow, who.told, start, MOST_MISSED) <= MOST_MISSED
        ):
            return who.told, False
    return start, True


async def missed(
    hub: Hub, line: Line, who: Admitted, told: Position
) -> AsyncIterator[ServerSentEvent]:
    """What is in the table from there to where the line begins, read as fast as it is taken."""
    until = await hub.begun(line)
    while told < until and not line.is_cut_off:
        async with hub.works.glance(READER) as uow:
            found = await repository.settled_after(uow, told, MOST_AT_ONCE)
        for row in found.rows:
            told = Position(row.written_in, row.seq)
            if told > until or line.is_cut_off:
                return
            if hub.reach_of(who.reach.actor_id).covers(row):
                yield in_words(told, row)
        if len(found.rows) < MOST_AT_ONCE:
            return


def hello(hub: Hub, told: Position, *, reload: bool) -> ServerSentEvent:
    """Whoever comes back after nothing but this one is told from the same moment on."""
    return ServerSentEvent(
        event="hello",
        id=str(told),
        data=Hello(at=hub.works.clock.now(), reload=reload, live=hub.live),
        retry=RECONNECT_MILLISECONDS,
    )
