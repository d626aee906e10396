"""The supervisor's board."""

from datetime import timedelta

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.work_queues import boards, items
from app.work_queues.boards import Board, MayNotSeeBoard
from app.work_queues.items import Severity
from tests.builders.identity import a_user
from tests.builders.work_queues_queues import NURSES, waiting
from tests.conftest import Client, FrozenClock


async def seen(works: Works, by: Actor) -> Board:
    async with works.begin(by) as uow:
        return await boards.board(uow)


async def finish(works: Works, by: Actor) -> None:
    async with works.begin(by) as uow:
        item = await items.claim_next(uow, NURSES)
        assert item is not None
        await items.close(uow, item, items.TaskStatus.COMPLETED)


async def test_only_supervisors_see_it(works: Works, nurse: Actor, admin: Actor) -> None:
    with pytest.raises(MayNotSeeBoard):
        await seen(works, nurse)
    assert [pool.key for pool in (await seen(works, admin)).pools] == [
        "compliance", "doctors", "nurses", "privacy", "reception", "supervisors",
    ]  # fmt: skip


async def test_it_counts_what_is_open_by_pool_and_severity(
    works: Works, nurse: Actor, admin: Actor, clock: FrozenClock
) -> None:
    soon = clock.at + timedelta(minutes=10)
    await waiting(works, severity=Severity.HIGH, due_at=soon)
    clock.advance(minutes=30)
    await waiting(works, severity=Severity.HIGH)
    await waiting(works, severity=Severity.LOW)
    async with works.begin(nurse) as uow:
        await items.claim_next(uow, NURSES)
    [nurses] = [pool for pool in (await seen(works, admin)).pools if pool.key == "nurses"]
    assert [each.model_dump() for each in nurses.severities] == [
        {
            "severity": Severity.HIGH, "open": 2, "claimed": 1, "breached": 1, "escalated": 0,
            "oldest_seconds": 1800,
        },
        {
            "severity": Severity.LOW, "open": 1, "claimed": 0, "breached": 0, "escalated": 0,
            "oldest_seconds": 0,
        },
    ]  # fmt: skip
    assert nurses.on_duty == 1


async def test_the_flow_has_every_hour_of_a_day(
    works: Works, nurse: Actor, admin: Actor, clock: FrozenClock
) -> None:
    for _ in range(3):
        await waiting(works)
    clock.advance(hours=2, minutes=30)
    await waiting(works)
    await finish(works, nurse)
    told = await seen(works, admin)
    assert len(told.flow) == 24
    assert told.flow[-1].starts_at == clock.at - timedelta(hours=1)
    busy = [(h.arrived, h.finished) for h in told.flow if h.arrived or h.finished]
    assert busy == [(3, 0), (1, 1)]
    assert (told.flow[-3].arrived, told.flow[-1].finished) == (3, 1)
    clock.advance(hours=24)
    assert all(h.arrived == 0 for h in (await seen(works, admin)).flow)


async def test_the_forecast_goes_by_the_last_hours_and_who_is_on_duty(
    works: Works, nurse: Actor, admin: Actor, clock: FrozenClock
) -> None:
    for _ in range(4):
        await waiting(works, severity=Severity.HIGH)
        await finish(works, nurse)
    due = clock.at + timedelta(minutes=60)
    late = [await waiting(works, due_at=due + timedelta(seconds=-n)) for n in range(3)]
    [nurses] = [pool for pool in (await seen(works, admin)).pools if pool.key == "nurses"]
    assert nurses.forecast.breaches == 3  # one an hour, and more severe things came as fast
    clock.advance(hours=5)
    await a_user(works, Role.NURSE, username="nurse-two")
    [nurses] = [pool for pool in (await seen(works, admin)).pools if pool.key == "nurses"]
    assert nurses.on_duty == 2
    assert nurses.forecast.breaches == 0  # they have breached by now
    assert nurses.severities[0].breached == len(late)


async def test_the_board_over_http(as_admin: Client, as_nurse: Client, works: Works) -> None:
    await waiting(works)
    answer = await as_admin.get("/api/v1/boards/queues")
    assert answer.status_code == 200
    assert len(answer.json()["flow"]) == 24
    answer = await as_nurse.get("/api/v1/boards/queues")
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("may-not-see-board")
