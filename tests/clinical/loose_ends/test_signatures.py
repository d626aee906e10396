"""A text that waits for its author is a task, and an alert when it takes too long."""

import asyncio
from dataclasses import replace

import pytest

from app import identity
from app.clinical import notes
from app.clinical.loose_ends.signatures import follow_note
from app.clinical.loose_ends.tasks import alert_unsigned
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import tasks
from tests.builders.notes import RELAY, a_dictated_note, a_signed_note, a_typed_note, signed
from tests.clinical.loose_ends.seeing import everything, told, waiting
from tests.conftest import FrozenClock


async def test_a_draft_is_a_task_of_its_author(works: Works, doctor: Actor) -> None:
    note = await a_dictated_note(works, doctor)
    await told(works)
    [task] = await everything(works)
    assert (task.type, task.assignee_id, task.patient_id) == (
        "note.draft",
        doctor.id,
        note.patient_id,
    )
    assert (task.subject_type, task.subject_id) == ("note", note.id)
    assert task.due_at is not None


async def test_signing_ends_it(works: Works, doctor: Actor) -> None:
    note = await a_dictated_note(works, doctor)
    await told(works)
    await signed(works, doctor, note)
    await told(works)
    assert [task.status for task in await everything(works)] == ["completed"]


@pytest.mark.parametrize("latest_first", [False, True])
async def test_facts_may_come_in_any_order(
    works: Works, doctor: Actor, *, latest_first: bool
) -> None:
    await a_signed_note(works, doctor)
    assert await told(works, latest_first=latest_first) >= 2
    assert await waiting(works) == []


async def test_facts_that_come_at_once_make_one_task(works: Works, doctor: Actor) -> None:
    note = await a_dictated_note(works, doctor)

    async def follow() -> None:
        async with works.begin(RELAY) as uow:
            await follow_note(uow, note.id)

    await asyncio.gather(*(follow() for _ in range(6)))
    [task] = await everything(works)
    assert task.occurrences == 1


async def test_an_amendment_is_a_task_until_it_is_dropped(works: Works, doctor: Actor) -> None:
    note = await a_signed_note(works, doctor)
    await told(works)
    async with works.begin(doctor) as uow:
        await notes.open_amendment(uow, note.id, reason="The dose was wrong.")
    await told(works)
    assert [item.title for item in await everything(works) if not item.is_closed] == [
        "Amendment to sign"
    ]
    async with works.begin(doctor) as uow:
        await notes.drop_amendment(uow, note.id)
    await told(works)
    assert await waiting(works) == []


async def test_a_note_entered_in_error_waits_for_nobody(works: Works, doctor: Actor) -> None:
    note = await a_typed_note(works, doctor)
    await told(works)
    async with works.begin(doctor) as uow:
        await notes.enter_in_error(uow, note.id, reason="Wrong patient.")
    await told(works)
    assert await waiting(works) == []


async def test_past_its_limit_there_is_one_alert_until_it_is_signed(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    note = await a_dictated_note(works, doctor)
    await told(works)
    clock.advance(hours=23)
    assert await alert_unsigned(works) == 0
    clock.advance(hours=1)
    assert await alert_unsigned(works) == 1
    assert await alert_unsigned(works) == 0
    assert sorted(await waiting(works)) == ["note.draft", "note.unsigned"]
    await signed(works, replace(doctor, authenticated_at=clock.now()), note)
    await told(works)
    assert await waiting(works) == []
    clock.advance(days=3)
    assert await alert_unsigned(works) == 0


async def test_two_who_look_at_once_raise_one_alert(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    await a_dictated_note(works, doctor)
    clock.advance(days=2)
    await asyncio.gather(*(alert_unsigned(works) for _ in range(3)))
    assert await waiting(works) == ["note.unsigned"]


async def test_a_draft_done_by_hand_is_still_unsigned(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    await a_dictated_note(works, doctor)
    await told(works)
    [task] = await everything(works)
    async with works.begin(doctor) as uow:
        await tasks.complete(uow, task.id)
    clock.advance(days=2)
    assert await alert_unsigned(works) == 1


async def test_what_somebody_left_unsigned_whose_account_is_locked_is_the_pools(
    works: Works, doctor: Actor, other_doctor: Actor, clock: FrozenClock
) -> None:
    await a_dictated_note(works, doctor)
    await a_typed_note(works, other_doctor)
    async with works.begin(Actor.system("test-setup")) as uow:
        await identity.lock_user(uow, "doctor")
    await told(works)
    clock.advance(days=30)
    assert await alert_unsigned(works) == 2
    found = [(item.type, item.assignee_id) for item in await everything(works)]
    assert sorted(found, key=str) == sorted(
        [
            ("note.draft", None),
            ("note.draft", other_doctor.id),
            ("note.unsigned", None),
            ("note.unsigned", other_doctor.id),
        ],
        key=str,
    )
