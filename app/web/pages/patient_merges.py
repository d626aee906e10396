"""Merging two records of one person: finding the other one, and comparing both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Header, Query, Response
from fastapi.responses import RedirectResponse

from app import identity, patients
from app.clinical import encounters
from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.web.framing import PageFrame
from app.web.presenters import patient_merges as present
from app.web.presenters.patient_record import Merges
from app.web.rendering import render

router = page_router("/patients")

REGISTRARS = (Role.DOCTOR, Role.NURSE, Role.RECEPTIONIST)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Question:
    """What is searched for; the cursor of the page after the first."""

    q: Annotated[str, Query(max_length=200)] = ""
    cursor: Annotated[str | None, Query(max_length=200)] = None


@router.get("/{patient_id}/merge", dependencies=[allow(*STAFF)])
async def find_other_record(
    patient_id: UUID,
    uow: Uow,
    frame: PageFrame,
    asked: Annotated[Question, Depends()],
    hx_request: Annotated[str | None, Header()] = None,
) -> Response:
    """The whole page, or for htmx just the results."""
    patient = await patients.read_patient(uow, patient_id)
    if patient.id != patient_id:
        return RedirectResponse(f"/patients/{patient.id}/merge", status_code=303)
    view = await search(uow, patient, asked)
    page = "patients/merge_results.html" if hx_request else "patients/merge_search.html"
    return render(page, view, frame)


@router.get("/{patient_id}/merge/{other_id}", dependencies=[allow(*STAFF)])
async def compare_records(patient_id: UUID, other_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    """Both side by side; the first one in the address stays."""
    staying = await patients.read_patient(uow, patient_id)
    going = await patients.read_patient(uow, other_id)
    if going.id == staying.id:  # merged already, or one and the same
        return RedirectResponse(f"/patients/{staying.id}", status_code=303)
    if (staying.id, going.id) != (patient_id, other_id):
        return RedirectResponse(f"/patients/{staying.id}/merge/{going.id}", status_code=303)
    view = present.comparison(
        staying,
        going,
        uow.today,
        clinical=patients.sees_clinical_fields(uow.actor),
        can_edit=uow.actor.has_any(*REGISTRARS),
        visits={each.id: await visits_of(uow, each.id) for each in (staying, going)},
    )
    return render("patients/merge_compare.html", view, frame)


async def search(
    uow: UnitOfWork, patient: patients.Patient, asked: Question
) -> present.MergeSearch:
    """Who may be the same person; everybody who was asked for."""
    likely = await patients.possible_duplicates(
        uow,
        given=patient.given_name,
        family=patient.family_name,
        birth_date=patient.birth_date,
    )
    found: Sequence[patients.Patient] = []
    next_cursor = None
    if asked.q.strip():
        page = patients.NamePage.read(asked.cursor, SHOWN)
        found, next_cursor = await patients.find_patients(uow, asked.q, page)
    more = {"q": asked.q, "cursor": next_cursor} if next_cursor else None
    return present.search_page(
        patient,
        uow.today,
        clinical=patients.sees_clinical_fields(uow.actor),
        q=asked.q,
        likely=likely,
        found=found,
        next_href=f"/patients/{patient.id}/merge?{urlencode(more)}" if more else None,
    )


async def visits_of(uow: UnitOfWork, patient_id: UUID) -> present.Visits:
    found, next_cursor = await encounters.list_encounters(uow, patient_id=patient_id)
    return present.Visits(found, next_cursor is not None)


async def merges_into(uow: UnitOfWork, patient: patients.Patient) -> Merges:
    """Which records were merged into this one, and which of these merges can be taken back."""
    absorbed = await patients.absorbed_records(uow, patient.id)
    if not absorbed:
        return Merges()
    found = await patients.list_merges(uow, patient.id)
    names = await identity.names_of(uow, {merge.merged_by for merge in found})
    return present.merges(found, patient, absorbed, names, uow.now)
