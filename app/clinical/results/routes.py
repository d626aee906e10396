"""Results over HTTP."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request, Response

from app.clinical.results import answering, queries, reporting
from app.clinical.results.answers import (
    AcknowledgementOut,
    AnalyteList,
    CallbackOut,
    ReportOut,
    ReportPage,
    TrendOut,
    WaitingPage,
    WholeReport,
)
from app.clinical.results.describing import (
    acknowledgement_seen,
    callback_seen,
    report_seen,
)
from app.clinical.results.policies import CLINICIANS
from app.clinical.results.queries import Patience
from app.clinical.results.schemas import (
    Acknowledge,
    Because,
    NewResult,
    NewVersion,
    OrderedResult,
    RecordCallback,
)
from app.infra.http.access import allow
from app.infra.http.deps import Paging, Uow
from app.infra.http.problems import described
from app.infra.http.routing import api_router
from app.kernel.actors import Role

router = api_router("/results", "results")
order_router = api_router("/orders", "results")
patient_router = api_router("/patients", "results")
ROUTERS = (router, order_router, patient_router)

ALLOWED = [allow(*CLINICIANS)]
CHANGED: dict[int | str, dict[str, Any]] = {
    412: described(
        HTTPStatus.PRECONDITION_FAILED,
        "result-changed: a newer version of this result came in since you read it",
    ),
}


def patience_of(request: Request) -> Patience:
    """How long a result may wait, as the clinic has set it."""
    settings = request.state.settings
    return Patience.of_days(settings.result_ageing_days, settings.result_overdue_days)


@order_router.get("/{order_item_id}/analytes", dependencies=ALLOWED)
async def list_analytes(order_item_id: UUID, uow: Uow) -> AnalyteList:
    """What is usually reported for one thing ordered, with units and the patient's ranges."""
    return AnalyteList(items=await queries.entry_analytes(uow, order_item_id))


@order_router.post("/{order_item_id}/results", status_code=201, dependencies=ALLOWED)
async def report_ordered(
    order_item_id: UUID, body: OrderedResult, uow: Uow, response: Response
) -> ReportOut:
    """Report what came back for one thing ordered; a final report completes it.

    With an `external_id` that is there already it is a further version of that result.
    """
    report = await reporting.report_ordered(uow, order_item_id, body)
    response.headers["Location"] = f"/api/v1/results/{report.id}"
    return await report_seen(uow, report)


@patient_router.get("/{patient_id}/trends", dependencies=ALLOWED)
async def get_trend(
    patient_id: UUID,
    uow: Uow,
    code: Annotated[str, Query(min_length=1, max_length=40, description="LOINC.")],
) -> TrendOut:
    """One analyte over time, the latest 500 values; a series for each unit."""
    return TrendOut(series=await queries.read_trend(uow, patient_id, code))


@router.get("", dependencies=ALLOWED)
async def list_results(patient_id: UUID, uow: Uow, page: Paging) -> ReportPage:
    """A patient's results, newest first."""
    found, next_cursor = await queries.list_results(uow, patient_id, page)
    return ReportPage(items=found, next_cursor=next_cursor)


@router.post("", status_code=201, dependencies=ALLOWED)
async def report_unordered(body: NewResult, uow: Uow, response: Response) -> ReportOut:
    """Report a result nobody here ordered, for the doctor whose it is."""
    report = await reporting.report_unordered(uow, body)
    response.headers["Location"] = f"/api/v1/results/{report.id}"
    return await report_seen(uow, report)


@router.get("/unacknowledged", dependencies=ALLOWED)
async def list_unacknowledged(uow: Uow, page: Paging, request: Request) -> WaitingPage:
    """What waits for you and for whom you stand in, the longest first."""
    found, next_cursor = await queries.my_unacknowledged(uow, page, patience_of(request))
    return WaitingPage(items=found, next_cursor=next_cursor)


@router.get("/{result_id:uuid}", dependencies=ALLOWED)
async def get_result(result_id: UUID, uow: Uow) -> WholeReport:
    """A result with every version, what changed, who acknowledged and who was told."""
    return await queries.read_result(uow, result_id)


@router.post("/{result_id:uuid}/versions", status_code=201, dependencies=ALLOWED, responses=CHANGED)
async def add_version(result_id: UUID, body: NewVersion, uow: Uow) -> ReportOut:
    """Report it again: the final values after preliminary ones, or corrected ones."""
    return await report_seen(uow, await reporting.add_version(uow, result_id, body))


@router.post(
    "/{result_id:uuid}/acknowledgement",
    status_code=201,
    dependencies=[allow(Role.DOCTOR)],
    responses=CHANGED,
)
async def acknowledge_result(result_id: UUID, body: Acknowledge, uow: Uow) -> AcknowledgementOut:
    """Say that you have seen exactly this version, and what follows; a later one asks again."""
    return await acknowledgement_seen(uow, await answering.acknowledge(uow, result_id, body))


@router.post(
    "/{result_id:uuid}/callbacks", status_code=201, dependencies=ALLOWED, responses=CHANGED
)
async def record_callback(result_id: UUID, body: RecordCallback, uow: Uow) -> CallbackOut:
    """Record who was told, when, and whether they read it back; corrected only by a new record."""
    return await callback_seen(uow, await answering.record_callback(uow, result_id, body))


@router.post("/{result_id:uuid}/cancellation", status_code=201, dependencies=ALLOWED)
async def cancel_result(result_id: UUID, body: Because, uow: Uow) -> ReportOut:
    """It will not be reported after all."""
    return await report_seen(uow, await answering.cancel(uow, result_id, reason=body.reason))


@router.post("/{result_id:uuid}/entered-in-error", status_code=201, dependencies=ALLOWED)
async def enter_result_in_error(result_id: UUID, body: Because, uow: Uow) -> ReportOut:
    """It should never have been here; it stays readable and counts nowhere."""
    return await report_seen(
        uow, await answering.enter_in_error(uow, result_id, reason=body.reason)
    )
