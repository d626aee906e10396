"""Looking at rooms, visit types, and when somebody can be seen."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from uuid import UUID
from zoneinfo import ZoneInfo

from app.infra.uow import UnitOfWork
from app.scheduling.availability import repository
from app.scheduling.availability.models import (
    AvailabilityException,
    PractitionerSchedule,
    Room,
    VisitType,
    WeeklyHours,
    WeeklyHourSpan,
)
from app.scheduling.availability.opening import (
    DayHours,
    OpeningRules,
    Span,
    WallSpan,
    Week,
    closed_days,
    open_spans,
)
from app.scheduling.availability.repository import ExceptionRow, HoursRow, Told
from app.scheduling.availability.schemas import ExceptionKind

TWO_YEARS = timedelta(days=2 * 366)
DEFAULT_LANES, DEFAULT_SLOT_MINUTES = 1, 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """When a doctor can be seen.

    An extra session opens its time on a closed day too: ask the spans first. Without
    `hours_known` nobody has ever said when this doctor works, so nothing is outside of it.
    """

    spans: list[Span]
    closed_days: set[date]
    hours_known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """All that was said about when some doctors can be seen on some days of the clinic's wall."""

    whose: frozenset[UUID]
    day_from: date
    day_until: date  # not included
    zone: ZoneInfo
    weeks: Mapping[UUID, list[Week]]
    exceptions: Mapping[tuple[UUID | None, ExceptionKind], list[WallSpan]]

    def tell(self, practitioner_ids: Collection[UUID], day_from: date, day_until: date) -> bool:
        """Whether they say everything about these doctors on these days."""
        days_known = self.day_from <= day_from and day_until <= self.day_until
        return days_known and self.whose.issuperset(practitioner_ids)

    def openings(
        self, practitioner_ids: Collection[UUID], day_from: date, day_until: date
    ) -> dict[UUID, Opening]:
        closures = self.exceptions.get((None, ExceptionKind.CLOSED), ())
        found = {}
        for practitioner_id in practitioner_ids:
            rules = OpeningRules(
                weeks=self.weeks.get(practitioner_id, ()),
                closures=closures,
                leave=self.exceptions.get((practitioner_id, ExceptionKind.LEAVE), ()),
                extra=self.exceptions.get((practitioner_id, ExceptionKind.EXTRA), ()),
            )
            found[practitioner_id] = Opening(
                spans=open_spans(rules, day_from, day_until, self.zone),
                closed_days=closed_days(rules, day_from, day_until),
                hours_known=practitioner_id in self.weeks,
            )
        return found


async def openings(
    uow: UnitOfWork,
    practitioner_ids: Collection[UUID],
    day_from: date,
    day_until: date,
    *,
    known: Hours | None = None,
) -> dict[UUID, Opening]:
    """Open time of each doctor on days of the clinic's wall, the last not included.

    One statement, however many doctors and days; none where what is `known` tells it. Doctors
    nobody knows have no hours.
    """
    hours = known
    if hours is None or not hours.tell(practitioner_ids, day_from, day_until):
        told = await repository.told_of(uow, practitioner_ids, day_from, day_until)
        hours = hours_of(told, practitioner_ids, day_from, day_until, uow.zone)
    return hours.openings(practitioner_ids, day_from, day_until)


def hours_of(
    told: Told,
    practitioner_ids: Collection[UUID],
    day_from: date,
    day_until: date,
    zone: ZoneInfo,
) -> Hours:
    """What was said, in order; asked with `asking_for` the same doctors and days."""
    return Hours(
        whose=frozenset(practitioner_ids),
        day_from=day_from,
        day_until=day_until,
        zone=zone,
        weeks=weeks_by_doctor(told.hours),
        exceptions=exceptions_by_doctor(told.exceptions),
    )


def weeks_by_doctor(rows: Sequence[HoursRow]) -> dict[UUID, list[Week]]:
    """Weeks out of their spans; who never had a week is not there."""
    found: dict[UUID, list[Week]] = {}
    for (whose, valid_from, valid_until), theirs in groupby(rows, key=itemgetter(0, 1, 2)):
        hours: dict[int, list[DayHours]] = {}
        for row in theirs:
            if row.weekday is not None:
                told = DayHours(row.opens_minute, row.closes_minute, row.room_id)
                hours.setdefault(row.weekday, []).append(told)
        week = Week(valid_from=valid_from, valid_until=valid_until, hours=hours)
        found.setdefault(whose, []).append(week)
    return found


def exceptions_by_doctor(
    rows: Sequence[ExceptionRow],
) -> dict[tuple[UUID | None, ExceptionKind], list[WallSpan]]:
    """Oldest first, the order in which one extra session gives way to another."""
    found: dict[tuple[UUID | None, ExceptionKind], list[WallSpan]] = {}
    for whose, kind, starts_local, ends_local, room_id in rows:
        span = WallSpan(starts_local, ends_local, room_id)
        found.setdefault((whose, kind), []).append(span)
    return found


async def schedules_of(
    uow: UnitOfWork, practitioner_ids: Collection[UUID]
) -> dict[UUID, PractitionerSchedule]:
    """How each of these doctors books; where nobody said, the defaults as version 0."""
    found = {row.practitioner_id: row for row in await repository.schedules(uow, practitioner_ids)}
    return {each: found.get(each) or unset_schedule(each) for each in practitioner_ids}


async def schedule_of(uow: UnitOfWork, practitioner_id: UUID) -> PractitionerSchedule:
    return (await schedules_of(uow, [practitioner_id]))[practitioner_id]


def unset_schedule(practitioner_id: UUID) -> PractitionerSchedule:
    """What counts for a doctor of whom nobody said anything; not a row."""
    return PractitionerSchedule(
        practitioner_id=practitioner_id,
        lanes=DEFAULT_LANES,
        slot_minutes=DEFAULT_SLOT_MINUTES,
        version=0,
    )


async def list_visit_types(
    uow: UnitOfWork, *, practitioner_id: UUID | None = None, retired: bool = False
) -> Sequence[VisitType]:
    """Visit types by name, those of one doctor when named, with the retired ones if asked for."""
    return await repository.visit_types(uow, practitioner_id, retired=retired)


async def get_visit_type(uow: UnitOfWork, visit_type_id: UUID) -> VisitType:
    """A visit type, perhaps retired; raises `VisitTypeNotFound`."""
    return await repository.visit_type(uow, visit_type_id)


async def offers(uow: UnitOfWork, visit_type_id: UUID) -> frozenset[UUID] | None:
    """The doctors who offer a visit type; None: everybody does."""
    return (await repository.offered_by(uow, [visit_type_id])).get(visit_type_id)


async def offers_of(
    uow: UnitOfWork, visit_type_ids: Collection[UUID]
) -> dict[UUID, frozenset[UUID]]:
    """Like `offers` for many; a type that everybody offers is not there."""
    return await repository.offered_by(uow, visit_type_ids)


async def list_rooms(uow: UnitOfWork, *, retired: bool = False) -> Sequence[Room]:
    """Rooms by name, with the retired ones if asked for."""
    return await repository.rooms(uow, retired=retired)


async def get_room(uow: UnitOfWork, room_id: UUID) -> Room:
    """A room, perhaps retired; raises `RoomNotFound`."""
    return await repository.room(uow, room_id)


async def list_weekly_hours(
    uow: UnitOfWork, practitioner_id: UUID
) -> list[tuple[WeeklyHours, list[WeeklyHourSpan]]]:
    """Every week a doctor has or had, in order, each with its spans."""
    rows = await repository.weeks(uow, [practitioner_id])
    spans = await repository.spans_of(uow, [row.id for row in rows])
    return [(row, spans[row.id]) for row in rows]


async def list_exceptions(
    uow: UnitOfWork,
    day_from: date | None = None,
    day_until: date | None = None,
    *,
    practitioner_id: UUID | None = None,
    withdrawn: bool = False,
) -> Sequence[AvailabilityException]:
    """Exceptions that touch the days (the last not included), by time.

    With a doctor: theirs and the clinic's. Left out, the days are from today on for two years.
    """
    first = day_from or uow.today
    end = day_until or first + TWO_YEARS
    return await repository.exceptions(uow, practitioner_id, first, end, withdrawn=withdrawn)
