"""Looking for free time: the next that suits, and the nearest to a time that is taken."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from heapq import merge, nsmallest
from itertools import islice
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from app import identity
from app.infra.uow import UnitOfWork
from app.scheduling import availability
from app.scheduling.appointments.occupancy import Occupancy, occupancy
from app.scheduling.appointments.slots import Slot, days_of, free_slots
from app.scheduling.appointments.today import day_of
from app.scheduling.appointments.wanted import Wanted
from app.scheduling.availability import Hours, Opening, Span

HORIZON_DAYS = 120
CHUNKS = (3, 7, 14, 28, 28, 40)  # days looked at in one go; they add up to the horizon
DAYS_NEAR = 2
RADII = (timedelta(hours=12), *(timedelta(days=n) for n in (DAYS_NEAR, 10, 40, HORIZON_DAYS)))
NOON = 12
DAY, INSTANT = timedelta(days=1), timedelta(microseconds=1)
BY_TIME = attrgetter("starts_at")


class PartOfDay(StrEnum):
    """Morning is what begins before noon on the clinic's wall."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotQuery:
    """What would suit; None and empty mean any. Days are the clinic's, the last not included."""

    visit_type_id: UUID
    practitioner_ids: frozenset[UUID] | None = None
    specialty: str | None = None
    duration: timedelta | None = None  # None: as long as the visit type says
    room_id: UUID | None = None
    patient_id: UUID | None = None  # whose own appointments are not to be overlapped
    ignoring: UUID | None = None  # the appointment that is to be moved
    day_from: date | None = None
    day_until: date | None = None
    part_of_day: PartOfDay | None = None
    weekdays: frozenset[int] = frozenset()  # ISO: 1 is Monday
    limit: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Free slots, first to last; all there are before `searched_until`, or as many as asked for.

    `hours_unknown`: doctors in question of whom nobody has said when they work.
    """

    slots: list[Slot]
    searched_until: date
    hours_unknown: list[UUID]


class Grid(NamedTuple):
    """How a doctor books: so many at once, and starts so many minutes apart."""

    lanes: int
    slot_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One visit type with some doctors, ready to be looked for in any stretch of days."""

    visit_type_id: UUID
    parallel: int
    grids: dict[UUID, Grid]  # in the order in which they are offered
    duration: timedelta
    room_id: UUID | None = None
    patient_id: UUID | None = None
    ignoring: UUID | None = None
    hours: Hours | None = None  # as far as they are known


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Some days of a search, with all that is known about them."""

    first: date
    end: date
    openings: dict[UUID, Opening]
    occupancy: Occupancy


async def find_slots(uow: UnitOfWork, query: SlotQuery) -> list[Slot]:
    """The next free slots that suit, first to last; raises `VisitTypeNotFound`."""
    return (await search_slots(uow, query)).slots


async def search_slots(uow: UnitOfWork, query: SlotQuery) -> Found:
    """Like `find_slots`, and how far was searched for whom."""
    visit_type = await availability.get_visit_type(uow, query.visit_type_id)
    search = Search(
        visit_type_id=visit_type.id,
        parallel=visit_type.parallel,
        grids=await grids_of(uow, await doctors(uow, query)),
        duration=query.duration or timedelta(minutes=visit_type.duration_minutes),
        room_id=query.room_id,
        patient_id=query.patient_id,
        ignoring=query.ignoring,
    )
    first = max(query.day_from or uow.today, uow.today)
    horizon = first + HORIZON_DAYS * DAY
    horizon = min(query.day_until, horizon) if query.day_until else horizon
    slots: list[Slot] = []
    unknown: list[UUID] = []
    for days in CHUNKS:
        end = min(first + days * DAY, horizon)
        if first >= end or not search.grids:
            break
        stretch = await look(uow, search, first, end)
        unknown = [who for who, opening in stretch.openings.items() if not opening.hours_known]
        each = [free_of(uow, search, stretch, who) for who in search.grids]
        suiting = (slot for slot in merge(*each, key=BY_TIME) if suits(uow, query, slot))
        slots += islice(suiting, query.limit - len(slots))
        first = end
        if len(slots) == query.limit:
            break
    return Found(slots=slots, searched_until=first, hours_unknown=unknown)


async def grids_of(uow: UnitOfWork, practitioner_ids: Collection[UUID]) -> dict[UUID, Grid]:
    schedules = await availability.schedules_of(uow, practitioner_ids)
    return {who: Grid(each.lanes, each.slot_minutes) for who, each in schedules.items()}


async def doctors(uow: UnitOfWork, query: SlotQuery) -> list[UUID]:
    """Those asked for who work here and offer the visit type, by name."""
    offering = await availability.offers(uow, query.visit_type_id)
    wanted = None if query.specialty is None else query.specialty.strip().casefold()
    return [
        user.id
        for user in await identity.list_practitioners(uow)
        if (query.practitioner_ids is None or user.id in query.practitioner_ids)
        and (offering is None or user.id in offering)
        and (wanted is None or (user.specialty or "").casefold() == wanted)
    ]


def suits(uow: UnitOfWork, query: SlotQuery, slot: Slot) -> bool:
    local = slot.starts_at.astimezone(uow.zone)
    if query.weekdays and local.isoweekday() not in query.weekdays:
        return False
    if query.part_of_day is None:
        return True
    return (local.hour < NOON) == (query.part_of_day is PartOfDay.MORNING)


async def look(uow: UnitOfWork, search: Search, first: date, end: date) -> Stretch:
    """Read what is open and what is taken: two statements, however many doctors and days.

    One day more is read than searched: what begins at eleven at night ends on the next.
    """
    whose = list(search.grids)
    openings = await availability.openings(uow, whose, first, end + DAY, known=search.hours)
    rooms = {span.room_id for opening in openings.values() for span in opening.spans}
    taken = await occupancy(
        uow,
        midnight(uow, first),
        midnight(uow, end + DAY),
        practitioner_ids=whose,
        patient_id=search.patient_id,
        room_ids=[search.room_id] if search.room_id else [room for room in rooms if room],
        ignoring=search.ignoring,
    )
    return Stretch(first=first, end=end, openings=openings, occupancy=taken)


def midnight(uow: UnitOfWork, day: date) -> datetime:
    return availability.wall_to_instant(uow.zone, datetime.combine(day, datetime.min.time()))


def free_of(
    uow: UnitOfWork, search: Search, stretch: Stretch, practitioner_id: UUID
) -> Iterator[Slot]:
    """What one doctor has free on these days, first to last."""
    return free_among(
        uow,
        search,
        stretch,
        practitioner_id,
        stretch.openings[practitioner_id].spans,
        not_before=uow.now,
        before=midnight(uow, stretch.end),
    )


def free_among(
    uow: UnitOfWork,
    search: Search,
    stretch: Stretch,
    practitioner_id: UUID,
    spans: Sequence[Span],
    *,
    not_before: datetime,
    before: datetime,
) -> Iterator[Slot]:
    """What begins between two instants, first to last."""
    lanes, slot_minutes = search.grids[practitioner_id]
    found = free_slots(
        days_of(spans, stretch.first, stretch.end + DAY, uow.zone),
        step=timedelta(minutes=slot_minutes),
        duration=search.duration,
        lanes=lanes,
        parallel=search.parallel,
        doctor=stretch.occupancy.doctors[practitioner_id],
        patient=stretch.occupancy.patient,
        rooms=stretch.occupancy.rooms,
        room_id=search.room_id,
        not_before=not_before,
    )
    for free in found:
        if free.starts_at >= before:
            return
        yield Slot(
            practitioner_id=practitioner_id,
            room_id=free.room_id,
            visit_type_id=search.visit_type_id,
            starts_at=free.starts_at,
            ends_at=free.ends_at,
        )


async def nearest_alternatives(uow: UnitOfWork, wanted: Wanted, count: int = 3) -> list[Slot]:
    """The free slots nearest to a wanted time, the nearest first, none before now.

    With the same doctor, or with those who offer the visit type where this one does not. A
    doctor of whom nobody said when they work may be booked at any hour, so the whole day counts.
    """
    search = await search_near(uow, wanted)
    if not search.grids:
        return []
    near = max(wanted.starts_at, uow.now)
    for radius in RADII:
        nearest = nsmallest(
            count,
            await free_near(uow, search, near, radius),
            key=lambda slot: (abs(slot.starts_at - near), slot.starts_at),
        )
        if len(nearest) == count:
            break
    return nearest


async def search_near(uow: UnitOfWork, wanted: Wanted) -> Search:
    if wanted.offered and wanted.slot_minutes is not None:
        parallel = wanted.parallel
        grids = {wanted.practitioner_id: Grid(wanted.lanes, wanted.slot_minutes)}
    else:
        whose: Collection[UUID] = [wanted.practitioner_id]
        if not wanted.offered:
            whose = await doctors(uow, SlotQuery(visit_type_id=wanted.visit_type_id))
        parallel = (await availability.get_visit_type(uow, wanted.visit_type_id)).parallel
        grids = await grids_of(uow, whose)
    return Search(
        visit_type_id=wanted.visit_type_id,
        parallel=parallel,
        grids=grids,
        duration=wanted.duration,
        room_id=wanted.room_id,
        patient_id=wanted.patient_id,
        ignoring=wanted.ignoring,
        hours=wanted.hours,
    )


async def free_near(
    uow: UnitOfWork, search: Search, near: datetime, radius: timedelta
) -> list[Slot]:
    """Everything free that begins within the radius, none before now."""
    since, until = max(near - radius, uow.now), near + radius
    stretch = await look(uow, search, day_of(uow, since), day_of(uow, until) + DAY)
    found: list[Slot] = []
    for who, opening in stretch.openings.items():
        spans = opening.spans if opening.hours_known else open_all_day(uow, opening, stretch)
        found += free_among(
            uow, search, stretch, who, spans, not_before=since, before=until + INSTANT
        )
    return found


def open_all_day(uow: UnitOfWork, opening: Opening, stretch: Stretch) -> list[Span]:
    """Every day on which the clinic is not closed, from midnight to midnight."""
    days = [stretch.first + n * DAY for n in range((stretch.end + DAY - stretch.first).days)]
    return [
        Span(midnight(uow, day), midnight(uow, day + DAY))
        for day in days
        if day not in opening.closed_days
    ]
