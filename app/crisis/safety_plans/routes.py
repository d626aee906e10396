"""Safety plans over HTTP."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path, Query, Response

from app.crisis.safety_plans import queries, service
from app.crisis.safety_plans.policies import CLINICIANS
from app.crisis.safety_plans.schemas import (
    BeginPlan,
    PlanContent,
    PublishPlan,
    SafetyPlanList,
    SafetyPlanOut,
    ServiceList,
    VersionOut,
    VersionPage,
    WholeVersion,
    WithdrawPlan,
)
from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.etags import IfMatch, put_etag
from app.infra.http.problems import described
from app.infra.http.routing import api_router
from app.kernel.paging import MAX_PAGE

router = api_router("/safety-plans", "safety plans")

ALLOWED = [allow(*CLINICIANS)]
CHANGED: dict[int | str, dict[str, Any]] = {
    412: described(
        HTTPStatus.PRECONDITION_FAILED,
        "safety-plan-changed: somebody changed this safety plan since you read it",
    ),
}
MISSING: dict[int | str, dict[str, Any]] = {
    428: described(
        HTTPStatus.PRECONDITION_REQUIRED,
        "precondition-missing: send If-Match with the ETag you read",
    ),
}
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("", dependencies=ALLOWED)
async def list_safety_plans(patient_id: UUID, uow: Uow) -> SafetyPlanList:
    """A patient's safety plan with its working copy; an empty list: there is none."""
    return SafetyPlanList(items=await queries.plans_of(uow, patient_id))


@router.post("", status_code=201, dependencies=ALLOWED)
async def begin_safety_plan(body: BeginPlan, uow: Uow, response: Response) -> SafetyPlanOut:
    """Begin a safety plan, or go on with the one there is."""
    plan = await service.begin_plan(uow, body.patient_id)
    response.headers["Location"] = f"/api/v1/safety-plans/{plan.id}"
    put_etag(response, plan.version)
    return plan


@router.get("/services", dependencies=ALLOWED)
async def list_crisis_services(uow: Uow) -> ServiceList:
    """Services anybody may turn to in a crisis, with their sources."""
    return ServiceList(items=await queries.crisis_services(uow))


@router.get("/{plan_id}", dependencies=ALLOWED)
async def get_safety_plan(plan_id: UUID, uow: Uow, response: Response) -> SafetyPlanOut:
    """A safety plan; the ETag is the version of its working copy."""
    plan = await queries.read_plan(uow, plan_id)
    put_etag(response, plan.version)
    return plan


@router.put("/{plan_id}/working-copy", dependencies=ALLOWED, responses=CHANGED | MISSING)
async def save_safety_plan(
    plan_id: UUID, body: PlanContent, version: IfMatch, uow: Uow, response: Response
) -> SafetyPlanOut:
    """Type in the working copy; what is left out is empty."""
    plan = await service.save_working_copy(uow, plan_id, body, version=version)
    put_etag(response, plan.version)
    return plan


@router.post("/{plan_id}/publications", status_code=201, dependencies=ALLOWED, responses=CHANGED)
async def publish_safety_plan(plan_id: UUID, body: PublishPlan, uow: Uow) -> VersionOut:
    """Publish exactly the working copy you saw; from then on that version never changes."""
    return await service.publish_plan(
        uow, plan_id, version=body.version, review_in_days=body.review_in_days
    )


@router.post("/{plan_id}/withdrawals", status_code=201, dependencies=ALLOWED)
async def withdraw_safety_plan(plan_id: UUID, body: WithdrawPlan, uow: Uow) -> VersionOut:
    """Take the version in use out of use, with a reason; it stays readable."""
    return await service.withdraw_plan(uow, plan_id, body.number, reason=body.reason)


@router.get("/{plan_id}/versions", dependencies=ALLOWED)
async def list_safety_plan_versions(
    plan_id: UUID,
    uow: Uow,
    cursor: Annotated[str | None, Query(max_length=200, description="From next_cursor.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 25,
) -> VersionPage:
    """What was published, the latest first, without the text."""
    return await queries.list_versions(uow, plan_id, cursor=cursor, limit=limit)


@router.get("/{plan_id}/versions/{number}", dependencies=ALLOWED)
async def get_safety_plan_version(plan_id: UUID, number: Number, uow: Uow) -> WholeVersion:
    """One published version, whole."""
    return await queries.read_version(uow, plan_id, number)
