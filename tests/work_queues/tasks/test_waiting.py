"""What waits for something else is held back exactly until then."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import items, tasks
from app.work_queues.items import Change, WorkItem
from app.work_queues.items.tasks import end_snoozes
from app.work_queues.tasks import DependencyCycle, StillWaits
from tests.builders.work_queues_items import Act, attempt, changes, claim, done, seen
from tests.builders.work_queues_queues import SETUP
from tests.builders.work_queues_tasks import a_task, cancel, complete, edit
from tests.conftest import FrozenClock


async def status(works: Works, item: WorkItem) -> str:
    return (await seen(works, item.id)).status


async def test_held_back_until_all_are_closed(works: Works, nurse: Actor) -> None:
    one, other = await a_task(works), await a_task(works)
    after = await a_task(works, depends_on=(one.id, other.id))
    assert after.status == "on-hold"
    assert isinstance(await attempt(works, nurse, claim(after)), items.ItemNotWaiting)
    early = await attempt(works, nurse, complete(after))
    assert isinstance(early, StillWaits)
    assert early.depends_on == sorted([one.id, other.id])
    await done(works, nurse, complete(one))
    assert await status(works, after) == "on-hold"
    await done(works, nurse, cancel(other))
    assert await status(works, after) == "ready"
    assert await changes(works, after.id) == [Change.OPENED, Change.WOKEN]


async def test_what_is_done_already_is_not_waited_for(works: Works, nurse: Actor) -> None:
    one = await a_task(works)
    await done(works, nurse, complete(one))
    assert (await a_task(works, depends_on=(one.id,))).status == "ready"


async def test_done_before_its_time_for_a_reason(works: Works, nurse: Actor) -> None:
    one = await a_task(works)
    after = await a_task(works, depends_on=(one.id,))
    ended = await done(works, nurse, complete(after, "The patient asked for it."))
    assert ended.status == "completed"
    await done(works, nurse, complete(one))
    assert await status(works, after) == "completed"


async def test_all_closed_at_once_still_wakes_what_waited(works: Works, nurse: Actor) -> None:
    for _ in range(5):
        before = [await a_task(works) for _ in range(4)]
        after = await a_task(works, depends_on=tuple(each.id for each in before))
        results = await asyncio.gather(*(attempt(works, nurse, complete(each)) for each in before))
        assert all(isinstance(each, WorkItem) for each in results)
        assert await status(works, after) == "ready"


async def test_closed_while_somebody_begins_to_wait_for_it(works: Works, nurse: Actor) -> None:
    for _ in range(8):
        one = await a_task(works)
        _, after = await asyncio.gather(
            done(works, nurse, complete(one)), a_task(works, depends_on=(one.id,))
        )
        assert await status(works, after) == "ready"


async def test_a_circle_is_refused_and_named(works: Works, nurse: Actor) -> None:
    first = await a_task(works)
    second = await a_task(works, depends_on=(first.id,))
    third = await a_task(works, depends_on=(second.id,))
    other = await a_task(works)
    for depends_on in ([third.id], [second.id], [first.id], [other.id, third.id]):
        refused = await attempt(works, nurse, edit(first, depends_on=depends_on))
        assert isinstance(refused, DependencyCycle)
        assert refused.depends_on == [each for each in depends_on if each != other.id]
    assert (await done(works, nurse, edit(first, depends_on=[other.id]))).status == "on-hold"


async def test_two_who_close_a_circle_at_once_do_not_both_succeed(
    works: Works, nurse: Actor
) -> None:
    for _ in range(5):
        one, other = await a_task(works), await a_task(works)
        results = await asyncio.gather(
            attempt(works, nurse, edit(one, depends_on=[other.id])),
            attempt(works, nurse, edit(other, depends_on=[one.id])),
        )
        assert sorted(type(each).__name__ for each in results) == ["DependencyCycle", "WorkItem"]


async def test_edited_it_is_held_back_and_woken(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    one, item = await a_task(works), await a_task(works)
    held = await done(works, nurse, claim(item))
    waits = await done(works, nurse, edit(held, depends_on=[one.id]))
    assert (waits.status, waits.holder_id) == ("on-hold", None)
    free = await done(works, nurse, edit(waits, depends_on=[]))
    assert free.status == "ready"
    until = clock.now() + timedelta(hours=1)
    off = await done(works, nurse, lambda uow: items.snooze(uow, item.id, until))
    waits = await done(works, nurse, edit(off, depends_on=[one.id]))
    assert waits.snoozed_until is None
    clock.advance(hours=2)
    assert await end_snoozes(works) == 0
    assert await status(works, item) == "on-hold"


def come_true(cause_key: str) -> Act:
    return lambda uow: tasks.came_true(uow, cause_key)


async def test_what_waits_for_a_result_goes_on_when_it_is_there(works: Works, nurse: Actor) -> None:
    one = await a_task(works)
    item = await a_task(works, waits_for="order.result:1")
    both = await a_task(works, waits_for="order.result:1", depends_on=(one.id,))
    assert (item.status, both.status) == ("on-hold", "on-hold")
    refused = await attempt(works, nurse, complete(item))
    assert isinstance(refused, StillWaits)
    assert refused.depends_on == []
    assert await done(works, SETUP, come_true("order.result:2")) == 0
    results = await asyncio.gather(
        *(done(works, SETUP, come_true("order.result:1")) for _ in range(3))
    )
    assert max(results) == 2
    assert (await status(works, item), await status(works, both)) == ("ready", "on-hold")
    assert (await changes(works, item.id)).count(Change.WOKEN) == 1
    await done(works, nurse, complete(one))
    assert await status(works, both) == "ready"


@pytest.mark.parametrize("last", ["result", "task"])
async def test_a_result_and_a_task_that_come_together_wake_it(
    works: Works, nurse: Actor, last: str
) -> None:
    one = await a_task(works)
    both = await a_task(works, waits_for=f"order.result:{last}", depends_on=(one.id,))
    acts = [
        done(works, nurse, complete(one)),
        done(works, SETUP, come_true(f"order.result:{last}")),
    ]
    await asyncio.gather(*(acts if last == "result" else reversed(acts)))
    assert await status(works, both) == "ready"


async def test_a_task_of_another_queue_is_waited_for_only_by_those_who_see_it(
    works: Works, nurse: Actor, receptionist: Actor
) -> None:
    theirs = await a_task(works)
    new = tasks.NewTask(title="x", depends_on=(theirs.id,))
    refused = await attempt(works, receptionist, lambda uow: tasks.add_task(uow, new))
    assert isinstance(refused, tasks.TaskUnfit)
    found: UUID = (await done(works, nurse, lambda uow: tasks.add_task(uow, new))).id
    assert (await seen(works, found)).status == "on-hold"
