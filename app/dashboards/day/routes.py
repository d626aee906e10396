"""The doctor's day over HTTP."""

from collections.abc import AsyncIterator
from typing import Any

from fastapi import Depends, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from app import audit
from app.dashboards.day import watching
from app.dashboards.day.schemas import DoctorDay
from app.infra.http.access import allow
from app.infra.http.callers import origin_of
from app.infra.http.deps import CurrentCaller, Uow
from app.infra.http.etags import etags_in
from app.infra.http.routing import api_router
from app.kernel.actors import Role

router = api_router("/dashboards", "dashboards")
DOCTORS = [allow(Role.DOCTOR)]
IF_NONE_MATCH = {
    "parameters": [
        {
            "name": "If-None-Match",
            "in": "header",
            "required": False,
            "schema": {"type": "string"},
            "description": "The ETag of the day you have.",
        }
    ]
}
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "You have it already."}}


@router.get(
    "/me",
    dependencies=DOCTORS,
    response_model=DoctorDay,
    responses=NOT_MODIFIED,
    openapi_extra=IF_NONE_MATCH,
)
async def read_my_day(request: Request) -> Response:
    """Everything that waits for you today: appointments, texts, recordings, tasks and alerts.

    What was committed before you ask is in the answer. It says instants and no durations.
    """
    actor = request.state.caller.actor
    entry = await request.state.days.read(actor, origin_of(request))
    headers = {"ETag": entry.etag}
    known = request.headers.get("if-none-match")  # asked all day: without the ways of a parameter
    if known is not None and is_among(entry.etag, known):
        return Response(status_code=304, headers=headers)
    return Response(entry.body, media_type="application/json", headers=headers)


def is_among(etag: str, said: str) -> bool:
    named = etags_in(said)
    return etag in named or "*" in named


async def noted(uow: Uow) -> None:
    """Leave a trace before the answer begins."""
    await audit.record(uow, "dashboard.follow")


@router.get(
    "/me/events",
    dependencies=[*DOCTORS, Depends(noted, scope="function")],
    response_class=EventSourceResponse,
)
async def follow_my_day(request: Request, caller: CurrentCaller) -> AsyncIterator[ServerSentEvent]:
    """Hear when your day is another one, and then ask for it; nothing about anybody is told."""
    watch = request.state.day_watch
    async for event in watching.follow(watch, caller.actor.id, caller.session_id):
        yield event
