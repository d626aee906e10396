"""Screenings in place: the list, the questions, the result, and the one that will not wait."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query, Response
from fastapi.responses import RedirectResponse

from app import identity, patients
from app.clinical import encounters
from app.crisis import screenings
from app.crisis.screenings import Instrument, ScreeningDemand, ScreeningInstrument
from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor, PageRequest
from app.web.banners import banner_by_id, banner_of
from app.web.framing import PageFrame
from app.web.presenters import screenings as present
from app.web.presenters.patients import Choice
from app.web.presenters.screening_result import result_view
from app.web.rendering import render

router = page_router()

SCREENERS = [allow(*screenings.SCREENERS)]
SHOWN = 25
Visit = Annotated[UUID | None, Query(description="The visit to go back to.")]


@router.get("/patients/{patient_id}/screenings", dependencies=SCREENERS)
async def show_screenings(
    patient_id: UUID,
    uow: Uow,
    frame: PageFrame,
    encounter: Visit = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    patient = await patients.get_patient(uow, patient_id)
    page = PageRequest(limit=SHOWN, cursor=Cursor.decode(cursor) if cursor else None)
    found, next_cursor = await screenings.list_screenings(uow, patient.id, page)
    told = await screenings.describe(uow, *found)
    names = await identity.names_of(uow, {one.ended_by or one.started_by for one in told})
    instruments = await screenings.list_instruments(uow)
    titles = titles_of(instruments)
    view = present.HistoryPage(
        banner=await banner_of(uow, patient),
        rows=tuple(present.row(one, names) for one in told),
        due=tuple(
            present.due_row(
                demand,
                titles[demand.instrument],
                patient_id=patient.id,
                is_due=demand.is_due(uow.now),
            )
            for demand in await screenings.open_demands(uow, patient.id)
        ),
        instruments=tuple(Choice(one.key, one.title) for one in instruments),
        encounter_id=encounter,
        next_href=f"?{urlencode({'cursor': next_cursor})}" if next_cursor else None,
    )
    return render("screenings/history.html", view, frame)


@router.get("/screenings/{screening_id}", dependencies=SCREENERS)
async def show_screening(screening_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    """Under way: the questions, to go on with. Over: what was said, and the result."""
    screening = await screenings.read_screening(uow, screening_id)
    [told] = await screenings.describe(uow, screening)
    view = present.screening_page(
        told,
        await screenings.instrument_of(uow, screening),
        banner=await banner_by_id(uow, screening.patient_id),
        names=await identity.names_of(uow, {told.ended_by or told.started_by}),
        titles=titles_of(await screenings.list_instruments(uow)),
    )
    return render("screenings/screening.html", view, frame)


@router.get("/fragments/screenings/{screening_id}/result", dependencies=SCREENERS)
async def show_result(screening_id: UUID, uow: Uow, frame: PageFrame) -> Response:
    """Only the result, for a page that is open already."""
    screening = await screenings.read_screening(uow, screening_id)
    [told] = await screenings.describe(uow, screening)
    titles = titles_of(await screenings.list_instruments(uow))
    instrument = await screenings.instrument_of(uow, screening)
    return render("screenings/result.html", result_view(told, instrument, titles), frame)


@router.get("/patients/{patient_id}/interruption", dependencies=SCREENERS)
async def interrupt(
    patient_id: UUID, uow: Uow, frame: PageFrame, encounter: Visit = None
) -> Response:
    """The whole page is the screening that is due; where none is, back to what was open."""
    patient = await patients.read_patient(uow, patient_id)
    demand = await screenings.interruption_for(uow, patient.id)
    if demand is None:
        return RedirectResponse(present.back_to(patient.id, encounter).href, status_code=303)
    view = present.InterruptionPage(
        banner=await banner_of(uow, patient),
        interruption=await interruption_of(uow, demand, patient.id, encounter),
    )
    return render("screenings/interruption.html", view, frame)


# Asked by every open page of a patient, so that no page is empty for those who never screen.
@router.get("/fragments/patients/{patient_id}/interruption", dependencies=[allow(*STAFF)])
async def interrupt_open_page(
    patient_id: UUID, uow: Uow, frame: PageFrame, encounter: Visit = None
) -> Response:
    """The same over a page that is open already; nothing while nothing is due."""
    patient = await patients.get_patient(uow, patient_id)
    demand = await screenings.interruption_for(uow, patient.id)
    if demand is None:
        return Response(status_code=204)
    patient = await patients.read_patient(uow, patient.id)
    view = present.InterruptionPage(
        banner=await banner_of(uow, patient),
        interruption=await interruption_of(uow, demand, patient.id, encounter),
    )
    return render("screenings/panel.html", view, frame)


async def interruption_of(
    uow: UnitOfWork, demand: ScreeningDemand, patient_id: UUID, encounter_id: UUID | None
) -> present.Interruption:
    """With the form of the screening that is under way, or of one that the first answer begins."""
    begun = await screenings.under_way(uow, patient_id, demand.instrument)
    if begun is None:
        instrument = await screenings.instrument_in_effect(uow, demand.instrument)
        told = None
    else:
        instrument = await screenings.instrument_of(uow, begun)
        [told] = await screenings.describe(uow, begun)
    form = present.form_of(
        instrument,
        patient_id=patient_id,
        encounter_id=await visit_of(uow, patient_id, encounter_id),
        screening=told,
        asked=told.asked if told else screenings.asked_first(instrument),
    )
    return present.interruption(demand, form, patient_id=patient_id, encounter_id=encounter_id)


async def visit_of(uow: UnitOfWork, patient_id: UUID, encounter_id: UUID | None) -> UUID | None:
    """The visit in whose course it is asked: one with this patient, or none."""
    if encounter_id is None:
        return None
    encounter = await encounters.get_encounter(uow, encounter_id)
    patient = await patients.get_patient(uow, encounter.patient_id)
    return encounter.id if patient.id == patient_id else None


def titles_of(instruments: Sequence[ScreeningInstrument]) -> dict[Instrument, str]:
    return {one.key: one.title for one in instruments}
