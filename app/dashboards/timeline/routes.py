"""The timeline over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic_core import to_json

from app.dashboards.timeline.queries import TimelineQuery, read_timeline
from app.dashboards.timeline.schemas import EntryKind, TimelineOut
from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Uow
from app.infra.http.routing import api_router
from app.kernel.instants import Instant
from app.kernel.paging import MAX_PAGE, Cursor
from app.kernel.text import ONE_LINE

router = api_router("", "timeline")


def get_query(
    *,
    kinds: Annotated[
        list[EntryKind] | None, Query(alias="kind", max_length=20, description="Left out: all.")
    ] = None,
    since: Annotated[Instant | None, Query(alias="from")] = None,
    before: Annotated[Instant | None, Query(alias="to", description="Not included.")] = None,
    words: Annotated[
        str,
        Query(
            alias="q",
            max_length=200,
            pattern=ONE_LINE,
            description="Words that must all be part of an entry, or begin words of a note.",
        ),
    ] = "",
    cursor: Annotated[
        str | None, Query(max_length=200, description="From next_cursor: what is older.")
    ] = None,
    after: Annotated[
        str | None, Query(max_length=200, description="From newer_cursor: what is newer.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 25,
) -> TimelineQuery:
    return TimelineQuery(
        kinds=kinds or (),
        since=since,
        before=before,
        words=words,
        cursor=Cursor.decode(cursor) if cursor else None,
        after=Cursor.decode(after) if after else None,
        limit=limit,
    )


@router.get(
    "/patients/{patient_id}/timeline", dependencies=[allow(*STAFF)], response_model=TimelineOut
)
async def get_timeline(
    patient_id: UUID, query: Annotated[TimelineQuery, Depends(get_query)], uow: Uow
) -> Response:
    """The history of a patient, newest first.

    What was committed before is in it. The desk and administrators get appointments and visits
    without what they were about.
    """
    page = await read_timeline(uow, patient_id, query)
    answer = {
        "items": [row._asdict() for row in page.rows],
        "next_cursor": page.next_cursor,
        "newer_cursor": page.newer_cursor,
    }
    return Response(to_json(answer), media_type="application/json")
