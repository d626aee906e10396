"""Who is told of what, in which order, and until when."""

import asyncio
from contextlib import ExitStack
from dataclasses import replace
from uuid import uuid4

import pytest
from redis.asyncio import Redis
from sqlalchemy import event, text

from app import identity
from app.infra.uow import Works
from app.infra.wakeups import PolledWakeups, RedisWakeups, Wakeups
from app.kernel.actors import Actor
from app.work_queues import items, rosters
from app.work_queues.feed import Hub, open_hub
from app.work_queues.feed.lines import MOST_WAITING
from tests.builders.work_queues_feed import (
    DOCTORS,
    NURSES,
    RECEPTION,
    a_session,
    an_item,
    many_events,
)
from tests.fixtures.live_site import free_port
from tests.work_queues.feed.listening import PATIENCE_SECONDS, admitted, listening


async def test_a_change_reaches_those_whom_it_concerns_and_nobody_else(
    hub: Hub, nurse: Actor, doctor: Actor, receptionist: Actor, admin: Actor
) -> None:
    async with (
        listening(hub, nurse) as nurses,
        listening(hub, doctor) as doctors,
        listening(hub, receptionist) as reception,
        listening(hub, admin) as supervisors,
    ):
        for stream in (nurses, doctors, reception, supervisors):
            assert (await stream.hello()).reload is False
        told = [
            str((await an_item(hub.works, pool_id, assignee=assignee)).id)
            for pool_id, assignee in (
                (NURSES, None),
                (DOCTORS, None),
                (NURSES, receptionist),
                (RECEPTION, None),
                (NURSES, None),
                (DOCTORS, None),
            )
        ]
        for stream, theirs in (
            (nurses, (0, 2, 4)),
            (doctors, (1, 5)),
            (reception, (2, 3)),
            (supervisors, range(6)),
        ):
            assert [(await stream.item())["item_id"] for _ in theirs] == [told[n] for n in theirs]


async def test_what_is_told_are_ids_and_words_of_ours(works: Works, hub: Hub, nurse: Actor) -> None:
    async with listening(hub, nurse) as stream:
        await stream.hello()
        item = await an_item(works)
        async with works.begin(nurse) as uow:
            await items.claim(uow, item.id)
        assert (await stream.item())["change"] == "opened"
        assert await stream.item() == {
            "item_id": str(item.id),
            "kind": "task",
            "change": "claimed",
            "severity": "medium",
            "status": "in-progress",
            "pool_id": str(NURSES),
            "holder_id": str(nurse.id),
            "assignee_id": None,
            "version": 2,
            "occurred_at": "2026-03-02T09:00:00Z",
        }


async def test_who_held_it_hears_that_it_is_somebody_elses_now(
    works: Works, hub: Hub, nurse: Actor, doctor: Actor
) -> None:
    item = await an_item(works, DOCTORS)
    async with works.begin(doctor) as uow:
        await items.claim(uow, item.id)
    async with listening(hub, doctor) as doctors, listening(hub, nurse) as nurses:
        await doctors.hello()
        await nurses.hello()
        async with works.begin(doctor) as uow:
            await items.hand_over(uow, item.id, items.Receiver(user_id=nurse.id, pool_id=None))
        assert (await doctors.item())["change"] == "handed-over"
        assert (await nurses.item())["assignee_id"] == str(nurse.id)


async def test_nothing_is_skipped_when_the_earlier_transaction_commits_last(
    works: Works, hub: Hub, nurse: Actor
) -> None:
    item = await an_item(works)
    async with listening(hub, nurse) as stream:
        await stream.hello()
        async with works.sessions() as slow:
            earlier = await slow.execute(text("select pg_current_xact_id()::text::bigint"))
            number = int(earlier.scalar_one())
            await many_events(works, item, 2, first=20)
            assert await hub.look() is not None  # it is seen, and held back
            (line,) = hub.lines
            assert line.waiting == 0
            await slow.execute(
                text(
                    "insert into queue_events (item_id, change, kind, severity, status, pool_id,"
                    " version, occurred_at) values (:item, 'edited', 'task', 'medium', 'ready',"
                    " :pool, 10, now())"
                ),
                {"item": item.id, "pool": NURSES},
            )
            await slow.execute(text("commit"))
        assert await stream.versions(1) == [10]
        assert stream.last_id.partition("-")[0] == str(number)
        assert await stream.versions(2) == [20, 21]


async def test_a_transaction_that_writes_nothing_in_the_end_holds_nobody_up_for_good(
    works: Works, hub: Hub, nurse: Actor
) -> None:
    item = await an_item(works)
    async with listening(hub, nurse) as stream:
        await stream.hello()
        async with works.sessions() as slow:
            await slow.execute(text("select pg_current_xact_id()"))
            await many_events(works, item, 1, first=7)
            assert await hub.look() is not None
            await slow.execute(text("rollback"))
        assert await stream.versions(1) == [7]


async def test_who_signs_out_hears_nothing_more(works: Works, hub: Hub, nurse: Actor) -> None:
    async with listening(hub, nurse) as gone, listening(hub, nurse) as stays:
        await gone.hello()
        await stays.hello()
        async with works.begin(nurse) as uow:
            await identity.sign_out(uow, gone.session_id)
        await an_item(works)
        await stays.item()
        with pytest.raises(StopAsyncIteration):
            await gone.next()


async def test_who_signs_out_is_cut_off_though_nothing_happens(
    works: Works, hub: Hub, nurse: Actor, admin: Actor
) -> None:
    async with listening(hub, nurse) as stream:
        await stream.hello()
        async with works.begin(admin) as uow:
            await identity.lock_user(uow, "nurse")
        with pytest.raises(StopAsyncIteration):
            await stream.next()
    assert hub.lines == []


async def test_whoever_joins_or_leaves_a_pool_hears_of_it_from_then_on(
    works: Works, hub: Hub, doctor: Actor, admin: Actor
) -> None:
    async with listening(hub, doctor) as stream, listening(hub, admin) as supervisor:
        await stream.hello()
        await supervisor.hello()
        before = await an_item(works)
        assert (await supervisor.item())["item_id"] == str(before.id)
        async with works.begin(admin) as uow:
            await rosters.add_member(uow, NURSES, doctor.id)
        meanwhile = await an_item(works)
        assert (await stream.item())["item_id"] == str(meanwhile.id)
        async with works.begin(admin) as uow:
            await rosters.remove_member(uow, NURSES, doctor.id)
        await an_item(works)
        last = await an_item(works, DOCTORS)
        assert (await stream.item())["item_id"] == str(last.id)


async def test_who_is_too_slow_loses_what_waited_and_is_told_to_load_it_again(
    works: Works, hub: Hub, nurse: Actor
) -> None:
    item = await an_item(works)
    async with listening(hub, nurse) as slow, listening(hub, nurse) as quick:
        await slow.hello()
        await quick.hello()
        writing = asyncio.create_task(many_events(works, item, 5 * MOST_WAITING))
        for version in range(1, 5 * MOST_WAITING + 1):
            assert await quick.versions(1) == [version]
            assert all(line.waiting <= MOST_WAITING for line in hub.lines)
        await writing
        assert (await slow.hello()).reload is True
        assert slow.last_id == quick.last_id
        await many_events(works, item, 1, first=9000)
        assert await slow.versions(1) == await quick.versions(1) == [9000]


async def test_however_many_listen_the_questions_are_the_same(works: Works, nurse: Actor) -> None:
    session_id = await a_session(works, nurse)
    asked: list[str] = []
    engine = works.sessions.kw["bind"].sync_engine

    def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    hub = Hub(works, check_seconds=0)
    counts = []
    for many in (1, 200):
        who = [await admitted(works, nurse, session_id=session_id) for _ in range(many)]
        with ExitStack() as lines:
            for each in who:
                lines.enter_context(hub.line(each.session_id, each.reach))
            await hub.look()
            event.listen(engine, "before_cursor_execute", count)
            asked.clear()
            await hub.check()
            await hub.look()
            event.remove(engine, "before_cursor_execute", count)
            assert len(hub.lines) == many
        counts.append(len(asked))
    assert counts[0] == counts[1] > 0


async def test_no_connection_is_held_while_nothing_happens(
    works: Works, hub: Hub, nurse: Actor
) -> None:
    pool = works.sessions.kw["bind"].pool
    async with listening(hub, nurse) as stream:
        await stream.hello()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while pool.checkedout():  # noqa: ASYNC110 nothing tells us
                await asyncio.sleep(0.01)


@pytest.mark.parametrize("kind", ["none", "away"])
async def test_without_redis_changes_come_all_the_same_and_the_hello_says_so(
    works: Works, nurse: Actor, kind: str
) -> None:
    away = Redis.from_url(f"redis://127.0.0.1:{free_port()}")
    wakeups: Wakeups = PolledWakeups() if kind == "none" else RedisWakeups(away)
    deaf = replace(works, stores=replace(works.stores, wakeups=wakeups))
    async with open_hub(deaf) as hub, listening(hub, nurse) as stream:
        assert (await stream.hello()).live is False
        item = await an_item(works)
        assert (await stream.item())["item_id"] == str(item.id)
    await away.aclose()


async def test_with_redis_the_hello_says_that_it_is_live(hub: Hub, nurse: Actor) -> None:
    async with listening(hub, nurse) as first:
        await first.hello()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not hub.live:  # noqa: ASYNC110 nothing tells us
                await asyncio.sleep(0.01)
        async with listening(hub, nurse) as second:
            assert (await second.hello()).live is True


async def test_a_session_that_never_was_is_cut_off(hub: Hub, nurse: Actor) -> None:
    async with listening(hub, nurse, session_id=uuid4()) as stream:
        await stream.hello()
        with pytest.raises(StopAsyncIteration):
            await stream.next()


async def test_a_process_that_ends_cuts_off_everybody(works: Works, nurse: Actor) -> None:
    async with open_hub(works) as hub:
        stack = listening(hub, nurse)
        stream = await stack.__aenter__()
        await stream.hello()
    with pytest.raises(StopAsyncIteration):
        await stream.next()
    await stack.__aexit__(None, None, None)
