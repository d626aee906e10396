"""Saying no with everything that is in the way, and with what could be had instead."""

from app.infra.uow import UnitOfWork
from app.scheduling.appointments.errors import Alternative, Obstacle, SlotTaken
from app.scheduling.appointments.policies import may_override
from app.scheduling.appointments.searching import nearest_alternatives
from app.scheduling.appointments.wanted import Wanted

ALTERNATIVES = 3


async def slot_taken(uow: UnitOfWork, wanted: Wanted, obstacles: list[Obstacle]) -> SlotTaken:
    """The refusal, ready to be raised."""
    kinds = [obstacle["kind"] for obstacle in obstacles]
    return SlotTaken(
        conflicts=obstacles,
        alternatives=await alternatives_to(uow, wanted),
        overridable=may_override(uow.actor, kinds),
    )


async def alternatives_to(uow: UnitOfWork, wanted: Wanted) -> list[Alternative]:
    """The nearest times that are free."""
    return [
        Alternative(
            practitioner_id=slot.practitioner_id,
            room_id=slot.room_id,
            visit_type_id=slot.visit_type_id,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
        )
        for slot in await nearest_alternatives(uow, wanted, count=ALTERNATIVES)
    ]
