"""Which reminders an appointment has, whatever happens to it and in whatever order that is told."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from app import patients
from app.infra.uow import UnitOfWork
from app.scheduling import appointments, reminders
from app.scheduling.rules import DEFAULT_RULES, ReminderChannel, ReminderPlan
from tests.builders.patients import a_patient
from tests.scheduling.reminders.conftest import FRIDAY, TWO_DAYS, Desk

THURSDAY = FRIDAY - timedelta(days=1)
Step = Callable[[UnitOfWork, UUID], Awaitable[object]]


async def plan(desk: Desk, appointment_id: UUID, *written: str) -> None:
    """As a site that has set up these reminders."""
    async with desk.works.begin(desk.actor) as uow:
        plans = [ReminderPlan.parse(each) for each in written]
        await reminders.plan_reminders(uow, appointment_id, plans)


async def test_a_booking_plans_a_reminder(desk: Desk) -> None:
    booked = await desk.book()
    await desk.told()
    (planned,) = await desk.reminders(booked.id)
    assert (planned.status, planned.kind, planned.channel) == ("planned", "48h", "file")
    assert (planned.starts_at, planned.send_at) == (FRIDAY, FRIDAY - TWO_DAYS)
    assert planned.appointment_version == booked.version


async def test_a_site_may_remind_more_than_once(desk: Desk) -> None:
    booked = await desk.book()
    await plan(desk, booked.id, "2d:email", "2h:webhook")
    found = {(each.kind, each.channel): each.send_at for each in await desk.reminders(booked.id)}
    assert found == {
        ("2d", ReminderChannel.EMAIL): FRIDAY - TWO_DAYS,
        ("2h", ReminderChannel.WEBHOOK): FRIDAY - timedelta(hours=2),
    }


async def test_no_reminder_at_all_is_a_choice_too(desk: Desk) -> None:
    booked = await desk.book()
    await plan(desk, booked.id)
    assert await desk.outcomes(booked.id) == []


async def test_a_booking_for_tomorrow_says_that_it_was_too_late(desk: Desk) -> None:
    booked = await desk.book(desk.clock.now() + timedelta(days=1))
    await desk.told()
    assert await desk.outcome(booked.id) == ("void", "too-late")


async def test_a_moved_appointment_voids_the_old_reminder_and_plans_another(desk: Desk) -> None:
    booked = await desk.book()
    await desk.told()
    await desk.move(booked.id, starts_at=THURSDAY)
    await desk.told()
    old, new = await desk.reminders(booked.id)
    assert (old.status, old.reason, old.starts_at) == ("void", "moved", FRIDAY)
    assert (new.status, new.starts_at, new.send_at) == ("planned", THURSDAY, THURSDAY - TWO_DAYS)


async def test_a_change_that_leaves_the_start_leaves_the_reminder(desk: Desk) -> None:
    booked = await desk.book()
    await desk.told()
    await desk.move(booked.id, duration_minutes=45)
    await desk.move(booked.id, room_id=str(desk.clinic.room.id))
    await desk.told()
    assert await desk.outcomes(booked.id) == [("planned", None)]


@pytest.mark.parametrize(
    "step",
    [
        appointments.record_arrival,
        appointments.record_no_show,
        lambda uow, id_: appointments.enter_in_error(uow, id_, reason="wrong patient"),
    ],
    ids=["arrived", "no-show", "in error"],
)
async def test_whoever_came_or_never_will_is_not_reminded(desk: Desk, step: Step) -> None:
    booked = await desk.book()
    await desk.told()
    desk.clock.at = FRIDAY + timedelta(minutes=5)
    async with desk.works.begin(desk.actor) as uow:
        await step(uow, booked.id)
    await desk.told()
    assert await desk.outcome(booked.id) == ("void", "not-booked")


async def test_a_cancellation_voids_and_taking_it_back_plans_again(desk: Desk) -> None:
    booked = await desk.book()
    await desk.told()
    await desk.cancel(booked.id)
    await desk.told()
    assert await desk.outcome(booked.id) == ("void", "not-booked")
    await desk.undo(booked.id)
    await desk.told()
    assert await desk.outcomes(booked.id) == [("void", "not-booked"), ("planned", None)]


@pytest.mark.parametrize("latest_first", [False, True])
async def test_facts_that_come_late_twice_or_the_wrong_way_round_plan_the_same(
    desk: Desk, latest_first: bool
) -> None:
    booked = await desk.book()
    await desk.move(booked.id, starts_at=THURSDAY)
    await desk.cancel(booked.id)
    await desk.undo(booked.id)
    await desk.told(latest_first=latest_first)
    await plan(desk, booked.id, "48h:file")
    (planned,) = await desk.reminders(booked.id)
    assert (planned.status, planned.starts_at) == ("planned", THURSDAY)


async def test_moved_away_and_back_a_patient_is_told_once(desk: Desk) -> None:
    booked = await desk.book()
    await desk.told()
    desk.clock.at = FRIDAY - TWO_DAYS
    await desk.send()
    await desk.move(booked.id, starts_at=FRIDAY + timedelta(hours=1))
    await desk.told()
    await desk.undo(booked.id)
    await desk.told()
    assert await desk.outcomes(booked.id) == [("sent", None), ("void", "moved")]


async def test_told_of_the_other_time_in_between_they_are_told_again(desk: Desk) -> None:
    booked = await desk.book()
    await desk.told()
    desk.clock.at = FRIDAY - TWO_DAYS
    await desk.send()
    monday = FRIDAY + timedelta(days=3)
    await desk.move(booked.id, starts_at=monday)
    await desk.told()
    desk.clock.at = monday - TWO_DAYS
    await desk.send()
    await desk.move(booked.id, starts_at=monday + timedelta(days=2))
    await desk.move(booked.id, starts_at=monday)
    await desk.told()
    assert await desk.outcomes(booked.id) == [("sent", None), ("sent", None)]
    await desk.move(booked.id, starts_at=monday + timedelta(days=7))
    await desk.told()
    assert (await desk.outcomes(booked.id))[-1] == ("planned", None)


async def keep(desk: Desk, *, opted_out: bool) -> None:
    async with desk.works.begin(desk.actor) as uow:
        await reminders.keep_preference(
            uow, desk.patient.id, opted_out=opted_out, plans=DEFAULT_RULES.reminders
        )


async def test_opting_out_voids_what_is_planned_and_what_is_booked_later(desk: Desk) -> None:
    booked = await desk.book()
    await desk.told()
    await keep(desk, opted_out=True)
    later = await desk.book(FRIDAY + timedelta(hours=1))
    await desk.told()
    assert await desk.outcome(booked.id) == ("void", "opted-out")
    assert await desk.outcome(later.id) == ("void", "opted-out")
    await keep(desk, opted_out=True)
    assert await desk.outcome(later.id) == ("void", "opted-out")


async def test_opting_in_again_plans_again(desk: Desk) -> None:
    booked = await desk.book()
    await desk.told()
    for opted_out in (True, False, True, False):
        await keep(desk, opted_out=opted_out)
    assert sorted(await desk.outcomes(booked.id)) == [
        ("planned", None), ("void", "opted-out"), ("void", "opted-out")
    ]  # fmt: skip


async def test_whoever_opted_out_under_another_record_has_opted_out(desk: Desk) -> None:
    other = await a_patient(desk.works, desk.actor, given_name="Mara Maria")
    await keep(desk, opted_out=True)
    booked = await desk.book(patient_id=other.id)
    await desk.told()
    assert await desk.outcome(booked.id) == ("planned", None)
    async with desk.works.begin(desk.actor) as uow:
        await patients.merge_patients(uow, desk.patient.id, other.id, reason="same person")
    later = await desk.book(FRIDAY + timedelta(hours=1), patient_id=other.id)
    await desk.told()
    assert await desk.outcome(later.id) == ("void", "opted-out")
    async with desk.works.begin(desk.actor) as uow:
        assert await reminders.read_preference(uow, other.id)
        await reminders.keep_preference(
            uow, other.id, opted_out=False, plans=DEFAULT_RULES.reminders
        )
        assert not await reminders.read_preference(uow, other.id)


async def test_a_hold_reminds_nobody(desk: Desk) -> None:
    hold = appointments.HoldSlot(
        practitioner_id=desk.clinic.doctor.id,
        visit_type_id=desk.clinic.visit_type.id,
        starts_at=FRIDAY,
        patient_id=desk.patient.id,
    )
    async with desk.works.begin(desk.actor) as uow:
        held = await appointments.hold_slot(uow, hold, hold_for=timedelta(minutes=5))
        await reminders.plan_reminders(uow, held.id, DEFAULT_RULES.reminders)
    await desk.told()
    assert await desk.outcomes(held.id) == []


@pytest.mark.parametrize(
    "written", ["48h", "48:file", "h:file", "0h:file", "48h:pigeon", "91d:file", "48h:file:x", ""]
)
def test_an_unfit_plan_is_refused_with_advice(written: str) -> None:
    with pytest.raises(ValueError, match="reminder"):
        ReminderPlan.parse(written)
