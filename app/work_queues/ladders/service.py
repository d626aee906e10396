"""What can be done with ladders and kinds of work."""

from collections.abc import Sequence
from uuid import UUID

from app import audit
from app.infra.uow import UnitOfWork
from app.work_queues.calendars import CalendarNotFound, load_calendar
from app.work_queues.ladders import repository
from app.work_queues.ladders.errors import Fault, LadderUnfit, WorkTypeUnfit
from app.work_queues.ladders.models import Ladder, WorkType
from app.work_queues.ladders.policies import require_keeper
from app.work_queues.ladders.schemas import ChangeWorkType, SaveLadder, Step
from app.work_queues.rosters import can_receive, pool_in_use


async def save_ladder(uow: UnitOfWork, key: str, wanted: SaveLadder, *, version: int) -> Ladder:
    """Make a ladder (version 0), or replace one with all its steps.

    What is planned already stays as it is. Raises `LadderUnfit` for a calendar, a person or a pool
    that is not there, `LadderNotFound`, `LadderChanged`, `MayNotKeepLadders`.
    """
    await require_keeper(uow)
    faults = [*await calendar_faults(uow, wanted.calendar_id), *await faults_of(uow, wanted.steps)]
    if faults:
        raise LadderUnfit(errors=faults)
    ladder = await repository.add(uow, key, wanted) if version == 0 else None
    if ladder is None:
        ladder = await repository.by_key(uow, key, lock=True)
        ladder.require_version(version)
        ladder.name, ladder.calendar_id = wanted.name, wanted.calendar_id
        ladder.version, ladder.updated_by = ladder.version + 1, uow.actor.id
    await repository.replace_steps(uow, ladder.id, wanted.steps)
    detail = {"version": ladder.version, "steps": len(wanted.steps)}
    await audit.record(uow, "ladder.save", subject=("ladder", ladder.id), detail=detail)
    return ladder


async def faults_of(uow: UnitOfWork, steps: Sequence[Step]) -> list[Fault]:
    """Steps that name somebody who works no queue, or a pool that is not in use."""
    faults: list[Fault] = []
    for place, step in enumerate(steps):
        at: list[str | int] = ["body", "steps", place]
        if step.user_id is not None and not await can_receive(uow, step.user_id):
            why = "Nobody of the staff with an active account has that id."
            faults.append({"at": [*at, "user_id"], "why": why, "rule": "person_known"})
        if step.pool_id is not None and not await pool_in_use(uow, step.pool_id):
            why = "No pool in use has that id."
            faults.append({"at": [*at, "pool_id"], "why": why, "rule": "pool_known"})
    return faults


async def calendar_faults(uow: UnitOfWork, calendar_id: UUID) -> list[Fault]:
    try:
        await load_calendar(uow, calendar_id)
    except CalendarNotFound:
        why = "No calendar has that id."
        return [{"at": ["body", "calendar_id"], "why": why, "rule": "calendar_known"}]
    return []


async def change_type(
    uow: UnitOfWork, code: str, change: ChangeWorkType, *, version: int
) -> WorkType:
    """Say how severe work of a kind is, whose, by when, and which ladder it climbs, from now on.

    Raises `WorkTypeUnknown`, `WorkTypeChanged`, `WorkTypeUnfit`, `MayNotKeepLadders`.
    """
    await require_keeper(uow)
    work_type = await repository.work_type(uow, code, lock=True)
    work_type.require_version(version)
    faults = await faults_in(uow, work_type, change)
    if faults:
        raise WorkTypeUnfit(errors=faults)
    changes = change.changes
    for name, value in changes.items():
        setattr(work_type, name, value)
    if changes:
        work_type.version, work_type.updated_by = work_type.version + 1, uow.actor.id
    detail = {"type": code, "version": work_type.version, "fields": sorted(changes)}
    await audit.record(uow, "work_type.change", detail=detail)
    return work_type


async def faults_in(uow: UnitOfWork, work_type: WorkType, change: ChangeWorkType) -> list[Fault]:
    said = change.model_fields_set
    faults: list[Fault] = []
    if "calendar_id" in said:
        faults += await calendar_faults(uow, change.calendar_id)
    if "pool_id" in said and not await pool_in_use(uow, change.pool_id):
        why = "No pool in use has that id."
        faults.append({"at": ["body", "pool_id"], "why": why, "rule": "pool_known"})
    if change.ladder_id is not None and not await repository.is_there(uow, change.ladder_id):
        why = "No ladder has that id."
        faults.append({"at": ["body", "ladder_id"], "why": why, "rule": "ladder_known"})
    if "acknowledged_minutes" in said and work_type.kind != "alert":
        why = "Only alerts are acknowledged: leave it out."
        at: list[str | int] = ["body", "acknowledged_minutes"]
        faults.append({"at": at, "why": why, "rule": "alerts_only"})
    return faults
