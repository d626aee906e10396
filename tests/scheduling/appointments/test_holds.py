"""Holds: a time is kept while somebody is booking, and never for longer."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.scheduling import appointments
from app.scheduling.appointments import AppointmentStatus, SlotTaken
from app.scheduling.appointments.tasks import cancel_expired_holds
from tests.builders.appointments import HELD_FOR, a_hold, an_appointment, at, new_booking
from tests.builders.availability import Clinic
from tests.builders.identity import a_user
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

PENDING, BOOKED, CANCELLED = (
    AppointmentStatus.PENDING,
    AppointmentStatus.BOOKED,
    AppointmentStatus.CANCELLED,
)


@pytest.fixture
async def colleague(works: Works) -> Actor:
    return await a_user(works, Role.RECEPTIONIST, username="desk-two", full_name="Rolf Adler")


async def release(works: Works, by: Actor, hold: appointments.Appointment) -> None:
    async with works.begin(by) as uow:
        await appointments.release_hold(uow, hold.id)


async def test_a_hold_keeps_others_away_and_says_who_holds(
    works: Works, receptionist: Actor, colleague: Actor, clinic: Clinic
) -> None:
    hold = await a_hold(works, receptionist, clinic, at("10:00"))
    with pytest.raises(SlotTaken) as refusal:
        await an_appointment(works, colleague, clinic, at("10:15"))
    assert [(each["appointment_id"], each["held"]) for each in refusal.value.conflicts] == [
        (hold.id, True)
    ]
    seen = await out(works, colleague, hold.id)
    assert (seen.status, seen.held_by_name) == (PENDING, "Rosa Keller")
    assert seen.expires_at == at("09:05")
    assert seen.moves_allowed == []
    assert not seen.undoable


async def test_a_hold_becomes_the_appointment(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    hold = await a_hold(works, receptionist, clinic, at("10:00"))
    booked = await an_appointment(works, receptionist, clinic, at("10:00"), hold_id=hold.id)
    assert (booked.id, booked.status, booked.expires_at) == (hold.id, BOOKED, None)
    assert (booked.booked_by, booked.version) == (receptionist.id, 2)
    assert await steps(works, receptionist, booked.id) == [(None, PENDING), (PENDING, BOOKED)]
    assert await names_of_facts(works) == ["appointment_booked"]


async def test_a_hold_of_any_length_keeps_its_length(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    hold = await a_hold(works, receptionist, clinic, at("10:00"), duration_minutes=60)
    booked = await an_appointment(works, receptionist, clinic, at("10:00"), hold_id=hold.id)
    assert (booked.id, booked.ends_at) == (hold.id, at("11:00"))


async def test_a_hold_of_another_time_makes_room(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    hold = await a_hold(works, receptionist, clinic, at("10:00"))
    booked = await an_appointment(works, receptionist, clinic, at("10:15"), hold_id=hold.id)
    assert booked.id != hold.id
    assert (await fresh(works, receptionist, hold.id)).status is CANCELLED


async def test_a_hold_somebody_else_released_is_no_matter_where_the_time_is_free(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    hold = await a_hold(works, receptionist, clinic, at("10:00"))
    await release(works, receptionist, hold)
    booked = await an_appointment(works, receptionist, clinic, at("10:00"), hold_id=hold.id)
    assert booked.id != hold.id
    again = await an_appointment(works, receptionist, clinic, at("11:00"), hold_id=uuid4())
    assert again.status is BOOKED


async def test_confirming_finds_the_patient_elsewhere(
    works: Works, receptionist: Actor, clinic: Clinic, other_doctor: Actor
) -> None:
    patient = await a_patient(works, receptionist)
    elsewhere = replace(clinic, doctor=other_doctor)
    await an_appointment(works, receptionist, elsewhere, at("10:00"), patient_id=patient.id)
    hold = await a_hold(works, receptionist, clinic, at("10:00"))
    fields = {"patient_id": patient.id, "hold_id": hold.id}
    with pytest.raises(SlotTaken) as refusal:
        await an_appointment(works, receptionist, clinic, at("10:00"), **fields)
    assert kinds(refusal.value) == ["patient"]
    booked = await an_appointment(
        works, receptionist, clinic, at("10:00"), **fields, override={"reason": "twins"}
    )
    assert (booked.id, booked.overridden, booked.override_reason) == (
        hold.id, ["patient"], "twins",
    )  # fmt: skip


async def test_an_expired_hold_is_booked_over_without_waiting_for_the_sweep(
    works: Works, receptionist: Actor, colleague: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    hold = await a_hold(works, receptionist, clinic, at("10:00"))
    clock.advance(minutes=5)
    booked = await an_appointment(works, colleague, clinic, at("10:15"))
    assert booked.status is BOOKED
    lapsed = await fresh(works, receptionist, hold.id)
    assert (lapsed.status, lapsed.cancelled_by, lapsed.cancellation_reason) == (
        CANCELLED, "system", "expired",
    )  # fmt: skip
    assert await steps(works, receptionist, hold.id) == [(None, PENDING), (PENDING, CANCELLED)]


async def test_a_hold_that_is_over_still_books_while_nobody_took_the_time(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    hold = await a_hold(works, receptionist, clinic, at("10:00"))
    clock.advance(minutes=30)
    booked = await an_appointment(works, receptionist, clinic, at("10:00"), hold_id=hold.id)
    assert (booked.id, booked.status) == (hold.id, BOOKED)


async def test_the_sweep_gives_back_what_is_over_and_nothing_else(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    over = await a_hold(works, receptionist, clinic, at("10:00"))
    clock.advance(minutes=4)
    young = await a_hold(works, receptionist, clinic, at("11:00"))
    booked = await an_appointment(works, receptionist, clinic, at("13:00"))
    clock.advance(minutes=1)
    assert await cancel_expired_holds(works) == 1
    assert await cancel_expired_holds(works) == 0
    states = [(await fresh(works, receptionist, each.id)).status for each in (over, young, booked)]
    assert states == [CANCELLED, PENDING, BOOKED]
    assert ("appointment.lapse", {"holds": 1}) in await traces(works)
    assert "slot_opened" not in await names_of_facts(works)


async def test_the_owner_releases_and_nobody_else(
    works: Works, receptionist: Actor, colleague: Actor, clinic: Clinic
) -> None:
    hold = await a_hold(works, receptionist, clinic)
    with pytest.raises(appointments.NotYourHold):
        await release(works, colleague, hold)
    await release(works, receptionist, hold)
    await an_appointment(works, colleague, clinic)
    with pytest.raises(appointments.HoldNotFound):
        await release(works, receptionist, hold)
    assert "appointment.release" in [action for action, _ in await traces(works)]


async def test_verbs_above_may_give_back_what_the_system_held(
    works: Works, receptionist: Actor, colleague: Actor, clinic: Clinic
) -> None:
    hold = await a_hold(works, receptionist, clinic)
    async with works.begin(colleague) as uow:
        await appointments.drop_hold(uow, hold.id)
    assert (await fresh(works, colleague, hold.id)).status is CANCELLED


async def test_a_dialog_that_moves_replaces_its_hold(
    works: Works, receptionist: Actor, colleague: Actor, clinic: Clinic
) -> None:
    first = await a_hold(works, receptionist, clinic, at("10:00"))
    second = await a_hold(works, receptionist, clinic, at("10:15"), replaces=first.id)
    assert second.status is PENDING
    assert (await fresh(works, receptionist, first.id)).status is CANCELLED
    await a_hold(works, receptionist, clinic, at("11:00"), replaces=first.id)  # it is gone: fine
    with pytest.raises(appointments.NotYourHold):
        await a_hold(works, colleague, clinic, at("13:00"), replaces=second.id)


async def test_a_refused_hold_leaves_the_one_it_was_to_replace(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    await an_appointment(works, receptionist, clinic, at("11:00"))
    hold = await a_hold(works, receptionist, clinic, at("10:00"))
    with pytest.raises(SlotTaken):
        await a_hold(works, receptionist, clinic, at("11:00"), replaces=hold.id)
    assert (await fresh(works, receptionist, hold.id)).status is PENDING


async def test_one_person_may_hold_several_times(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    for start in ("10:00", "10:30", "11:00"):
        await a_hold(works, receptionist, clinic, at(start))


async def test_a_hold_is_told_to_nobody_and_listed_only_while_it_is_one(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    hold = await a_hold(works, receptionist, clinic)
    async with works.begin(receptionist) as uow:
        found, _ = await appointments.list_appointments(uow)
        assert [each.id for each in found] == [hold.id]
    await release(works, receptionist, hold)
    async with works.begin(receptionist) as uow:
        assert await appointments.list_appointments(uow) == ([], None)
    assert await facts(works) == []


async def test_a_hold_for_a_patient_keeps_the_patient_too(
    works: Works, receptionist: Actor, clinic: Clinic, other_doctor: Actor
) -> None:
    patient = await a_patient(works, receptionist)
    await a_hold(works, receptionist, clinic, at("10:00"), patient_id=patient.id)
    elsewhere = replace(clinic, doctor=other_doctor)
    with pytest.raises(SlotTaken) as refusal:
        await an_appointment(works, receptionist, elsewhere, at("10:00"), patient_id=patient.id)
    assert kinds(refusal.value) == ["patient"]


async def test_the_system_holds_for_as_long_as_it_says(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    patient = await a_patient(works, receptionist)
    async with works.begin(Actor.system("waiting-list")) as uow:
        asked = new_booking(clinic, patient.id, at("10:00"))
        new = appointments.HoldSlot(**asked.model_dump(exclude={"hold_id", "reason"}))
        hold = await appointments.place_hold(uow, new, hold_for=timedelta(hours=2))
    assert hold.expires_at == at("11:00")
    assert timedelta(hours=2) > HELD_FOR
    booked = await an_appointment(
        works, receptionist, clinic, at("10:00"), patient_id=patient.id, hold_id=hold.id
    )
    assert booked.id == hold.id
