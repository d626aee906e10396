"""Moving appointments in time, to other doctors and rooms, and changing what they are for."""

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling import appointments, availability
from app.scheduling.appointments import AppointmentStatus, SlotTaken
from app.scheduling.appointments.models import share_of
from app.scheduling.appointments.shares import lane_of
from tests.builders.appointments import (
    a_cancellation,
    a_hold,
    an_appointment,
    an_arrival,
    at,
)
from tests.builders.availability import Clinic, a_room, a_visit_type
from tests.builders.patients import a_patient
from tests.scheduling.appointments.seeing import facts, fresh, kinds, names_of_facts, traces

BOOKED = AppointmentStatus.BOOKED


async def move(
    works: Works, by: Actor, appointment_id: UUID, **fields: Any
) -> appointments.Appointment:
    async with works.begin(by) as uow:
        change = appointments.Reschedule.model_validate(fields)
        return await appointments.reschedule(uow, appointment_id, change)


async def change(
    works: Works, by: Actor, appointment_id: UUID, *, version: int = 1, **fields: Any
) -> appointments.Appointment:
    async with works.begin(by) as uow:
        asked = appointments.ChangeAppointment.model_validate(fields)
        return await appointments.change_appointment(uow, appointment_id, asked, version=version)


async def opened(works: Works) -> list[tuple[str, str]]:
    return [
        (told["starts_at"][11:16], told["ends_at"][11:16])
        for name, told in await facts(works)
        if name == "slot_opened"
    ]


async def test_an_appointment_moves_in_time(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    moved = await move(works, receptionist, booked.id, starts_at=at("11:00"))
    assert (moved.starts_at, moved.ends_at, moved.version) == (at("11:00"), at("11:30"), 2)
    told = dict(await facts(works))["appointment_moved"]
    assert (told["from_starts_at"], told["starts_at"], told["version"]) == (
        "2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z", 2,
    )  # fmt: skip
    assert await opened(works) == [("10:00", "10:30")]
    await an_appointment(works, receptionist, clinic, at("10:00"))
    async with works.begin(receptionist) as uow:
        history = await appointments.history_of(uow, booked.id)
    assert history[1].change is not None
    assert (history[1].from_status, history[1].to_status) == (BOOKED, BOOKED)
    assert history[1].change["from"]["starts_at"] == "2026-03-02T10:00:00+00:00"
    assert history[1].moved_by_name == "Rosa Keller"


async def test_it_is_not_in_its_own_way(works: Works, receptionist: Actor, clinic: Clinic) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    moved = await move(works, receptionist, booked.id, starts_at=at("10:15"))
    assert moved.starts_at == at("10:15")
    assert await opened(works) == [("10:00", "10:15")]


async def test_it_grows_and_shrinks(works: Works, receptionist: Actor, clinic: Clinic) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    assert (await move(works, receptionist, booked.id, duration_minutes=90)).ends_at == at("11:30")
    assert await opened(works) == []
    assert (await move(works, receptionist, booked.id, duration_minutes=30)).ends_at == at("10:30")
    assert await opened(works) == [("10:30", "11:30")]


async def test_another_doctor_and_a_room(
    works: Works, receptionist: Actor, clinic: Clinic, other_doctor: Actor
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    moved = await move(works, receptionist, booked.id, practitioner_id=other_doctor.id)
    assert moved.practitioner_id == other_doctor.id
    assert await opened(works) == [("10:00", "10:30")]
    roomed = await move(works, receptionist, booked.id, room_id=clinic.room.id)
    assert roomed.room_id == clinic.room.id
    assert (await move(works, receptionist, booked.id, room_id=None)).room_id is None
    # A change of room alone is no move to those who remind or count.
    assert await names_of_facts(works) == ["appointment_booked", "appointment_moved", "slot_opened"]


async def test_what_is_in_the_way_is_told_and_nothing_has_moved(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    other = await an_appointment(works, receptionist, clinic, at("11:00"))
    booked = await an_appointment(works, receptionist, clinic, at("10:00"), room_id=clinic.room.id)
    with pytest.raises(SlotTaken) as refusal:
        await move(works, receptionist, booked.id, starts_at=at("11:45"), duration_minutes=60)
    assert kinds(refusal.value) == ["outside-hours"]
    with pytest.raises(SlotTaken) as refusal:
        await move(works, receptionist, booked.id, starts_at=at("11:15"))
    assert [each["appointment_id"] for each in refusal.value.conflicts] == [other.id]
    assert refusal.value.overridable
    assert len(refusal.value.alternatives) == 3
    with pytest.raises(availability.RoomUnknown):
        await move(works, receptionist, booked.id, room_id=uuid4())
    unmoved = await fresh(works, receptionist, booked.id)
    assert (unmoved.starts_at, unmoved.version) == (at("10:00"), 1)


async def test_a_move_with_a_reason_goes_beside_another(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    await an_appointment(works, receptionist, clinic, at("11:00"))
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    moved = await move(
        works, receptionist, booked.id, starts_at=at("11:00"), override={"reason": "family"}
    )
    assert (moved.overridden, moved.override_reason) == (["practitioner"], "family")
    assert lane_of(share_of(moved.practitioner_share)) == 1
    assert ("appointment.reschedule", {"overridden": ["practitioner"]}) in await traces(works)
    shorter = await move(works, receptionist, booked.id, duration_minutes=15)
    assert shorter.override_reason == "family"  # where it was allowed to be before
    alone = await move(works, receptionist, booked.id, starts_at=at("13:00"))
    assert (alone.overridden, alone.override_reason) == ([], None)
    assert lane_of(share_of(alone.practitioner_share)) == 0


async def test_an_expired_hold_gives_way_to_a_move(
    works: Works, receptionist: Actor, clinic: Clinic, clock: Any
) -> None:
    await a_hold(works, receptionist, clinic, at("11:00"))
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    with pytest.raises(SlotTaken):
        await move(works, receptionist, booked.id, starts_at=at("11:00"))
    clock.advance(minutes=6)
    assert (await move(works, receptionist, booked.id, starts_at=at("11:00"))).version == 2


async def test_a_move_to_where_it_is_changes_nothing(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    same = await move(works, receptionist, booked.id, starts_at=at("10:00"))
    assert same.version == 1
    assert await names_of_facts(works) == ["appointment_booked"]


async def test_somebody_elses_change_refuses_mine(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    await move(works, receptionist, booked.id, starts_at=at("11:00"), version=1)
    with pytest.raises(appointments.AppointmentChanged) as refusal:
        await move(works, receptionist, booked.id, starts_at=at("13:00"), version=1)
    assert (refusal.value.expected_version, refusal.value.current_version) == (1, 2)


async def test_who_waits_moves_within_the_day_only(
    works: Works, receptionist: Actor, clinic: Clinic, other_doctor: Actor
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    await an_arrival(works, receptionist, booked.id)
    moved = await move(works, receptionist, booked.id, practitioner_id=other_doctor.id)
    assert moved.status is AppointmentStatus.ARRIVED
    with pytest.raises(appointments.NotToday):
        await move(works, receptionist, booked.id, starts_at=at("10:00", day=3))


async def test_what_is_over_stays_where_it_was(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    await a_cancellation(works, receptionist, booked.id)
    hold = await a_hold(works, receptionist, clinic, at("10:00"))
    for each in (booked, hold):
        with pytest.raises(appointments.NotMovable):
            await move(works, receptionist, each.id, starts_at=at("11:00"))


async def test_a_retired_visit_type_moves_with_the_appointment_that_has_it(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    async with works.begin(receptionist) as uow:
        await availability.retire_visit_type(uow, clinic.visit_type.id)
    assert (await move(works, receptionist, booked.id, starts_at=at("11:00"))).version == 2


async def test_what_it_is_for_can_change(
    works: Works, receptionist: Actor, clinic: Clinic, other_doctor: Actor
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"), reason="cough")
    changed = await change(works, receptionist, booked.id, reason=None)
    assert (changed.reason, changed.version) == (None, 2)
    group = await a_visit_type(works, receptionist, "Back school", 60, parallel=4)
    changed = await change(works, receptionist, booked.id, version=2, visit_type_id=group.id)
    assert (changed.visit_type_id, changed.ends_at) == (group.id, at("10:30"))
    beside = replace(clinic, visit_type=group)
    await an_appointment(works, receptionist, beside, at("10:00"), duration_minutes=30)
    with pytest.raises(SlotTaken) as refusal:
        await change(works, receptionist, booked.id, version=3, visit_type_id=clinic.visit_type.id)
    assert kinds(refusal.value) == ["practitioner"]
    theirs = await a_visit_type(works, receptionist, "Ultrasound", offered_by=[other_doctor.id])
    with pytest.raises(SlotTaken) as refusal:
        await change(works, receptionist, booked.id, version=3, visit_type_id=theirs.id)
    assert "not-offered" in kinds(refusal.value)
    with pytest.raises(appointments.AppointmentChanged):
        await change(works, receptionist, booked.id, version=1, reason="late")


async def test_two_patients_share_no_room(
    works: Works, receptionist: Actor, clinic: Clinic, other_doctor: Actor
) -> None:
    second = await a_room(works, receptionist, "Room 2")
    await an_appointment(works, receptionist, clinic, at("10:00"), room_id=clinic.room.id)
    elsewhere = replace(clinic, doctor=other_doctor)
    booked = await an_appointment(
        works, receptionist, elsewhere, at("10:15"), room_id=second.id,
        patient_id=(await a_patient(works, receptionist)).id,
    )  # fmt: skip
    with pytest.raises(SlotTaken) as refusal:
        await move(works, receptionist, booked.id, room_id=clinic.room.id)
    assert (kinds(refusal.value), refusal.value.overridable) == (["room"], False)
