"""Every statement that touches ladders and kinds of work."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.infra.uow import UnitOfWork
from app.work_queues.ladders.errors import LadderNotFound, WorkTypeUnknown
from app.work_queues.ladders.models import Ladder, LadderStep, WorkType
from app.work_queues.ladders.schemas import SaveLadder, Step


async def work_types(uow: UnitOfWork) -> Sequence[WorkType]:
    """Tasks first, then alerts."""
    statement = select(WorkType).order_by(WorkType.kind.desc(), WorkType.code)
    return (await uow.db.scalars(statement)).all()


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


async def ladders(uow: UnitOfWork) -> Sequence[Ladder]:
    return (await uow.db.scalars(select(Ladder).order_by(Ladder.name))).all()


async def by_key(uow: UnitOfWork, key: str, *, lock: bool = False) -> Ladder:
    """Raises `LadderNotFound`."""
    statement = select(Ladder).where(Ladder.key == key)
    if lock:
        statement = statement.with_for_update(key_share=True)
        statement = statement.execution_options(populate_existing=True)
    found = (await uow.db.execute(statement)).scalar_one_or_none()
    if found is None:
        raise LadderNotFound
    return found


async def add(uow: UnitOfWork, key: str, wanted: SaveLadder) -> Ladder | None:
    """None when there is one by that key already, whoever came at the same time."""
    row = {
        "id": uuid4(),
        "key": key,
        "name": wanted.name,
        "calendar_id": wanted.calendar_id,
        "version": 1,
        "updated_by": uow.actor.id,
    }
    statement = (
        insert(Ladder)
        .values(row)
        .on_conflict_do_nothing(index_elements=[Ladder.key])
        .returning(Ladder)
    )
    return (await uow.db.scalars(statement)).one_or_none()


async def replace_steps(uow: UnitOfWork, ladder_id: UUID, steps: Sequence[Step]) -> None:
    """Numbered from the lowest up."""
    await uow.db.execute(delete(LadderStep).where(LadderStep.ladder_id == ladder_id))
    rows: list[dict[str, Any]] = [
        {"ladder_id": ladder_id, "position": position, **step.model_dump()}
        for position, step in enumerate(steps, start=1)
    ]
    await uow.db.execute(insert(LadderStep).values(rows))


async def steps(uow: UnitOfWork, ladder_ids: Sequence[UUID]) -> Sequence[LadderStep]:
    """Their steps, from the lowest up."""
    statement = (
        select(LadderStep)
        .where(LadderStep.ladder_id.in_(ladder_ids))
        .order_by(LadderStep.ladder_id, LadderStep.position)
        .execution_options(populate_existing=True)
    )
    return (await uow.db.scalars(statement)).all()


async def is_there(uow: UnitOfWork, ladder_id: UUID) -> bool:
    statement = select(Ladder.id).where(Ladder.id == ladder_id)
    return (await uow.db.execute(statement)).first() is not None


async def calendar_id_of(uow: UnitOfWork, ladder_id: UUID) -> UUID:
    """Raises `LadderNotFound`."""
    found = await uow.db.scalar(select(Ladder.calendar_id).where(Ladder.id == ladder_id))
    if found is None:
        raise LadderNotFound(ladder_id=ladder_id)
    return found
