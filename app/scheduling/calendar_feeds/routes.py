"""Calendar feeds over HTTP; the file itself is for whoever holds its address."""

import asyncio
from datetime import UTC
from email.utils import format_datetime
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Request, Response

from app.infra.http.access import allow, public
from app.infra.http.deps import Paging, Uow
from app.infra.http.etags import etags_in
from app.infra.http.idempotency import keep_out_of_memory
from app.infra.http.routing import API_PREFIX, api_router
from app.scheduling.calendar_feeds import queries, service
from app.scheduling.calendar_feeds.calendar_file import write_calendar
from app.scheduling.calendar_feeds.policies import KEEPERS
from app.scheduling.calendar_feeds.schemas import (
    CalendarFeedMade,
    CalendarFeedOut,
    CalendarFeedPage,
    NewCalendarFeed,
)

router = api_router("/calendar-feeds", "calendar feeds")

FILE_RESPONSES: dict[int | str, dict[str, Any]] = {
    HTTPStatus.OK: {"description": "The calendar (RFC 5545); times are in UTC."}
}
IfNoneMatch = Annotated[
    str | None,
    Header(description="ETags you have; an unchanged file is answered with 304 and no body."),
]


class CalendarFile(Response):
    media_type = "text/calendar"


@router.post("", status_code=201, dependencies=[allow(*KEEPERS)])
async def create_calendar_feed(
    body: NewCalendarFeed, uow: Uow, request: Request
) -> CalendarFeedMade:
    """Give a doctor's calendar a private address.

    The token is told this once; a repeated Idempotency-Key is refused rather than answered.
    """
    keep_out_of_memory(request)
    feed, token = await service.create_feed(uow, body)
    [seen] = await queries.shown(uow, feed)
    url = f"{str(request.base_url).rstrip('/')}{API_PREFIX}/calendar-feeds/{token}.ics"
    return CalendarFeedMade(**seen.model_dump(), token=token, url=url)


@router.get("", dependencies=[allow(*KEEPERS)])
async def list_calendar_feeds(
    uow: Uow, page: Paging, practitioner_id: UUID | None = None
) -> CalendarFeedPage:
    """Your calendar's feeds, or for administrators everybody's, newest first."""
    found, next_cursor = await queries.list_feeds(uow, practitioner_id=practitioner_id, page=page)
    return CalendarFeedPage(items=await queries.shown(uow, *found), next_cursor=next_cursor)


@router.post("/{feed_id}/revocation", status_code=201, dependencies=[allow(*KEEPERS)])
async def revoke_calendar_feed(feed_id: UUID, uow: Uow) -> CalendarFeedOut:
    """Take an address back; from now on there is nothing at it."""
    [seen] = await queries.shown(uow, await service.revoke_feed(uow, feed_id))
    return seen


@router.get(
    "/{token}.ics",
    dependencies=[public()],
    response_class=CalendarFile,
    responses=FILE_RESPONSES,
)
async def read_calendar_feed(
    token: str, uow: Uow, request: Request, if_none_match: IfNoneMatch = None
) -> Response:
    """A doctor's appointments for a calendar program; the token in the address is the key."""
    known = etags_in(if_none_match or "")
    contents = await queries.read_feed(
        uow, token, known=known, rules=request.state.scheduling_rules
    )
    headers = {
        "ETag": contents.etag,
        "Last-Modified": format_datetime(contents.changed_at.astimezone(UTC), usegmt=True),
        # Kept by the calendar that asked, and asked for again each time.
        "Cache-Control": "private, no-cache",
    }
    if contents.etag in known:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    # A busy year takes a second to write: others are served meanwhile.
    return CalendarFile(await asyncio.to_thread(write_calendar, contents), headers=headers)
