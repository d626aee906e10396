"""Finding, registering and reading patients."""

from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Header, Query, Response
from fastapi.responses import RedirectResponse

from app import identity, patients
from app.crisis import screenings
from app.dashboards import timeline
from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.infra.uow import UnitOfWork
from app.kernel.actors import Actor, Role
from app.web.banners import banner_of
from app.web.framing import PageFrame
from app.web.pages.chart import Asked, Place, consent_of, history_of, page_shown, reports_of
from app.web.pages.chart_facts import facts_of
from app.web.pages.patient_appointments import appointments_of
from app.web.pages.patient_merges import merges_into
from app.web.pages.signals import signals_of
from app.web.presenters import patients as present
from app.web.presenters.chart_facts import ChartFacts
from app.web.presenters.patient_record import record
from app.web.presenters.signals import concern
from app.web.presenters.vitals import measures
from app.web.rendering import render

router = page_router("/patients")

REGISTRARS = (Role.DOCTOR, Role.NURSE, Role.RECEPTIONIST)
SHOWN = 20


@router.get("", dependencies=[allow(*STAFF)])
async def search_patients(
    uow: Uow,
    frame: PageFrame,
    q: Annotated[str, Query(max_length=200)] = "",
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    hx_request: Annotated[str | None, Header()] = None,
) -> Response:
    """The whole page, or for htmx just the results."""
    page = patients.NamePage.read(cursor, SHOWN)
    found, next_cursor = await patients.find_patients(uow, q, page)
    more = {"q": q, "cursor": next_cursor} if next_cursor else None
    view = present.PatientSearch(
        q=q.strip(),
        rows=present.rows(found, uow.today),
        asked=True,
        next_href=f"/patients?{urlencode(more)}" if more else None,
        can_register=uow.actor.has_any(*REGISTRARS),
    )
    return render("patients/results.html" if hx_request else "patients/search.html", view, frame)


@router.get("/new", dependencies=[allow(*REGISTRARS)])
async def new_patient(uow: Uow, frame: PageFrame) -> Response:
    clinical = patients.sees_clinical_fields(uow.actor)
    return render("patients/form.html", present.empty_form(clinical=clinical), frame)


@router.get("/{patient_id}", dependencies=[allow(*STAFF)])
async def show_patient(
    *,
    patient_id: UUID,
    uow: Uow,
    frame: PageFrame,
    asked: Asked,
    cursor: Place = None,
    after: Place = None,
) -> Response:
    """A record merged into another has no page of its own: on to the one that counts."""
    patient = await patients.read_patient(uow, patient_id)
    if patient.id != patient_id:
        return RedirectResponse(f"/patients/{patient.id}", status_code=303)
    shown = await signals_of(uow, patient_id)
    if await screenings.interruption_for(uow, patient.id) is not None:
        return RedirectResponse(f"/patients/{patient.id}/interruption", status_code=303)
    page = await page_shown(uow, patient_id, asked, cursor=cursor, after=after)
    banner = replace(await banner_of(uow, patient), recording=await consent_of(uow, patient_id))
    clinical = patients.sees_clinical_fields(uow.actor)
    view = record(
        patient,
        banner=banner,
        clinical=clinical,
        beside=await facts_of(uow, patient) if clinical else ChartFacts(),
        history=await history_of(uow, patient_id, page, asked),
        vitals=measures(await timeline.vitals_of(uow, page.records), uow.zone),
        reports=await reports_of(uow, patient_id),
        can_edit=uow.actor.has_any(*REGISTRARS),
        can_start=uow.actor.has_any(*REGISTRARS),
        practitioners=await practitioners_for(uow, uow.actor),
        merges=await merges_into(uow, patient),
        appointments=await appointments_of(uow, patient_id),
        signals=shown,
        concern=None if shown is None else concern(patient.id, then=f"/patients/{patient.id}"),
    )
    return render("patients/record.html", view, frame)


@router.get("/{patient_id}/edit", dependencies=[allow(*REGISTRARS)])
async def edit_patient(patient_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    patient = await patients.read_patient(uow, patient_id)
    if patient.id != patient_id:
        return RedirectResponse(f"/patients/{patient.id}/edit", status_code=303)
    clinical = patients.sees_clinical_fields(uow.actor)
    view = present.filled_form(patient, uow.today, clinical=clinical)
    return render("patients/form.html", view, frame)


async def practitioners_for(uow: UnitOfWork, actor: Actor) -> tuple[present.Choice, ...]:
    """A doctor sees the patient; others say which doctor will."""
    if actor.has_any(Role.DOCTOR):
        return ()
    doctors = await identity.list_practitioners(uow)
    return tuple(present.Choice(str(one.id), one.full_name) for one in doctors)
