"""Looking at rooms, visit types, and when somebody can be seen."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

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


async def openings(
    uow: UnitOfWork, practitioner_ids: Collection[UUID], day_from: date, day_until: date
) -> dict[UUID, Opening]:
    """Open time of each doctor on days of the clinic's wall, the last not included.

    Three statements, however many doctors and days. Doctors nobody knows have no hours.
    """
    weeks = await weeks_of(uow, practitioner_ids, day_from, day_until)
    exceptions = await repository.exceptions(uow, practitioner_ids, day_from, day_until)
    found = {}
    for practitioner_id in practitioner_ids:
        theirs = weeks.get(practitioner_id)
        rules = rules_of(practitioner_id, theirs or (), exceptions)
        found[practitioner_id] = Opening(
            spans=open_spans(rules, day_from, day_until, uow.zone),
            closed_days=closed_days(rules, day_from, day_until),
            hours_known=theirs is not None,
        )
    return found


async def weeks_of(
    uow: UnitOfWork, practitioner_ids: Collection[UUID], day_from: date, day_until: date
) -> dict[UUID, list[Week]]:
    """Weeks valid on some of the days; a doctor whose hours nobody ever set is not there."""
    rows = await repository.weeks(uow, practitioner_ids)
    touching = [row for row in rows if touches(row, day_from, day_until)]
    spans = await repository.spans_of(uow, [row.id for row in touching])
    found: dict[UUID, list[Week]] = {row.practitioner_id: [] for row in rows}
    for row in touching:
        found[row.practitioner_id].append(week_of(row, spans[row.id]))
    return found


def touches(row: WeeklyHours, day_from: date, day_until: date) -> bool:
    return row.valid_from < day_until and (row.valid_until is None or row.valid_until >= day_from)


def week_of(row: WeeklyHours, spans: Sequence[WeeklyHourSpan]) -> Week:
    hours: dict[int, list[DayHours]] = {}
    for span in spans:
        told = DayHours(span.opens_minute, span.closes_minute, span.room_id)
        hours.setdefault(span.weekday, []).append(told)
    return Week(valid_from=row.valid_from, valid_until=row.valid_until, hours=hours)


def rules_of(
    practitioner_id: UUID, weeks: Sequence[Week], exceptions: Sequence[AvailabilityException]
) -> OpeningRules:
    """One doctor's rules out of everybody's exceptions."""
    spans: dict[ExceptionKind, list[WallSpan]] = {kind: [] for kind in ExceptionKind}
    for each in exceptions:
        if each.practitioner_id in {None, practitioner_id}:
            spans[each.kind].append(WallSpan(each.starts_local, each.ends_local, each.room_id))
    return OpeningRules(
        weeks=weeks,
        closures=spans[ExceptionKind.CLOSED],
        leave=spans[ExceptionKind.LEAVE],
        extra=spans[ExceptionKind.EXTRA],
    )


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
) -> list[AvailabilityException]:
    """Exceptions that touch the days (the last not included), by time.

    With a doctor: theirs and the clinic's. Left out, the days are from today on for two years.
    """
    first = day_from or uow.today
    end = day_until or first + TWO_YEARS
    whose = None if practitioner_id is None else [practitioner_id]
    rows = await repository.exceptions(uow, whose, first, end, withdrawn=withdrawn)
    return sorted(rows, key=lambda row: (row.starts_local, row.created_at, row.id))
