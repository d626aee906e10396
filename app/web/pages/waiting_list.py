"""The waiting list, and the times offered to those on it."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query, Response

from app import identity
from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor, PageRequest
from app.scheduling import availability, waiting_list
from app.scheduling.waiting_list import WaitingStatus
from app.web.framing import PageFrame
from app.web.presenters import waiting_list as present
from app.web.rendering import render

router = page_router()

SHOWN = 50
STATUSES = {"open": None, "booked": WaitingStatus.BOOKED, "withdrawn": WaitingStatus.WITHDRAWN}


def get_shown(
    view: Literal["open", "booked", "withdrawn"] = "open",
    doctor: Annotated[UUID | Literal[""] | None, Query(description="Wished for by name.")] = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> present.Shown:
    return present.Shown(view, doctor or None, cursor)


Asked = Annotated[present.Shown, Depends(get_shown)]


@router.get("/waiting-list", dependencies=[allow(*STAFF)])
async def show_waiting_list(
    uow: Uow, frame: PageFrame, shown: Asked, saved: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    clinic = await the_clinic(uow)
    found = await the_list(uow, clinic, shown)
    return render("waiting_list/page.html", present.page(found, clinic, shown, saved), frame)


@router.get("/fragments/waiting-list", dependencies=[allow(*STAFF)])
async def show_list(uow: Uow, frame: PageFrame, shown: Asked) -> Response:
    """Only the list, for a page that is open already."""
    found = await the_list(uow, await the_clinic(uow), shown)
    return render("waiting_list/list.html", found, frame)


async def the_clinic(uow: UnitOfWork) -> present.Clinic:
    return present.Clinic(
        visit_types=await availability.list_visit_types(uow),
        doctors=await identity.list_practitioners(uow),
        zone=uow.zone,
        now=uow.now,
        may_keep=uow.actor.has_any(*waiting_list.KEEPERS),
    )


async def the_list(
    uow: UnitOfWork, clinic: present.Clinic, shown: present.Shown
) -> present.WaitingListView:
    """Offers of everybody stand on the first page, whatever page the entry itself would be on."""
    offered = []
    if shown.view == "open" and shown.cursor is None:
        offers = await waiting_list.open_offers(uow)
        offered = [
            entry
            for entry, _, hold in offers
            if shown.doctor in {None, entry.practitioner_id, hold.practitioner_id}
        ]
    page = PageRequest(limit=SHOWN, cursor=Cursor.decode(shown.cursor) if shown.cursor else None)
    entries, next_cursor = await waiting_list.list_entries(
        uow, status=STATUSES[shown.view], practitioner_id=shown.doctor, page=page
    )
    told = await waiting_list.describe(uow, *offered, *entries)
    return present.list_view(told[: len(offered)], told[len(offered) :], clinic, shown, next_cursor)
