"""The demo clinic: a lively day whenever it is set up, and nothing twice."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from app.cli.seeding import SEEDER, seed
from app.cli.seeding_appointments import the_cast
from app.cli.seeding_calendar import people_of
from app.clinical import prescriptions
from app.clinical.formulary import CheckKind, Outcome
from app.clinical.orders import OrderItem, OrderItemStatus
from app.clinical.prescriptions import ItemStatus, PrescriptionItem, Reconciliation
from app.clinical.problems import Problem
from app.clinical.problems.releases import CodeRow
from app.clinical.results import DiagnosticReport, Flag
from app.infra.uow import Works
from app.scheduling.appointments import Appointment, AppointmentStatus
from app.scheduling.availability import AvailabilityException, ExceptionKind
from app.scheduling.waiting_list import WaitingListEntry
from app.work_queues.items import WorkItem
from tests.builders.problems import CODES, a_loaded_release, a_release
from tests.conftest import FrozenClock

S = AppointmentStatus


async def appointments_of(works: Works) -> list[Appointment]:
    async with works.sessions() as db:
        return list(await db.scalars(select(Appointment)))


def of_day(found: list[Appointment], day: datetime) -> Counter[AppointmentStatus]:
    return Counter(one.status for one in found if one.starts_at.date() == day.date())


async def test_a_second_run_adds_nothing(works: Works, clock: FrozenClock) -> None:
    await seed(works)
    found = await appointments_of(works)
    states = of_day(found, clock.at)
    assert set(states) >= {S.BOOKED, S.ARRIVED, S.IN_ROOM, S.WITH_DOCTOR, S.FINISHED, S.NOSHOW}
    assert any(one.override_reason for one in found)
    assert len({one.series_id for one in found if one.series_id}) == 1
    await seed(works)
    assert {one.id for one in await appointments_of(works)} == {one.id for one in found}
    async with works.sessions() as db:
        assert len(list(await db.scalars(select(WaitingListEntry)))) == 4
        kinds = [one.kind for one in await db.scalars(select(AvailabilityException))]
    assert kinds.count(ExceptionKind.CLOSED) == 1


def of_kind(rows: Iterable[Any]) -> Counter[Any]:
    return Counter(row.status for row in rows)


async def rows_of(works: Works, model: Any) -> list[Any]:
    async with works.sessions() as db:
        return list(await db.scalars(select(model)))


async def test_charts_are_lively_and_a_second_run_adds_nothing_to_them(works: Works) -> None:
    fibrillation = CodeRow(
        code="I48.91", description="Unspecified atrial fibrillation", billable=True, parent=None
    )
    await a_loaded_release(works, a_release((*CODES, fibrillation)))
    await seed(works)
    listed = await rows_of(works, Problem)
    assert {one.code for one in listed} == {"I10", "I48.91", "E11.9"}
    medicines = await rows_of(works, PrescriptionItem)
    assert of_kind(medicines) == {
        ItemStatus.ACTIVE: 5, ItemStatus.ON_HOLD: 1, ItemStatus.DRAFT: 1
    }  # fmt: skip
    assert all(one.drug_key for one in medicines)
    async with works.begin(SEEDER) as uow:
        people = await people_of(uow)
    cast = await the_cast(works, people)
    async with works.begin(people["doctor"]) as uow:
        taken = await prescriptions.medication_list(uow, cast.patients["Okafor"])
        begun = await prescriptions.drafts_for(uow, cast.patients["Amaral"])
    warned = [
        (item.name, finding.kind, bool(finding.answer and finding.answer.reason))
        for item in (*taken.active, *begun[0].items)
        for finding in (item.check.findings if item.check else ())
        if finding.outcome is Outcome.WARNING
    ]
    assert ("Amiodarone", CheckKind.INTERACTION, True) in warned
    assert ("Tramadol", CheckKind.ALLERGY, False) in warned
    assert taken.warnings == []
    assert {one.prescribed_as is not None for one in taken.recorded or ()} == {True}
    assert of_kind(await rows_of(works, OrderItem)) == {
        OrderItemStatus.ACTIVE: 2, OrderItemStatus.COMPLETED: 2
    }  # fmt: skip
    reports = await rows_of(works, DiagnosticReport)
    waiting = {one.flag for one in reports if one.unacknowledged_since}
    assert waiting == {Flag.HIGH, Flag.CRITICAL_HIGH}
    raised = [one for one in await rows_of(works, WorkItem) if one.type == "result.critical"]
    assert [(one.status, one.severity) for one in raised] == [("triggered", "critical")]
    kinds = (Problem, PrescriptionItem, Reconciliation, OrderItem, DiagnosticReport, WorkItem)
    before = [len(await rows_of(works, kind)) for kind in kinds]
    await seed(works)
    assert [len(await rows_of(works, kind)) for kind in kinds] == before
    assert before[2] == 1


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 7, 15, 37, tzinfo=UTC),  # a Saturday
        datetime(2026, 3, 2, 0, 5, tzinfo=UTC),
        datetime(2026, 3, 2, 23, 50, tzinfo=UTC),
    ],
)
async def test_somebody_is_here_at_any_hour_of_any_day(
    works: Works, clock: FrozenClock, moment: datetime
) -> None:
    clock.at = moment
    await seed(works)
    found = await appointments_of(works)
    assert of_day(found, moment)
    ahead = {one.status for one in found if one.starts_at > moment}
    assert ahead <= {S.BOOKED, S.ARRIVED}
    assert all(one.arrived_at <= moment for one in found if one.arrived_at)
