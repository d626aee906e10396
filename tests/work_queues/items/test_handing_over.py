"""Work goes to a person, to a pool, or with the whole shift."""

import asyncio
from uuid import uuid4

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import items
from app.work_queues.items import Change, ItemHeld, NotInThisPool, Receiver, ReceiverUnfit, WorkItem
from tests.builders.work_queues_items import (
    as_supervisor,
    attempt,
    changes,
    claim,
    done,
    hand_over,
    nurses_named,
    release,
    seen,
)
from tests.builders.work_queues_queues import DOCTORS, waiting


async def test_handed_to_a_person_it_waits_for_them_alone(works: Works, nurse: Actor) -> None:
    anna, bert = await nurses_named(works, "anna", "bert")
    item = await waiting(works)
    await done(works, nurse, claim(item))
    given = await done(works, nurse, hand_over(item, user_id=anna.id))
    assert (given.status, given.holder_id, given.assignee_id) == ("ready", None, anna.id)
    assert isinstance(await attempt(works, bert, claim(item)), NotInThisPool)
    assert (await done(works, anna, claim(item))).holder_id == anna.id
    assert (await changes(works, item.id))[-2:] == [Change.HANDED_OVER, Change.CLAIMED]


async def test_handed_to_a_pool_it_is_theirs(works: Works, nurse: Actor, doctor: Actor) -> None:
    item = await waiting(works, assignee_id=nurse.id)
    assert isinstance(await attempt(works, doctor, claim(item)), items.ItemNotFound)
    given = await done(works, nurse, hand_over(item, pool_id=DOCTORS))
    assert (given.pool_id, given.assignee_id) == (DOCTORS, None)
    assert (await done(works, doctor, claim(item))).holder_id == doctor.id
    assert isinstance(await attempt(works, nurse, claim(item)), items.ItemNotFound)


async def test_what_somebody_holds_only_they_or_a_supervisor_hand_over(
    works: Works, nurse: Actor, admin: Actor, doctor: Actor
) -> None:
    [anna] = await nurses_named(works, "anna")
    item = await waiting(works, assignee_id=nurse.id)
    free = await waiting(works)
    await done(works, nurse, claim(item))
    await done(works, nurse, claim(free))
    assert isinstance(await attempt(works, anna, hand_over(free, user_id=anna.id)), ItemHeld)
    assert isinstance(await attempt(works, anna, hand_over(item, user_id=anna.id)), NotInThisPool)
    boss = await as_supervisor(works, admin, doctor)
    for each in (item, free):
        given = await done(works, boss, hand_over(each, user_id=anna.id))
        assert (given.assignee_id, given.holder_id) == (anna.id, None)


async def test_a_supervisor_takes_work_out_of_hands_that_are_gone(
    works: Works, nurse: Actor, admin: Actor
) -> None:
    item = await waiting(works, assignee_id=nurse.id)
    await done(works, nurse, claim(item))
    back = await done(works, admin, release(item))
    assert (back.status, back.holder_id) == ("ready", None)
    assert (await done(works, admin, claim(item))).holder_id == admin.id


async def test_a_whole_shift_goes_at_once(works: Works, nurse: Actor) -> None:
    anna, bert = await nurses_named(works, "anna", "bert")
    held = [await waiting(works, f"Task {number}") for number in range(5)]
    others = await waiting(works)
    for each in held:
        await done(works, nurse, claim(each))
    await done(works, bert, claim(others))
    shift = Receiver(user_id=anna.id)
    passed = await done(
        works, nurse, lambda uow: items.hand_over_shift(uow, shift, note="Good night.")
    )
    assert {each.id for each in passed} == {each.id for each in held}
    for each in held:
        row = await seen(works, each.id)
        assert (row.assignee_id, row.holder_id, row.status) == (anna.id, None, "ready")
    assert (await seen(works, others.id)).holder_id == bert.id


async def test_two_shifts_that_change_places_do_not_block_each_other(
    works: Works, nurse: Actor
) -> None:
    [anna] = await nurses_named(works, "anna")
    for number in range(6):
        item = await waiting(works, f"Task {number}")
        await done(works, (nurse, anna)[number % 2], claim(item))
    results = await asyncio.gather(
        done(
            works,
            nurse,
            lambda uow: items.hand_over_shift(uow, Receiver(user_id=anna.id), note="a"),
        ),
        done(
            works,
            anna,
            lambda uow: items.hand_over_shift(uow, Receiver(user_id=nurse.id), note="b"),
        ),
    )
    assert sorted(len(each) for each in results) == [3, 3]


@pytest.mark.parametrize("rule", ["person_known", "pool_known", "one_receiver"])
async def test_nobody_is_no_receiver(works: Works, nurse: Actor, rule: str) -> None:
    item = await waiting(works)
    to = {"person_known": {"user_id": uuid4()}, "pool_known": {"pool_id": uuid4()}}
    refused = await attempt(works, nurse, hand_over(item, **to.get(rule, {})))
    assert isinstance(refused, ReceiverUnfit)
    assert refused.errors[0]["rule"] == rule


async def test_claimed_and_handed_over_at_once_it_is_in_one_place(
    works: Works, nurse: Actor
) -> None:
    anna, bert = await nurses_named(works, "anna", "bert")
    item = await waiting(works)
    results = await asyncio.gather(
        attempt(works, anna, claim(item)),
        attempt(works, nurse, hand_over(item, user_id=bert.id)),
    )
    row = await seen(works, item.id)
    if row.assignee_id is None:
        assert row.holder_id == anna.id
        assert isinstance(results[1], ItemHeld)
    else:
        assert row.assignee_id == bert.id
        assert isinstance(results[1], WorkItem)
        assert row.holder_id in {None, anna.id}
