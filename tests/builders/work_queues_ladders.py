"""Ladders for tests."""

from collections.abc import Sequence
from uuid import UUID

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import ladders
from app.work_queues.calendars import ALWAYS
from app.work_queues.ladders import Channel, Ladder, SaveLadder, Step, Target

NURSES = UUID("00000000-0000-4000-8000-0000000000a1")  # made by the migration, as are these
DOCTORS = UUID("00000000-0000-4000-8000-0000000000a2")
RECEPTION = UUID("00000000-0000-4000-8000-0000000000a3")
SUPERVISORS = UUID("00000000-0000-4000-8000-0000000000a4")
URGENT = UUID("00000000-0000-4000-8000-00000000ad01")
STANDARD = UUID("00000000-0000-4000-8000-00000000ad02")


def a_step(
    after_minutes: int = 0,
    target: Target = Target.HOLDER,
    *,
    user_id: UUID | None = None,
    pool_id: UUID | None = None,
    channel: Channel = Channel.PAGE,
) -> Step:
    return Step(
        after_minutes=after_minutes,
        target=target,
        user_id=user_id,
        pool_id=pool_id,
        channel=channel,
    )


def on_duty(after_minutes: int, pool_id: UUID) -> Step:
    return a_step(after_minutes, Target.ON_DUTY, pool_id=pool_id)


def a_pool(after_minutes: int, pool_id: UUID) -> Step:
    return a_step(after_minutes, Target.POOL, pool_id=pool_id)


def everybody(after_minutes: int) -> Step:
    return a_step(after_minutes, Target.EVERYBODY)


async def a_ladder(
    works: Works,
    actor: Actor,
    steps: Sequence[Step] = (),
    *,
    key: str = "short",
    calendar_id: UUID = ALWAYS,
    version: int = 0,
) -> Ladder:
    """Whose it is at once, everybody after ten minutes; by day and night."""
    steps = list(steps) or [a_step(), everybody(10)]
    wanted = SaveLadder(name="Short", calendar_id=calendar_id, steps=steps)
    async with works.begin(actor) as uow:
        return await ladders.save_ladder(uow, key, wanted, version=version)
