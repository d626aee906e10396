"""A month of the whole clinic as a picture."""

from datetime import date
from typing import Annotated

from fastapi import Query, Response

from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.scheduling import appointments
from app.web.framing import PageFrame
from app.web.presenters.month import month_page
from app.web.rendering import render

router = page_router("/calendar/month")

MONTH = r"^2[01]\d\d-(0[1-9]|1[0-2])$"


@router.get("", dependencies=[allow(*STAFF)])
async def show_month(
    uow: Uow, frame: PageFrame, month: Annotated[str | None, Query(pattern=MONTH)] = None
) -> Response:
    """From the projection: it says itself how fresh it is."""
    first = date.fromisoformat(f"{month}-01") if month else uow.today.replace(day=1)
    found = await appointments.month_in_numbers(uow, first)
    return render("month/month.html", month_page(found, uow.zone, uow.today), frame)
