"""Through the day: arrived, in a room, with the doctor, finished, gone; or not come at all."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor
from app.kernel.lifecycle import IllegalMove
from app.scheduling import appointments
from app.scheduling.appointments import AppointmentStatus, MoveName, SlotTaken
from app.scheduling.appointments.models import share_of
from app.scheduling.appointments.shares import lane_of
from app.scheduling.appointments.tasks import mark_no_shows
from app.scheduling.rules import SchedulingRules
from tests.builders.appointments import (
    a_cancellation,
    a_hold,
    an_appointment,
    an_arrival,
    at,
)
from tests.builders.availability import Clinic, a_room
from tests.builders.patients import a_patient
from tests.conftest import FrozenClock
from tests.scheduling.appointments.seeing import (
    facts,
    fresh,
    kinds,
    names_of_facts,
    out,
    steps,
    traces,
)

S = AppointmentStatus
RULES = SchedulingRules(no_show_after=timedelta(hours=1))
Verb = Callable[[UnitOfWork, UUID], Awaitable[appointments.Appointment]]


async def do(works: Works, by: Actor, verb: Verb, appointment_id: UUID) -> appointments.Appointment:
    async with works.begin(by) as uow:
        return await verb(uow, appointment_id)


async def room(
    works: Works, by: Actor, appointment_id: UUID, **fields: Any
) -> appointments.Appointment:
    async with works.begin(by) as uow:
        rooming = appointments.RecordRooming.model_validate(fields)
        return await appointments.record_rooming(uow, appointment_id, rooming)


async def come_in(
    works: Works, by: Actor, clinic: Clinic, patient_id: UUID, **fields: Any
) -> appointments.Appointment:
    async with works.begin(by) as uow:
        came = appointments.WalkIn(
            practitioner_id=clinic.doctor.id,
            visit_type_id=clinic.visit_type.id,
            patient_id=patient_id,
            **fields,
        )
        return await appointments.walk_in(uow, came)


async def test_a_visit_from_arrival_to_departure(
    works: Works, receptionist: Actor, doctor: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    clock.at = at("09:50")
    assert (await an_arrival(works, receptionist, booked.id)).arrived_at == at("09:50")
    clock.at = at("10:05")
    seen = await out(works, receptionist, booked.id)
    assert (seen.waiting_minutes, seen.late) == (15, False)
    assert (await room(works, receptionist, booked.id)).roomed_at == at("10:05")
    assert (await out(works, receptionist, booked.id)).waiting_minutes == 15
    clock.at = at("10:10")
    with_doctor = await do(works, doctor, appointments.begin_consultation, booked.id)
    assert (with_doctor.seen_at, with_doctor.arrived_at) == (at("10:10"), at("09:50"))
    assert (await out(works, receptionist, booked.id)).waiting_minutes is None
    clock.at = at("10:40")
    await do(works, doctor, appointments.finish_consultation, booked.id)
    clock.at = at("10:45")
    gone = await do(works, receptionist, appointments.record_departure, booked.id)
    assert (gone.status, gone.finished_at) == (S.CHECKED_OUT, at("10:40"))
    assert [to for _, to in await steps(works, receptionist, booked.id)] == [
        S.BOOKED, S.ARRIVED, S.IN_ROOM, S.WITH_DOCTOR, S.FINISHED, S.CHECKED_OUT,
    ]  # fmt: skip
    changed = [told for name, told in await facts(works) if name == "appointment_status_changed"]
    assert [told["to_status"] for told in changed] == [
        "arrived", "in-room", "with-doctor", "finished", "checked-out",
    ]  # fmt: skip
    assert [name for name, _ in await traces(works)].count("appointment.arrive") == 1
    # What an encounter does is in the trail of the encounter.
    assert "with-doctor" not in str(await traces(works))


async def test_late_is_whoever_has_not_come(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    assert not (await out(works, receptionist, booked.id)).late
    clock.at = at("10:01")
    assert (await out(works, receptionist, booked.id)).late


async def test_a_room_and_the_doctor_without_a_word_at_the_desk(
    works: Works, receptionist: Actor, doctor: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    first = await an_appointment(works, receptionist, clinic, at("10:00"))
    second = await an_appointment(works, receptionist, clinic, at("11:00"))
    assert (await room(works, receptionist, first.id)).arrived_at == clock.at
    seen = await do(works, doctor, appointments.begin_consultation, second.id)
    assert (seen.arrived_at, seen.roomed_at) == (clock.at, None)


async def test_a_cancelled_encounter_puts_the_patient_back(
    works: Works, receptionist: Actor, doctor: Actor, clinic: Clinic
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    await an_arrival(works, receptionist, booked.id)
    await room(works, receptionist, booked.id)
    for _ in range(2):
        await do(works, doctor, appointments.begin_consultation, booked.id)
        back = await do(works, doctor, appointments.reopen_consultation, booked.id)
        assert (back.status, back.seen_at) == (S.IN_ROOM, None)
    assert back.roomed_at is not None
    with pytest.raises(IllegalMove):
        await do(works, doctor, appointments.reopen_consultation, booked.id)


async def test_the_day_is_todays(works: Works, receptionist: Actor, clinic: Clinic) -> None:
    tomorrow = await an_appointment(works, receptionist, clinic, at("10:00", day=3))
    for verb in (appointments.record_arrival, appointments.begin_consultation):
        with pytest.raises(appointments.NotToday):
            await do(works, receptionist, verb, tomorrow.id)
    with pytest.raises(appointments.NotToday):
        await room(works, receptionist, tomorrow.id)
    seen = await out(works, receptionist, tomorrow.id)
    assert seen.moves_allowed == [
        MoveName.RESCHEDULE, MoveName.CANCELLATION, MoveName.ENTERED_IN_ERROR
    ]  # fmt: skip


async def test_steps_go_forwards_only(
    works: Works, receptionist: Actor, doctor: Actor, clinic: Clinic
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    for verb in (appointments.record_departure, appointments.finish_consultation):
        with pytest.raises(IllegalMove):
            await do(works, doctor, verb, booked.id)
    await room(works, receptionist, booked.id)
    for verb in (appointments.record_arrival, appointments.record_no_show):
        with pytest.raises((IllegalMove, appointments.NotYetDue)):
            await do(works, receptionist, verb, booked.id)
    hold = await a_hold(works, receptionist, clinic, at("11:00"))
    with pytest.raises(IllegalMove):
        await a_cancellation(works, receptionist, hold.id)


async def test_another_room_must_be_free(
    works: Works, receptionist: Actor, clinic: Clinic, other_doctor: Actor
) -> None:
    second = await a_room(works, receptionist, "Room 2")
    elsewhere = replace(clinic, doctor=other_doctor)
    await an_appointment(works, receptionist, elsewhere, at("10:15"), room_id=clinic.room.id)
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    with pytest.raises(SlotTaken) as refusal:
        await room(works, receptionist, booked.id, room_id=clinic.room.id)
    assert kinds(refusal.value) == ["room"]
    roomed = await room(works, receptionist, booked.id, room_id=second.id)
    assert (roomed.status, roomed.room_id) == (S.IN_ROOM, second.id)


async def test_whoever_leaves_unseen_is_checked_out_or_cancelled(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    first = await an_appointment(works, receptionist, clinic, at("10:00"))
    second = await an_appointment(works, receptionist, clinic, at("11:00"))
    for each in (first, second):
        await an_arrival(works, receptionist, each.id)
    gone = await do(works, receptionist, appointments.record_departure, first.id)
    assert (gone.status, gone.seen_at) == (S.CHECKED_OUT, None)
    cancelled = await a_cancellation(works, receptionist, second.id)
    assert (cancelled.status, cancelled.arrived_at is not None) == (S.CANCELLED, True)


async def test_a_cancellation_says_who_and_why_and_frees_the_time(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    cancelled = await a_cancellation(works, receptionist, booked.id)
    assert (cancelled.cancelled_by, cancelled.cancellation_reason) == ("patient", "caught a cold")
    assert await names_of_facts(works) == [
        "appointment_booked", "appointment_status_changed", "slot_opened",
    ]  # fmt: skip
    await an_appointment(works, receptionist, clinic, at("10:00"))
    with pytest.raises(IllegalMove):
        await a_cancellation(works, receptionist, booked.id)


async def test_time_that_has_begun_opens_for_nobody(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    clock.at = at("10:05")
    await a_cancellation(works, receptionist, booked.id)
    assert "slot_opened" not in await names_of_facts(works)


async def test_an_error_is_final(works: Works, receptionist: Actor, clinic: Clinic) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    async with works.begin(receptionist) as uow:
        await appointments.enter_in_error(uow, booked.id, reason="wrong patient")
    await an_appointment(works, receptionist, clinic, at("10:00"))
    with pytest.raises(IllegalMove):
        await a_cancellation(works, receptionist, booked.id)
    assert (await out(works, receptionist, booked.id)).moves_allowed == []


async def test_nobody_is_missed_before_time(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    with pytest.raises(appointments.NotYetDue):
        await do(works, receptionist, appointments.record_no_show, booked.id)
    clock.at = at("10:00")
    missed = await do(works, receptionist, appointments.record_no_show, booked.id)
    assert missed.status is S.NOSHOW
    await an_appointment(works, receptionist, clinic, at("10:00"))


async def test_the_sweep_takes_those_for_no_shows_who_have_not_come(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    missing = await an_appointment(works, receptionist, clinic, at("10:00"))
    here = await an_appointment(works, receptionist, clinic, at("10:30"))
    later = await an_appointment(works, receptionist, clinic, at("11:00"))
    await an_arrival(works, receptionist, here.id)
    clock.at = at("11:00")
    assert await mark_no_shows(works, RULES) == 1
    assert await mark_no_shows(works, RULES) == 0
    clock.at = at("11:59")
    assert await mark_no_shows(works, RULES) == 0
    states = [(await fresh(works, receptionist, each.id)).status for each in (missing, here, later)]
    assert states == [S.NOSHOW, S.ARRIVED, S.BOOKED]
    assert [action for action, _ in await traces(works)].count("appointment.no-show") == 1


async def test_who_comes_after_all_is_here(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"), room_id=clinic.room.id)
    clock.at = at("11:00")
    await mark_no_shows(works, RULES)
    late = await an_arrival(works, receptionist, booked.id)
    assert (late.status, late.overridden, late.room_id) == (S.ARRIVED, [], clinic.room.id)
    assert (await out(works, receptionist, booked.id)).waiting_minutes == 0


async def test_who_comes_after_the_time_was_given_away_is_here_too(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    booked = await an_appointment(
        works, receptionist, clinic, at("10:00"), duration_minutes=120, room_id=clinic.room.id
    )
    clock.at = at("11:00")
    await mark_no_shows(works, RULES)
    await an_appointment(works, receptionist, clinic, at("11:15"), room_id=clinic.room.id)
    late = await an_arrival(works, receptionist, booked.id)
    assert (late.status, late.overridden, late.room_id) == (S.ARRIVED, ["practitioner"], None)
    assert late.override_reason == "came after being taken for a no-show"
    assert lane_of(share_of(late.practitioner_share)) == 1


async def test_a_no_show_of_yesterday_stays_one(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    clock.at = at("11:00")
    await mark_no_shows(works, RULES)
    clock.at = at("09:00", day=3)
    with pytest.raises(appointments.NotToday):
        await an_arrival(works, receptionist, booked.id)


async def test_who_walks_in_waits_beside_whoever_is_booked(
    works: Works, nurse: Actor, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    await an_appointment(works, receptionist, clinic, at("09:00"))
    clock.at = at("09:10") + timedelta(seconds=42)
    patient = await a_patient(works, receptionist)
    came = await come_in(works, nurse, clinic, patient.id, reason="bee sting")
    assert (came.status, came.kind, came.starts_at) == (S.ARRIVED, "walk-in", at("09:10"))
    assert (came.arrived_at, came.booked_by) == (clock.at, nurse.id)
    assert (came.overridden, came.override_reason) == (["practitioner"], "walk-in")
    name, told = (await facts(works))[-1]
    assert (name, told["from_status"], told["to_status"]) == (
        "appointment_status_changed", None, "arrived",
    )  # fmt: skip
    assert ("appointment.walk-in", {"overridden": ["practitioner"]}) in await traces(works)
    clock.at = at("20:00")
    evening = await come_in(works, nurse, clinic, (await a_patient(works, nurse)).id)
    assert evening.overridden == ["outside-hours"]


async def test_whoever_is_expected_today_does_not_walk_in(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    patient = await a_patient(works, receptionist)
    booked = await an_appointment(works, receptionist, clinic, at("16:00"), patient_id=patient.id)
    with pytest.raises(appointments.BookedToday) as refusal:
        await come_in(works, receptionist, clinic, patient.id)
    assert refusal.value.appointment_ids == [booked.id]
    came = await come_in(works, receptionist, clinic, patient.id, beside_booked=True)
    assert came.status is S.ARRIVED


async def test_roles_decide_who_moves_patients_through_the_day(
    works: Works, receptionist: Actor, admin: Actor, clinic: Clinic
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    for verb in (
        appointments.record_arrival,
        appointments.record_departure,
        appointments.record_no_show,
        appointments.begin_consultation,
        appointments.undo,
    ):
        with pytest.raises(appointments.MayNotBook):
            await do(works, admin, verb, booked.id)
    assert (await out(works, admin, booked.id)).moves_allowed == []
