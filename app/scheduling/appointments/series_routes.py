"""Appointments that repeat, over HTTP."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import Response

from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Uow
from app.infra.http.problems import described
from app.infra.http.routing import api_router
from app.scheduling.appointments import series
from app.scheduling.appointments.policies import BOOKERS
from app.scheduling.appointments.series_presenting import proposed, series_shown
from app.scheduling.appointments.series_schemas import (
    NewSeries,
    SeriesPreview,
    SeriesWithOccurrences,
)

router = api_router("/appointment-series", "appointments")

TAKEN: dict[int | str, dict[str, Any]] = {
    409: described(
        HTTPStatus.CONFLICT,
        "series-taken: something is in the way; occurrences says where, and what is near",
    )
}


@router.post("", status_code=201, dependencies=[allow(*BOOKERS)], responses=TAKEN)
async def book_series(body: NewSeries, uow: Uow, response: Response) -> SeriesWithOccurrences:
    """Book appointments that repeat.

    Refused as a whole when some cannot be had, with what is in the way of each; with
    `on_conflict` skip those are left out.
    """
    made, found = await series.book_series(uow, body)
    response.headers["Location"] = f"/api/v1/appointment-series/{made.id}"
    return await series_shown(uow, made, found)


@router.post("/preview", dependencies=[allow(*BOOKERS)])
async def preview_series(body: NewSeries, uow: Uow) -> SeriesPreview:
    """What a series would be, and what is in its way; books nothing."""
    rule, found = await series.preview_series(uow, body)
    return SeriesPreview(
        rrule=str(rule),
        occurrences=[proposed(each) for each in found],
        overridable=series.overridable(uow, found),
    )


@router.get("/{series_id:uuid}", dependencies=[allow(*STAFF)])
async def get_series(series_id: UUID, uow: Uow) -> SeriesWithOccurrences:
    """A series: its rule, and what became of each of its times."""
    return await series_shown(uow, *await series.read_series(uow, series_id))
