"""A patient's list of problems."""

from uuid import UUID

from fastapi import Response
from fastapi.responses import RedirectResponse

from app import patients
from app.clinical import problems
from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.web.banners import banner_of
from app.web.framing import PageFrame
from app.web.presenters import problems as present
from app.web.rendering import render

router = page_router("/patients/{patient_id}/problems")


@router.get("", dependencies=[allow(*problems.READERS)])
async def show_problems(patient_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    """What goes on, what is over, and the lines of the record that may be taken over."""
    patient = await patients.get_patient(uow, patient_id)
    if patient.id != patient_id:
        return RedirectResponse(f"/patients/{patient.id}/problems", status_code=303)
    view = present.problems_page(
        await problems.problems_of(uow, patient.id),
        await problems.card_lines(uow, patient.id),
        banner=await banner_of(uow, patient),
        release=await problems.current_release(uow),
        can_write=uow.actor.has_any(*problems.DIAGNOSERS),
        zone=uow.zone,
    )
    return render("problems/list.html", view, frame)
