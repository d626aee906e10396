"""A critical result at two in the morning reaches somebody who is there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.clinical import results
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.work_queues import alerts, items
from app.work_queues.alerts.tasks import end_acknowledgements
from app.work_queues.escalations import Notice
from app.work_queues.escalations.tasks import fire_due
from app.work_queues.items import WorkItem
from app.work_queues.rosters import DutyShift
from tests.builders.availability import an_exception
from tests.builders.identity import a_user
from tests.builders.results import CRITICAL, a_result, acknowledged, an_ordered_item, called
from tests.builders.work_queues_rosters import DOCTORS, a_shift, an_absence
from tests.conftest import FrozenClock

NIGHT = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
EVENING = NIGHT - timedelta(hours=8)


async def reported(works: Works, item_id: UUID, nurse: Actor) -> UUID:
    async with works.begin(nurse) as uow:
        new = results.OrderedResult.model_validate(CRITICAL)
        return (await results.report_ordered(uow, item_id, new)).id


async def the_alert(works: Works, result_id: UUID) -> WorkItem:
    async with works.sessions() as db:
        found = select(WorkItem).where(
            WorkItem.subject_id == result_id, WorkItem.type == "result.critical"
        )
        return (await db.execute(found)).scalar_one()


async def told(works: Works, item: WorkItem) -> list[tuple[UUID, UUID | None]]:
    async with works.sessions() as db:
        rows = await db.scalars(
            select(Notice).where(Notice.item_id == item.id).order_by(Notice.told_at)
        )
        return [(each.user_id, each.in_place_of) for each in rows]


async def test_the_substitute_of_who_is_away_is_told_at_once_and_ends_it(
    works: Works, doctor: Actor, other_doctor: Actor, nurse: Actor, clock: FrozenClock
) -> None:
    item_id = await an_ordered_item(works, doctor)
    await an_absence(works, doctor, EVENING, NIGHT + timedelta(days=3), substitute=other_doctor)
    clock.at = NIGHT
    result_id = await reported(works, item_id, nurse)
    assert await fire_due(works) == 1
    alert = await the_alert(works, result_id)
    assert await told(works, alert) == [(other_doctor.id, doctor.id)]
    assert alert.severity == "critical"
    clock.advance(minutes=2)
    await called(works, nurse, result_id, told_user_id=other_doctor.id, told_name=None)
    clock.advance(minutes=2)
    await acknowledged(works, other_doctor, result_id)
    assert (await the_alert(works, result_id)).status == "resolved"
    clock.advance(hours=2)
    assert await fire_due(works) == 0


async def test_without_a_substitute_those_on_duty_are_told_at_once(
    works: Works, doctor: Actor, other_doctor: Actor, nurse: Actor, clock: FrozenClock
) -> None:
    item_id = await an_ordered_item(works, doctor)
    await an_absence(works, doctor, EVENING, NIGHT + timedelta(days=3))
    async with works.begin(nurse) as uow:
        uow.db.add(
            DutyShift(
                pool_id=DOCTORS,
                user_id=other_doctor.id,
                starts_at=EVENING,
                ends_at=NIGHT + timedelta(hours=6),
                created_by=nurse.id,
                created_at=uow.now,
            )
        )
    clock.at = NIGHT
    result_id = await reported(works, item_id, nurse)
    await fire_due(works)
    assert await told(works, await the_alert(works, result_id)) == [(other_doctor.id, None)]


@pytest.mark.parametrize(
    ("until", "away"), [("2026-03-03T03:00", False), ("2026-03-03T03:30", True)]
)
@pytest.mark.parametrize("stands_in", [False, True])
async def test_a_leave_in_the_calendar_is_being_away_by_the_clinics_wall(
    works: Works,
    doctor: Actor,
    other_doctor: Actor,
    *,
    nurse: Actor,
    admin: Actor,
    clock: FrozenClock,
    until: str,
    away: bool,
    stands_in: bool,
) -> None:
    works = replace(works, zone=ZoneInfo("Europe/Vienna"))
    item_id = await an_ordered_item(works, doctor)
    who = other_doctor if stands_in else doctor
    if stands_in:
        await an_absence(works, doctor, EVENING, NIGHT + timedelta(days=3), substitute=who)
    await an_exception(
        works,
        admin,
        kind="leave",
        practitioner_id=who.id,
        starts_local="2026-03-02T08:00",
        ends_local=until,
    )
    third = await a_user(works, Role.DOCTOR, username="third")
    await a_shift(works, admin, third, EVENING, NIGHT + timedelta(hours=6), pool_id=DOCTORS)
    clock.at = NIGHT  # three by the clinic's wall
    result_id = await reported(works, item_id, nurse)
    await fire_due(works)
    alert = await the_alert(works, result_id)
    assert alert.assignee_id == (None if away else doctor.id)
    on_leave = (who.id, doctor.id if stands_in else None)
    assert await told(works, alert) == [(third.id, None) if away else on_leave]


async def test_it_climbs_until_everybody_knows(
    works: Works, doctor: Actor, other_doctor: Actor, admin: Actor, clock: FrozenClock
) -> None:
    clock.at = NIGHT
    nurse = await a_user(works, Role.NURSE)
    result_id = (await a_result(works, doctor, CRITICAL, by=nurse)).id
    reached = []
    for _ in range(4):
        await fire_due(works)
        alert = await the_alert(works, result_id)
        reached.append({who for who, _ in await told(works, alert)})
        clock.advance(minutes=10)
    assert reached[0] == {doctor.id}
    assert reached[1] == {doctor.id, other_doctor.id}
    assert reached[2] == {doctor.id, other_doctor.id, admin.id}
    assert reached[3] == {doctor.id, other_doctor.id, admin.id, nurse.id}


async def test_who_takes_the_alert_cannot_end_it_without_the_call(
    works: Works, doctor: Actor, nurse: Actor, clock: FrozenClock
) -> None:
    result_id = (await a_result(works, doctor, CRITICAL)).id
    alert = await the_alert(works, result_id)
    async with works.begin(doctor) as uow:
        await alerts.acknowledge(uow, alert.id, reason="On my way.")
    with pytest.raises(results.CallMissing) as refused:
        async with works.begin(doctor) as uow:
            await alerts.resolve(uow, alert.id, reason="Done.")
    assert (refused.value.called, refused.value.acknowledged) == (False, False)
    with pytest.raises(items.CannotWait):
        async with works.begin(doctor) as uow:
            await alerts.snooze(uow, alert.id, uow.now + timedelta(hours=1), reason="Later.")
    clock.advance(minutes=16)
    assert await end_acknowledgements(works) == 1
    await acknowledged(works, doctor, result_id)
    with pytest.raises(results.CallMissing):
        async with works.begin(doctor) as uow:
            await alerts.resolve(uow, alert.id, reason="Done.")
    await called(works, nurse, result_id)
    assert (await the_alert(works, result_id)).status == "resolved"
