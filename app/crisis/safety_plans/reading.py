"""How a safety plan is put together from its rows and its texts, and how looking leaves a trace."""

from collections.abc import Sequence
from uuid import UUID

from app import audit
from app.crisis.safety_plans import repository, texts
from app.crisis.safety_plans.documents import PlanWorkingCopy
from app.crisis.safety_plans.models import SafetyPlan, SafetyPlanVersion
from app.crisis.safety_plans.schemas import SafetyPlanOut, VersionOut
from app.infra.uow import UnitOfWork


def version_out(plan: SafetyPlan, row: SafetyPlanVersion, reason: str | None = None) -> VersionOut:
    return VersionOut(
        plan_id=row.plan_id,
        patient_id=plan.patient_id,
        number=row.number,
        status=row.status,
        review_on=row.review_on,
        published_by=row.published_by,
        author_name=row.author_name,
        published_at=row.published_at,
        reason=reason,
    )


def plan_out(
    plan: SafetyPlan, copy: PlanWorkingCopy, current: SafetyPlanVersion | None
) -> SafetyPlanOut:
    return SafetyPlanOut(
        id=plan.id,
        patient_id=plan.patient_id,
        version=copy.version,
        content=copy.content,
        updated_at=copy.updated_at,
        updated_by=copy.updated_by,
        current=version_out(plan, current) if current else None,
        versions_published=plan.versions_published,
    )


async def put_together(uow: UnitOfWork, plans: Sequence[SafetyPlan]) -> list[SafetyPlanOut]:
    ids = [plan.id for plan in plans]
    copies = await texts.working_copies(uow, ids)
    current = await repository.current_versions(uow, ids)
    return [plan_out(plan, copies[plan.id], current.get(plan.id)) for plan in plans]


async def record(
    uow: UnitOfWork, action: str, patient_id: UUID, plan_id: UUID, **detail: int | str
) -> None:
    await audit.record(
        uow,
        f"safety-plan.{action}",
        patient_id=patient_id,
        subject=("safety_plan", plan_id),
        detail=dict(detail),
    )
