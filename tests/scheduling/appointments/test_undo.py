"""Taking back the latest move, or being told why not."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling import appointments
from app.scheduling.appointments import AppointmentStatus, UndoObstacle, UndoRefused
from app.scheduling.appointments.tasks import mark_no_shows
from app.scheduling.rules import SchedulingRules
from tests.builders.appointments import (
    a_cancellation,
    a_hold,
    an_appointment,
    an_arrival,
    at,
)
from tests.builders.availability import Clinic
from tests.conftest import FrozenClock
from tests.scheduling.appointments.seeing import (
    fresh,
    kinds,
    names_of_facts,
    out,
    steps,
    traces,
)
from tests.scheduling.appointments.test_day_flow import do, room
from tests.scheduling.appointments.test_moving import move

S = AppointmentStatus


async def undo(works: Works, by: Actor, appointment_id: UUID) -> appointments.Appointment:
    return await do(works, by, appointments.undo, appointment_id)


async def refused(works: Works, by: Actor, appointment_id: UUID) -> UndoRefused:
    with pytest.raises(UndoRefused) as caught:
        await undo(works, by, appointment_id)
    assert not (await out(works, by, appointment_id)).undoable or caught.value.conflicts
    return caught.value


async def test_step_by_step_back_to_the_booking(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    await an_arrival(works, receptionist, booked.id)
    await room(works, receptionist, booked.id, room_id=clinic.room.id)
    assert (await out(works, receptionist, booked.id)).undoable
    back = await undo(works, receptionist, booked.id)
    assert (back.status, back.room_id, back.roomed_at) == (S.ARRIVED, None, None)
    back = await undo(works, receptionist, booked.id)
    assert (back.status, back.arrived_at) == (S.BOOKED, None)
    refusal = await refused(works, receptionist, booked.id)
    assert refusal.reason is UndoObstacle.NOTHING_TO_UNDO
    assert await steps(works, receptionist, booked.id) == [
        (None, S.BOOKED), (S.BOOKED, S.ARRIVED), (S.ARRIVED, S.IN_ROOM),
        (S.IN_ROOM, S.ARRIVED), (S.ARRIVED, S.BOOKED),
    ]  # fmt: skip
    assert [action for action, _ in await traces(works)].count("appointment.undo") == 2
    again = await an_arrival(works, receptionist, booked.id)
    assert again.status is S.ARRIVED


async def test_a_departure_is_taken_back(works: Works, receptionist: Actor, clinic: Clinic) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    await an_arrival(works, receptionist, booked.id)
    await do(works, receptionist, appointments.record_departure, booked.id)
    back = await undo(works, receptionist, booked.id)
    assert (back.status, back.finished_at) == (S.ARRIVED, None)
    await do(works, receptionist, appointments.begin_consultation, booked.id)
    done = await do(works, receptionist, appointments.finish_consultation, booked.id)
    await do(works, receptionist, appointments.record_departure, booked.id)
    back = await undo(works, receptionist, booked.id)
    assert (back.status, back.finished_at) == (S.FINISHED, done.finished_at)


async def test_a_reschedule_is_taken_back(
    works: Works, receptionist: Actor, clinic: Clinic, other_doctor: Actor
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"), room_id=clinic.room.id)
    await move(
        works, receptionist, booked.id, starts_at=at("14:00", day=4), duration_minutes=60,
        practitioner_id=other_doctor.id, room_id=None,
    )  # fmt: skip
    back = await undo(works, receptionist, booked.id)
    assert (back.starts_at, back.ends_at) == (at("10:00"), at("10:30"))
    assert (back.practitioner_id, back.room_id) == (clinic.doctor.id, clinic.room.id)
    assert await names_of_facts(works) == [
        "appointment_booked",
        *("appointment_moved", "slot_opened"),
        *("appointment_moved", "slot_opened"),
    ]  # fmt: skip


async def test_what_was_overridden_there_is_so_again(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    await an_appointment(works, receptionist, clinic, at("11:45"), override={"reason": "long"})
    over = await an_appointment(
        works, receptionist, clinic, at("11:45"), override={"reason": "urgent"}
    )
    moved = await move(works, receptionist, over.id, starts_at=at("14:00"))
    assert moved.overridden == []
    back = await undo(works, receptionist, over.id)
    assert (back.overridden, back.override_reason) == (["outside-hours", "practitioner"], "urgent")


async def test_a_cancellation_is_taken_back(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    await a_cancellation(works, receptionist, booked.id)
    back = await undo(works, receptionist, booked.id)
    assert (back.status, back.cancelled_by, back.cancellation_reason) == (S.BOOKED, None, None)
    await an_arrival(works, receptionist, booked.id)
    await a_cancellation(works, receptionist, booked.id)
    back = await undo(works, receptionist, booked.id)
    assert (back.status, back.arrived_at is not None) == (S.ARRIVED, True)


async def test_a_cancellation_whose_time_is_taken_stays_and_says_by_whom(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    await a_cancellation(works, receptionist, booked.id)
    other = await an_appointment(works, receptionist, clinic, at("10:15"))
    refusal = await refused(works, receptionist, booked.id)
    assert refusal.reason is UndoObstacle.TIME_TAKEN
    assert kinds(refusal) == ["practitioner"]
    assert refusal.conflicts[0]["appointment_id"] == other.id
    assert len(refusal.alternatives) == 3
    assert (await fresh(works, receptionist, booked.id)).status is S.CANCELLED


async def test_a_reschedule_whose_time_is_taken_stays(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    await move(works, receptionist, booked.id, starts_at=at("11:00"))
    await a_hold(works, receptionist, clinic, at("10:00"))
    assert (await refused(works, receptionist, booked.id)).reason is UndoObstacle.TIME_TAKEN


async def test_a_no_show_is_taken_back_the_same_day(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    clock.at = at("11:00")
    await mark_no_shows(works, SchedulingRules(no_show_after=timedelta(hours=1)))
    assert (await undo(works, receptionist, booked.id)).status is S.BOOKED
    await do(works, receptionist, appointments.record_no_show, booked.id)
    await an_arrival(works, receptionist, booked.id)
    assert (await undo(works, receptionist, booked.id)).status is S.NOSHOW
    assert (await undo(works, receptionist, booked.id)).status is S.BOOKED


async def test_the_day_is_over_at_midnight_on_the_clinics_wall(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    clock.at = at("23:59")
    await a_cancellation(works, receptionist, booked.id)
    clock.advance(minutes=1)
    assert (await refused(works, receptionist, booked.id)).reason is UndoObstacle.NOT_TODAY


async def test_what_an_encounter_did_is_undone_there(
    works: Works, receptionist: Actor, doctor: Actor, clinic: Clinic
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    await an_arrival(works, receptionist, booked.id)
    await do(works, doctor, appointments.begin_consultation, booked.id)
    started = UndoObstacle.ENCOUNTER_STARTED
    assert (await refused(works, doctor, booked.id)).reason is started
    await do(works, doctor, appointments.reopen_consultation, booked.id)
    assert (await undo(works, doctor, booked.id)).status is S.BOOKED
    await do(works, doctor, appointments.begin_consultation, booked.id)
    await do(works, doctor, appointments.finish_consultation, booked.id)
    assert (await refused(works, doctor, booked.id)).reason is started


async def test_bookings_holds_and_errors_are_not_undone(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    nothing = UndoObstacle.NOTHING_TO_UNDO
    hold = await a_hold(works, receptionist, clinic, at("10:00"))
    assert (await refused(works, receptionist, hold.id)).reason is nothing
    booked = await an_appointment(works, receptionist, clinic, at("10:00"), hold_id=hold.id)
    assert (await refused(works, receptionist, booked.id)).reason is nothing
    async with works.begin(receptionist) as uow:
        await appointments.enter_in_error(uow, booked.id, reason="wrong patient")
    assert (await refused(works, receptionist, booked.id)).reason is UndoObstacle.IN_ERROR


async def test_only_the_latest_move_is_taken_back(
    works: Works, receptionist: Actor, clinic: Clinic, other_doctor: Actor
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    await move(works, receptionist, booked.id, starts_at=at("11:00"))
    await an_arrival(works, receptionist, booked.id)
    assert (await undo(works, receptionist, booked.id)).status is S.BOOKED
    elsewhere = replace(clinic, doctor=other_doctor)
    await an_appointment(works, receptionist, elsewhere, at("10:00"))
    assert (await undo(works, receptionist, booked.id)).starts_at == at("10:00")
