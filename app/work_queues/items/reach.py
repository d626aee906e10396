"""How far somebody sees: which items are theirs to know."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, true

from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.work_queues.items.errors import PoolNotYours
from app.work_queues.items.models import WorkItem
from app.work_queues.rosters import SUPERVISORS, pools_of, pools_of_each


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What somebody may see: their pools' items, what is for, from or held by them, and what they
    were called to when nobody acted.
    """

    actor_id: UUID
    pools: frozenset[UUID]
    everything: bool

    def filter(self) -> ColumnElement[bool]:
        """For every statement that reads items."""
        if self.everything:
            return true()
        return or_(
            WorkItem.pool_id.in_(self.pools),
            WorkItem.assignee_id == self.actor_id,
            WorkItem.holder_id == self.actor_id,
            WorkItem.created_by == self.actor_id,
            WorkItem.called.contains([self.actor_id]),
        )

    def covers(self, event: Any) -> bool:
        """Whether a change that live pages are told of is for this person."""
        return (
            self.everything
            or event.pool_id in self.pools
            or self.actor_id in {event.assignee_id, event.holder_id, *event.told}
        )

    def require_pool(self, pool_id: UUID) -> None:
        """Raise `PoolNotYours` for the queue of people one does not belong to."""
        if not (self.everything or pool_id in self.pools):
            raise PoolNotYours(pool_id=pool_id)

    def may_work(self, item: WorkItem) -> bool:
        """One of its pool when it is for nobody else, whoever it is for or was called to it, and
        supervisors.
        """
        mine = self.actor_id in {item.assignee_id, item.holder_id, *item.called}
        free = item.assignee_id is None and item.pool_id in self.pools
        return self.everything or mine or free


async def reach_of(uow: UnitOfWork) -> Reach:
    """Supervisors and the system's own parts see all of it."""
    pools = await pools_of(uow)
    return Reach(
        actor_id=uow.actor.id,
        pools=pools,
        everything=SUPERVISORS in pools or uow.actor.has_any(Role.SYSTEM),
    )


async def reaches_of(uow: UnitOfWork, people: Collection[UUID]) -> dict[UUID, Reach]:
    """How far each of these people sees, asked at once."""
    pools = await pools_of_each(uow, people)
    return {
        person: Reach(actor_id=person, pools=found, everything=SUPERVISORS in found)
        for person, found in pools.items()
    }
