"""The work queue: the page nurses keep open, and its parts for a page that is open already."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Response

from app import audit, identity, patients
from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.infra.uow import UnitOfWork
from app.kernel.paging import PageRequest
from app.web.framing import PageFrame
from app.web.presenters import queue as present
from app.web.presenters.formats import full_name
from app.web.presenters.queue_panel import PanelView, named, panel
from app.web.presenters.queue_rows import Onlooker, gone_word, in_turn, rows
from app.web.presenters.queue_shown import TODO, Shown
from app.web.presenters.queue_times import Watch
from app.web.rendering import render
from app.work_queues import alerts, items, ladders, queues, rosters, tasks
from app.work_queues.items import ItemKind, Severity
from app.work_queues.queues import Due, PageOfQueue, Place, QueueRow
from app.work_queues.tasks import TemplateStatus

router = page_router()

WORKERS = [allow(*items.WORKERS)]
SHOWN = 100
MOST_IDS = 100
State = Literal["", "todo", "open", "waiting", "held", "snoozed", "blocked", "closed"]


@dataclass(frozen=True, slots=True)
class Desk:
    """Who looks at the queue, when, and what kinds of work there are."""

    watch: Watch
    onlooker: Onlooker
    types: dict[str, str]


def get_shown(
    *,
    state: State = "todo",
    mine: Literal["", "1"] = "",
    pool: Annotated[list[UUID] | None, Query(max_length=20)] = None,
    kind: ItemKind | Literal[""] = "",
    type: Annotated[str, Query(max_length=60)] = "",  # noqa: A002 - the word of the address
    severity: Annotated[list[Severity] | None, Query(max_length=4)] = None,
    due: Due | Literal[""] = "",
    patient_id: UUID | Literal[""] = "",
) -> Shown:
    return Shown(
        state=state or TODO,
        mine=bool(mine),
        pool=tuple(pool or ()),
        kind=kind or None,
        type=type or None,
        severity=tuple(severity or ()),
        due=due or None,
        patient_id=patient_id or None,
    )


Asked = Annotated[Shown, Depends(get_shown)]
After = Annotated[str | None, Query(max_length=300)]


@router.get("/queue", dependencies=WORKERS)
async def show_queue(
    uow: Uow, frame: PageFrame, shown: Asked, item: UUID | None = None
) -> Response:
    desk = await the_desk(uow)
    found = await the_list(uow, desk, shown, None)
    view = present.QueuePage(
        list=found,
        views=present.views(await queues.list_views(uow), shown),
        everything_current=shown.is_plain,
        filters=present.filters(
            shown, await queues.counts(uow), desk.types, await patients_name(uow, shown)
        ),
        query=shown.query,
        zone=uow.zone.key,
        tabs=present.tabs("/queue", supervises=await rosters.plans(uow)),
        keys=present.KEYS,
        next_pool=await own_pool(uow),
        choices=await choices(uow),
        panel=await the_panel(uow, desk, item) if item else None,
    )
    return render("queue/page.html", view, frame)


@router.get("/fragments/queue/list", dependencies=WORKERS)
async def show_list(uow: Uow, frame: PageFrame, shown: Asked, cursor: After = None) -> Response:
    """Only the rows, for a page that is open already."""
    after = Place.decode(cursor) if cursor else None
    found = await the_list(uow, await the_desk(uow), shown, after)
    return render("queue/list.html", found, frame)


@router.get("/fragments/queue/rows", dependencies=WORKERS)
async def show_rows(
    uow: Uow,
    frame: PageFrame,
    shown: Asked,
    id: Annotated[list[UUID], Query(max_length=MOST_IDS)],  # noqa: A002 - the word of the address
) -> Response:
    """These rows as they are now, and of those that are in the list no longer why."""
    desk = await the_desk(uow)
    found = {each.id: each for each in await queues.describe(uow, *id)}
    await note_seen(uow, found.values())
    watch = desk.watch
    here = [each for each in found.values() if shown.holds(each, desk.onlooker, watch)]
    kept = {each.id for each in here}
    gone = tuple(
        present.Gone(each, gone_word(found.get(each), desk.onlooker, watch))
        for each in dict.fromkeys(id)
        if each not in kept
    )
    view = present.ChangedRows(
        rows(here, watch, desk.onlooker, desk.types), gone, uow.now.isoformat()
    )
    return render("queue/changed.html", view, frame)


@router.get("/fragments/queue/items/{item_id}", dependencies=WORKERS)
async def show_item(item_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    """One item beside the list."""
    return render("queue/panel.html", await the_panel(uow, await the_desk(uow), item_id), frame)


async def the_desk(uow: UnitOfWork) -> Desk:
    reach = await items.reach_of(uow)
    return Desk(
        watch=Watch(uow.now, uow.zone),
        onlooker=Onlooker(reach.actor_id, reach.pools, reach.everything),
        types={each.code: each.title for each in await ladders.list_types(uow)},
    )


async def the_list(
    uow: UnitOfWork, desk: Desk, shown: Shown, after: Place | None
) -> present.ListView:
    """What is to do is what waits, and what one holds; that stands on the first page."""
    page = PageOfQueue(limit=SHOWN, after=after)
    wanted = shown.waiting if shown.state == TODO else shown.filter
    found, next_cursor = await queues.list_items(uow, wanted, page)
    if shown.state == TODO and after is None:
        held, _ = await queues.list_items(uow, shown.in_my_hands, PageOfQueue(limit=SHOWN))
        found = in_turn([*held, *found])
    if shown.state == TODO:
        found = [each for each in found if shown.covers(each, desk.onlooker)]
    view = rows(found, desk.watch, desk.onlooker, desk.types)
    return present.list_view(view, shown, uow.now.isoformat(), next_cursor)


async def note_seen(uow: UnitOfWork, found: Iterable[QueueRow]) -> None:
    """Who saw rows saw the patients in them."""
    seen = dict.fromkeys(str(each.patient_id) for each in found if each.patient_id)
    if seen:
        await audit.record(uow, "queue.read", detail={"patients": list(seen)})


async def the_panel(uow: UnitOfWork, desk: Desk, item_id: UUID) -> PanelView:
    """Raises `ItemNotFound`."""
    kind = (await items.find_item(uow, item_id)).kind
    if kind is ItemKind.ALERT:
        item: alerts.AlertOut | tasks.TaskOut = await alerts.read_alert(uow, item_id)
    else:
        item = await tasks.read_task(uow, item_id)
    history = await items.history_of(uow, item_id, kind=kind)
    return panel(item, history, desk.watch, desk.onlooker.id, desk.types)


async def patients_name(uow: UnitOfWork, shown: Shown) -> str:
    if shown.patient_id is None:
        return ""
    found = await patients.get_patient(uow, shown.patient_id)
    return full_name(found.given_name, found.family_name)


async def own_pool(uow: UnitOfWork) -> str:
    """From which queue the next one is taken when no pool is chosen: that of one's role."""
    pools = await rosters.pools_of(uow)
    found = [each for each in await rosters.list_pools(uow) if each.id in pools]
    of_role = [each for each in found if each.role and uow.actor.has_any(each.role)]
    return next((each.key for each in [*of_role, *found]), "")


async def choices(uow: UnitOfWork) -> dict[str, Any]:
    """Who can be handed something, and the templates of tasks."""
    staff = await identity.names_of(uow, await rosters.everybody_on_staff(uow))
    staff.pop(uow.actor.id, None)
    page = PageRequest(limit=SHOWN)
    templates, _ = await tasks.list_templates(uow, TemplateStatus.ACTIVE, page)
    return {
        "pools": named([(each.id, each.name) for each in await rosters.list_pools(uow)]),
        "people": named(sorted(staff.items(), key=lambda each: each[1])),
        "templates": [
            {
                "id": str(each.id),
                "name": each.name,
                "title": each.title,
                "body": each.body,
                "severity": each.severity,
                "pool_id": str(each.pool_id),
                "checklist": each.checklist,
            }
            for each in templates
        ],
    }
