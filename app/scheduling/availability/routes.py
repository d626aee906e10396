"""Working hours, exceptions and open time over HTTP."""

from collections.abc import Sequence
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Header, Query, Response

from app import identity
from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Uow
from app.infra.http.etags import PreconditionMissing, get_if_match, put_etag
from app.infra.http.problems import described
from app.infra.http.routing import api_router
from app.scheduling.availability import planning, queries
from app.scheduling.availability.errors import Fault, PeriodUnfit
from app.scheduling.availability.hours import (
    Availability,
    Day,
    DoctorAvailability,
    ExceptionList,
    ExceptionOut,
    NewException,
    OpenDay,
    SetWeeklyHours,
    SpanOut,
    WeekdaySpan,
    WeeklyHoursList,
    WeeklyHoursOut,
    clock_of_minute,
)
from app.scheduling.availability.models import WeeklyHours, WeeklyHourSpan
from app.scheduling.availability.opening import by_day
from app.scheduling.availability.policies import PLANNERS_AND_DOCTORS
from app.scheduling.availability.schemas import ScheduleOut, SetSchedule

router = api_router("", "availability")

MOST_DAYS = 62
Responses = dict[int | str, dict[str, Any]]
STALE: Responses = {
    412: described(
        HTTPStatus.PRECONDITION_FAILED,
        "schedule-changed: somebody changed how this doctor books since you read it",
    ),
    428: described(
        HTTPStatus.PRECONDITION_REQUIRED,
        "precondition-missing: send If-Match with the ETag you read",
    ),
}


async def get_optional_version(
    if_match: Annotated[
        str | None,
        Header(description='The ETag you read; needed unless it was `"0"`.', examples=['"1"']),
    ] = None,
) -> int | None:
    return None if if_match is None else await get_if_match(if_match)


OptionalVersion = Annotated[int | None, Depends(get_optional_version)]
FromDay = Annotated[Day, Query(alias="from", description="The first day, of the clinic's wall.")]
ToDay = Annotated[Day, Query(alias="to", description="The day after the last.")]
Doctors = Annotated[
    list[UUID] | None,
    Query(alias="practitioner_id", max_length=100, description="Left out: every doctor."),
]


def require_period(first: date, end: date, most_days: int) -> None:
    """Raise `PeriodUnfit` unless it is one day at least and no more than so many."""
    if 1 <= (end - first).days <= most_days:
        return
    why = f"Ask for 1 to {most_days} days: `to` is the day after the last."
    fault: Fault = {"at": ["query", "to"], "why": why, "rule": "period_length"}
    raise PeriodUnfit(errors=[fault])


@router.get("/availability", dependencies=[allow(*STAFF)])
async def get_availability(
    uow: Uow, first: FromDay, end: ToDay, practitioner_ids: Doctors = None
) -> Availability:
    """When doctors can be seen, day by day of the clinic's wall; at most 62 days at once."""
    require_period(first, end, MOST_DAYS)
    if practitioner_ids is None:
        practitioner_ids = [user.id for user in await identity.list_practitioners(uow)]
    found = await queries.openings(uow, practitioner_ids, first, end)
    items = [
        DoctorAvailability(
            practitioner_id=practitioner_id,
            hours_known=opening.hours_known,
            days=[
                OpenDay(
                    date=day,
                    closed=day in opening.closed_days,
                    spans=[SpanOut.model_validate(span) for span in spans],
                )
                for day, spans in by_day(opening.spans, first, end, uow.zone).items()
            ],
        )
        for practitioner_id, opening in found.items()
    ]
    return Availability(zone=uow.zone.key, items=items)


@router.get("/practitioners/{practitioner_id}/schedule", dependencies=[allow(*STAFF)])
async def get_schedule(practitioner_id: UUID, uow: Uow, response: Response) -> ScheduleOut:
    """How a doctor books; version 0 where nobody has said anything yet."""
    await planning.require_doctor(uow, practitioner_id)
    schedule = await queries.schedule_of(uow, practitioner_id)
    put_etag(response, schedule.version)
    return ScheduleOut.model_validate(schedule)


@router.put(
    "/practitioners/{practitioner_id}/schedule",
    dependencies=[allow(*PLANNERS_AND_DOCTORS)],
    responses=STALE,
)
async def set_schedule(
    practitioner_id: UUID,
    body: SetSchedule,
    version: OptionalVersion,
    uow: Uow,
    response: Response,
) -> ScheduleOut:
    """Say how a doctor books; doctors for themselves only."""
    if version is None and (await queries.schedule_of(uow, practitioner_id)).version:
        raise PreconditionMissing
    schedule = await planning.set_schedule(uow, practitioner_id, body, version=version or 0)
    put_etag(response, schedule.version)
    return ScheduleOut.model_validate(schedule)


def week_out(week: WeeklyHours, spans: Sequence[WeeklyHourSpan]) -> WeeklyHoursOut:
    return WeeklyHoursOut(
        id=week.id,
        practitioner_id=week.practitioner_id,
        valid_from=week.valid_from,
        valid_until=week.valid_until,
        spans=[
            WeekdaySpan(
                weekday=span.weekday,
                opens=clock_of_minute(span.opens_minute),
                closes=clock_of_minute(span.closes_minute),
                room_id=span.room_id,
            )
            for span in sorted(spans, key=lambda each: (each.weekday, each.opens_minute))
        ],
    )


@router.get("/practitioners/{practitioner_id}/weekly-hours", dependencies=[allow(*STAFF)])
async def list_weekly_hours(practitioner_id: UUID, uow: Uow) -> WeeklyHoursList:
    """Every week a doctor has or had, first to last; no two are valid at once."""
    await planning.require_doctor(uow, practitioner_id)
    found = await queries.list_weekly_hours(uow, practitioner_id)
    return WeeklyHoursList(items=[week_out(week, spans) for week, spans in found])


@router.post(
    "/practitioners/{practitioner_id}/weekly-hours",
    status_code=201,
    dependencies=[allow(*PLANNERS_AND_DOCTORS)],
)
async def set_weekly_hours(practitioner_id: UUID, body: SetWeeklyHours, uow: Uow) -> WeeklyHoursOut:
    """Set a doctor's week; it replaces what was valid on these days, the rest stays."""
    week, spans = await planning.set_weekly_hours(
        uow, practitioner_id, body.valid_from, body.valid_until, body.spans
    )
    return week_out(week, spans)


@router.get("/availability-exceptions", dependencies=[allow(*STAFF)])
async def list_exceptions(
    uow: Uow,
    practitioner_id: Annotated[
        UUID | None, Query(description="Only theirs and the clinic's.")
    ] = None,
    first: Annotated[
        Day | None, Query(alias="from", description="The first day; left out: today.")
    ] = None,
    end: Annotated[
        Day | None,
        Query(alias="to", description="The day after the last; left out: two years on."),
    ] = None,
    withdrawn: Annotated[bool, Query(description="Also those taken back.")] = False,
) -> ExceptionList:
    """Closings, leave and extra sessions that touch the days, by time."""
    first = first or uow.today
    end = end or first + queries.TWO_YEARS
    require_period(first, end, queries.TWO_YEARS.days)
    found = await queries.list_exceptions(
        uow, first, end, practitioner_id=practitioner_id, withdrawn=withdrawn
    )
    return ExceptionList(items=[ExceptionOut.model_validate(each) for each in found])


@router.post(
    "/availability-exceptions", status_code=201, dependencies=[allow(*PLANNERS_AND_DOCTORS)]
)
async def add_exception(body: NewException, uow: Uow) -> ExceptionOut:
    """Close the clinic, or note leave or an extra session; doctors for themselves only."""
    return ExceptionOut.model_validate(await planning.add_exception(uow, body))


@router.post(
    "/availability-exceptions/{exception_id}/withdrawal",
    status_code=201,
    dependencies=[allow(*PLANNERS_AND_DOCTORS)],
)
async def withdraw_exception(exception_id: UUID, uow: Uow) -> ExceptionOut:
    """Take a closing, leave or extra session back."""
    return ExceptionOut.model_validate(await planning.withdraw_exception(uow, exception_id))
