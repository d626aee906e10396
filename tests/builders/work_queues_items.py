"""People at work and what became of their items, for tests."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor, Role
from app.kernel.errors import DomainError
from app.work_queues import items, rosters
from app.work_queues.items import Change, Receiver, WorkItem, WorkItemMove
from tests.builders.identity import a_user

Act = Callable[[UnitOfWork], Awaitable[Any]]


async def nurses_named(works: Works, *usernames: str) -> list[Actor]:
    return [
        await a_user(works, Role.NURSE, username=name, full_name=name.capitalize())
        for name in usernames
    ]


async def as_supervisor(works: Works, by: Actor, person: Actor) -> Actor:
    """Somebody who is no administrator and looks after all queues."""
    async with works.begin(by) as uow:
        await rosters.add_member(uow, rosters.SUPERVISORS, person.id)
    return person


async def attempt(works: Works, by: Actor, act: Act) -> Any:
    """What came of it: the result, or the refusal."""
    try:
        async with works.begin(by) as uow:
            return await act(uow)
    except DomainError as refusal:
        return refusal


async def done(works: Works, by: Actor, act: Act) -> Any:
    """What came of it; a refusal is an error of the test."""
    async with works.begin(by) as uow:
        return await act(uow)


async def seen(works: Works, item_id: UUID) -> WorkItem:
    """The row as it is now."""
    async with works.sessions() as db:
        return await db.get_one(WorkItem, item_id)


async def changes(works: Works, item_id: UUID) -> list[Change]:
    """What happened to it, in order."""
    async with works.sessions() as db:
        rows = select(WorkItemMove.change).where(WorkItemMove.item_id == item_id)
        return list(await db.scalars(rows.order_by(WorkItemMove.seq)))


def claim(item: WorkItem) -> Act:
    return lambda uow: items.claim(uow, item.id)


def release(item: WorkItem) -> Act:
    return lambda uow: items.release(uow, item.id)


def hand_over(item: WorkItem, **to: UUID) -> Act:
    return lambda uow: items.hand_over(uow, item.id, Receiver(**to), note="lunch")
