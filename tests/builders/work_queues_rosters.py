"""Pools, shifts and absences, for tests."""

from datetime import UTC, datetime
from uuid import UUID

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import rosters

NURSES = UUID("00000000-0000-4000-8000-0000000000a1")
DOCTORS = UUID("00000000-0000-4000-8000-0000000000a2")


def at(clock: str, day: str = "2026-03-03") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=UTC)


async def a_pool(works: Works, by: Actor, key: str = "night-team") -> rosters.Pool:
    async with works.begin(by) as uow:
        return await rosters.add_pool(uow, rosters.NewPool(key=key, name="Night team"))


async def a_member(works: Works, by: Actor, pool_id: UUID, person: Actor) -> None:
    async with works.begin(by) as uow:
        await rosters.add_member(uow, pool_id, person.id)


async def a_shift(
    works: Works,
    by: Actor,
    person: Actor,
    starts_at: datetime,
    ends_at: datetime,
    *,
    pool_id: UUID = NURSES,
) -> rosters.DutyShift:
    new = rosters.NewShift(pool_id=pool_id, user_id=person.id, starts_at=starts_at, ends_at=ends_at)
    async with works.begin(by) as uow:
        return await rosters.plan_shift(uow, new)


async def an_absence(
    works: Works,
    person: Actor,
    starts_at: datetime,
    ends_at: datetime,
    *,
    substitute: Actor | None = None,
    by: Actor | None = None,
) -> rosters.Absence:
    new = rosters.NewAbsence(
        user_id=person.id,
        substitute_id=substitute and substitute.id,
        starts_at=starts_at,
        ends_at=ends_at,
    )
    async with works.begin(by or person) as uow:
        return await rosters.note_absence(uow, new)
