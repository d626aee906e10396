"""Results: what waits for me, a patient's, one of them, and the form they are entered with."""

from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse

from app import identity, patients
from app.clinical import orders, results
from app.clinical.results import ReportStatus
from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.kernel.paging import Cursor, PageRequest
from app.web.banners import banner_by_id, banner_of
from app.web.framing import PageFrame
from app.web.presenters import result_entry as entering
from app.web.presenters import results as present
from app.web.presenters.formats import day
from app.web.presenters.patients import PatientBanner
from app.web.presenters.result_page import call_form, result_page
from app.web.presenters.result_words import CHOICES, trends
from app.web.rendering import render

router = page_router()

CLINICIANS = [allow(Role.DOCTOR, Role.NURSE)]
SHOWN = 25
From = Annotated[str | None, Query(max_length=200)]


def page_from(cursor: str | None) -> PageRequest:
    return PageRequest(limit=SHOWN, cursor=Cursor.decode(cursor) if cursor else None)


def href_of(cursor: str | None) -> str | None:
    return f"?{urlencode({'cursor': cursor})}" if cursor else None


@router.get("/results", dependencies=CLINICIANS)
async def show_waiting(
    uow: Uow, frame: PageFrame, request: Request, cursor: From = None
) -> Response:
    settings = request.state.settings
    patience = results.Patience.of_days(settings.result_ageing_days, settings.result_overdue_days)
    told, next_cursor = await results.my_unacknowledged(uow, page_from(cursor), patience)
    values = await results.values_of(uow, [each.report.id for each in told])
    view = present.WaitingView(
        rows=tuple(
            present.waiting_row(each, values.get(each.report.id, []), day(each.birth_date))
            for each in told
        ),
        decisions=CHOICES,
        can_acknowledge=uow.actor.has_any(Role.DOCTOR),
        next_href=href_of(next_cursor),
    )
    return render("results/waiting.html", view, frame)


@router.get("/patients/{patient_id}/results", dependencies=CLINICIANS)
async def show_results(
    patient_id: UUID, uow: Uow, frame: PageFrame, cursor: From = None
) -> Response:
    patient = await patients.get_patient(uow, patient_id)
    if patient.id != patient_id:
        return RedirectResponse(f"/patients/{patient.id}/results", status_code=303)
    told, next_cursor = await results.list_results(uow, patient.id, page_from(cursor))
    values = await results.values_of(uow, [each.id for each in told])
    series = await results.trend(uow, patient.id, *await results.often_measured(uow, patient.id))
    view = present.PatientResults(
        banner=await banner_of(uow, patient),
        rows=tuple(present.result_row(each, values.get(each.id, [])) for each in told),
        awaited=tuple(present.awaited(item) for item in await orders.open_items(uow, patient.id)),
        trends=trends(series, uow.zone),
        next_href=href_of(next_cursor),
    )
    return render("results/patient.html", view, frame)


@router.get("/results/{result_id:uuid}", dependencies=CLINICIANS)
async def show_result(result_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    report = await results.read_result(uow, result_id)
    reported = report.reports[0].observations if report.reports else []
    codes = [each.code for each in reported if each.code]
    people = [(user.id, user.full_name) for user in await identity.list_clinicians(uow)]
    view = result_page(
        report,
        await results.trend(uow, report.patient_id, *codes),
        banner=await banner_by_id(uow, report.patient_id),
        is_doctor=uow.actor.has_any(Role.DOCTOR),
        call=call_form(people, uow.now, uow.zone),
        zone=uow.zone,
    )
    return render("results/result.html", view, frame)


@router.get("/results/enter/{order_item_id}", dependencies=CLINICIANS)
async def enter_result(order_item_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    """For something ordered, with the lines it usually has."""
    item = await orders.read_item(uow, order_item_id)
    analytes = await results.entry_analytes(uow, item.id)
    banner = await banner_by_id(uow, item.patient_id)
    view = await entry(
        uow,
        banner=banner,
        title=item.name,
        action=f"/api/v1/orders/{item.id}/results",
        rows=tuple(entering.entry_row(each) for each in analytes),
        status=ReportStatus.REGISTERED,
        taken=uow.now,
    )
    return render("results/entry.html", view, frame)


@router.get("/results/{result_id:uuid}/again", dependencies=CLINICIANS)
async def report_again(result_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    """The final report after a preliminary one, or a corrected one: it begins with what was."""
    report = await results.read_result(uow, result_id)
    if report.status not in entering.NEXT:
        return RedirectResponse(f"/results/{report.id}", status_code=303)
    before = report.reports[0] if report.reports else None
    view = await entry(
        uow,
        banner=await banner_by_id(uow, report.patient_id),
        title=report.title,
        action=f"/api/v1/results/{report.id}/versions",
        rows=tuple(entering.again_row(each) for each in before.observations) if before else (),
        status=report.status,
        conclusion=(before.conclusion or "") if before else "",
        taken=before.collected_at if before else uow.now,
        again=report.id,
        number=report.versions,
    )
    return render("results/entry.html", view, frame)


async def entry(
    uow: UnitOfWork,
    *,
    banner: PatientBanner,
    title: str,
    action: str,
    rows: tuple[entering.EntryRow, ...],
    status: ReportStatus,
    conclusion: str = "",
    taken: datetime | None,
    again: UUID | None = None,
    number: int = 0,
) -> entering.EntryPage:
    """`taken`: when the sample was, as the form begins with it; None: nobody said."""
    moment = call_form([], uow.now, uow.zone)
    return entering.EntryPage(
        banner=banner,
        title=title,
        action=action,
        back=f"/results/{again}" if again else f"/patients/{banner.id}/results",
        rows=rows,
        statuses=entering.NEXT[status],
        conclusion=conclusion,
        again=again is not None,
        number=number,
        zone=moment.zone,
        now=moment.now,
        local=taken.astimezone(uow.zone).strftime("%Y-%m-%dT%H:%M") if taken else "",
    )
