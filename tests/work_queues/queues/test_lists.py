"""What the queue shows, to whom, in which order and page by page."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, select, text

from app import audit, patients
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.kernel.paging import CursorUnreadable
from app.work_queues import items, queues
from app.work_queues.items import ItemKind, PoolNotYours, Severity
from app.work_queues.queues import Due, PageOfQueue, Place, QueueFilter, QueueRow, QueueState
from tests.builders.identity import a_user
from tests.builders.patients import a_patient
from tests.builders.work_queues_queues import DOCTORS, NURSES, waiting
from tests.conftest import FrozenClock

ALL = PageOfQueue(limit=100)


async def shown(works: Works, by: Actor, **wanted: Any) -> list[QueueRow]:
    async with works.begin(by) as uow:
        rows, _ = await queues.list_items(uow, QueueFilter(**wanted), ALL)
    return rows


def titles(rows: Sequence[QueueRow]) -> list[str]:
    return [row.title for row in rows]


async def test_severity_comes_before_breach_time_and_breach_time_before_age(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    soon = clock.at + timedelta(minutes=10)
    await waiting(works, "no deadline", severity=Severity.HIGH)
    await waiting(works, "low and soon", severity=Severity.LOW, due_at=soon)
    clock.advance(minutes=1)
    await waiting(works, "high and late", severity=Severity.HIGH, due_at=soon + timedelta(hours=1))
    await waiting(works, "high and soon", severity=Severity.HIGH, due_at=soon)
    clock.advance(minutes=1)
    await waiting(works, "younger", severity=Severity.HIGH)
    await waiting(works, "critical", severity=Severity.CRITICAL)

    assert titles(await shown(works, nurse)) == [
        "critical", "high and soon", "high and late", "no deadline", "younger", "low and soon",
    ]  # fmt: skip


async def test_pages_put_together_are_the_whole_list_each_item_once(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    for number in range(23):
        await waiting(
            works,
            f"item {number}",
            severity=[*Severity][number % 4],
            pool_id=[NURSES, DOCTORS][number % 2],
            by=nurse if number % 3 else Actor.system("test"),
            due_at=clock.at + timedelta(minutes=number % 5) if number % 2 else None,
        )
    everything = await shown(works, nurse)
    found: list[QueueRow] = []
    after: Place | None = None
    while True:
        async with works.begin(nurse) as uow:
            rows, cursor = await queues.list_items(
                uow, QueueFilter(), PageOfQueue(limit=4, after=after)
            )
        found += rows
        if cursor is None:
            break
        assert len(rows) == 4
        after = Place.decode(cursor)
    assert [row.id for row in found] == [row.id for row in everything]
    assert len({row.id for row in found}) == len(found) == 19  # 4 are of doctors and not hers


@pytest.mark.parametrize(
    "cursor", ["x", "", "MHxhfGJ8Yw==", "é", "MXwyMDI2LTAxLTAxfDIwMjYtMDEtMDF8eA=="]
)
def test_a_cursor_we_did_not_write_is_refused(cursor: str) -> None:
    with pytest.raises(CursorUnreadable):
        Place.decode(cursor)


def test_a_cursor_that_was_touched_is_refused(clock: FrozenClock) -> None:
    place = Place(2, clock.at, clock.at, uuid4())
    assert Place.decode(place.encode()) == place
    for changed in (place.encode() + "A", place.encode() + "\n", place.encode().rstrip("=") + "!"):
        with pytest.raises(CursorUnreadable):
            Place.decode(changed)
    with pytest.raises(CursorUnreadable):
        Place.decode(Place(7, clock.at, clock.at, uuid4()).encode())
    with pytest.raises(CursorUnreadable):
        Place.decode(Place(1, clock.at.replace(tzinfo=None), clock.at, uuid4()).encode())


async def test_one_sees_ones_pools_and_what_is_for_or_from_oneself(
    works: Works, nurse: Actor, doctor: Actor, admin: Actor, receptionist: Actor
) -> None:
    await waiting(works, "nurses'")
    await waiting(works, "doctors'", pool_id=DOCTORS)
    await waiting(works, "for the nurse", pool_id=DOCTORS, assignee_id=nurse.id)
    await waiting(works, "from the nurse", pool_id=DOCTORS, by=nurse)

    assert set(titles(await shown(works, nurse))) == {
        "nurses'", "for the nurse", "from the nurse",
    }  # fmt: skip
    assert "nurses'" not in titles(await shown(works, doctor))
    assert len(await shown(works, admin)) == 4
    assert await shown(works, receptionist) == []
    with pytest.raises(PoolNotYours):
        await shown(works, nurse, pool=[DOCTORS])


async def test_patients_work_no_queue(works: Works) -> None:
    somebody = await a_user(works, Role.PATIENT)
    with pytest.raises(items.MayNotWorkQueues):
        await shown(works, somebody)


async def test_every_filter_finds_its_own(
    works: Works, nurse: Actor, admin: Actor, clock: FrozenClock
) -> None:
    patient = await a_patient(works, nurse)
    late, soon = clock.at - timedelta(minutes=5), clock.at + timedelta(minutes=30)
    tonight, tomorrow = clock.at + timedelta(hours=9), clock.at + timedelta(days=2)
    await waiting(works, "late", due_at=late)
    held = await waiting(works, "soon", due_at=soon, severity=Severity.HIGH)
    await waiting(works, "tonight", due_at=tonight, patient_id=patient.id)
    snoozed = await waiting(works, "tomorrow", due_at=tomorrow, kind=ItemKind.ALERT)
    await waiting(works, "blocked", held_back=True)
    done = await waiting(works, "done", type="note.draft")
    await waiting(works, "for her", assignee_id=nurse.id, pool_id=DOCTORS)
    async with works.begin(nurse) as uow:
        await items.claim(uow, held.id)
        await items.snooze(uow, snoozed.id, clock.at + timedelta(hours=1))
        item = await items.find_item(uow, done.id, lock=True)
        await items.close(uow, item, items.TaskStatus.COMPLETED)

    expected: list[tuple[dict[str, Any], set[str]]] = [
        ({"due": Due.OVERDUE}, {"late"}),
        ({"due": Due.HOUR}, {"late", "soon"}),
        ({"due": Due.TODAY}, {"late", "soon", "tonight"}),
        ({"kind": ItemKind.ALERT}, {"tomorrow"}),
        ({"kind": ItemKind.TASK}, {"late", "soon", "tonight", "blocked", "for her"}),
        ({"type": "alert"}, {"tomorrow"}),
        ({"type": "task", "kind": ItemKind.ALERT}, set()),
        ({"severity": [Severity.HIGH]}, {"soon"}),
        ({"patient_id": patient.id}, {"tonight"}),
        ({"patient_id": patient.id, "severity": [Severity.HIGH]}, set()),
        ({"patient_id": patient.id, "mine": True}, set()),
        ({"patient_id": patient.id, "pool": [NURSES]}, {"tonight"}),
        ({"state": QueueState.HELD}, {"soon"}),
        ({"state": QueueState.SNOOZED}, {"tomorrow"}),
        ({"state": QueueState.BLOCKED}, {"blocked"}),
        ({"state": QueueState.WAITING}, {"late", "tonight", "for her"}),
        ({"state": QueueState.CLOSED}, {"done"}),
        ({"state": QueueState.CLOSED, "mine": True}, set()),
        ({"state": QueueState.CLOSED, "severity": [Severity.MEDIUM]}, {"done"}),
        ({"state": QueueState.CLOSED, "patient_id": patient.id}, set()),
        ({"mine": True}, {"soon", "for her"}),
        ({"mine": True, "pool": [NURSES]}, {"soon"}),
        ({"pool": [NURSES]}, {"late", "soon", "tonight", "tomorrow", "blocked"}),
        ({}, {"late", "soon", "tonight", "tomorrow", "blocked", "for her"}),
    ]
    for wanted, which in expected:
        assert set(titles(await shown(works, nurse, **wanted))) == which, wanted
        if not wanted.get("mine"):
            assert set(titles(await shown(works, admin, **wanted))) >= which, wanted


async def test_what_is_closed_comes_latest_first_for_a_day(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    for number in range(5):
        item = await waiting(works, f"{number}")
        async with works.begin(nurse) as uow:
            taken = await items.claim(uow, item.id)
            await items.close(uow, taken, items.TaskStatus.COMPLETED)
        clock.advance(hours=6)
    clock.advance(hours=-6)
    closed = QueueFilter(state=QueueState.CLOSED)
    async with works.begin(nurse) as uow:
        first, cursor = await queues.list_items(uow, closed, PageOfQueue(limit=3))
        assert cursor is not None
        after = PageOfQueue(limit=3, after=Place.decode(cursor))
        second, end = await queues.list_items(uow, closed, after)
    assert titles([*first, *second]) == ["4", "3", "2", "1"]  # the first is a day old
    assert end is None


async def test_a_line_says_everything_in_one_statement(
    works: Works, nurse: Actor, clock: FrozenClock
) -> None:
    patient = await a_patient(works, nurse)
    for number in range(3):
        item = await waiting(
            works, f"{number}", patient_id=patient.id, assignee_id=nurse.id, cause_key=f"c{number}"
        )
    await waiting(works, "again", cause_key="c2")
    async with works.begin(nurse) as uow:
        await items.claim(uow, item.id)
    async with works.sessions.begin() as db:
        told = {"item": item.id, "who": nurse.id}
        await db.execute(
            text(
                "insert into work_item_comments (item_id, text, written_by, written_at)"
                " values (:item, 'Called.', :who, now())"
            ),
            told,
        )
        await db.execute(
            text(
                "insert into task_checklist_items (item_id, position, label, done_by, done_at)"
                " values (:item, 1, 'Wash', :who, now()), (:item, 2, 'Dress', null, null)"
            ),
            told,
        )
    sent: list[str] = []
    async with works.begin(nurse) as uow:
        connection = (await uow.db.connection()).sync_connection

        def note(*args: Any) -> None:
            sent.append(args[2])

        event.listen(connection, "before_cursor_execute", note)
        rows, _ = await queues.list_items(uow, QueueFilter(), ALL)
        event.remove(connection, "before_cursor_execute", note)
    assert len(sent) == 2  # whose pools, and the page
    [row] = [each for each in rows if each.title == "2"]
    assert (row.pool_name, row.holder_name, row.assignee_name) == (
        "Nurses", "Nora Lindqvist", "Nora Lindqvist",
    )  # fmt: skip
    assert row.held_since == clock.at
    assert (row.patient_name, row.patient_mrn) == ("Mara Okafor-Lind", patient.mrn)
    assert (row.comments, row.checklist_done, row.checklist_total) == (1, 1, 2)
    assert (row.occurrences, row.escalation_level, row.blocked) == (2, 0, False)


async def test_a_line_names_the_record_that_counts(
    works: Works, nurse: Actor, receptionist: Actor, admin: Actor
) -> None:
    survivor = await a_patient(works, nurse, given_name="Maria")
    absorbed = await a_patient(works, nurse)
    await waiting(works, "hers", patient_id=absorbed.id)
    async with works.begin(admin) as uow:
        await patients.merge_patients(uow, absorbed.id, survivor.id, "the same person")
    [row] = await shown(works, nurse)
    assert (row.patient_id, row.patient_name) == (survivor.id, "Maria Okafor-Lind")
    assert titles(await shown(works, nurse, patient_id=survivor.id)) == ["hers"]
    assert titles(await shown(works, nurse, patient_id=absorbed.id)) == ["hers"]


async def test_who_saw_a_queue_saw_every_patient_in_it(works: Works, nurse: Actor) -> None:
    patient = await a_patient(works, nurse)
    await waiting(works, patient_id=patient.id)
    await waiting(works)
    await shown(works, nurse, pool=[NURSES])
    async with works.sessions() as db:
        read = select(audit.AuditEvent).where(audit.AuditEvent.action == "queue.read")
        row = (await db.scalars(read)).one()
    assert row.detail == {
        "asked": {"pool": [str(NURSES)]}, "items": 2, "patients": [str(patient.id)],
    }  # fmt: skip


async def test_counts_are_of_ones_own_and_of_each_pool(
    works: Works, nurse: Actor, admin: Actor, clock: FrozenClock
) -> None:
    late = clock.at - timedelta(minutes=1)
    item = await waiting(works, due_at=late, severity=Severity.CRITICAL)
    await waiting(works, due_at=late)
    await waiting(works)
    await waiting(works, pool_id=DOCTORS, assignee_id=nurse.id)
    async with works.begin(nurse) as uow:
        await items.claim(uow, item.id)
        told = await queues.counts(uow)
    assert told.mine.model_dump() == {"held": 1, "waiting": 1, "overdue": 1, "critical": 1}
    [pool] = told.pools
    assert (pool.key, pool.waiting, pool.held, pool.overdue, pool.critical) == (
        "nurses",
        2,
        1,
        2,
        1,
    )
    async with works.begin(admin) as uow:
        told = await queues.counts(uow)
    assert {pool.key: pool.waiting for pool in told.pools} == {
        "nurses": 2, "doctors": 1, "reception": 0, "supervisors": 0, "compliance": 0, "privacy": 0,
    }  # fmt: skip


async def test_next_is_the_first_of_the_list_for_oneself(works: Works, nurse: Actor) -> None:
    other = await a_user(works, Role.NURSE, username="nurse-two")
    await waiting(works, "hers", severity=Severity.CRITICAL, assignee_id=other.id)
    await waiting(works, "first", severity=Severity.HIGH)
    await waiting(works, "second")
    taken = []
    for _ in range(3):
        async with works.begin(nurse) as uow:
            item = await queues.next_item(uow, NURSES)
            taken.append(item and item.title)
    assert taken == ["first", "second", None]


async def test_one_sees_what_one_was_called_to(works: Works, nurse: Actor) -> None:
    item = await waiting(works, "hers now", pool_id=DOCTORS)
    await waiting(works, "not hers", pool_id=DOCTORS)
    assert await shown(works, nurse) == []
    async with works.sessions.begin() as db:
        called = text("update work_items set called = array[cast(:who as uuid)] where id = :item")
        await db.execute(called, {"who": nurse.id, "item": item.id})
    assert titles(await shown(works, nurse)) == ["hers now"]
    assert await shown(works, nurse, mine=True) == []
