"""Whoever comes back is told what they missed, or that it was too much."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues.feed import Hub, live, open_hub
from app.work_queues.feed.positions import Position
from app.work_queues.feed.tasks import KEPT_FOR, forget_old_events
from app.work_queues.items import QueueEvent
from tests.builders.work_queues_feed import DOCTORS, an_item, many_events
from tests.conftest import FrozenClock
from tests.work_queues.feed.listening import admitted, listening

MANY = 10_000


async def stored(works: Works) -> int:
    async with works.sessions() as db:
        return (await db.execute(select(func.count()).select_from(QueueEvent))).scalar_one()


async def test_who_was_away_misses_none_of_ten_thousand_changes(
    works: Works, hub: Hub, nurse: Actor
) -> None:
    item, other = await an_item(works), await an_item(works, DOCTORS)
    async with listening(hub, nurse) as stream:
        await stream.hello()
        last_id = stream.last_id
    half = MANY // 2
    await many_events(works, item, half)
    await many_events(works, other, 300)
    await many_events(works, item, half, first=half + 1)
    async with listening(hub, nurse, told=last_id) as stream:
        assert (await stream.hello()).reload is False
        assert stream.last_id == last_id
        assert await stream.versions(half) == list(range(1, half + 1))
        await many_events(works, item, 100, first=MANY + 1)  # while they still catch up
        assert await stream.versions(half + 100) == list(range(half + 1, MANY + 101))
        last_id = stream.last_id
    async with listening(hub, nurse, told=last_id) as stream:
        await stream.hello()
        await many_events(works, item, 1, first=99_999)
        assert await stream.versions(1) == [99_999]


async def test_who_breaks_off_after_each_few_changes_hears_each_once(
    works: Works, hub: Hub, nurse: Actor
) -> None:
    item = await an_item(works)
    async with listening(hub, nurse) as stream:
        await stream.hello()
        last_id = stream.last_id
    await many_events(works, item, 60, in_each=7)
    heard: list[int] = []
    while len(heard) < 60:
        async with listening(hub, nurse, told=last_id) as stream:
            await stream.hello()
            heard += await stream.versions(min(11, 60 - len(heard)))
            last_id = stream.last_id
    assert heard == list(range(1, 61))


async def test_what_another_process_told_already_is_not_told_again(
    works: Works, nurse: Actor
) -> None:
    item = await an_item(works)
    async with open_hub(works) as ahead:
        behind, who = Hub(works), await admitted(works, nurse)
        with behind.line(who.session_id, who.reach):
            await behind.look()
            async with listening(ahead, nurse) as stream:
                await stream.hello()
                await many_events(works, item, 3, first=1)
                assert await stream.versions(2) == [1, 2]
                last_id = stream.last_id
            async with listening(behind, nurse, told=last_id) as stream:
                await stream.hello()
                await behind.look()
                assert await stream.versions(1) == [3]


async def test_who_missed_too_much_is_told_to_load_it_again(
    works: Works, nurse: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "MOST_MISSED", 50)
    item = await an_item(works)
    async with open_hub(works) as hub, listening(hub, nurse) as stream:
        await stream.hello()
        last_id = stream.last_id
    await many_events(works, item, 50)
    async with open_hub(works) as hub, listening(hub, nurse, told=last_id) as stream:
        assert (await stream.hello()).reload is False
    await many_events(works, item, 1)
    async with open_hub(works) as hub, listening(hub, nurse, told=last_id) as stream:
        assert (await stream.hello()).reload is True
        await many_events(works, item, 1, first=77)
        assert await stream.versions(1) == [77]


async def test_an_id_that_nobody_was_told_yet_is_answered_with_a_reload(
    works: Works, hub: Hub, nurse: Actor
) -> None:
    await an_item(works)
    async with listening(hub, nurse, told=f"{10**15}-1") as stream:
        assert (await stream.hello()).reload is True
        assert await an_item(works)
        assert (await stream.item())["change"] == "opened"


@pytest.mark.parametrize("said", ["nonsense", "1", "-1", "²-1", "1-1-1", "9" * 19 + "-1", ""])
def test_nothing_else_is_read_as_an_id(said: str) -> None:
    assert Position.parse(said) is None
    assert Position.parse(str(Position(12, 3))) == Position(12, 3)


async def test_old_changes_are_forgotten_and_who_missed_them_loads_it_again(
    works: Works, hub: Hub, clock: FrozenClock, nurse: Actor
) -> None:
    async with listening(hub, nurse) as stream:
        await stream.hello()
        long_ago = stream.last_id
        for _ in range(3):
            await an_item(works)
            await stream.item()
        last_of_the_old = stream.last_id
    clock.advance(seconds=(KEPT_FOR - timedelta(hours=1)).total_seconds())
    assert await forget_old_events(works) == 0
    async with listening(hub, nurse, told=long_ago) as stream:
        assert (await stream.hello()).reload is False
    clock.advance(hours=2)
    young = await an_item(works)
    assert await forget_old_events(works) == 2
    assert await stored(works) == 2
    async with listening(hub, nurse, told=long_ago) as stream:
        assert (await stream.hello()).reload is True
    async with listening(hub, nurse, told=last_of_the_old) as stream:
        assert (await stream.hello()).reload is False
        assert (await stream.item())["item_id"] == str(young.id)
    assert await forget_old_events(works) == 0


async def test_changes_from_a_server_that_counted_further_are_forgotten(
    works: Works, hub: Hub, nurse: Actor
) -> None:
    """As after a restore: the numbers of transactions begin again, lower."""
    item = await an_item(works)
    async with works.sessions.begin() as db:
        await db.execute(
            text(
                "insert into queue_events (written_in, item_id, change, kind, severity, status,"
                " pool_id, version, occurred_at) values (:far, :item, 'edited', 'task', 'medium',"
                " 'ready', :pool, 1, now())"
            ),
            {"far": 10**12, "item": item.id, "pool": item.pool_id},
        )
    async with listening(hub, nurse) as stream:
        await stream.hello()
        await many_events(works, item, 1, first=5)
        assert await stream.versions(1) == [5]
    before = await stored(works)
    assert await forget_old_events(works) == 1
    assert await stored(works) == before - 1
