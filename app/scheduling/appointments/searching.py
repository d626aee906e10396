"""Looking for free time: the next that suits, and the nearest to a time that is taken."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from heapq import merge, nsmallest
from itertools import islice
from operator import attrgetter
from uuid import UUID

from app import identity
from app.infra.uow import UnitOfWork
from app.scheduling import availability
from app.scheduling.appointments.occupancy import Occupancy, occupancy
from app.scheduling.appointments.slots import Slot, days_of, free_slots
from app.scheduling.appointments.wanted import Wanted
from app.scheduling.availability import Opening, PractitionerSchedule, Span, VisitType

HORIZON_DAYS = 120
CHUNKS = (3, 7, 14, 28, 28, 40)  # days looked at in one go; they add up to the horizon
RADII = (2, 10, 40, HORIZON_DAYS)  # days around a wanted time
NOON = 12
DAY = timedelta(days=1)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One visit type with some doctors, ready to be looked for in any stretch of days."""

    visit_type: VisitType
    schedules: dict[UUID, PractitionerSchedule]  # in the order in which they are offered
    duration: timedelta
    room_id: UUID | None = None
    patient_id: UUID | None = None
    ignoring: UUID | None = None


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
        visit_type=visit_type,
        schedules=await availability.schedules_of(uow, await doctors(uow, query)),
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
        if first >= end or not search.schedules:
            break
        stretch = await look(uow, search, first, end)
        unknown = [who for who, opening in stretch.openings.items() if not opening.hours_known]
        each = [free_of(uow, search, stretch, who) for who in search.schedules]
        suiting = (slot for slot in merge(*each, key=BY_TIME) if suits(uow, query, slot))
        slots += islice(suiting, query.limit - len(slots))
        first = end
        if len(slots) == query.limit:
            break
    return Found(slots=slots, searched_until=first, hours_unknown=unknown)


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
    """Read what is open and what is taken: four statements, however many doctors and days.

    One day more is read than searched: what begins at eleven at night ends on the next.
    """
    openings = await availability.openings(uow, list(search.schedules), first, end + DAY)
    rooms = {span.room_id for opening in openings.values() for span in opening.spans}
    taken = await occupancy(
        uow,
        midnight(uow, first),
        midnight(uow, end + DAY),
        practitioner_ids=list(search.schedules),
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
        uow, search, stretch, practitioner_id, stretch.openings[practitioner_id].spans
    )


def free_among(
    uow: UnitOfWork,
    search: Search,
    stretch: Stretch,
    practitioner_id: UUID,
    spans: Sequence[Span],
) -> Iterator[Slot]:
    last = midnight(uow, stretch.end)
    found = free_slots(
        days_of(spans, stretch.first, stretch.end + DAY, uow.zone),
        step=timedelta(minutes=search.schedules[practitioner_id].slot_minutes),
        duration=search.duration,
        lanes=search.schedules[practitioner_id].lanes,
        parallel=search.visit_type.parallel,
        doctor=stretch.occupancy.doctors[practitioner_id],
        patient=stretch.occupancy.patient,
        rooms=stretch.occupancy.rooms,
        room_id=search.room_id,
        not_before=uow.now,
    )
    for free in found:
        if free.starts_at >= last:
            return
        yield Slot(
            practitioner_id=practitioner_id,
            room_id=free.room_id,
            visit_type_id=search.visit_type.id,
            starts_at=free.starts_at,
            ends_at=free.ends_at,
        )


async def nearest_alternatives(uow: UnitOfWork, wanted: Wanted, count: int = 3) -> list[Slot]:
    """The free slots nearest to a wanted time, the nearest first, none before now.

    With the same doctor, or with those who offer the visit type where this one does not. A
    doctor of whom nobody said when they work may be booked at any hour, so the whole day counts.
    """
    search = await search_near(uow, wanted)
    if not search.schedules:
        return []
    near = max(wanted.starts_at, uow.now)
    day = near.astimezone(uow.zone).date()
    for radius in RADII:
        first, end = max(day - radius * DAY, uow.today), day + (radius + 1) * DAY
        nearest = nsmallest(
            count,
            await free_near(uow, search, first, end),
            key=lambda slot: (abs(slot.starts_at - near), slot.starts_at),
        )
        if len(nearest) == count and abs(nearest[-1].starts_at - near) <= radius * DAY:
            break
    return nearest


async def search_near(uow: UnitOfWork, wanted: Wanted) -> Search:
    whose: Collection[UUID] = [wanted.practitioner_id]
    if not wanted.offered:
        whose = await doctors(uow, SlotQuery(visit_type_id=wanted.visit_type_id))
    return Search(
        visit_type=await availability.get_visit_type(uow, wanted.visit_type_id),
        schedules=await availability.schedules_of(uow, whose),
        duration=wanted.duration,
        room_id=wanted.room_id,
        patient_id=wanted.patient_id,
        ignoring=wanted.ignoring,
    )


async def free_near(uow: UnitOfWork, search: Search, first: date, end: date) -> list[Slot]:
    stretch = await look(uow, search, first, end)
    found: list[Slot] = []
    for who, opening in stretch.openings.items():
        spans = opening.spans if opening.hours_known else open_all_day(uow, opening, stretch)
        found += free_among(uow, search, stretch, who, spans)
    return found


def open_all_day(uow: UnitOfWork, opening: Opening, stretch: Stretch) -> list[Span]:
    """Every day on which the clinic is not closed, from midnight to midnight."""
    days = [stretch.first + n * DAY for n in range((stretch.end + DAY - stretch.first).days)]
    return [
        Span(midnight(uow, day), midnight(uow, day + DAY))
        for day in days
        if day not in opening.closed_days
    ]
