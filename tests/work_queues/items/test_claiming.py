"""One person at a time works on an item, whoever comes at the same moment."""

import asyncio
from uuid import UUID

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import items
from app.work_queues.items import Change, ItemHeld, Severity, WorkItem
from app.work_queues.items.tasks import end_leases
from tests.builders.work_queues_items import (
    attempt,
    changes,
    claim,
    done,
    nurses_named,
    release,
    seen,
)
from tests.builders.work_queues_queues import NURSES, waiting
from tests.conftest import FrozenClock


async def test_of_many_who_claim_at_once_one_gets_it(works: Works) -> None:
    nurses = await nurses_named(works, "anna", "bert", "cleo", "dora")
    item = await waiting(works)
    results = await asyncio.gather(
        *(attempt(works, nurse, claim(item)) for nurse in nurses for _ in range(5))
    )
    held = await seen(works, item.id)
    winners = {each.holder_id for each in results if isinstance(each, WorkItem)}
    assert winners == {held.holder_id}
    refused = [each for each in results if not isinstance(each, WorkItem)]
    assert {type(each) for each in refused} == {ItemHeld}
    assert {each.holder_id for each in refused} == winners
    assert len(refused) == 15
    assert await changes(works, item.id) == [Change.OPENED, Change.CLAIMED]


async def test_many_who_take_the_next_one_never_get_the_same(works: Works) -> None:
    nurses = await nurses_named(works, "anna", "bert", "cleo", "dora")
    put = [await waiting(works, f"Task {number}") for number in range(24)]

    async def work(nurse: Actor) -> list[UUID]:
        taken = []
        while (item := await take_next(works, nurse)) is not None:
            taken.append(item.id)
        return taken

    shares = await asyncio.gather(*(work(nurse) for nurse in nurses))
    taken = [each for share in shares for each in share]
    assert sorted(taken) == sorted(each.id for each in put)
    for nurse, share in zip(nurses, shares, strict=True):
        assert {(await seen(works, each)).holder_id for each in share} <= {nurse.id}


async def take_next(works: Works, nurse: Actor) -> WorkItem | None:
    async with works.begin(nurse) as uow:
        return await items.claim_next(uow, NURSES)


async def test_the_next_one_is_the_gravest_then_the_first_to_breach_then_the_oldest(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    late = clock.now().replace(hour=20)
    expected = [
        await waiting(works, "critical", severity=Severity.CRITICAL),
        await waiting(works, "due soon", due_at=late.replace(hour=10)),
        await waiting(works, "due late", due_at=late),
        await waiting(works, "old"),
    ]
    clock.advance(minutes=1)
    expected.append(await waiting(works, "new"))
    expected.append(await waiting(works, "low", severity=Severity.LOW, due_at=late))
    found = [await take_next(works, nurse) for _ in expected]
    assert [each and each.title for each in found] == [each.title for each in expected]
    assert await take_next(works, nurse) is None


async def test_what_somebody_comments_on_keeps_its_turn(works: Works, nurse: Actor) -> None:
    """Writing about an item locks its key, which must not look as if it were being taken."""
    first = await waiting(works, "first", severity=Severity.HIGH)
    await waiting(works, "second")
    async with works.begin(nurse) as writing:
        items.put_link(writing, first, url="https://lab.example/1", label="Result")
        await writing.db.flush()
        taken = await take_next(works, nurse)
    assert taken is not None
    assert taken.id == first.id


async def test_what_is_for_somebody_else_is_passed_over(works: Works, nurse: Actor) -> None:
    [anna] = await nurses_named(works, "anna")
    await waiting(works, "for Anna", severity=Severity.CRITICAL, assignee_id=anna.id)
    mine = await waiting(works, "for anybody")
    taken = await take_next(works, nurse)
    assert taken is not None
    assert taken.id == mine.id


async def test_claiming_again_renews_the_lease(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    item = await waiting(works)
    await done(works, nurse, claim(item))
    since = clock.now()
    clock.advance(minutes=10)
    again = await done(works, nurse, claim(item))
    assert (again.held_since, again.lease_until) == (since, clock.now() + items.LEASE)


async def test_a_lease_that_nobody_renews_ends(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    kept, lost = await waiting(works, "kept"), await waiting(works, "lost")
    [anna] = await nurses_named(works, "anna")
    await done(works, nurse, claim(lost))
    await done(works, anna, claim(kept))
    clock.advance(minutes=14)
    assert await end_leases(works) == 0
    assert await done(works, anna, items.renew_leases) == 1
    clock.advance(minutes=1)
    ended = await asyncio.gather(*(end_leases(works) for _ in range(3)))
    assert sum(ended) == 1
    assert (await seen(works, kept.id)).holder_id == anna.id
    free = await seen(works, lost.id)
    assert (free.status, free.holder_id) == ("ready", None)
    assert (await changes(works, lost.id))[-1] is Change.LEASE_ENDED
    taken = await done(works, anna, claim(lost))
    assert taken.holder_id == anna.id
    assert isinstance(await attempt(works, nurse, release(lost)), items.ItemNotHeld)


async def test_renewing_while_the_lease_ends_leaves_one_of_both(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    item = await waiting(works)
    await done(works, nurse, claim(item))
    clock.advance(minutes=15)
    renewed, ended = await asyncio.gather(
        attempt(works, nurse, items.renew_leases), end_leases(works)
    )
    assert (renewed, ended) in {(1, 0), (0, 1)}
    assert (await seen(works, item.id)).holder_id == (nurse.id if renewed else None)


async def test_released_it_waits_in_its_old_place(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    first = await waiting(works, "first")
    clock.advance(minutes=1)
    await waiting(works, "second")
    await done(works, nurse, claim(first))
    back = await done(works, nurse, release(first))
    assert (back.status, back.holder_id, back.lease_until) == ("ready", None, None)
    taken = await take_next(works, nurse)
    assert taken is not None
    assert taken.id == first.id


@pytest.mark.parametrize("status", ["on-hold", "completed"])
async def test_what_does_not_wait_is_not_claimed(works: Works, nurse: Actor, status: str) -> None:
    item = await waiting(works, held_back=status == "on-hold")
    if status == "completed":
        async with works.begin(nurse) as uow:
            found = await items.workable_item(uow, item.id)
            await items.close(uow, found, items.TaskStatus.COMPLETED)
    refused = await attempt(works, nurse, claim(item))
    assert isinstance(refused, items.ItemNotWaiting)
    assert refused.item_status == status
