"""What is ordered is drafted, placed, taken and done; nothing twice without a reason."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app import patients
from app.clinical import orders
from app.clinical.orders.models import OrderItemMove
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.kernel.lifecycle import IllegalMove
from app.work_queues.items import WorkItem
from tests.builders.orders import a_draft, an_order
from tests.builders.patients import a_patient
from tests.conftest import FrozenClock


async def specimens(works: Works) -> list[tuple[str, str]]:
    """Tasks to take something, the oldest first: whose severity, and how far they are."""
    async with works.sessions() as db:
        found = await db.scalars(
            select(WorkItem).where(WorkItem.type == "order.collect").order_by(WorkItem.created_at)
        )
        return [(item.severity, item.status) for item in found]


async def moves(works: Works, item_id: UUID) -> list[str]:
    async with works.sessions() as db:
        rows = await db.scalars(
            select(OrderItemMove)
            .where(OrderItemMove.item_id == item_id)
            .order_by(OrderItemMove.seq)
        )
        return [row.to_status for row in rows]


async def test_a_draft_is_placed_taken_and_completed(
    works: Works, doctor: Actor, nurse: Actor
) -> None:
    draft = await a_draft(works, doctor, "cbc", "chest-x-ray")
    assert await specimens(works) == []
    async with works.begin(doctor) as uow:
        await orders.place_order(
            uow, draft.id, version=draft.version, priority=orders.OrderPriority.STAT
        )
    assert await specimens(works) == [("critical", "ready")]
    blood, picture = draft.items
    async with works.begin(nurse) as uow:
        taken = await orders.collect_specimen(uow, blood.id)
        assert (taken.collected_by, taken.collected_at) == (nurse.id, uow.now)
    assert await specimens(works) == [("critical", "completed")]
    async with works.begin(nurse) as uow:
        with pytest.raises(orders.NothingToCollect):
            await orders.collect_specimen(uow, blood.id)
    for item in (blood, blood, picture):  # twice is a success
        async with works.begin(nurse) as uow:
            await orders.complete_item(uow, item.id)
    assert await moves(works, blood.id) == ["draft", "active", "completed"]
    async with works.begin(nurse) as uow:
        assert await orders.open_items(uow, draft.patient_id) == []


async def test_nothing_is_ordered_twice_without_a_reason(
    works: Works, doctor: Actor, other_doctor: Actor, clock: FrozenClock
) -> None:
    first = await an_order(works, doctor, "lipid-panel", "ekg")
    again: dict[str, Any] = {"patient_id": first.patient_id}
    with pytest.raises(orders.OrderedBefore) as refused:
        await an_order(works, other_doctor, "cbc", "lipid-panel", **again)
    [earlier] = refused.value.earlier
    assert (earlier["position"], earlier["item_id"]) == (2, first.items[0].id)
    assert (earlier["order_id"], earlier["state"]) == (first.id, "active")
    assert str(earlier["on"]) == "2026-03-02"
    said = await an_order(works, other_doctor, "lipid-panel", because="Was not fasting.", **again)
    assert said.items[0].duplicate_reason == "Was not fasting."
    assert said.items[0].earlier is not None
    assert said.items[0].earlier.item_id == first.items[0].id
    async with works.begin(doctor) as uow:
        for item in (first.items[0], said.items[0]):
            await orders.complete_item(uow, item.id)
    clock.advance(days=59)
    draft = await a_draft(works, doctor, "lipid-panel", **again)
    assert draft.items[0].earlier is not None
    assert draft.items[0].earlier.status == "completed"
    clock.advance(days=1)
    await an_order(works, doctor, "lipid-panel", **again)


async def test_what_was_never_done_is_no_duplicate(works: Works, doctor: Actor) -> None:
    first = await an_order(works, doctor, "cbc", "a1c", "tsh")
    async with works.begin(doctor) as uow:
        await orders.revoke_item(uow, first.items[0].id, reason="Done elsewhere.")
        await orders.enter_item_in_error(uow, first.items[1].id, reason="Wrong patient.")
    later = {"orderable_key": "tsh", "wanted_on": "2026-05-01"}
    new = orders.NewOrder.model_validate(
        {"patient_id": first.patient_id, "items": [later], "placed": True}
    )
    async with works.begin(doctor) as uow:
        await orders.draft_order(uow, new)  # the next one, in two months
    await an_order(works, doctor, "cbc", "a1c", patient_id=first.patient_id)


async def test_of_eight_who_order_the_same_at_once_one_succeeds(
    works: Works, doctor: Actor, other_doctor: Actor
) -> None:
    patient = await a_patient(works, doctor)
    drafts = [
        (by, await a_draft(works, by, "cbc", patient_id=patient.id))
        for by in (doctor, other_doctor) * 4
    ]

    async def placed(by: Actor, draft: orders.OrderOut) -> orders.Order:
        async with works.begin(by) as uow:
            return await orders.place_order(uow, draft.id, version=draft.version)

    answers = await asyncio.gather(*(placed(*each) for each in drafts), return_exceptions=True)
    assert sum(isinstance(one, orders.Order) for one in answers) == 1
    assert sum(isinstance(one, orders.OrderedBefore) for one in answers) == 7
    assert await specimens(works) == [("low", "ready")]


async def test_of_eight_who_take_the_specimen_at_once_one_did(
    works: Works, doctor: Actor, nurse: Actor
) -> None:
    order = await an_order(works, doctor, "cbc")

    async def taken() -> orders.OrderItem:
        async with works.begin(nurse) as uow:
            return await orders.collect_specimen(uow, order.items[0].id)

    answers = await asyncio.gather(*(taken() for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(one, orders.NothingToCollect) for one in answers) == 7


async def test_only_what_was_seen_is_placed_and_only_by_its_doctor(
    works: Works, doctor: Actor, other_doctor: Actor
) -> None:
    draft = await a_draft(works, doctor, "cbc")
    async with works.begin(doctor) as uow:
        await orders.add_items(uow, draft.id, [orders.NewOrderItem(orderable_key="tsh")])
    for by, error in ((doctor, orders.OrderChanged), (other_doctor, orders.OrderOfAnother)):
        with pytest.raises(error):
            async with works.begin(by) as uow:
                await orders.place_order(uow, draft.id, version=draft.version)
    async with works.begin(doctor) as uow:
        seen = await orders.describe_order(uow, draft.id)
        for item in seen.items:
            await orders.revoke_item(uow, item.id, reason="Taken off the draft.")
        with pytest.raises(orders.OrderEmpty):
            await orders.place_order(uow, draft.id, version=seen.version + 2)


async def test_each_thing_moves_by_itself_and_its_specimen_follows(
    works: Works, doctor: Actor
) -> None:
    order = await an_order(works, doctor, "cbc", "tsh", priority="urgent")
    first, second = (item.id for item in order.items)
    async with works.begin(doctor) as uow:
        await orders.hold_item(uow, first, reason="Travelling.")
        with pytest.raises(IllegalMove):
            await orders.hold_item(uow, first, reason="Again.")
        await orders.revoke_item(uow, second, reason="Done elsewhere.")
    assert await specimens(works) == [("medium", "completed")]
    async with works.begin(doctor) as uow:
        await orders.resume_item(uow, first)
        with pytest.raises(IllegalMove):
            await orders.complete_item(uow, second)
    assert sorted(status for _, status in await specimens(works)) == ["completed", "ready"]
    async with works.begin(doctor) as uow:
        await orders.hold_item(uow, first, reason="Fever.")
        await orders.complete_item(uow, first)  # results came all the same
    assert await moves(works, first) == [
        "draft", "active", "on-hold", "active", "on-hold", "active", "completed",
    ]  # fmt: skip
    draft = await a_draft(works, doctor, "bmp", patient_id=order.patient_id)
    async with works.begin(doctor) as uow:
        with pytest.raises(IllegalMove):
            await orders.resume_item(uow, draft.items[0].id)


async def test_after_a_merge_the_orders_of_both_are_one_persons(
    works: Works, doctor: Actor
) -> None:
    staying, going = [await a_patient(works, doctor, given_name=name) for name in ("Mara", "Maria")]
    order = await an_order(works, doctor, "cbc", patient_id=going.id)
    async with works.begin(doctor) as uow:
        await patients.merge_patients(uow, going.id, staying.id, "One card.")
    with pytest.raises(orders.OrderedBefore):
        await an_order(works, doctor, "cbc", patient_id=staying.id)
    async with works.begin(doctor) as uow:
        for patient_id in (going.id, staying.id):
            assert [one.id for one in await orders.open_items(uow, patient_id)] == [
                order.items[0].id
            ]
            assert len((await orders.list_orders(uow, patient_id)).items) == 1


async def test_sets_are_applied_in_whole_or_in_part_and_kept_in_versions(
    works: Works, doctor: Actor, other_doctor: Actor
) -> None:
    draft = await a_draft(works, doctor)
    async with works.begin(doctor) as uow:
        sets = {one.name: one for one in await orders.list_sets(uow)}
        anemia = sets["Anemia work-up"]
        await orders.apply_set(uow, draft.id, orders.ApplySet(set_id=anemia.id))
        shown = await orders.describe_order(uow, draft.id)
        assert [item.orderable_key for item in shown.items] == [
            one.orderable.key for one in anemia.items if one.ticked
        ]
        some = orders.ApplySet(set_id=anemia.id, keys=["ferritin", "ldh"])
        await orders.apply_set(uow, draft.id, some)
        shown = await orders.describe_order(uow, draft.id)
        assert [item.orderable_key for item in shown.items][-1] == "ldh"
        assert len(shown.items) == sum(one.ticked for one in anemia.items) + 1
        wrong = orders.ApplySet(set_id=anemia.id, keys=["chest-x-ray"])
        with pytest.raises(orders.OrderUnfit):
            await orders.apply_set(uow, draft.id, wrong)
    said = {"name": "Thyroid", "items": [{"orderable_key": "tsh"}]}
    async with works.begin(doctor) as uow:
        mine = await orders.save_set(uow, orders.SaveOrderSet.model_validate(said))
        said = {"name": "Thyroid", "items": [{"orderable_key": "free-t4"}], "version": 1}
        changed = orders.SaveOrderSet.model_validate(said)
        assert (await orders.save_set(uow, changed, set_id=mine.id)).version == 2
        with pytest.raises(orders.OrderSetChanged):
            await orders.save_set(uow, changed, set_id=mine.id)
        with pytest.raises(orders.OrderSetNotYours):
            await orders.save_set(uow, changed, set_id=anemia.id)
        assert (await orders.list_sets(uow))[0].items[0].orderable.key == "free-t4"
    async with works.begin(other_doctor) as uow:
        assert all(not one.mine for one in await orders.list_sets(uow))
        with pytest.raises(orders.OrderSetNotFound):
            await orders.retire_set(uow, mine.id)


FOUND = [
    ("cbc", "cbc"), ("CBC diff", "cbc-diff"), ("a1c", "a1c"), ("hemoglobin a1", "a1c"),
    ("lipid", "lipid-panel"), ("chest x", "chest-x-ray"), ("cxr", "chest-x-ray"),
    ("mri brain", "mri-brain"), ("ekg", "ekg"), ("cardio", "refer-cardiology"),
    ("sed", "esr"), ("liver", "hepatic-panel"), ("knee xr", None), ("zzz", None), ("--", None),
]  # fmt: skip


async def test_the_catalogue_is_found_by_what_clinicians_say(works: Works, nurse: Actor) -> None:
    async with works.begin(nurse) as uow:
        for question, key in FOUND:
            found = await orders.find_orderables(uow, question)
            assert [one.key for one in found[:1]] == ([key] if key else []), question
        everything = await orders.find_orderables(uow, limit=1000)
    assert len(everything) >= 150
    assert {one.kind for one in everything} == set(orders.OrderKind)
    assert all(one.source and is_loinc(one.loinc) for one in everything)


def is_loinc(code: str | None) -> bool:
    """The last figure is a check on the others (mod 10, as LOINC's manual says); or no code."""
    if code is None:
        return True
    number, _, check = code.partition("-")
    total = 0
    for place, figure in enumerate(reversed(number)):
        doubled = int(figure) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return (10 - total % 10) % 10 == int(check)
