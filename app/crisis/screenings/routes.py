"""Screenings, their instruments and what is due, over HTTP."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from app.crisis.screenings import demands, queries, service
from app.crisis.screenings.models import Screening
from app.crisis.screenings.policies import SCREENERS
from app.crisis.screenings.schemas import (
    CompleteScreening,
    DeferDemand,
    DemandOut,
    DemandPage,
    GiveReason,
    InstrumentList,
    InstrumentOut,
    NewScreening,
    SaveAnswers,
    ScreeningOut,
    ScreeningPage,
)
from app.infra.http.access import allow
from app.infra.http.deps import Paging, Uow
from app.infra.http.etags import IfMatch, put_etag
from app.infra.http.problems import described
from app.infra.http.routing import api_router
from app.infra.uow import UnitOfWork

instruments = api_router("/screening-instruments", "screenings")
screenings = api_router("/screenings", "screenings")
due = api_router("/screening-demands", "screenings")
ROUTERS: tuple[APIRouter, ...] = (instruments, screenings, due)

CLINICIANS = [allow(*SCREENERS)]
STALE: dict[int | str, dict[str, Any]] = {
    412: described(
        HTTPStatus.PRECONDITION_FAILED, "screening-changed: somebody answered since you read it"
    ),
    428: described(
        HTTPStatus.PRECONDITION_REQUIRED,
        "precondition-missing: send If-Match with the ETag you read",
    ),
}


async def shown(uow: UnitOfWork, screening: Screening, response: Response) -> ScreeningOut:
    put_etag(response, screening.version)
    return (await queries.describe(uow, screening))[0]


@instruments.get("", dependencies=CLINICIANS)
async def list_screening_instruments(uow: Uow) -> InstrumentList:
    """The instruments in use, with their questions and rules."""
    found = await queries.list_instruments(uow)
    return InstrumentList(items=[InstrumentOut.model_validate(one) for one in found])


@screenings.post("", status_code=201, dependencies=CLINICIANS)
async def start_screening(body: NewScreening, uow: Uow, response: Response) -> ScreeningOut:
    """Begin a screening, or go on with the one that is under way."""
    screening, _ = await service.start_screening(uow, body)
    response.headers["Location"] = f"/api/v1/screenings/{screening.id}"
    return await shown(uow, screening, response)


@screenings.get("", dependencies=CLINICIANS)
async def list_screenings(uow: Uow, page: Paging, patient_id: UUID) -> ScreeningPage:
    """A patient's screenings, newest first."""
    found, next_cursor = await queries.list_screenings(uow, patient_id, page)
    return ScreeningPage(items=await queries.describe(uow, *found), next_cursor=next_cursor)


@screenings.get("/{screening_id}", dependencies=CLINICIANS)
async def get_screening(screening_id: UUID, uow: Uow, response: Response) -> ScreeningOut:
    """One screening; the ETag is the version to send with answers."""
    return await shown(uow, await queries.read_screening(uow, screening_id), response)


@screenings.put("/{screening_id}/answers", dependencies=CLINICIANS, responses=STALE)
async def save_screening_answers(
    screening_id: UUID, body: SaveAnswers, version: IfMatch, uow: Uow, response: Response
) -> ScreeningOut:
    """Save every answer there is now; the answer says what is to be asked next."""
    answers = dict(body.answers)
    screening = await service.save_answers(uow, screening_id, answers, version=version)
    return await shown(uow, screening, response)


@screenings.post(
    "/{screening_id}/completion", status_code=201, dependencies=CLINICIANS, responses=STALE
)
async def complete_screening(
    screening_id: UUID, body: CompleteScreening, version: IfMatch, uow: Uow, response: Response
) -> ScreeningOut:
    """Decide by the rules it was begun with. The result never changes."""
    screening = await service.complete_screening(
        uow, screening_id, version=version, accept_missing=body.accept_missing
    )
    return await shown(uow, screening, response)


@screenings.post("/{screening_id}/abandonment", status_code=201, dependencies=CLINICIANS)
async def abandon_screening(
    screening_id: UUID, body: GiveReason, uow: Uow, response: Response
) -> ScreeningOut:
    """Stop without a result."""
    screening = await service.abandon_screening(uow, screening_id, reason=body.reason)
    return await shown(uow, screening, response)


@screenings.post("/{screening_id}/entered-in-error", status_code=201, dependencies=CLINICIANS)
async def enter_screening_in_error(
    screening_id: UUID, body: GiveReason, uow: Uow, response: Response
) -> ScreeningOut:
    """It was a mistake: it stays readable, and what it answered is due again."""
    screening = await service.enter_screening_in_error(uow, screening_id, reason=body.reason)
    return await shown(uow, screening, response)


@due.get("", dependencies=CLINICIANS)
async def list_screening_demands(uow: Uow, page: Paging, patient_id: UUID) -> DemandPage:
    """Which screenings are due for a patient, or put off; oldest first."""
    found, next_cursor = await queries.list_demands(uow, patient_id, page)
    items = [queries.shown_demand(uow, demand) for demand in found]
    return DemandPage(items=items, next_cursor=next_cursor)


@due.post("/{demand_id}/deferral", status_code=201, dependencies=CLINICIANS)
async def defer_screening_demand(demand_id: UUID, body: DeferDemand, uow: Uow) -> DemandOut:
    """Put it off until a moment, with a reason; then it is due again."""
    demand = await demands.defer_demand(uow, demand_id, until=body.until, reason=body.reason)
    return queries.shown_demand(uow, demand)
