"""The next item is taken by a statement of its own, which must leave what every claim leaves."""

from typing import Any

import pytest
from sqlalchemy import text

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import items, queues
from app.work_queues.items import ItemKind, PoolNotYours, WorkItem
from tests.builders.patients import a_patient
from tests.builders.work_queues_queues import DOCTORS, NURSES, waiting

LEFT = {
    "work_items": "select * from work_items where id = :item",
    "work_item_moves": "select * from work_item_moves where item_id = :item and change = 'claimed'",
    "queue_events": "select * from queue_events where item_id = :item and change = 'claimed'",
    "audit_events": "select * from audit_events where subject_id = :item and action like '%.claim'",
}
OWN = {"id", "item_id", "subject_id", "seq", "written_in", "updated_at"}


async def left_behind(works: Works, item: WorkItem) -> dict[str, dict[str, Any]]:
    """What a claim wrote, without what differs from claim to claim."""
    found = {}
    async with works.sessions() as db:
        for table, statement in LEFT.items():
            row = (await db.execute(text(statement), {"item": item.id})).mappings().one()
            found[table] = {name: value for name, value in row.items() if name not in OWN}
    return found


async def call(works: Works, whom: Actor, item: WorkItem) -> None:
    async with works.sessions.begin() as db:
        called = text("update work_items set called = array[cast(:who as uuid)] where id = :item")
        await db.execute(called, {"who": whom.id, "item": item.id})


@pytest.mark.parametrize("kind", ItemKind)
async def test_it_leaves_the_same_as_a_claim_by_id(
    works: Works, nurse: Actor, kind: ItemKind
) -> None:
    patient = await a_patient(works, nurse)
    one = await waiting(works, kind=kind, patient_id=patient.id)
    await call(works, nurse, one)
    async with works.begin(nurse) as uow:
        await items.claim(uow, one.id)
    other = await waiting(works, kind=kind, patient_id=patient.id)
    await call(works, nurse, other)
    async with works.begin(nurse) as uow:
        taken = await queues.next_item(uow, NURSES)
    assert taken is not None
    assert taken.id == other.id
    assert await left_behind(works, other) == await left_behind(works, one)


async def test_what_was_taken_can_be_gone_on_with(works: Works, nurse: Actor) -> None:
    await waiting(works)
    async with works.begin(nurse) as uow:
        taken = await queues.next_item(uow, NURSES)
        assert taken is not None
        assert (taken.holder_id, taken.status, taken.version) == (nurse.id, "in-progress", 2)
        await items.close(uow, taken, items.TaskStatus.COMPLETED)
    async with works.begin(nurse) as uow:
        assert (await items.find_item(uow, taken.id)).status == "completed"
        assert await queues.next_item(uow, NURSES) is None


async def test_a_queue_of_others_is_refused_and_a_supervisor_takes_from_all(
    works: Works, nurse: Actor, admin: Actor
) -> None:
    item = await waiting(works, pool_id=DOCTORS)
    with pytest.raises(PoolNotYours):
        async with works.begin(nurse) as uow:
            await queues.next_item(uow, DOCTORS)
    async with works.begin(admin) as uow:
        taken = await queues.next_item(uow, DOCTORS)
    assert taken is not None
    assert taken.id == item.id


async def test_whoever_was_named_a_member_takes_from_that_queue(works: Works, nurse: Actor) -> None:
    await waiting(works, pool_id=DOCTORS)
    async with works.sessions.begin() as db:
        await db.execute(
            text("insert into pool_members values (:pool, :who, :who, now())"),
            {"pool": DOCTORS, "who": nurse.id},
        )
    async with works.begin(nurse) as uow:
        assert await queues.next_item(uow, DOCTORS) is not None


async def test_one_that_was_read_before_is_known_as_taken(works: Works, nurse: Actor) -> None:
    item = await waiting(works)
    async with works.begin(nurse) as uow:
        before = await items.find_item(uow, item.id)
        taken = await queues.next_item(uow, NURSES)
        assert taken is before
        assert before.holder_id == nurse.id
        await items.close(uow, before, items.TaskStatus.COMPLETED)
    async with works.begin(nurse) as uow:
        assert (await items.find_item(uow, item.id)).status == "completed"
