"""Who is on duty, what is told to whom, and the supervisor's board."""

from datetime import date
from typing import Annotated

from fastapi import Query, Response

from app import identity
from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.infra.uow import UnitOfWork
from app.kernel.paging import PageRequest
from app.web.framing import PageFrame
from app.web.presenters import queue_board, queue_ladders, queue_roster
from app.web.presenters.queue import tabs
from app.web.presenters.queue_times import Watch
from app.web.presenters.wall_time import wall_day
from app.web.rendering import render
from app.work_queues import boards, calendars, items, ladders, rosters, tasks
from app.work_queues.ladders import MayNotKeepLadders
from app.work_queues.tasks import TemplateStatus

router = page_router()

WORKERS = [allow(*items.WORKERS)]
MOST_TEMPLATES = PageRequest(limit=100)
Saved = Annotated[str, Query(max_length=20)]
Week = Annotated[date | None, Query(ge=date(2000, 1, 1), lt=date(2199, 12, 1))]


@router.get("/queue/board", dependencies=WORKERS)
async def show_board(uow: Uow, frame: PageFrame) -> Response:
    """Raises `MayNotSeeBoard`."""
    found = queue_board.board_view(await boards.board(uow), Watch(uow.now, uow.zone))
    shown = tabs("/queue/board", supervises=True)
    view = queue_board.BoardPage(tabs=shown, zone=uow.zone.key, board=found)
    return render("queue/board.html", view, frame)


@router.get("/fragments/queue/board", dependencies=WORKERS)
async def show_numbers(uow: Uow, frame: PageFrame) -> Response:
    """Only the numbers, for a page that is open already."""
    found = queue_board.board_view(await boards.board(uow), Watch(uow.now, uow.zone))
    return render("queue/board_numbers.html", found, frame)


@router.get("/queue/roster", dependencies=WORKERS)
async def show_roster(uow: Uow, frame: PageFrame, week: Week = None, saved: Saved = "") -> Response:
    today = wall_day(uow.now, uow.zone)
    first = queue_roster.monday_of(week or today)
    plans = await rosters.plans(uow)
    pools = await rosters.list_pools(uow)
    view = queue_roster.page(
        tabs("/queue/roster", supervises=plans),
        Watch(uow.now, uow.zone),
        queue_roster.Planner(uow.actor.id, plans),
        duty=await rosters.roster_now(uow),
        roster=await rosters.roster(uow, first, first + queue_roster.WEEK),
        pools=pools,
        first=first,
        absences=await rosters.list_absences(uow, today, None),
        people=await identity.names_of(uow, await rosters.everybody_on_staff(uow)),
        members={each.id: await rosters.list_members(uow, each.id) for each in pools if plans},
        saved=saved,
    )
    return render("queue/roster.html", view, frame)


@router.get("/queue/ladders", dependencies=WORKERS)
async def show_ladders(uow: Uow, frame: PageFrame, saved: Saved = "") -> Response:
    """Raises `MayNotKeepLadders`."""
    if not await rosters.plans(uow):
        raise MayNotKeepLadders
    return render("queue/ladders.html", await ladders_page(uow, saved), frame)


async def ladders_page(uow: UnitOfWork, saved: str) -> queue_ladders.LaddersPage:
    present = queue_ladders
    found, hours = await ladders.list_ladders(uow), await calendars.list_calendars(uow)
    templates, _ = await tasks.list_templates(uow, TemplateStatus.ACTIVE, MOST_TEMPLATES)
    clinic = present.Clinic(
        people=await identity.names_of(uow, await rosters.everybody_on_staff(uow)),
        pools={each.id: each.name for each in await rosters.list_pools(uow)},
        calendars={each.id: each.name for each in hours},
        ladders={each.id: each.name for each in found},
    )
    return present.LaddersPage(
        tabs=tabs("/queue/ladders", supervises=True),
        zone=uow.zone.key,
        now=uow.now.isoformat(),
        ladders=tuple(present.ladder_card(each, clinic) for each in found),
        types=tuple(present.type_card(each, clinic) for each in await ladders.list_types(uow)),
        templates=tuple(present.template_card(each, clinic) for each in templates),
        calendars=tuple(present.calendar_card(each) for each in hours),
        new_step=present.step_form(None, clinic),
        new_template=present.new_template(clinic),
        new_calendar=present.new_calendar(),
        calendar_choices=present.chosen(clinic.calendars, None),
        saved=present.SAVED.get(saved, ""),
    )
