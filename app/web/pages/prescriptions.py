"""What a patient takes, one prescription with its checks, and its printed sheet."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from fastapi.responses import RedirectResponse

from app import patients
from app.clinical import formulary, prescriptions
from app.clinical.prescriptions import ItemContent, PrescriptionOut
from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.infra.uow import UnitOfWork
from app.kernel.paging import PageRequest
from app.web.banners import banner_by_id
from app.web.framing import PageFrame
from app.web.presenters import medication as present_list
from app.web.presenters import prescription_page as present
from app.web.rendering import render

router = page_router()

CLINICIANS = [allow(*prescriptions.READERS)]
EARLIER_SHOWN = PageRequest(limit=10)
Recorded = Annotated[str | None, Query(max_length=200, alias="continues")]


def may_prescribe(uow: UnitOfWork) -> bool:
    return uow.actor.has_any(*prescriptions.PRESCRIBERS)


@router.get("/patients/{patient_id}/medication", dependencies=CLINICIANS)
async def show_medication(patient_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    """A record merged into another has no page of its own: on to the one that counts."""
    patient = await patients.get_patient(uow, patient_id)
    if patient.id != patient_id:
        return RedirectResponse(f"/patients/{patient.id}/medication", status_code=303)
    found = await prescriptions.medication_list(uow, patient_id)
    drafts = await prescriptions.drafts_for(uow, patient_id) if may_prescribe(uow) else None
    banner = await banner_by_id(uow, patient_id)
    view = present_list.medication_page(found, banner=banner, drafts=drafts, zone=uow.zone)
    return render("prescriptions/medication.html", view, frame)


@router.get("/patients/{patient_id}/medication/reconciliation", dependencies=CLINICIANS)
async def go_through_medication(patient_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    """Line by line, with the patient."""
    found = await prescriptions.medication_list(uow, patient_id)
    earlier = await prescriptions.list_reconciliations(uow, patient_id, EARLIER_SHOWN)
    view = present_list.reconciliation_page(
        found, banner=await banner_by_id(uow, patient_id), earlier=earlier.items
    )
    return render("prescriptions/reconciliation.html", view, frame)


@router.get("/prescriptions/{prescription_id}", dependencies=CLINICIANS)
async def show_prescription(
    prescription_id: UUID,
    uow: Uow,
    frame: PageFrame,
    *,
    item: UUID | None = None,
    continues: Recorded = None,
) -> Response:
    """A draft to work on for its prescriber; everybody else reads."""
    one = await prescriptions.read_prescription(uow, prescription_id)
    is_doctor = may_prescribe(uow)
    mine = is_doctor and one.prescriber.id == uow.actor.id and one.issued_at is None
    view = present.prescription_page(
        one,
        banner=await banner_by_id(uow, one.patient_id),
        may_change=mine,
        is_doctor=is_doctor,
        favourites=await prescriptions.list_favourites(uow) if mine else (),
        zone=uow.zone,
        changing=item,
        prefilled=taken_over(continues),
    )
    return render("prescriptions/prescription.html", view, frame)


@router.get("/prescriptions/{prescription_id}/print", dependencies=CLINICIANS)
async def print_prescription(prescription_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    one: PrescriptionOut = await prescriptions.read_prescription(uow, prescription_id)
    view = present.printed(one, banner=await banner_by_id(uow, one.patient_id))
    return render("prescriptions/print.html", view, frame)


def taken_over(entry: str | None) -> ItemContent | None:
    """A recorded entry as the beginning of a prescription; what it says is not guessed at."""
    if not entry or not entry.strip():
        return None
    return ItemContent(name=formulary.name_in(entry.strip()), continues=entry.strip())
