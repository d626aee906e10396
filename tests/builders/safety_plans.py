"""Safety plans for tests: literal words nobody said."""

from typing import Any
from uuid import UUID

from app.crisis import safety_plans
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.patients import a_patient

WORDS: dict[str, Any] = {
    "warning_signs": "I stop answering messages",
    "alone": "Walk to the river",
    "distractions": [{"name": "The chess table in the park", "phone": ""}],
    "helpers": [{"name": "My sister", "phone": "555-0101"}],
    "professionals": [{"name": "Lifeline", "phone": "988"}],
    "surroundings": "My sister keeps the tablets",
    "worth_living": "The garden in May",
    "made_with": "Nurse and sister",
    "kept_at": "On the fridge",
    "likelihood": 8,
}


def content(**fields: Any) -> safety_plans.PlanContent:
    return safety_plans.PlanContent.model_validate(WORDS | fields)


async def a_begun_plan(
    works: Works, by: Actor, patient_id: UUID | None = None
) -> safety_plans.SafetyPlanOut:
    if patient_id is None:
        patient_id = (await a_patient(works, by)).id
    async with works.begin(by) as uow:
        return await safety_plans.begin_plan(uow, patient_id)


async def typed(
    works: Works, by: Actor, plan: safety_plans.SafetyPlanOut, **fields: Any
) -> safety_plans.SafetyPlanOut:
    async with works.begin(by) as uow:
        return await safety_plans.save_working_copy(
            uow, plan.id, content(**fields), version=plan.version
        )


async def published(
    works: Works, by: Actor, plan: safety_plans.SafetyPlanOut, *, review_in_days: int = 30
) -> safety_plans.VersionOut:
    async with works.begin(by) as uow:
        return await safety_plans.publish_plan(
            uow, plan.id, version=plan.version, review_in_days=review_in_days
        )


async def a_published_plan(
    works: Works, by: Actor, patient_id: UUID | None = None, **fields: Any
) -> safety_plans.VersionOut:
    plan = await typed(works, by, await a_begun_plan(works, by, patient_id), **fields)
    return await published(works, by, plan)
