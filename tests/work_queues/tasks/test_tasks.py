"""Tasks are made, edited, ticked off, completed, called off."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.kernel.lifecycle import IllegalMove
from app.work_queues import items, tasks
from app.work_queues.escalations.tasks import fire_due
from app.work_queues.items import Change, ItemHeld, Severity, WorkItem
from app.work_queues.ladders import DueUnit
from app.work_queues.tasks import ChecklistOpen, NewTask, TaskUnfit
from tests.builders.work_queues_alerts import planned
from tests.builders.work_queues_items import (
    attempt,
    changes,
    claim,
    done,
    nurses_named,
    seen,
)
from tests.builders.work_queues_queues import DOCTORS, NURSES, SETUP
from tests.builders.work_queues_tasks import (
    a_task,
    a_template,
    cancel,
    complete,
    detail,
    edit,
    tick,
)
from tests.conftest import FrozenClock

NOBODY = UUID("0198b1c6-0000-7000-8000-00000000dead")


async def test_a_task_is_due_as_its_type_says_and_climbs_from_then_on(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    """Monday at nine and two working days; the standard ladder tells at 0 and 240 minutes."""
    item = await a_task(works, by=nurse)
    due = clock.now() + timedelta(days=2)
    assert (item.status, item.pool_id, item.due_at) == ("ready", NURSES, due)
    assert await planned(works, item.id) == [(1, due), (1, due + timedelta(hours=4))]


@pytest.mark.parametrize(
    ("amount", "unit", "expected"),
    [
        (90, DueUnit.MINUTES, datetime(2026, 3, 2, 10, 30, tzinfo=UTC)),
        (540, DueUnit.WORKING_MINUTES, datetime(2026, 3, 3, 9, 0, tzinfo=UTC)),
        (7, DueUnit.DAYS, datetime(2026, 3, 9, 9, 0, tzinfo=UTC)),
        (5, DueUnit.WORKING_DAYS, datetime(2026, 3, 9, 9, 0, tzinfo=UTC)),
    ],
)
async def test_due_rules_count_from_now(
    works: Works, amount: int, unit: DueUnit, expected: datetime
) -> None:
    item = await a_task(works, due=(amount, unit))
    assert item.due_at == expected


async def test_from_a_template_with_what_was_said_instead(
    works: Works, nurse: Actor, admin: Actor, clock: FrozenClock
) -> None:
    template = await a_template(works, admin, pool_id=DOCTORS, severity="high")
    plain = await a_task(works, by=nurse, title=None, template_id=template.id)
    assert (plain.title, plain.pool_id, plain.severity) == (
        "Change the dressing",
        DOCTORS,
        Severity.HIGH,
    )
    assert plain.due_at == clock.now() + timedelta(minutes=90)
    due = clock.now() + timedelta(hours=1)
    other = await a_task(
        works, by=nurse, title="Left heel", template_id=template.id, due_at=due, pool_id=NURSES
    )
    assert (other.title, other.pool_id, other.due_at) == ("Left heel", NURSES, due)
    assert (await detail(works, other.id)).template_id == template.id
    refused = await attempt(works, nurse, complete(other))
    assert isinstance(refused, ChecklistOpen)
    assert refused.positions == [1, 2]
    await done(works, admin, lambda uow: tasks.retire_template(uow, template.id))
    new = NewTask(template_id=template.id)
    gone = await attempt(works, nurse, lambda uow: tasks.add_task(uow, new))
    assert isinstance(gone, TaskUnfit)


async def test_open_steps_are_named_unless_there_is_a_reason(works: Works, nurse: Actor) -> None:
    item = await a_task(works, checklist=("Hands", "Dressing", "Photo"))
    ticked = await done(works, nurse, tick(item, 2))
    again = await done(works, nurse, tick(item, 2))
    assert ticked.version == again.version == 2
    refused = await attempt(works, nurse, complete(item))
    assert isinstance(refused, ChecklistOpen)
    assert refused.positions == [1, 3]
    await done(works, nurse, tick(item, 2, done=False))
    missing = await attempt(works, nurse, tick(item, 4))
    assert isinstance(missing, tasks.ChecklistItemNotFound)
    ended = await done(works, nurse, complete(item, "No camera."))
    assert ended.status == "completed"
    assert isinstance(await attempt(works, nurse, tick(item, 1)), tasks.TaskClosed)


async def test_a_task_is_completed_once_by_whoever_is_first(works: Works) -> None:
    nurses = await nurses_named(works, "anna", "bert", "cleo")
    item = await a_task(works)
    results = await asyncio.gather(
        *(attempt(works, each, complete(item)) for each in nurses for _ in range(3))
    )
    assert sum(isinstance(each, WorkItem) for each in results) == 1
    assert {type(each) for each in results} == {WorkItem, IllegalMove}
    assert (await changes(works, item.id)) == [Change.OPENED, Change.COMPLETED]
    assert await planned(works, item.id) == []


async def test_what_another_holds_is_neither_completed_nor_changed(
    works: Works, nurse: Actor
) -> None:
    [anna] = await nurses_named(works, "anna")
    item = await a_task(works, checklist=("Hands",))
    held = await done(works, anna, claim(item))
    for act in (complete(item), cancel(item), tick(item, 1), edit(held, title="Other")):
        assert isinstance(await attempt(works, nurse, act), ItemHeld)
    ended = await done(works, anna, cancel(item))
    assert (ended.status, ended.holder_id) == ("cancelled", None)


async def test_what_is_critical_is_not_called_off_without_a_word(
    works: Works, nurse: Actor
) -> None:
    item = await a_task(works, severity=Severity.CRITICAL)
    assert isinstance(await attempt(works, nurse, cancel(item)), items.ReasonMissing)
    assert (await done(works, nurse, cancel(item, "Moved to the ward."))).status == "cancelled"


async def test_a_cause_is_one_task_that_ends_with_it(works: Works, nurse: Actor) -> None:
    found = await asyncio.gather(
        *(a_task(works, cause_key="note.draft:1", type="note.draft") for _ in range(8))
    )
    assert len({each.id for each in found}) == 1
    item = await seen(works, found[0].id)
    assert (item.occurrences, item.pool_id) == (8, DOCTORS)
    gone = await done(works, SETUP, lambda uow: tasks.close_cause(uow, "note.draft:1"))
    assert (gone.id, gone.status) == (item.id, "completed")
    assert await done(works, SETUP, lambda uow: tasks.close_cause(uow, "note.draft:1")) is None


async def test_a_new_deadline_moves_the_climb(
    works: Works, nurse: Actor, doctor: Actor, clock: FrozenClock
) -> None:
    item = await a_task(works, due_at=clock.now() + timedelta(hours=1))
    later = clock.now() + timedelta(hours=3)
    moved = await done(works, nurse, edit(item, due_at=later))
    expected = [(1, later), (1, later + timedelta(hours=4))]
    assert (moved.due_at, await planned(works, item.id)) == (later, expected)
    clock.advance(hours=3)
    await fire_due(works)
    overdue = await seen(works, item.id)
    assert overdue.escalation_level == 1
    tomorrow = clock.now() + timedelta(days=1)
    anew = await done(works, nurse, edit(overdue, due_at=tomorrow))
    assert (anew.cycle, anew.escalation_level) == (2, 0)
    assert [cycle for cycle, _ in await planned(works, item.id)] == [2, 2]
    never = await done(works, nurse, edit(anew, due_at=None))
    assert never.due_at is None
    assert await planned(works, item.id) == []


async def test_an_edit_says_what_it_is_of_and_changes_only_what_was_said(
    works: Works, nurse: Actor, receptionist: Actor, clock: FrozenClock
) -> None:
    [anna] = await nurses_named(works, "anna")
    item = await a_task(works, by=receptionist, body="Left heel.")
    mine = await done(works, receptionist, edit(item, title="Dressing", assignee_id=anna.id))
    assert (mine.title, mine.body, mine.assignee_id) == ("Dressing", "Left heel.", anna.id)
    stale = await attempt(works, receptionist, edit(item, title="Other"))
    assert isinstance(stale, items.ItemChanged)
    assert (stale.expected_version, stale.current_version) == (1, 2)
    assert isinstance(await attempt(works, nurse, edit(mine, body=None)), items.NotInThisPool)
    past = await attempt(works, anna, edit(mine, due_at=clock.now()))
    assert isinstance(past, TaskUnfit)
    nobody = await attempt(works, anna, edit(mine, assignee_id=uuid4()))
    assert isinstance(nobody, TaskUnfit)
    ended = await done(works, anna, complete(item))
    closed = await attempt(works, anna, edit(ended, title="Other"))
    assert isinstance(closed, tasks.TaskClosed)


async def test_an_earlier_deadline_brings_back_what_was_put_off_beyond_it(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    item = await a_task(works)
    off = clock.now() + timedelta(hours=5)
    snoozed = await done(works, nurse, lambda uow: items.snooze(uow, item.id, off))
    earlier = clock.now() + timedelta(hours=1)
    edited = await done(works, nurse, edit(snoozed, due_at=earlier))
    assert edited.snoozed_until == earlier


@pytest.mark.parametrize(
    ("said", "field", "rule"),
    [
        ({"type": "nonsense"}, "type", "type_known"),
        ({"type": "alert"}, "type", "type_of_task"),
        ({"pool_id": NOBODY}, "pool_id", "pool_known"),
        ({"assignee_id": NOBODY}, "assignee_id", "person_known"),
        ({"depends_on": (NOBODY,)}, "depends_on", "task_known"),
        ({"due_at": datetime.fromisoformat("2026-03-02T08:59Z")}, "due_at", "moment_to_come"),
        (
            {
                "due_at": datetime.fromisoformat("2026-03-02T10:00Z"),
                "due": (1, DueUnit.DAYS),
            },
            "due",
            "one_of_both",
        ),
        ({"rrule": "FREQ=HOURLY"}, "rrule", "rrule_frequency"),
        ({"rrule": "FREQ=WEEKLY;BYDAY=SU"}, "rrule", "rrule_first"),
    ],
)
async def test_a_task_that_makes_no_sense_is_refused_and_its_field_named(
    works: Works, nurse: Actor, said: dict[str, object], field: str, rule: str
) -> None:
    new = NewTask(title="x", **said)  # type: ignore[arg-type]
    refused = await attempt(works, nurse, lambda uow: tasks.add_task(uow, new))
    assert isinstance(refused, TaskUnfit)
    assert (refused.errors[0]["at"], refused.errors[0]["rule"]) == (["body", field], rule)
