"""Asking for ladders and kinds of work."""

from datetime import datetime
from uuid import UUID

from app.infra.uow import UnitOfWork
from app.work_queues.calendars import Calendar, due_at, load_calendar
from app.work_queues.ladders import repository
from app.work_queues.ladders.models import LadderStep, WorkType


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
