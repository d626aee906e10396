"""The calendar, free time and conflicts over HTTP."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Header, Query, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from app import audit
from app.infra.http.access import STAFF, allow
from app.infra.http.callers import find_caller, origin_of
from app.infra.http.deps import Paging, Uow
from app.infra.http.routing import api_router
from app.kernel.actors import Actor
from app.kernel.text import ONE_LINE
from app.scheduling.appointments import live
from app.scheduling.appointments.asking import Place
from app.scheduling.appointments.calendar import CalendarQuery, calendar_json
from app.scheduling.appointments.calendar_schemas import (
    AlternativeOut,
    CalendarOut,
    ConflictsOut,
    CountsOut,
    MisplacedOut,
    MisplacedPage,
    MonthOut,
    SlotList,
)
from app.scheduling.appointments.counting import counts_of_day
from app.scheduling.appointments.looking import conflicts_with, free_slots_for
from app.scheduling.appointments.misplaced import MisplacedFilter, list_misplaced
from app.scheduling.appointments.months import month_in_numbers
from app.scheduling.appointments.presenting import shown
from app.scheduling.appointments.schemas import Moment, ObstacleOut
from app.scheduling.appointments.searching import PartOfDay, SlotQuery
from app.scheduling.availability import Day, PeriodUnfit

router = api_router("", "calendar")

MOST_DAYS = 42  # six weeks: what a month's page shows
LATEST_EVENT = 10**13  # milliseconds: the year 2286

FromDay = Annotated[Day, Query(alias="from", description="The first day, of the clinic's wall.")]
ToDay = Annotated[Day, Query(alias="to", description="The day after the last.")]
Doctors = Annotated[
    list[UUID] | None,
    Query(alias="practitioner_id", max_length=100, description="Left out: every doctor."),
]
Minutes = Annotated[
    int | None, Query(ge=5, le=480, description="Left out: as long as the visit type says.")
]


def require_period(first: date, end: date) -> None:
    """Raise `PeriodUnfit` unless it is one day at least and six weeks at most."""
    if not 1 <= (end - first).days <= MOST_DAYS:
        why = f"Ask for 1 to {MOST_DAYS} days: `to` is the day after the last."
        raise PeriodUnfit(errors=[{"at": ["query", "to"], "why": why, "rule": "period_length"}])


@router.get("/slots", dependencies=[allow(*STAFF)])
async def find_slots(
    *,
    uow: Uow,
    visit_type_id: UUID,
    practitioner_ids: Doctors = None,
    specialty: Annotated[str | None, Query(min_length=1, max_length=100, pattern=ONE_LINE)] = None,
    duration_minutes: Minutes = None,
    room_id: Annotated[UUID | None, Query(description="Only when this room has place.")] = None,
    patient_id: Annotated[UUID | None, Query(description="Only when they are free.")] = None,
    ignoring: Annotated[
        UUID | None, Query(description="An appointment to be moved: not in its own way.")
    ] = None,
    first: Annotated[
        Day | None, Query(alias="from", description="The first day; left out: today.")
    ] = None,
    end: Annotated[
        Day | None, Query(alias="to", description="The day after the last; left out: months.")
    ] = None,
    part_of_day: PartOfDay | None = None,
    weekdays: Annotated[
        list[Annotated[int, Query(ge=1, le=7)]] | None,
        Query(alias="weekday", max_length=7, description="ISO: 1 is Monday. Left out: any."),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> SlotList:
    """The next free times with a doctor, a specialty or anyone, soonest first.

    Nothing is held: book one, and it may turn out to be gone.
    """
    query = SlotQuery(
        visit_type_id=visit_type_id,
        practitioner_ids=None if practitioner_ids is None else frozenset(practitioner_ids),
        specialty=specialty,
        duration=None if duration_minutes is None else timedelta(minutes=duration_minutes),
        room_id=room_id,
        patient_id=patient_id,
        ignoring=ignoring,
        day_from=first,
        day_until=end,
        part_of_day=part_of_day,
        weekdays=frozenset(weekdays or ()),
        limit=limit,
    )
    return await free_slots_for(uow, query)


@router.get("/appointments/conflicts", dependencies=[allow(*STAFF)])
async def find_conflicts(
    *,
    uow: Uow,
    practitioner_id: UUID,
    visit_type_id: UUID,
    starts_at: Moment,
    duration_minutes: Minutes = None,
    patient_id: UUID | None = None,
    room_id: UUID | None = None,
    ignoring: Annotated[
        UUID | None, Query(description="An appointment to be moved: not in its own way.")
    ] = None,
) -> ConflictsOut:
    """Everything that would be in the way of a booking, and the nearest free times."""
    place = Place(
        practitioner_id=practitioner_id,
        visit_type_id=visit_type_id,
        starts_at=starts_at,
        duration_minutes=duration_minutes,
        room_id=room_id,
    )
    return await conflicts_with(uow, place, patient_id=patient_id, ignoring=ignoring)


@router.get("/appointments/misplaced", dependencies=[allow(*STAFF)])
async def list_misplaced_appointments(
    *,
    uow: Uow,
    page: Paging,
    practitioner_ids: Doctors = None,
    first: Annotated[
        Day | None, Query(alias="from", description="The first day; left out: now.")
    ] = None,
    end: Annotated[
        Day | None, Query(alias="to", description="The day after the last; left out: no end.")
    ] = None,
) -> MisplacedPage:
    """Booked appointments to come that no longer fit the hours or fall on a closed day."""
    wanted = MisplacedFilter(practitioner_ids=practitioner_ids or (), first=first, end=end)
    found, next_cursor = await list_misplaced(uow, wanted, page=page)
    shapes = await shown(uow, [one.appointment for one in found])
    items = [
        MisplacedOut(
            appointment=shape,
            conflicts=[ObstacleOut.model_validate(each) for each in one.conflicts],
            alternatives=[AlternativeOut.model_validate(each) for each in one.alternatives],
        )
        for one, shape in zip(found, shapes, strict=True)
    ]
    return MisplacedPage(items=items, next_cursor=next_cursor)


@router.get("/calendar", dependencies=[allow(*STAFF)], response_model=CalendarOut)
async def get_calendar(
    uow: Uow,
    first: FromDay,
    end: ToDay,
    practitioner_ids: Doctors = None,
    include: Annotated[
        Literal["cancelled"] | None, Query(description="Also those that were called off.")
    ] = None,
) -> Response:
    """Every appointment and hold on some days, at most six weeks; each as short as can be."""
    require_period(first, end)
    query = CalendarQuery(
        first=first,
        end=end,
        practitioner_ids=practitioner_ids or (),
        cancelled=include is not None,
    )
    return Response(await calendar_json(uow, query), media_type="application/json")


@router.get("/calendar/month", dependencies=[allow(*STAFF)])
async def get_month(
    uow: Uow,
    month: Annotated[
        str, Query(pattern=r"^(20|21)[0-9]{2}-(0[1-9]|1[0-2])$", examples=["2026-11"])
    ],
) -> MonthOut:
    """A month of every doctor in numbers, day by day."""
    return await month_in_numbers(uow, date.fromisoformat(f"{month}-01"))


@router.get("/calendar/counts", dependencies=[allow(*STAFF)])
async def get_counts(
    uow: Uow,
    day: Annotated[Day | None, Query(alias="date", description="Left out: today.")] = None,
    practitioner_ids: Doctors = None,
) -> CountsOut:
    """One day in numbers: who has come, who has waited longest."""
    return await counts_of_day(uow, day or uow.today, practitioner_ids=practitioner_ids or ())


async def allowed_to_follow(
    uow: Uow,
    last_event_id: Annotated[
        str | None, Header(max_length=20, description="The id of the last event received.")
    ] = None,
) -> int | None:
    """Leave a trace before the answer begins; ids we never gave count for none."""
    await audit.record(uow, live.FOLLOW)
    if last_event_id is None or not (last_event_id.isascii() and last_event_id.isdigit()):
        return None
    return min(int(last_event_id), LATEST_EVENT)


@router.get("/calendar/events", dependencies=[allow(*STAFF)], response_class=EventSourceResponse)
async def follow_calendar(
    request: Request,
    last_event_id: Annotated[int | None, Depends(allowed_to_follow, scope="function")],
) -> AsyncIterator[ServerSentEvent]:
    """Follow what others book, move and cancel: each appointment whole, as it is now."""

    async def still_welcome() -> Actor | None:
        caller = await find_caller(request)
        return caller.actor if caller and caller.actor.has_any(*STAFF) else None

    async for event in live.follow(
        request.state.works,
        last_event_id=last_event_id,
        still_welcome=still_welcome,
        origin=origin_of(request),
    ):
        yield event
