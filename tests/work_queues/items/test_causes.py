"""While something of a cause is open there is no second one."""

import asyncio

from sqlalchemy import func, select

from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor
from app.work_queues import items
from app.work_queues.items import Change, ItemKind, NewItem, Severity, TaskStatus, WorkItem
from tests.builders.work_queues_items import changes, done, seen
from tests.builders.work_queues_queues import NURSES, SETUP

NEW = NewItem(
    kind=ItemKind.TASK,
    type="task",
    severity=Severity.LOW,
    title="Dictation without speech",
    pool_id=NURSES,
    cause_key="recording.silent:1",
)


async def opened(uow: UnitOfWork) -> tuple[WorkItem, bool]:
    return await items.open_item(uow, NEW)


async def test_a_cause_told_many_times_at_once_is_one_item(works: Works) -> None:
    results = await asyncio.gather(*(done(works, SETUP, opened) for _ in range(16)))
    assert len({item.id for item, _ in results}) == 1
    assert sum(is_new for _, is_new in results) == 1
    item = await seen(works, results[0][0].id)
    assert (item.occurrences, item.version) == (16, 16)
    assert await changes(works, item.id) == [Change.OPENED] + [Change.OCCURRED_AGAIN] * 15


async def test_a_cause_that_comes_back_after_the_end_is_a_new_item(works: Works) -> None:
    first, _ = await done(works, SETUP, opened)

    async def end(uow: UnitOfWork) -> None:
        found = await items.find_cause(uow, "recording.silent:1")
        assert found is not None
        await items.close(uow, found, TaskStatus.COMPLETED)

    await done(works, SETUP, end)
    second, is_new = await done(works, SETUP, opened)
    assert is_new
    assert second.id != first.id
    assert second.occurrences == 1


async def test_ended_and_told_again_at_once_nothing_is_lost(works: Works, nurse: Actor) -> None:
    """Either the old item counts one more before it ends, or there is a new one."""
    for _ in range(8):
        first, _ = await done(works, SETUP, opened)

        async def end(uow: UnitOfWork) -> WorkItem | None:
            found = await items.find_cause(uow, "recording.silent:1")
            if found is not None:
                await items.close(uow, found, TaskStatus.COMPLETED)
            return found

        ended, (again, is_new) = await asyncio.gather(
            done(works, nurse, end), done(works, SETUP, opened)
        )
        assert ended is not None
        assert is_new is (again.id != first.id)
        if is_new:
            await done(works, nurse, end)
    async with works.sessions() as db:
        still_open = select(func.count()).where(WorkItem.closed_at.is_(None))
        assert await db.scalar(still_open.select_from(WorkItem)) == 0
