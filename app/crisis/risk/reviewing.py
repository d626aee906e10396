"""The next review of a risk level is a task of its own, as long as one is planned."""

from uuid import UUID

from app.crisis.risk.models import RiskState
from app.infra.uow import UnitOfWork
from app.work_queues import items, tasks

REVIEW = "crisis.review"  # a kind of work the migration made


def review_of(patient_id: UUID) -> str:
    return f"risk-review:{patient_id}"


async def follow_review(uow: UnitOfWork, state: RiskState) -> None:
    """Have a task open exactly while a review is planned, due when it is."""
    cause = review_of(state.patient_id)
    known = await items.find_cause(uow, cause)
    if known is not None and known.due_at == state.next_review_at:
        return
    if known is not None:
        await tasks.close_cause(uow, cause)
    if state.next_review_at is not None:
        await tasks.add_task(
            uow,
            tasks.NewTask(
                type=REVIEW,
                patient_id=state.patient_id,
                subject=("patient", state.patient_id),
                due_at=state.next_review_at,
                cause_key=cause,
            ),
        )
