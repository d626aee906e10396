"""One unit of work: one actor, one moment, one transaction."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from app.infra import jobs
from app.infra.lines import Line, Lines
from app.infra.paperwork import Paperwork
from app.infra.prepared import Deed
from app.infra.stores import Stores
from app.kernel.actors import NOWHERE, Actor, Origin
from app.kernel.clock import Clock
from app.kernel.events import DomainEvent, Fact

Subscriber = Callable[["UnitOfWork", Fact], Awaitable[None]]
Guard = Callable[["UnitOfWork", Any], Awaitable[None]]

R = TypeVar("R")

UTC = ZoneInfo("UTC")


class Subscriptions:
    """Who listens to what, and who is asked first. Filled once, in the composition root."""

    def __init__(self) -> None:
        self._by_event: dict[str, dict[str, Subscriber]] = {}
        self._guards: dict[type, list[Guard]] = {}

    def on(self, event: type[DomainEvent], subscriber: Subscriber, *, name: str) -> None:
        """Subscribe under a name that outlives renames of the function."""
        listeners = self._by_event.setdefault(event.name, {})
        if name in listeners:
            raise TypeError(f"{name} already listens to {event.name}")
        listeners[name] = subscriber

    def before(self, intention: type, guard: Guard) -> None:
        """Have `guard` asked whenever somebody is about to do this.

        It refuses by raising; where the intention has room for it, it tells what it knows.
        """
        self._guards.setdefault(intention, []).append(guard)

    def guards_of(self, intention: type) -> list[Guard]:
        return self._guards.get(intention, [])

    def to(self, event_name: str) -> dict[str, Subscriber]:
        return self._by_event.get(event_name, {})


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitOfWork:
    line: Line
    actor: Actor
    now: datetime
    stores: Stores
    subscriptions: Subscriptions
    asides: Lines
    zone: ZoneInfo = UTC  # of the clinic: decides what "today" and "nine o'clock" are
    origin: Origin = NOWHERE
    paperwork: Paperwork = field(default_factory=Paperwork)
    wakes: list[str] = field(default_factory=list)

    @property
    def db(self) -> AsyncSession:
        return self.line.session

    @property
    def today(self) -> date:
        """The day it is on the clinic's wall."""
        return self.now.astimezone(self.zone).date()

    async def publish(self, event: DomainEvent) -> None:
        """Tell every subscriber, once this unit of work has committed."""
        self.paperwork.publish(
            event,
            actor_id=self.actor.id,
            occurred_at=self.now,
            listeners=list(self.subscriptions.to(event.name)),
        )

    async def ask_guards(self, intention: object) -> None:
        """Ask whoever stands above, in this very unit of work; raises what they refuse with."""
        for guard in self.subscriptions.guards_of(type(intention)):
            await guard(self, intention)

    async def conclude(self, deed: Deed[R], asked: Mapping[str, Any]) -> R | None:
        """Do the last thing of this unit of work, with all that was said of it, in one statement.

        None: something was in the way, nothing of it was written, and the work goes on. Otherwise
        nothing more can be said; and where nothing had been written before, this was the whole
        transaction, so what is raised later takes nothing back.
        """
        done = await self.paperwork.file_with(self.line, deed, asked)
        assert len(done) <= 1
        return done[0] if done else None

    async def enqueue(self, job: str, payload: jobs.Payload, *, once: str | None = None) -> None:
        """Ask the worker for a job; it exists exactly when this unit of work commits."""
        self.paperwork.enqueue(jobs.NewJob(job, payload, once))

    @asynccontextmanager
    async def aside(self) -> AsyncIterator["UnitOfWork"]:
        """A unit of work of its own that outlives this one's refusal: count a wrong password.

        It has connections of its own, or many at once would all wait for one more.
        """
        async with self.asides.transaction() as line:
            aside = replace(self, line=line, paperwork=Paperwork(), wakes=[])
            yield aside
            await aside.paperwork.file(line)

    def wake(self, topic: str) -> None:
        """Wake whoever waits on this topic, after the commit."""
        self.wakes.append(topic)


@dataclass(frozen=True, slots=True, kw_only=True)
class Works:
    """Opens units of work."""

    lines: Lines
    asides: Lines
    sessions: async_sessionmaker[AsyncSession]  # for a look beside any unit of work
    subscriptions: Subscriptions
    stores: Stores
    clock: Clock
    zone: ZoneInfo = UTC

    @asynccontextmanager
    async def begin(self, actor: Actor, *, origin: Origin = NOWHERE) -> AsyncIterator[UnitOfWork]:
        """Commit on the way out; roll everything back if anything is raised."""
        async with self.lines.transaction() as line:
            uow = self._unit(line, actor, origin)
            yield uow
            await uow.paperwork.file(line)
        for topic in uow.wakes:
            await self.stores.wakeups.wake(topic)

    @asynccontextmanager
    async def glance(self, actor: Actor, *, origin: Origin = NOWHERE) -> AsyncIterator[UnitOfWork]:
        """A unit of work for one look: no transaction is begun, and nothing may be written."""
        async with self.lines.lent() as line:
            yield self._unit(line, actor, origin)

    def _unit(self, line: Line, actor: Actor, origin: Origin) -> UnitOfWork:
        return UnitOfWork(
            line=line,
            actor=actor,
            now=self.clock.now(),
            stores=self.stores,
            asides=self.asides,
            subscriptions=self.subscriptions,
            zone=self.zone,
            origin=origin,
        )
