"""Restricted patients and broken glass for tests."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.crisis import access
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.patients import PRIVACY
from app.work_queues import rosters
from tests.builders.identity import a_user

REASON = "brought in unconscious, nobody else is here"


@dataclass(frozen=True)
class Kept:
    """A restriction, and the record it is about."""

    id: UUID
    patient_id: UUID


async def a_privacy_member(works: Works, admin: Actor) -> Actor:
    """A nurse who is one of the privacy pool."""
    member = await a_user(works, Role.NURSE, username="privacy", full_name="Petra Voss")
    async with works.begin(admin) as uow:
        await rosters.add_member(uow, PRIVACY, member.id)
    return member


async def restricted(
    works: Works, by: Actor, patient_id: UUID, people: Sequence[UUID] = ()
) -> Kept:
    async with works.begin(by) as uow:
        row = await access.restrict(uow, patient_id, "works in this clinic", list(people))
    return Kept(row.id, row.patient_id)


async def glass_broken(works: Works, by: Actor, patient_id: UUID) -> access.GrantOut:
    async with works.begin(by) as uow:
        return await access.break_glass(uow, patient_id, REASON)
