"""The history on a patient's page, and its parts for a page that is open already."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import AfterValidator
from pydantic_core import to_json

from app import patients
from app.clinical import encounters, notes
from app.crisis import reports
from app.dashboards import timeline
from app.dashboards.timeline import Timeline, TimelineQuery
from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.kernel.instants import LATEST, Instant
from app.kernel.paging import Cursor, PageRequest
from app.kernel.text import ONE_LINE
from app.scheduling import availability
from app.web.framing import PageFrame
from app.web.pages.notes import reading_view
from app.web.presenters import chart as present
from app.web.presenters.formats import State
from app.web.rendering import render

router = page_router("/fragments")

ENTRIES = 25
CONSENTS = {
    encounters.ConsentDecision.PERMIT: State("ok", "agreed at the last visit"),
    encounters.ConsentDecision.DENY: State("bad", "refused at the last visit"),
}
NOT_ASKED = State("", "not asked yet")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), LATEST.date()


def within_reach(day: date) -> date:
    """What lies outside every history asks for all of it."""
    return min(max(day, FIRST_DAY), LAST_DAY)


Day = Annotated[date, AfterValidator(within_reach)] | Literal[""] | None
Place = Annotated[str | None, Query(max_length=200)]


def get_shown(
    show: Annotated[str, Query(max_length=20)] = "",
    q: Annotated[str, Query(max_length=200, pattern=ONE_LINE)] = "",
    since: Annotated[Day, Query(alias="from")] = None,
    until: Annotated[Day, Query(alias="to")] = None,
    on: Day = None,
) -> present.Shown:
    known = show if show in present.BY_KEY else ""
    return present.Shown(known, q.strip(), since or None, until or None, on or None)


Asked = Annotated[present.Shown, Depends(get_shown)]


async def page_shown(
    uow: UnitOfWork,
    patient_id: UUID,
    shown: present.Shown,
    *,
    cursor: str | None = None,
    after: str | None = None,
) -> Timeline:
    ends = [day for day in (shown.until, shown.on if not after else None) if day]
    query = TimelineQuery(
        kinds=shown.group.kinds,
        since=midnight(uow, shown.since) if shown.since else None,
        before=midnight(uow, min(ends) + timedelta(days=1)) if ends else None,
        words=shown.q,
        cursor=Cursor.decode(cursor) if cursor else None,
        after=Cursor.decode(after) if after else None,
        limit=ENTRIES,
    )
    return await timeline.read_timeline(uow, patient_id, query)


def midnight(uow: UnitOfWork, day: date) -> datetime:
    return availability.wall_to_instant(uow.zone, datetime.combine(day, time()))


async def history_of(
    uow: UnitOfWork, patient_id: UUID, page: Timeline, shown: present.Shown
) -> present.History:
    return present.history(
        page,
        shown,
        uow.zone,
        patient_id=patient_id,
        clinical=patients.sees_clinical_fields(uow.actor),
        made_at=uow.now,
        known=await timeline.news_since(uow, page.records, uow.now),
    )


async def consent_of(uow: UnitOfWork, patient_id: UUID) -> State:
    """What the patient said at their last visit to being recorded."""
    found, _ = await encounters.list_encounters(
        uow, patient_id=patient_id, page=PageRequest(limit=1)
    )
    consents = await encounters.latest_consents(uow, [one.id for one in found])
    return next((CONSENTS[each.decision] for each in consents.values()), NOT_ASKED)


async def reports_of(uow: UnitOfWork, patient_id: UUID) -> tuple[present.ReportLine, ...]:
    if not patients.sees_clinical_fields(uow.actor):
        return ()
    return present.report_lines(await reports.reports_about(uow, patient_id))


@router.get("/patients/{patient_id}/timeline", dependencies=[allow(*STAFF)])
async def show_entries(
    *,
    patient_id: UUID,
    uow: Uow,
    frame: PageFrame,
    shown: Asked,
    cursor: Place = None,
    after: Place = None,
) -> Response:
    """Only entries, for a page that is open already."""
    page = await page_shown(uow, patient_id, shown, cursor=cursor, after=after)
    view = present.entries(page, shown, uow.zone, patient_id=patient_id)
    return render("patients/entries.html", view, frame)


@router.get("/patients/{patient_id}/timeline/news", dependencies=[allow(*STAFF)])
async def look_for_news(patient_id: UUID, uow: Uow, since: Instant) -> Response:
    """The ids of entries that came since then; a page asks now and then."""
    found = await timeline.look_for_news(uow, patient_id, since)
    return Response(to_json({"ids": found}), media_type="application/json")


@router.get("/notes/{note_id}/reading", dependencies=[allow(Role.DOCTOR, Role.NURSE)])
async def read_beside(note_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    """A note to be read beside the list it stands in."""
    note = await notes.get_note(uow, note_id)
    shown = await notes.read_revision(uow, note_id, note.revision) if note.revision else None
    return render("patients/note_beside.html", await reading_view(uow, note, shown), frame)
