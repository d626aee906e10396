"""One's own account."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query, Request, Response

from app import identity
from app.infra.http.access import ANYONE_SIGNED_IN, allow
from app.infra.http.deps import CurrentCaller, Uow
from app.infra.http.routing import page_router
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.kernel.paging import PageRequest
from app.scheduling import calendar_feeds
from app.scheduling.calendar_feeds import CalendarFeed
from app.web.framing import PageFrame
from app.web.presenters.account import account
from app.web.rendering import render

router = page_router()

SHOWN = PageRequest(limit=100)


@router.get("/account", dependencies=[allow(*ANYONE_SIGNED_IN)])
async def show_account(
    request: Request,
    uow: Uow,
    caller: CurrentCaller,
    frame: PageFrame,
    *,
    changed: Annotated[str | None, Query(max_length=20)] = None,
) -> Response:
    user = await identity.get_user(uow, uow.actor.id)
    sessions = await identity.list_sessions(uow)
    view = account(
        user,
        sessions,
        current=caller.session_id,
        changed=changed == "password",
        feeds=await own_feeds(uow),
        initials=request.state.scheduling_rules.feed_initials,
    )
    return render("account/account.html", view, frame)


async def own_feeds(uow: UnitOfWork) -> Sequence[CalendarFeed] | None:
    if not uow.actor.has_any(Role.DOCTOR):
        return None
    found, _ = await calendar_feeds.list_feeds(uow, practitioner_id=uow.actor.id, page=SHOWN)
    return found
