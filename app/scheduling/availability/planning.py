"""What can be done with the working hours of doctors and the closing days of the clinic."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError

from app import audit, identity
from app.infra.postgres import EXCLUSION_VIOLATION, sqlstate_of
from app.infra.uow import UnitOfWork
from app.scheduling.availability import repository
from app.scheduling.availability.errors import (
    DoctorUnknown,
    Fault,
    PractitionerNotFound,
    RoomUnknown,
    ScheduleChanged,
    WeeklyHoursOverlap,
)
from app.scheduling.availability.events import AvailabilityChanged
from app.scheduling.availability.hours import NewException, SetWeeklyHours, WeekdaySpan
from app.scheduling.availability.models import (
    AvailabilityException,
    PractitionerSchedule,
    WeeklyHours,
    WeeklyHourSpan,
)
from app.scheduling.availability.policies import require_planner, require_planner_of
from app.scheduling.availability.schemas import SetSchedule

ONE_DAY = timedelta(days=1)


async def set_schedule(
    uow: UnitOfWork, practitioner_id: UUID, schedule: SetSchedule, *, version: int
) -> PractitionerSchedule:
    """How a doctor books from now on; version 0 where nobody said anything before.

    Raises `PractitionerNotFound`, `ScheduleChanged`, `NotYourHours`.
    """
    require_planner_of(uow, practitioner_id)
    await require_doctor(uow, practitioner_id)
    row = await repository.schedule_for_change(uow, practitioner_id)
    if version != row.version:
        raise ScheduleChanged(
            practitioner_id=practitioner_id,
            expected_version=version,
            current_version=row.version,
        )
    row.lanes, row.slot_minutes = schedule.lanes, schedule.slot_minutes
    row.version, row.updated_at = row.version + 1, uow.now
    await changed(
        uow, "schedule.set", practitioner_id, ("user", practitioner_id), version=row.version
    )
    return row


async def set_weekly_hours(
    uow: UnitOfWork,
    practitioner_id: UUID,
    valid_from: date,
    valid_until: date | None,
    spans: Sequence[WeekdaySpan],
) -> tuple[WeeklyHours, list[WeeklyHourSpan]]:
    """A doctor's week from one day to another (both included; None: until further notice).

    It replaces what was valid on these days: weeks before and after it are shortened, one that
    reaches beyond both ends is split. No spans at all: no working days. Two who set hours at
    once take turns, the later one counts. Raises `PractitionerNotFound`, `RoomUnknown`,
    `NotYourHours`; pydantic's `ValidationError` for spans that overlap.
    """
    require_planner_of(uow, practitioner_id)
    wanted = SetWeeklyHours(valid_from=valid_from, valid_until=valid_until, spans=list(spans))
    await require_doctor(uow, practitioner_id)
    await require_rooms(
        uow,
        {("body", "spans", place, "room_id"): each.room_id for place, each in enumerate(spans)},
    )
    await repository.hold_weeks(uow, practitioner_id)
    await make_room(uow, practitioner_id, wanted)
    week = WeeklyHours(
        id=uuid4(),
        practitioner_id=practitioner_id,
        valid_from=wanted.valid_from,
        valid_until=wanted.valid_until,
        created_by=uow.actor.id,
        created_at=uow.now,
    )
    rows = [span_row(week.id, span) for span in wanted.spans]
    await store(uow, week, rows)
    await changed(uow, "weekly_hours.set", practitioner_id, ("weekly_hours", week.id))
    return week, rows


async def make_room(uow: UnitOfWork, practitioner_id: UUID, wanted: SetWeeklyHours) -> None:
    """Shorten, split and remove the weeks that the wanted one overlaps."""
    before = wanted.valid_from - ONE_DAY
    for week in await repository.weeks(uow, [practitioner_id]):
        if not overlap(week, wanted):
            continue
        if wanted.valid_until is not None and lasts_beyond(week, wanted.valid_until):
            tail_from = wanted.valid_until + ONE_DAY
            if week.valid_from >= wanted.valid_from:
                week.valid_from = tail_from
                await uow.db.flush()
                continue
            tail = WeeklyHours(
                id=uuid4(),
                practitioner_id=practitioner_id,
                valid_from=tail_from,
                valid_until=week.valid_until,
                created_by=week.created_by,
                created_at=week.created_at,
            )
            spans = (await repository.spans_of(uow, [week.id]))[week.id]
            week.valid_until = before
            await uow.db.flush()
            await store(uow, tail, [copied(span, tail.id) for span in spans])
        elif week.valid_from < wanted.valid_from:
            week.valid_until = before
            await uow.db.flush()
        else:
            await uow.db.delete(week)
            await uow.db.flush()


def overlap(week: WeeklyHours, wanted: SetWeeklyHours) -> bool:
    begins_in_time = wanted.valid_until is None or week.valid_from <= wanted.valid_until
    return begins_in_time and lasts_beyond(week, wanted.valid_from - ONE_DAY)


def lasts_beyond(week: WeeklyHours, day: date) -> bool:
    return week.valid_until is None or week.valid_until > day


def span_row(weekly_hours_id: UUID, span: WeekdaySpan) -> WeeklyHourSpan:
    opens, closes = span.minutes
    return WeeklyHourSpan(
        weekly_hours_id=weekly_hours_id,
        weekday=span.weekday,
        opens_minute=opens,
        closes_minute=closes,
        room_id=span.room_id,
    )


def copied(span: WeeklyHourSpan, weekly_hours_id: UUID) -> WeeklyHourSpan:
    return WeeklyHourSpan(
        weekly_hours_id=weekly_hours_id,
        weekday=span.weekday,
        opens_minute=span.opens_minute,
        closes_minute=span.closes_minute,
        room_id=span.room_id,
    )


async def store(uow: UnitOfWork, week: WeeklyHours, spans: Sequence[WeeklyHourSpan]) -> None:
    """The database has the last word on two weeks at once, whoever wrote the other."""
    uow.db.add(week)
    try:
        await uow.db.flush()
    except IntegrityError as error:
        if sqlstate_of(error) != EXCLUSION_VIOLATION:
            raise
        raise WeeklyHoursOverlap(practitioner_id=week.practitioner_id) from error
    uow.db.add_all(spans)
    await uow.db.flush()


async def add_exception(uow: UnitOfWork, new: NewException) -> AvailabilityException:
    """Close the clinic, or note a doctor's leave or extra session.

    Raises `DoctorUnknown`, `RoomUnknown`, `NotYourHours`, `MayNotPlanAvailability`.
    """
    if new.practitioner_id is None:
        require_planner(uow)
    else:
        require_planner_of(uow, new.practitioner_id)
        await require_known_doctor(uow, new.practitioner_id)
    await require_rooms(uow, {("body", "room_id"): new.room_id})
    exception = AvailabilityException(
        id=uuid4(),
        **new.model_dump(),
        created_by=uow.actor.id,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.db.add(exception)
    await uow.db.flush()
    subject = ("availability_exception", exception.id)
    await changed(uow, "availability_exception.add", new.practitioner_id, subject, kind=new.kind)
    return exception


async def withdraw_exception(uow: UnitOfWork, exception_id: UUID) -> AvailabilityException:
    """The closing, leave or extra session is off; raises `ExceptionNotFound`, `IllegalMove`."""
    exception = await repository.exception(uow, exception_id)
    if exception.practitioner_id is None:
        require_planner(uow)
    else:
        require_planner_of(uow, exception.practitioner_id)
    exception.withdraw(at=uow.now)
    subject = ("availability_exception", exception.id)
    await changed(
        uow,
        "availability_exception.withdraw",
        exception.practitioner_id,
        subject,
        kind=exception.kind,
    )
    return exception


async def is_doctor(uow: UnitOfWork, practitioner_id: UUID) -> bool:
    return practitioner_id in {user.id for user in await identity.list_practitioners(uow)}


async def require_doctor(uow: UnitOfWork, practitioner_id: UUID) -> None:
    """Raise `PractitionerNotFound`: the id stood in the address."""
    if not await is_doctor(uow, practitioner_id):
        raise PractitionerNotFound(practitioner_id=practitioner_id)


async def require_known_doctor(uow: UnitOfWork, practitioner_id: UUID) -> None:
    """Raise `DoctorUnknown`: the id stood in the body."""
    if not await is_doctor(uow, practitioner_id):
        fault: Fault = {
            "at": ["body", "practitioner_id"],
            "why": "No doctor with an active account has that id.",
            "rule": "practitioner_known",
        }
        raise DoctorUnknown(errors=[fault])


async def require_rooms(uow: UnitOfWork, wanted: dict[tuple[str | int, ...], UUID | None]) -> None:
    """Raise `RoomUnknown` naming each place where a room stands that is not in use."""
    if not any(wanted.values()):
        return
    known = {None, *(room.id for room in await repository.rooms(uow, retired=False))}
    faults: list[Fault] = [
        {"at": list(at), "why": "No room in use has that id.", "rule": "room_known"}
        for at, room_id in wanted.items()
        if room_id not in known
    ]
    if faults:
        raise RoomUnknown(errors=faults)


async def changed(
    uow: UnitOfWork,
    action: str,
    practitioner_id: UUID | None,
    subject: tuple[str, UUID],
    **detail: Any,
) -> None:
    """Leave the trace and tell the slices above."""
    whose = str(practitioner_id) if practitioner_id else None
    await audit.record(uow, action, subject=subject, detail={"practitioner_id": whose, **detail})
    await uow.publish(AvailabilityChanged(practitioner_id=practitioner_id))
