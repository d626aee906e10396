"""A safety plan in use is gone through again: a task says so, due on the day that was agreed."""

from datetime import date, datetime, time
from uuid import UUID

from app.crisis.safety_plans.models import SafetyPlan
from app.infra.uow import UnitOfWork
from app.work_queues import tasks

REVIEW = "safety-plan.review"  # a kind of work the migration made
MORNING = time(9)


def review_of(plan_id: UUID, number: int) -> str:
    """What the task is about, in a word: the same word opens and closes it."""
    return f"safety-plan:{plan_id}:{number}:review"


async def ask_for_review(uow: UnitOfWork, plan: SafetyPlan, number: int, on: date) -> None:
    """For whoever published it, on the morning of that day on the clinic's wall."""
    await tasks.add_task(
        uow,
        tasks.NewTask(
            type=REVIEW,
            assignee_id=uow.actor.id,
            patient_id=plan.patient_id,
            subject=("safety_plan", plan.id),
            due_at=datetime.combine(on, MORNING, tzinfo=uow.zone),
            cause_key=review_of(plan.id, number),
        ),
    )


async def no_review(uow: UnitOfWork, plan: SafetyPlan, number: int) -> None:
    """Nobody needs to look at a version that is not in use any more."""
    await tasks.close_cause(uow, review_of(plan.id, number))
