"""Who sees and who may work what."""

from uuid import UUID

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.work_queues import items, rosters
from app.work_queues.items import ItemKind, WorkItem
from tests.builders.identity import a_user
from tests.builders.work_queues_items import Act, as_supervisor, attempt, changes, claim, done
from tests.builders.work_queues_queues import DOCTORS, NURSES, waiting


def look(item: WorkItem, kind: ItemKind | None = None) -> Act:
    return lambda uow: items.find_item(uow, item.id, kind=kind)


async def sees(works: Works, who: Actor, item: WorkItem) -> bool:
    return isinstance(await attempt(works, who, look(item)), WorkItem)


async def test_a_pool_sees_its_queue_and_others_do_not(
    works: Works, nurse: Actor, doctor: Actor, receptionist: Actor, admin: Actor
) -> None:
    item = await waiting(works)
    seen_by = [await sees(works, who, item) for who in (nurse, doctor, receptionist, admin)]
    assert seen_by == [True, False, False, True]


async def test_who_made_it_sees_it_and_may_not_work_it(
    works: Works, receptionist: Actor, nurse: Actor
) -> None:
    item = await waiting(works, by=receptionist)
    assert await sees(works, receptionist, item)
    refused = await attempt(works, receptionist, claim(item))
    assert isinstance(refused, items.NotInThisPool)


async def test_whom_it_is_for_works_it_whatever_its_queue(
    works: Works, doctor: Actor, nurse: Actor
) -> None:
    item = await waiting(works, pool_id=NURSES, assignee_id=doctor.id)
    assert (await done(works, doctor, claim(item))).holder_id == doctor.id


async def test_a_member_by_name_works_the_queue_of_a_pool(
    works: Works, receptionist: Actor, admin: Actor
) -> None:
    item = await waiting(works, pool_id=DOCTORS)
    assert not await sees(works, receptionist, item)
    async with works.begin(admin) as uow:
        await rosters.add_member(uow, DOCTORS, receptionist.id)
    assert (await done(works, receptionist, claim(item))).holder_id == receptionist.id


async def test_a_supervisor_by_name_sees_and_works_everything(
    works: Works, receptionist: Actor, admin: Actor, nurse: Actor
) -> None:
    boss = await as_supervisor(works, admin, receptionist)
    for pool_id in (NURSES, DOCTORS):
        item = await waiting(works, pool_id=pool_id, assignee_id=nurse.id)
        assert (await done(works, boss, claim(item))).holder_id == boss.id


async def test_a_task_is_no_alert(works: Works, nurse: Actor) -> None:
    item = await waiting(works)
    for kind, found in ((ItemKind.TASK, WorkItem), (ItemKind.ALERT, items.ItemNotFound)):
        assert isinstance(await attempt(works, nurse, look(item, kind)), found)


async def test_patients_work_no_queue(works: Works) -> None:
    somebody = await a_user(works, Role.PATIENT)
    item = await waiting(works)
    for act in (claim(item), look(item)):
        refused = await attempt(works, somebody, act)
        assert isinstance(refused, items.MayNotWorkQueues)


@pytest.mark.parametrize("pool_id", [NURSES, DOCTORS])
async def test_the_next_one_comes_only_from_a_queue_of_ones_own(
    works: Works, doctor: Actor, pool_id: UUID
) -> None:
    await waiting(works, pool_id=pool_id)
    result = await attempt(works, doctor, lambda uow: items.claim_next(uow, pool_id))
    assert isinstance(result, WorkItem if pool_id == DOCTORS else items.PoolNotYours)


async def test_comments_are_for_whoever_sees_it_and_links_stay_in_order(
    works: Works, nurse: Actor, receptionist: Actor, doctor: Actor
) -> None:
    item = await waiting(works, by=receptionist)
    await done(works, receptionist, lambda uow: items.comment(uow, item.id, "Is it done?"))
    await done(works, nurse, lambda uow: items.comment(uow, item.id, "Soon."))
    refused = await attempt(works, doctor, lambda uow: items.comment(uow, item.id, "Hm."))
    assert isinstance(refused, items.ItemNotFound)
    for label in ("one", "two"):
        async with works.begin(nurse) as uow:
            url = f"https://lab.example/{label}"
            await items.add_link(uow, item.id, url=url, label=label)
    async with works.begin(nurse) as uow:
        found = await items.find_item(uow, item.id)
        remarks = await items.remarks_of(uow, found)
    assert [each.text for each in remarks.comments] == ["Is it done?", "Soon."]
    assert [each.written_by for each in remarks.comments] == [receptionist.id, nurse.id]
    assert {each.label for each in remarks.links} == {"one", "two"}
    assert found.version == 5
    assert await changes(works, item.id) == ["opened", *["commented"] * 2, *["edited"] * 2]
