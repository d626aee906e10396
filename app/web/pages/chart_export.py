"""A patient's chart to take along: a page to print, and the same as a PDF."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

from fastapi import Response
from fastapi.responses import RedirectResponse

from app import audit, identity, patients
from app.clinical import encounters, notes, orders, prescriptions, problems, results
from app.crisis import risk
from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.kernel.paging import MAX_PAGE, Cursor, PageRequest
from app.patients import Patient
from app.web.banners import risk_flag
from app.web.framing import PageFrame
from app.web.pdf import chart_pdf
from app.web.presenters import chart_export as present
from app.web.presenters.chart_treatment import Result, Treatment
from app.web.rendering import render

router = page_router("/patients/{patient_id}")

CLINICIANS = [allow(Role.DOCTOR, Role.NURSE)]


@router.get("/chart/print", dependencies=CLINICIANS)
async def print_chart(patient_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    """Of a record merged into another, that other."""
    patient = await patients.get_patient(uow, patient_id)
    if patient.id != patient_id:
        return RedirectResponse(f"/patients/{patient.id}/chart/print", status_code=303)
    return render("chart/print.html", await chart_of(uow, patient, "print"), frame)


@router.get("/chart.pdf", dependencies=CLINICIANS)
async def download_chart(patient_id: UUID, uow: Uow) -> Response:
    """The same as the page, as a file."""
    patient = await patients.get_patient(uow, patient_id)
    if patient.id != patient_id:
        return RedirectResponse(f"/patients/{patient.id}/chart.pdf", status_code=303)
    chart = await chart_of(uow, patient, "pdf")
    file = await asyncio.to_thread(chart_pdf, chart)
    disposition = f'attachment; filename="{chart.filename}"'
    return Response(
        file, media_type="application/pdf", headers={"Content-Disposition": disposition}
    )


async def chart_of(uow: UnitOfWork, patient: Patient, form: str) -> present.Chart:
    """Everything the reader may see and somebody signed; that it was taken is written down."""
    visits = [each async for each in encounters_of(uow, patient.id)]
    names = await identity.names_of(uow, {each.practitioner_id for each in visits})
    signed = [each async for each in signed_notes(uow, patient.id)]
    treatment = Treatment(
        prescriptions=[each async for each in prescriptions_of(uow, patient.id)],
        orders=[each async for each in orders_of(uow, patient.id)],
        results=[each async for each in results_of(uow, patient.id)],
    )
    sees_risk = uow.actor.has_any(*risk.ASSESSORS)
    content = present.content_of(
        patient,
        risk=await risk_flag(uow, patient) if sees_risk else None,
        problems=await problems.problems_of(uow, patient.id),
        encounters=[(each, names[each.practitioner_id]) for each in visits],
        treatment=treatment,
        notes=signed,
    )
    chart = present.chart(content, patient=patient, made_at=uow.now, made_by=uow.actor.name)
    await audit.record(
        uow,
        "chart.export",
        patient_id=patient.id,
        subject=("patient", patient.id),
        detail={
            "form": form,
            "sha256": chart.sha256,
            "encounters": len(visits),
            "notes": [str(each.note.id) for each in signed],
            "prescriptions": [str(each.id) for each in treatment.prescriptions],
            "orders": [str(each.id) for each in treatment.orders],
            "results": [str(each.report.id) for each in treatment.results],
        },
    )
    return chart


async def encounters_of(uow: UnitOfWork, patient_id: UUID) -> AsyncIterator[encounters.Encounter]:
    """All of them, newest first."""
    page = PageRequest(limit=MAX_PAGE)
    while True:
        found, more = await encounters.list_encounters(uow, patient_id=patient_id, page=page)
        for each in found:
            yield each
        if more is None:
            return
        page = PageRequest(limit=MAX_PAGE, cursor=Cursor.decode(more))


async def prescriptions_of(
    uow: UnitOfWork, patient_id: UUID
) -> AsyncIterator[prescriptions.PrescriptionOut]:
    """All that were issued, newest first."""
    page = PageRequest(limit=MAX_PAGE)
    while True:
        found = await prescriptions.list_prescriptions(uow, patient_id, page)
        for each in found.items:
            if each.issued_at is not None:
                yield each
        if found.next_cursor is None:
            return
        page = PageRequest(limit=MAX_PAGE, cursor=Cursor.decode(found.next_cursor))


async def orders_of(uow: UnitOfWork, patient_id: UUID) -> AsyncIterator[orders.OrderOut]:
    """All that were placed, newest first."""
    page = PageRequest(limit=MAX_PAGE)
    while True:
        found = await orders.list_orders(uow, patient_id, page=page)
        for each in found.items:
            if each.placed_at is not None:
                yield each
        if found.next_cursor is None:
            return
        page = PageRequest(limit=MAX_PAGE, cursor=Cursor.decode(found.next_cursor))


async def results_of(uow: UnitOfWork, patient_id: UUID) -> AsyncIterator[Result]:
    """All of them, newest first, each with what counts of it now."""
    page = PageRequest(limit=MAX_PAGE)
    while True:
        found, more = await results.list_results(uow, patient_id, page)
        counting = await results.counting_of(uow, [each.id for each in found])
        for each in found:
            yield Result(each, counting.get(each.id))
        if more is None:
            return
        page = PageRequest(limit=MAX_PAGE, cursor=Cursor.decode(more))


async def signed_notes(uow: UnitOfWork, patient_id: UUID) -> AsyncIterator[present.SignedNote]:
    """What was signed last of every note, newest first; an open working copy is nobody's word."""
    page = PageRequest(limit=MAX_PAGE)
    while True:
        found = await notes.search_notes(uow, page, patient_id=patient_id)
        for each in found.items:
            if each.revision:
                yield await signed_note(uow, each.id)
        if found.next_cursor is None:
            return
        page = PageRequest(limit=MAX_PAGE, cursor=Cursor.decode(found.next_cursor))


async def signed_note(uow: UnitOfWork, note_id: UUID) -> present.SignedNote:
    note = await notes.get_note(uow, note_id)
    if note.version is not None:
        last = await notes.read_revision(uow, note_id, note.revision)
        note = note.model_copy(update={"body": last.body})
    amended = await notes.list_revisions(uow, note_id) if note.revision > 1 else None
    return present.SignedNote(note, amended.items if amended else ())
