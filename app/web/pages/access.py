"""Restricted records: the page before them, and privacy's list of who went in."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from app import identity, patients
from app.crisis import access
from app.infra.http.access import STAFF, allow
from app.infra.http.callers import origin_of
from app.infra.http.deps import Paging, Uow
from app.infra.http.routing import page_router
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Caller
from app.kernel.paging import Cursor, PageRequest
from app.patients import PatientNotFound
from app.web.framing import PageFrame, strangers_frame
from app.web.presenters import access as present
from app.web.presenters.account import safe_next
from app.web.presenters.formats import Link, full_name
from app.web.rendering import render
from app.work_queues import rosters

router = page_router("/access")

FORBIDDEN = 403
RESTRICTIONS_SHOWN = 25


@router.get("", dependencies=[allow(*STAFF)])
async def show_access(
    uow: Uow,
    frame: PageFrame,
    page: Paging,
    show: Annotated[str, Query(pattern="^(open|all)$")] = "open",
    restrictions: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Who broke the glass, for privacy; who is restricted, for administrators as well."""
    only_open = show == "open"
    later = PageRequest(
        limit=RESTRICTIONS_SHOWN, cursor=Cursor.decode(restrictions) if restrictions else None
    )
    kept = await access.list_restrictions(uow, later)
    grants = None
    if await access.keeps_privacy(uow):
        grants = await access.list_grants(uow, page, unreviewed=only_open)
    shown = grants.items if grants else []
    names = await names_for(
        uow,
        [*(one.patient_id for one in shown), *(one.patient_id for one in kept.items)],
        [
            *(one.restricted_by for one in kept.items),
            *(one.review.reviewed_by for one in shown if one.review),
        ],
    )
    staff = await identity.names_of(uow, await rosters.everybody_on_staff(uow))
    following = grants.next_cursor if grants else None
    view = present.AccessPage(
        grants=None if grants is None else present.grant_rows(shown, names, uow.actor.id),
        next_href=f"/access?show={show}&cursor={following}" if following else None,
        only_open=only_open,
        filter=Link("/access?show=all", "Show reviewed ones too")
        if only_open
        else Link("/access", "Only what is not reviewed"),
        restrictions=present.restriction_rows(kept.items, names),
        more_restrictions=f"/access?show={show}&restrictions={kept.next_cursor}"
        if kept.next_cursor
        else None,
        people=tuple(sorted(staff.items(), key=lambda each: each[1])),
    )
    return render("access/list.html", view, frame)


async def names_for(
    uow: UnitOfWork, patient_ids: Iterable[UUID], user_ids: Iterable[UUID]
) -> present.Names:
    """An administrator who is not of privacy sees that there is somebody, not who."""
    known = {}
    for patient_id in await patients.seen_among(uow, set(patient_ids)):
        patient = await patients.get_patient(uow, patient_id)
        known[patient_id] = full_name(patient.given_name, patient.family_name)
    return present.Names(known, await identity.names_of(uow, set(user_ids)))


async def before_restricted(request: Request, error: PatientNotFound) -> Response | None:
    """The page on which a clinician may ask for it; None: there is none, or not for them."""
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None or request.method != "GET":
        return None
    works: Works = request.state.works
    async with works.begin(caller.actor, origin=origin_of(request)) as uow:
        if not await access.may_ask_for(uow, error.patient_id):
            return None
    view = present.RestrictedPage(
        patient_id=error.patient_id,
        back=safe_next(request.url.path),
        minutes=request.state.settings.break_glass_minutes,
    )
    return render("access/restricted.html", view, strangers_frame(request), status=FORBIDDEN)
