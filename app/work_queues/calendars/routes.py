"""Calendars of working time over HTTP."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Path, Response

from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Uow
from app.infra.http.etags import IfMatch, put_etag
from app.infra.http.problems import described
from app.infra.http.routing import api_router
from app.infra.uow import UnitOfWork
from app.work_queues.calendars import queries, service
from app.work_queues.calendars.models import WorkCalendar
from app.work_queues.calendars.schemas import (
    KEY,
    CalendarList,
    CalendarOut,
    Closure,
    Day,
    SaveCalendar,
)

router = api_router("/work-calendars", "work calendars")

STALE: dict[int | str, dict[str, Any]] = {
    412: described(
        HTTPStatus.PRECONDITION_FAILED, "calendar-changed: somebody changed it since you read it"
    ),
    428: described(
        HTTPStatus.PRECONDITION_REQUIRED,
        'precondition-missing: send If-Match with the ETag you read, "0" for a new calendar',
    ),
}
CalendarKey = Annotated[str, Path(pattern=KEY, examples=["office-hours"])]


async def shown(uow: UnitOfWork, calendar: WorkCalendar, response: Response) -> CalendarOut:
    put_etag(response, calendar.version)
    return (await queries.described(uow, [calendar]))[0]


@router.get("", dependencies=[allow(*STAFF)])
async def list_work_calendars(uow: Uow) -> CalendarList:
    """Calendars in whose minutes deadlines and ladders count, by name."""
    return CalendarList(items=await queries.list_calendars(uow))


@router.get("/{key}", dependencies=[allow(*STAFF)])
async def get_work_calendar(key: CalendarKey, uow: Uow, response: Response) -> CalendarOut:
    """One calendar, with its ETag."""
    calendar = await queries.find_calendar(uow, key)
    put_etag(response, calendar.version)
    return calendar


@router.put("/{key}", dependencies=[allow(*STAFF)], responses=STALE)
async def save_work_calendar(
    key: CalendarKey, body: SaveCalendar, version: IfMatch, uow: Uow, response: Response
) -> CalendarOut:
    """Make a calendar (If-Match "0"), or replace the name and the week of one.

    Administrators and supervisors only. What was planned by the old week stays planned.
    """
    return await shown(uow, await service.save_calendar(uow, key, body, version=version), response)


@router.post("/{key}/closures", status_code=201, dependencies=[allow(*STAFF)])
async def add_closure(key: CalendarKey, body: Closure, uow: Uow, response: Response) -> CalendarOut:
    """Close a whole day; administrators and supervisors only."""
    return await shown(uow, await service.add_closure(uow, key, body), response)


@router.delete("/{key}/closures/{closed_on}", dependencies=[allow(*STAFF)])
async def remove_closure(
    key: CalendarKey, closed_on: Day, uow: Uow, response: Response
) -> CalendarOut:
    """Open a closed day again; administrators and supervisors only."""
    return await shown(uow, await service.remove_closure(uow, key, closed_on), response)
