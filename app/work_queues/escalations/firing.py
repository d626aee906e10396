"""Firing a step: who is told, and where the item goes."""

from uuid import UUID, uuid4

from app.infra.uow import UnitOfWork
from app.work_queues import items
from app.work_queues.escalations import repository
from app.work_queues.escalations.errors import NothingToClimb
from app.work_queues.escalations.models import Escalation, EscalationStatus
from app.work_queues.items import Change, WorkItem
from app.work_queues.ladders import Channel, Target
from app.work_queues.rosters import (
    Stand,
    everybody_on_staff,
    members_of,
    on_duty,
    pool_in_use,
    standing_in,
)

NOTICES_EMAIL = "notices.email"


async def climb_by_hand(uow: UnitOfWork, item: WorkItem) -> Escalation:
    """Fire the next step of a locked item now, whenever it was due; the highest that was fired.

    A step that reaches nobody takes the next one along. Audits once. Raises `NothingToClimb`.
    """
    fired = await climb(uow, item, at_once=True)
    if not fired:
        raise NothingToClimb(item_id=item.id)
    return fired[-1]


async def climb(uow: UnitOfWork, item: WorkItem, *, at_once: bool = False) -> list[Escalation]:
    """Fire the steps of a locked item that are due, and whatever follows one that reached nobody.

    `at_once`: the lowest step is not waited for. Each step is fired in this transaction or not at
    all, and never again.
    """
    fired = []
    for step in await repository.planned(uow, item.id):
        if step.due_at > uow.now and not at_once:
            break
        await fire(uow, item, step)
        fired.append(step)
        at_once = step.told == 0
    if fired:
        positions = [step.position for step in fired]
        told = sum(step.told or 0 for step in fired)
        await items.trace(uow, "escalate", item, positions=positions, told=told)
    return fired


async def fire(uow: UnitOfWork, item: WorkItem, step: Escalation) -> None:
    before = items.Before.of(item)
    stands = await reached(uow, item, step)
    if step.target is Target.POOL and stands:
        assert step.pool_id is not None
        item.pool_id, item.assignee_id = step.pool_id, None
    people = [stand.user_id for stand in stands]
    item.called = sorted({*item.called, *people}, key=str)
    item.escalation_level = step.position
    step.status, step.settled_at, step.told = EscalationStatus.FIRED, uow.now, len(stands)
    await give_notice(uow, item, step, stands)
    items.changed(
        uow,
        item,
        Change.ESCALATED,
        before,
        told=people,
        detail={"position": step.position, "cycle": step.cycle, "told": len(stands)},
    )


async def reached(uow: UnitOfWork, item: WorkItem, step: Escalation) -> list[Stand]:
    """Whom a step tells, each person once; nobody, when its pool is quiet."""
    match step.target:
        case Target.HOLDER:
            return await whose_it_is(uow, item)
        case Target.PERSON:
            assert step.user_id is not None
            stand = await standing_in(uow, step.user_id, uow.now)
            return [] if stand is None else [stand]
        case Target.ON_DUTY:
            assert step.pool_id is not None
            return await on_duty(uow, step.pool_id, uow.now)
        case Target.POOL:
            assert step.pool_id is not None
            return await all_of(uow, step.pool_id)
        case Target.EVERYBODY:
            return themselves(await everybody_on_staff(uow))


async def whose_it_is(uow: UnitOfWork, item: WorkItem) -> list[Stand]:
    """Who holds it, else whom it is for, else those on duty for its pool; those who are there."""
    for user_id in (item.holder_id, item.assignee_id):
        if user_id is not None:
            stand = await standing_in(uow, user_id, uow.now)
            if stand is not None:
                return [stand]
    return await on_duty(uow, item.pool_id, uow.now)


async def all_of(uow: UnitOfWork, pool_id: UUID) -> list[Stand]:
    """Nobody when the pool is no longer in use: nothing is moved to where nobody looks."""
    if not await pool_in_use(uow, pool_id):
        return []
    return themselves(await members_of(uow, pool_id))


def themselves(user_ids: list[UUID]) -> list[Stand]:
    return [Stand(user_id, None) for user_id in user_ids]


async def give_notice(
    uow: UnitOfWork, item: WorkItem, step: Escalation, stands: list[Stand]
) -> None:
    """A line for each person; those to be told by e-mail get theirs from the worker."""
    rows = [
        {
            "id": uuid4(),
            "escalation_id": step.id,
            "item_id": item.id,
            "user_id": stand.user_id,
            "in_place_of": stand.in_place_of,
            "channel": step.channel,
            "told_at": uow.now,
        }
        for stand in stands
    ]
    if rows:
        await repository.write_notices(uow, rows)
    if step.channel is Channel.EMAIL:
        for row in rows:
            notice = str(row["id"])
            await uow.enqueue(NOTICES_EMAIL, {"notice_id": notice}, once=f"notice-{notice}")
