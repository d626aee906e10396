"""The calendar as it changes, as server-sent events."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from fastapi.sse import ServerSentEvent
from sqlalchemy import func, select

from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor, Origin
from app.scheduling.appointments.calendar_schemas import Hello
from app.scheduling.appointments.lapsing import CALENDAR
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.presenting import shown
from app.scheduling.appointments.queries import note_whom
from app.scheduling.appointments.repository import on_the_book
from app.scheduling.appointments.schemas import AppointmentOut

FOLLOW = "calendar.follow"
LOOK_AGAIN_SECONDS = 2.0
LOOKS_PER_CHECK = 10  # so often the caller's session is looked at when there is nothing to tell
RECONNECT_MILLISECONDS = 1000
# A row says when its transaction began, and others see it when that commits: so long after at
# most. Whoever looks that far back misses nothing, in whatever order they commit.
LOOK_BACK = timedelta(seconds=30)
MOST_AT_ONCE = 500  # more than that is quicker asked for than told
MOST_READ = 10_000

StillWelcome = Callable[[], Awaitable[Actor | None]]


class Stamp(NamedTuple):
    """Which state of an appointment somebody may know."""

    id: UUID
    version: int
    updated_at: datetime


@dataclass(slots=True)
class Told:
    """How far somebody has been told: from when on to look, and what they know of that time."""

    since: datetime
    known: set[Stamp] = field(default_factory=set)

    def advance(self, at: datetime) -> None:
        """Look back from here the next time; what lies before will not be seen again."""
        self.since = at - LOOK_BACK
        self.known = {stamp for stamp in self.known if stamp.updated_at > self.since}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is new since the last one. `at`: when it was taken, by the clock of the database."""

    at: datetime
    fresh: list[Stamp]


async def follow(
    works: Works, *, last_event_id: int | None, still_welcome: StillWelcome, origin: Origin
) -> AsyncIterator[ServerSentEvent]:
    """Tell every appointment and hold that changes, whole, for as long as the caller is welcome.

    First comes a `Hello`. The id of an event is a moment in milliseconds: whoever comes back with
    the last one is told what they missed. Where that is too much to tell one by one, a `Hello`
    says to load all of it again. Nobody hears of anything once their session has ended. No
    transaction is open and no connection is taken while we wait.
    """
    told: Told | None = None
    looks = 0
    actor = await still_welcome()
    while actor is not None:
        told = told or await begin(works, actor, last_event_id)
        look = await take_look(works, actor, told)
        if looks and (look.fresh or looks % LOOKS_PER_CHECK == 0):
            actor = await still_welcome()
        if actor is None:
            return
        too_many = len(look.fresh) > MOST_AT_ONCE
        if looks == 0 or too_many:
            yield hello_event(told, look, reload=too_many)
        if not too_many:
            for appointment in await read(works, actor, look.fresh, origin):
                told.known.add(Stamp(appointment.id, appointment.version, appointment.updated_at))
                yield appointment_event(appointment)
        told.known |= set(look.fresh)
        told.advance(look.at)
        looks += 1
        await works.stores.wakeups.wait(CALENDAR, seconds=LOOK_AGAIN_SECONDS)


async def begin(works: Works, actor: Actor, last_event_id: int | None) -> Told:
    """From the last thing somebody was told, or from now; both with the look back."""
    async with works.begin(actor) as uow:
        now: datetime = (await uow.db.execute(select(func.now()))).scalar_one()
    last = now if last_event_id is None else datetime.fromtimestamp(last_event_id / 1000, UTC)
    return Told(since=min(last, now) - LOOK_BACK)


async def take_look(works: Works, actor: Actor, told: Told) -> Look:
    """Which states nobody has told them of yet, in the order of their transactions."""
    async with works.begin(actor) as uow:
        at: datetime = (await uow.db.execute(select(func.now()))).scalar_one()
        stamps = await changed_since(uow, told.since)
    return Look(at=at, fresh=[stamp for stamp in stamps if stamp not in told.known])


async def changed_since(uow: UnitOfWork, since: datetime) -> list[Stamp]:
    """The latest state of all that changed, in the order of their transactions."""
    statement = (
        select(Appointment.id, Appointment.version, Appointment.updated_at)
        .where(Appointment.updated_at > since)
        .order_by(Appointment.updated_at, Appointment.id)
        .limit(MOST_READ)
    )
    return [Stamp(*row) for row in await uow.db.execute(statement)]


async def read(
    works: Works, actor: Actor, stamps: Sequence[Stamp], origin: Origin
) -> list[AppointmentOut]:
    """The appointments as they are by now, and a line in the audit trail that they were told."""
    if not stamps:
        return []
    order = {stamp.id: place for place, stamp in enumerate(stamps)}
    async with works.begin(actor, origin=origin) as uow:
        found = list(
            await uow.db.scalars(
                select(Appointment).where(on_the_book(uow), Appointment.id.in_(order))
            )
        )
        found.sort(key=lambda appointment: order[appointment.id])
        await note_whom(uow, FOLLOW, found)
        return await shown(uow, found)


def hello_event(told: Told, look: Look, *, reload: bool) -> ServerSentEvent:
    """Who comes back after nothing but this one is told from the same moment on."""
    moment = look.at if reload else told.since + LOOK_BACK
    return ServerSentEvent(
        event="hello",
        id=milliseconds(moment),
        data=Hello(at=look.at, reload=reload),
        retry=RECONNECT_MILLISECONDS,
    )


def appointment_event(appointment: AppointmentOut) -> ServerSentEvent:
    return ServerSentEvent(
        event="appointment", id=milliseconds(appointment.updated_at), data=appointment
    )


def milliseconds(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))
