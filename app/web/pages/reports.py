"""Mandatory reports: the list, one report, its printed form, and saying what one suspects."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from app import identity, patients
from app.crisis import reports
from app.crisis.reports import SuspicionKind
from app.infra.http.access import ANYONE_SIGNED_IN, STAFF, allow
from app.infra.http.deps import Paging, Uow
from app.infra.http.routing import page_router
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.web.banners import banner_of
from app.web.framing import PageFrame
from app.web.presenters import report_page as one
from app.web.presenters import reports as present
from app.web.presenters.report_words import Wall
from app.web.rendering import render
from app.work_queues import rosters

router = page_router()

EARLIEST_YEAR = 2000
CLINICIANS = [allow(Role.DOCTOR, Role.NURSE)]
# Everybody is admitted, so that a refusal tells nobody whether there is a report.
ASKING = [allow(*ANYONE_SIGNED_IN)]


@dataclass(frozen=True, slots=True)
class Question:
    """What is suspected, where, and since when by the clinic's wall."""

    kind: SuspicionKind | Literal[""] = ""
    jurisdiction: Annotated[str, Query(max_length=6)] = ""
    formed: Annotated[str, Query(max_length=16)] = ""


def wall_of(uow: UnitOfWork) -> Wall:
    return Wall(uow.now, uow.zone)


@router.get("/reports", dependencies=[allow(*STAFF)])
async def show_reports(
    uow: Uow,
    frame: PageFrame,
    page: Paging,
    state: Literal["open", "closed"] = "open",
    saved: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    closed = state == "closed"
    found, next_cursor = await reports.list_reports(uow, closed=closed, page=page)
    view = present.report_list(
        found,
        wall_of(uow),
        closed=closed,
        everything=await reports.sees_every_report(uow),
        next_cursor=next_cursor,
        saved=saved,
    )
    return render("reports/list.html", view, frame)


@router.get("/reports/{report_id}", dependencies=ASKING)
async def show_report(report_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    report = await reports.read_report(uow, report_id)
    draft = await reports.read_draft(uow, report_id)
    staff = await rosters.everybody_on_staff(uow) if "readers" in report.moves else []
    view = one.report_page(
        report,
        draft,
        wall_of(uow),
        people=await identity.names_of(uow, staff),
        mine=report.reporter.id == uow.actor.id,
    )
    return render("reports/report.html", view, frame)


@router.get("/reports/{report_id}/print", dependencies=ASKING)
async def print_report(report_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    """The text as it stands; what is not filed says that it is a draft."""
    report = await reports.read_report(uow, report_id)
    draft = await reports.read_draft(uow, report_id)
    return render("reports/print.html", one.printed(report, draft, wall_of(uow)), frame)


@router.get("/patients/{patient_id}/suspicion", dependencies=CLINICIANS)
async def show_suspicion_form(
    patient_id: UUID,
    uow: Uow,
    frame: PageFrame,
    request: Request,
    cause: Annotated[present.Cause, Depends()],
) -> Response:
    patient = await patients.read_patient(uow, patient_id)
    view = present.suspicion_form(
        await banner_of(uow, patient),
        wall_of(uow),
        jurisdictions=await reports.jurisdictions(uow),
        jurisdiction=request.state.settings.jurisdiction,
        cause=cause,
    )
    return render("reports/suspicion.html", view, frame)


@router.get("/fragments/report-proposals", dependencies=CLINICIANS)
async def show_proposals(
    uow: Uow,
    frame: PageFrame,
    request: Request,
    asked: Annotated[Question, Depends()],
) -> Response:
    """What would be due; the address says nothing of a patient."""
    where = asked.jurisdiction or request.state.settings.jurisdiction
    formed_at = on_the_wall(uow, asked.formed)
    if not asked.kind or formed_at is None:
        view = present.NOT_ASKED
    elif formed_at > uow.now:
        view = present.TO_COME
    else:
        found = await reports.propose(uow, asked.kind, where, formed_at)
        view = present.proposed(found, wall_of(uow), kind=asked.kind, jurisdiction=where)
    return render("reports/proposals.html", view, frame)


def on_the_wall(uow: UnitOfWork, text: str) -> datetime | None:
    """None for what is no moment of any calendar, or of no time we know."""
    try:
        found = datetime.fromisoformat(text).replace(tzinfo=uow.zone)
    except ValueError:
        return None
    return found if found.year >= EARLIEST_YEAR else None
