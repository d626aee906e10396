"""Half, four fifths, all of the time: who is told, once, and what of it they are told."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app.crisis import reports
from app.crisis.reports.tasks import fire_due
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues import items, tasks
from app.work_queues.items import WorkItem
from tests.builders.crisis_reports import COMPLIANCE, a_call, a_filing, a_suspicion, of_compliance
from tests.conftest import Client, FrozenClock, signed_in

HOUR = timedelta(hours=1)


async def open_items(works: Works) -> list[tuple[str, str]]:
    async with works.sessions() as db:
        still = select(WorkItem).where(WorkItem.closed_at.is_(None)).order_by(WorkItem.type)
        return [(each.type, each.severity.value) for each in await db.scalars(still)]


async def marks_of(works: Works, report_id: UUID) -> dict[tuple[str, str], str]:
    statement = text("select leg, mark, status from report_clocks where report_id = :id")
    async with works.sessions() as db:
        rows = await db.execute(statement, {"id": report_id})
        return {(row.leg, row.mark): row.status for row in rows}


async def a_dementia_report(works: Works, doctor: Actor) -> UUID:
    """Due in writing after 24 hours, and by no telephone."""
    kind = reports.SuspicionKind.FACILITY_DEMENTIA
    (report_id,) = await a_suspicion(works, doctor, kind=kind)
    return report_id


async def test_each_mark_fires_at_its_moment_and_only_the_gravest_stays(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    await a_dementia_report(works, doctor)
    start = clock.at
    told = []
    for hours in (0, 11.99, 12, 19.1, 19.2, 23.99, 24):
        clock.at = start + hours * HOUR
        told.append((await fire_due(works), await open_items(works)))
    half, most, breach = (
        ("report.due", "medium"),
        ("report.due", "high"),
        ("report.breach", "critical"),
    )
    assert told == [
        (0, []), (0, []), (1, [half]), (0, [half]), (1, [most]), (0, [most]), (1, [breach]),
    ]  # fmt: skip
    assert await fire_due(works) == 0


async def test_what_is_due_at_once_is_told_at_once(works: Works, doctor: Actor) -> None:
    await a_suspicion(works, doctor)
    assert await fire_due(works) == 1
    assert await open_items(works) == [("report.breach", "critical")]


async def test_the_call_ends_what_the_call_was_wanted_for_and_filing_ends_all(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    (report_id,) = await a_suspicion(works, doctor)
    clock.advance(hours=30)
    assert await fire_due(works) == 3  # oral breach; half and most of the 36 hours in writing
    async with works.begin(doctor) as uow:
        await reports.log_oral_report(uow, report_id, a_call(clock.at))
    assert await open_items(works) == [("report.due", "high")]
    async with works.begin(doctor) as uow:
        await reports.file_written_report(uow, report_id, a_filing(clock.at))
    assert await open_items(works) == []
    clock.advance(days=30)
    assert await fire_due(works) == 0
    assert (await marks_of(works, report_id))["written", "breach"] == "voided"


async def test_a_worker_that_was_down_over_the_deadline_still_tells_of_it(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    report_id = await a_dementia_report(works, doctor)
    clock.advance(days=3)
    assert await fire_due(works) == 3
    assert await open_items(works) == [("report.breach", "critical")]
    assert set((await marks_of(works, report_id)).values()) == {"fired"}


async def test_two_schedulers_and_a_clock_that_jumps_back_fire_once(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    for _ in range(5):
        await a_dementia_report(works, doctor)
    start = clock.at
    clock.at = start + 25 * HOUR
    counts = await asyncio.gather(*(fire_due(works) for _ in range(3)))
    assert sum(counts) == 15
    clock.at = start
    assert await fire_due(works) == 0
    clock.at = start + 26 * HOUR
    assert await fire_due(works) == 0
    async with works.sessions() as db:
        alerts = (await db.scalars(select(WorkItem).where(WorkItem.type == "report.breach"))).all()
    assert Counter(each.occurrences for each in alerts) == {1: 5}


@pytest.fixture
async def officer(works: Works, nurse: Actor, admin: Actor) -> Actor:
    return await of_compliance(works, admin, nurse)


@pytest.mark.usefixtures("officer", "receptionist")
async def test_reporter_and_compliance_hear_and_nobody_learns_whose_it_is(
    works: Works, client: Client, doctor: Actor, clock: FrozenClock
) -> None:
    await a_dementia_report(works, doctor)
    clock.advance(hours=25)
    await fire_due(works)
    heard = {}
    for name in ("doctor", "nurse", "receptionist"):
        async with signed_in(client, name) as person:
            heard[name] = (await person.get("/api/v1/queues")).json()
    assert [len(heard[name]["items"]) for name in heard] == [1, 1, 0], heard
    for name in ("doctor", "nurse"):
        (item,) = heard[name]["items"]
        assert item["title"] == "A mandatory report is due"
        assert (item["patient_id"], item["assignee_id"]) == (None, None)
        assert str(doctor.id) not in str(item)
        assert "Winter" not in str(item)
        assert "dementia" not in str(item)


async def test_handing_the_task_on_hands_no_duty_on(
    works: Works, doctor: Actor, officer: Actor, clock: FrozenClock
) -> None:
    report_id = await a_dementia_report(works, doctor)
    clock.advance(hours=13)
    await fire_due(works)
    async with works.begin(doctor) as uow:
        item = (await uow.db.scalars(select(WorkItem))).one()
        to = items.Receiver(pool_id=COMPLIANCE)
        await items.hand_over(uow, item.id, to, kind=items.ItemKind.TASK)
    async with works.begin(officer) as uow:
        await tasks.complete(uow, item.id)
        report = await reports.read_report(uow, report_id)
    assert report.reporter.id == doctor.id
    assert report.status is reports.ReportStatus.OPEN
    clock.advance(hours=12)
    await fire_due(works)
    assert await open_items(works) == [("report.breach", "critical")]
