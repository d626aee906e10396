"""Results from the laboratory to the doctor who has seen them."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app import patients
from app.clinical import orders, results
from app.clinical.results.tasks import alert_unacknowledged
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.kernel.lifecycle import IllegalMove
from app.work_queues.items import WorkItem
from tests.builders.access import restricted
from tests.builders.orders import an_order
from tests.builders.patients import a_patient
from tests.builders.results import (
    CRITICAL,
    NORMAL,
    POTASSIUM,
    a_result,
    acknowledged,
    an_ordered_item,
    an_outside_result,
    called,
    corrected,
    potassium,
)
from tests.builders.work_queues_rosters import an_absence
from tests.conftest import FrozenClock


async def read(works: Works, by: Actor, result_id: UUID) -> results.WholeReport:
    async with works.begin(by) as uow:
        return await results.read_result(uow, result_id)


async def waiting(works: Works, doctor: Actor) -> list[UUID]:
    async with works.begin(doctor) as uow:
        found, _ = await results.unacknowledged(uow, doctor.id)
        assert len(found) == await results.count_unacknowledged(uow, doctor.id)
    return [each.report.id for each in found]


async def alerts_about(works: Works, result_id: UUID) -> list[tuple[str, str]]:
    async with works.sessions() as db:
        rows = await db.scalars(
            select(WorkItem)
            .where(WorkItem.subject_id == result_id, WorkItem.kind == "alert")
            .order_by(WorkItem.created_at, WorkItem.cause_key)
        )
        return [(item.type, item.status) for item in rows]


async def test_a_final_result_completes_what_was_ordered_and_waits_for_who_ordered_it(
    works: Works, doctor: Actor, nurse: Actor
) -> None:
    order = await an_order(works, doctor, "potassium")
    item_id = order.items[0].id
    async with works.begin(nurse) as uow:
        new = results.OrderedResult.model_validate(
            NORMAL | {"status": "registered"} | {"observations": []}
        )
        report = await results.report_ordered(uow, item_id, new)
    assert await waiting(works, doctor) == []
    for status, expected in (("preliminary", "active"), ("final", "completed")):
        async with works.begin(nurse) as uow:
            said = results.NewVersion.model_validate(NORMAL | {"status": status})
            await results.add_version(uow, report.id, said)
        async with works.begin(nurse) as uow:
            assert (await orders.read_item(uow, item_id)).status == expected
    assert await waiting(works, doctor) == [report.id]
    found = await read(works, doctor, report.id)
    assert (found.status, found.flag, found.versions) == ("final", "normal", 2)
    assert found.reports[0].observations[0].range_source == "the laboratory's own range"
    assert [(move.from_status, move.to_status) for move in found.moves] == [
        (None, "registered"),
        ("registered", "preliminary"),
        ("preliminary", "final"),
    ]
    await acknowledged(works, doctor, report.id, 2)
    assert await waiting(works, doctor) == []


async def test_a_preliminary_result_waits_only_when_it_is_not_usual(
    works: Works, doctor: Actor
) -> None:
    usual = await a_result(works, doctor, potassium(4.1, status="preliminary"))
    high = await a_result(works, doctor, potassium(5.4, status="preliminary"))
    assert await waiting(works, doctor) == [high.id]
    assert usual.flag == "normal"


async def test_a_corrected_result_asks_again_and_shows_what_changed(
    works: Works, doctor: Actor
) -> None:
    report = await a_result(works, doctor, potassium(5.4))
    await acknowledged(works, doctor, report.id)
    await corrected(works, doctor, report, 4.2)
    await corrected(works, doctor, report, 4.3, conclusion="Haemolysed before.")
    assert await waiting(works, doctor) == [report.id]
    found = await read(works, doctor, report.id)
    assert [each.number for each in found.reports] == [3, 2, 1]
    assert [each.flag for each in found.reports] == ["normal", "normal", "high"]
    assert [change.model_dump() for change in found.reports[0].changes] == [
        {
            "name": "Potassium",
            "before": "4.2 mmol/L (from 3.5 to 5.1)",
            "after": "4.3 mmol/L (from 3.5 to 5.1)",
        },
        {"name": "Conclusion", "before": None, "after": "Haemolysed before."},
    ]
    assert found.reports[2].acknowledgement is not None
    assert found.reports[0].acknowledgement is None


async def test_a_preliminary_report_after_the_final_one_is_refused(
    works: Works, doctor: Actor
) -> None:
    report = await a_result(works, doctor)
    for status in ("preliminary", "final"):
        with pytest.raises(IllegalMove):
            await corrected(works, doctor, report, 4.2, status=status)


@pytest.mark.parametrize("by_number", [True, False])
async def test_what_was_called_off_meanwhile_does_not_keep_the_final_result_out(
    works: Works, doctor: Actor, nurse: Actor, *, by_number: bool
) -> None:
    begun = potassium(5.4, status="preliminary", external_id="LAB-1")
    report = await a_result(works, doctor, begun)
    assert report.order_item_id is not None
    async with works.begin(doctor) as uow:
        await orders.revoke_item(uow, report.order_item_id, reason="not needed after all")
    async with works.begin(nurse) as uow:
        if by_number:
            said = results.OrderedResult.model_validate(CRITICAL | {"external_id": "LAB-1"})
            await results.report_ordered(uow, report.order_item_id, said)
        else:
            new = results.NewVersion.model_validate(CRITICAL)
            await results.add_version(uow, report.id, new)
    assert await alerts_about(works, report.id) == [("result.critical", "triggered")]
    async with works.begin(nurse) as uow:
        assert (await orders.read_item(uow, report.order_item_id)).status == "revoked"
    another = results.OrderedResult.model_validate(NORMAL)
    with pytest.raises(results.OrderItemNotAwaited):
        async with works.begin(nurse) as uow:
            await results.report_ordered(uow, report.order_item_id, another)


@pytest.mark.parametrize("issued", [{}, {"issued_at": "2026-03-02T08:00:00Z"}])
async def test_the_same_sent_again_is_the_same_version(
    works: Works, doctor: Actor, issued: dict[str, Any]
) -> None:
    item_id = await an_ordered_item(works, doctor)
    said = {**NORMAL, **issued, "external_id": "LAB-1"}
    for _ in range(2):
        async with works.begin(doctor) as uow:
            new = results.OrderedResult.model_validate(said)
            report = await results.report_ordered(uow, item_id, new)
    assert report.versions == 1
    other = await an_ordered_item(works, doctor)
    with pytest.raises(results.ExternalIdTaken):
        async with works.begin(doctor) as uow:
            await results.report_ordered(uow, other, results.OrderedResult.model_validate(said))


async def test_a_number_taken_by_somebody_hidden_says_nothing_of_them(
    works: Works, doctor: Actor, admin: Actor
) -> None:
    said = NORMAL | {"external_id": "LAB-1"}
    theirs = await an_outside_result(works, doctor, said)
    await restricted(works, admin, theirs.patient_id)
    mine = await a_patient(works, doctor, given_name="Eva")
    with pytest.raises(results.ExternalIdTaken):
        await an_outside_result(works, doctor, said, patient_id=mine.id)


async def test_an_older_correction_that_comes_late_does_not_count(
    works: Works, doctor: Actor
) -> None:
    report = await a_result(works, doctor, potassium(5.4, issued_at="2026-03-01T08:00:00Z"))
    await corrected(works, doctor, report, 6.8, issued_at="2026-03-01T10:00:00Z")
    with pytest.raises(results.ResultOvertaken):
        await corrected(works, doctor, report, 4.1, issued_at="2026-03-01T09:00:00Z")
    assert await alerts_about(works, report.id) == [("result.critical", "triggered")]
    await corrected(works, doctor, report, 4.2, issued_at="2026-03-01T10:00:00Z")


async def test_what_was_typed_over_an_older_version_replaces_no_newer_one(
    works: Works, doctor: Actor, nurse: Actor
) -> None:
    report = await a_result(works, doctor, potassium(5.4))
    await corrected(works, doctor, report, 6.8, after=1)
    with pytest.raises(results.ResultChanged):
        await corrected(works, nurse, report, 4.1, after=1)
    assert await alerts_about(works, report.id) == [("result.critical", "triggered")]


async def test_what_was_corrected_back_is_no_repetition(works: Works, doctor: Actor) -> None:
    report = await a_result(works, doctor, potassium(5.4))
    for value in (4.1, 5.4, 4.1, 4.1):
        await corrected(works, doctor, report, value)
    assert (await read(works, doctor, report.id)).versions == 4


async def test_a_critical_result_ends_only_when_called_read_back_and_acknowledged(
    works: Works, doctor: Actor, nurse: Actor, clock: FrozenClock
) -> None:
    report = await a_result(works, doctor, CRITICAL)
    assert await alerts_about(works, report.id) == [("result.critical", "triggered")]
    await called(works, nurse, report.id, read_back=False)
    await acknowledged(works, doctor, report.id)
    assert await alerts_about(works, report.id) == [("result.critical", "triggered")]
    clock.advance(minutes=1)
    wrong = await called(works, nurse, report.id)
    clock.advance(minutes=1)
    assert await alerts_about(works, report.id) == [("result.critical", "resolved")]
    right = await called(works, nurse, report.id, told_name="Dr. Summer", corrects_id=wrong.id)
    with pytest.raises(results.CallbackCorrected):
        await called(works, nurse, report.id, corrects_id=wrong.id)
    found = await read(works, doctor, report.id)
    assert [each.corrects_id for each in found.reports[0].callbacks] == [None, None, wrong.id]
    assert found.reports[0].callbacks[-1].id == right.id


async def test_a_call_that_was_recorded_wrongly_takes_its_answer_back(
    works: Works, doctor: Actor, nurse: Actor, clock: FrozenClock
) -> None:
    report = await a_result(works, doctor, CRITICAL)
    wrong = await called(works, nurse, report.id)
    await acknowledged(works, doctor, report.id)
    assert await alerts_about(works, report.id) == [("result.critical", "resolved")]
    clock.advance(minutes=1)
    right = await called(works, nurse, report.id, read_back=False, corrects_id=wrong.id)
    assert await alerts_about(works, report.id) == [
        ("result.critical", "resolved"),
        ("result.critical", "triggered"),
    ]
    await called(works, nurse, report.id, corrects_id=right.id)
    assert {status for _, status in await alerts_about(works, report.id)} == {"resolved"}


async def test_a_correction_ends_the_alert_of_the_version_before(
    works: Works, doctor: Actor
) -> None:
    report = await a_result(works, doctor, CRITICAL)
    await corrected(works, doctor, report, 7.1)
    assert sorted(await alerts_about(works, report.id)) == [
        ("result.critical", "resolved"),
        ("result.critical", "triggered"),
    ]
    await corrected(works, doctor, report, 4.1)
    assert {status for _, status in await alerts_about(works, report.id)} == {"resolved"}
    assert await waiting(works, doctor) == [report.id]


async def test_a_withdrawn_result_waits_for_nobody_and_stays_readable(
    works: Works, doctor: Actor
) -> None:
    report = await a_result(works, doctor, CRITICAL)
    async with works.begin(doctor) as uow:
        await results.enter_in_error(uow, report.id, reason="another patient's")
    assert await waiting(works, doctor) == []
    assert await alerts_about(works, report.id) == [("result.critical", "resolved")]
    assert (await read(works, doctor, report.id)).reports[0].observations[0].value == 6.8
    with pytest.raises(results.ResultIsWithdrawn):
        await acknowledged(works, doctor, report.id)
    async with works.begin(doctor) as uow:
        assert await results.trend(uow, report.patient_id, "2823-3") == []


@pytest.mark.parametrize("value", [6.8, 4.1])
async def test_who_may_have_acted_on_a_result_that_others_withdraw_is_told(
    works: Works, doctor: Actor, nurse: Actor, value: float
) -> None:
    """Of one that is critical whether or not it was answered; of another when it was."""
    report = await a_result(works, doctor, potassium(value))
    if value < 6:
        await acknowledged(works, doctor, report.id)
    async with works.begin(nurse) as uow:
        await results.enter_in_error(uow, report.id, reason="another patient's")
    async with works.sessions() as db:
        found = select(WorkItem).where(WorkItem.subject_id == report.id, WorkItem.kind == "task")
        (task,) = await db.scalars(found)
    assert (task.assignee_id, task.title) == (
        doctor.id,
        "A result was withdrawn: see what was done because of it",
    )


async def test_nobody_is_told_of_a_withdrawal_that_changes_nothing_for_them(
    works: Works, doctor: Actor, nurse: Actor
) -> None:
    unseen, own = await a_result(works, doctor, NORMAL), await a_result(works, doctor, CRITICAL)
    for by, report in ((nurse, unseen), (doctor, own)):
        async with works.begin(by) as uow:
            await results.enter_in_error(uow, report.id, reason="another patient's")
    async with works.sessions() as db:
        found = select(WorkItem).where(WorkItem.subject_id.in_([unseen.id, own.id]))
        assert not [item for item in await db.scalars(found) if item.kind == "task"]


async def test_of_two_who_acknowledge_at_once_one_does(
    works: Works, doctor: Actor, other_doctor: Actor
) -> None:
    report = await a_result(works, doctor)
    found = await asyncio.gather(
        *(acknowledged(works, who, report.id) for who in (doctor, other_doctor)),
        return_exceptions=True,
    )
    refused = [each for each in found if isinstance(each, Exception)]
    assert [type(each) for each in refused] == [results.AlreadyAcknowledged]


async def test_what_is_corrected_while_somebody_acknowledges_stays_unacknowledged(
    works: Works, doctor: Actor, nurse: Actor
) -> None:
    report = await a_result(works, doctor, potassium(5.4))
    for value in (5.5, 5.6, 5.7):
        number = (await read(works, doctor, report.id)).versions
        await asyncio.gather(
            acknowledged(works, doctor, report.id, number),
            corrected(works, nurse, report, value),
            return_exceptions=True,
        )
        found = await read(works, doctor, report.id)
        assert found.versions == number + 1
        assert found.reports[0].acknowledgement is None
        assert await waiting(works, doctor) == [report.id]
    with pytest.raises(results.ResultChanged):
        await acknowledged(works, doctor, report.id, 1)


WRITTEN_ONCE = (
    "report_versions",
    "observations",
    "result_acknowledgements",
    "result_callbacks",
    "diagnostic_report_moves",
)


@pytest.mark.parametrize("table", WRITTEN_ONCE)
async def test_the_database_refuses_to_change_what_was_written(
    works: Works, doctor: Actor, table: str
) -> None:
    report = await a_result(works, doctor, CRITICAL)
    await acknowledged(works, doctor, report.id)
    await called(works, doctor, report.id)
    column = "to_status" if table.endswith("moves") else "number"
    value = "'final'" if table.endswith("moves") else "1"
    for change in (
        f"update {table} set {column} = {value}",
        f"delete from {table}",
        f"truncate {table} cascade",
    ):
        with pytest.raises(Exception, match="append-only"):
            async with works.sessions.begin() as db:
                await db.execute(text(change))


async def test_who_stands_in_sees_what_waits_for_who_is_away(
    works: Works, doctor: Actor, other_doctor: Actor, clock: FrozenClock
) -> None:
    report = await a_result(works, doctor)
    assert await waiting(works, other_doctor) == []
    begins = clock.now() + timedelta(minutes=1)
    await an_absence(works, doctor, begins, begins + timedelta(days=2), substitute=other_doctor)
    clock.advance(minutes=2)
    assert await waiting(works, other_doctor) == [report.id]


async def test_what_waits_too_long_is_told_once(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    report = await a_result(works, doctor)
    week = timedelta(days=7)
    clock.advance(days=6)
    assert await alert_unacknowledged(works, week) == 0
    clock.advance(days=1)
    assert await alert_unacknowledged(works, week) == 1
    assert await alert_unacknowledged(works, week) == 0
    await acknowledged(works, doctor, report.id)
    assert await alerts_about(works, report.id) == [("result.unacknowledged", "resolved")]


async def test_a_merged_patient_has_the_results_of_both_records(
    works: Works, doctor: Actor
) -> None:
    staying, going = [await a_patient(works, doctor, given_name=name) for name in ("Ada", "Eva")]
    first = await an_outside_result(works, doctor, potassium(4.1), patient_id=staying.id)
    second = await an_outside_result(works, doctor, potassium(5.4), patient_id=going.id)
    async with works.begin(doctor) as uow:
        await patients.merge_patients(
            uow,
            going.id,
            staying.id,
            "One card.",
        )
    async with works.begin(doctor) as uow:
        found, _ = await results.list_results(uow, going.id)
        series = await results.trend(uow, staying.id, "2823-3")
    assert {each.id for each in found} == {first.id, second.id}
    assert sorted(point.value or 0 for point in series[0].points) == [4.1, 5.4]
    assert set(await waiting(works, doctor)) == {first.id, second.id}


async def test_each_unit_is_a_series_of_its_own(works: Works, doctor: Actor) -> None:
    patient = await a_patient(works, doctor)
    for day, (value, unit) in enumerate([(4.1, "mmol/L"), (16.0, "mg/dL"), (4.4, "MMOL/L")], 1):
        said = {
            "status": "final",
            "collected_at": f"2026-02-0{day}T08:00:00Z",
            "observations": [POTASSIUM | {"value": value, "unit": unit, "low": None, "high": None}],
        }
        await an_outside_result(works, doctor, said, patient_id=patient.id)
    async with works.begin(doctor) as uow:
        series = await results.trend(uow, patient.id, "2823-3")
    assert [(each.unit, [point.value for point in each.points]) for each in series] == [
        ("mmol/L", [4.1, 4.4]),
        ("mg/dL", [16.0]),
    ]
    assert series[1].points[0].flag == "not-judged"
