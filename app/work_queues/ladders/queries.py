"""Asking for ladders and kinds of work."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.infra.uow import UnitOfWork
from app.work_queues.calendars import Calendar, due_at, load_calendar
from app.work_queues.ladders import repository
from app.work_queues.ladders.models import Ladder, LadderStep, WorkType
from app.work_queues.ladders.schemas import Due, LadderOut, Step, WorkTypeOut


async def get_type(uow: UnitOfWork, code: str) -> WorkType:
    """A kind of task or alert; raises `WorkTypeUnknown`."""
    return await repository.work_type(uow, code)


async def steps_of(uow: UnitOfWork, ladder_id: UUID) -> list[LadderStep]:
    """The steps of a ladder, from the lowest up."""
    return list(await repository.steps(uow, [ladder_id]))


async def calendar_of(uow: UnitOfWork, ladder_id: UUID) -> Calendar:
    """The calendar in whose minutes a ladder counts; raises `LadderNotFound`."""
    return await load_calendar(uow, await repository.calendar_id_of(uow, ladder_id))


async def due_for(uow: UnitOfWork, work_type: WorkType, start: datetime) -> datetime | None:
    """When work of this kind that begins at `start` is due; None: it has no deadline."""
    if work_type.due_amount is None or work_type.due_unit is None:
        return None
    return await due_at(uow, work_type.calendar_id, start, work_type.due_amount, work_type.due_unit)


async def list_ladders(uow: UnitOfWork) -> list[LadderOut]:
    """All of them, by name."""
    return await described(uow, await repository.ladders(uow))


async def find_ladder(uow: UnitOfWork, key: str) -> LadderOut:
    """Raises `LadderNotFound`."""
    return (await described(uow, [await repository.by_key(uow, key)]))[0]


async def described(uow: UnitOfWork, ladders: Sequence[Ladder]) -> list[LadderOut]:
    """What they say, each with its steps."""
    steps: dict[UUID, list[Step]] = defaultdict(list)
    for step in await repository.steps(uow, [ladder.id for ladder in ladders]):
        steps[step.ladder_id].append(Step.model_validate(step))
    return [
        LadderOut(
            id=ladder.id,
            key=ladder.key,
            name=ladder.name,
            calendar_id=ladder.calendar_id,
            steps=steps[ladder.id],
            version=ladder.version,
        )
        for ladder in ladders
    ]


async def list_types(uow: UnitOfWork) -> list[WorkTypeOut]:
    """Tasks first, then alerts."""
    return [type_out(each) for each in await repository.work_types(uow)]


def type_out(work_type: WorkType) -> WorkTypeOut:
    due = None
    if work_type.due_amount is not None and work_type.due_unit is not None:
        due = Due.model_construct(amount=work_type.due_amount, unit=work_type.due_unit)
    return WorkTypeOut(
        code=work_type.code,
        kind=work_type.kind,
        title=work_type.title,
        severity=work_type.severity,
        pool_id=work_type.pool_id,
        calendar_id=work_type.calendar_id,
        ladder_id=work_type.ladder_id,
        due=due,
        acknowledged_minutes=work_type.acknowledged_minutes,
        version=work_type.version,
    )
