"""Every statement that touches ladders and kinds of work."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from app.infra.uow import UnitOfWork
from app.work_queues.ladders.errors import LadderNotFound, WorkTypeUnknown
from app.work_queues.ladders.models import Ladder, LadderStep, WorkType


async def work_type(uow: UnitOfWork, code: str, *, lock: bool = False) -> WorkType:
    """Raises `WorkTypeUnknown`."""
    statement = select(WorkType).where(WorkType.code == code)
    if lock:
        statement = statement.with_for_update(key_share=True)
        statement = statement.execution_options(populate_existing=True)
    found = (await uow.db.execute(statement)).scalar_one_or_none()
    if found is None:
        raise WorkTypeUnknown
    return found


async def steps(uow: UnitOfWork, ladder_ids: Sequence[UUID]) -> Sequence[LadderStep]:
    """Their steps, from the lowest up."""
    statement = (
        select(LadderStep)
        .where(LadderStep.ladder_id.in_(ladder_ids))
        .order_by(LadderStep.ladder_id, LadderStep.position)
    )
    return (await uow.db.scalars(statement)).all()


async def calendar_id_of(uow: UnitOfWork, ladder_id: UUID) -> UUID:
    """Raises `LadderNotFound`."""
    found = await uow.db.scalar(select(Ladder.calendar_id).where(Ladder.id == ladder_id))
    if found is None:
        raise LadderNotFound(ladder_id=ladder_id)
    return found
