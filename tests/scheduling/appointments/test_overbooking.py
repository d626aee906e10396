"""Lanes, groups, rooms, and booking over what is in the way with a reason."""

from dataclasses import replace
from typing import Any

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling import appointments
from app.scheduling.appointments import SlotTaken
from app.scheduling.appointments.models import share_of
from app.scheduling.appointments.shares import (
    FULL,
    MOST_LANES,
    Share,
    free_share,
    lane_of,
    share_at,
    shares,
)
from tests.builders.appointments import an_appointment, at, with_lanes
from tests.builders.availability import Clinic, a_visit_type, an_exception
from tests.builders.patients import a_patient
from tests.scheduling.appointments.seeing import kinds, out, traces

URGENT = {"reason": "cannot wait"}


async def refused(works: Works, by: Actor, clinic: Clinic, *args: Any, **fields: Any) -> SlotTaken:
    with pytest.raises(SlotTaken) as caught:
        await an_appointment(works, by, clinic, *args, **fields)
    return caught.value


def test_every_share_is_a_whole_part_of_a_lane() -> None:
    for parallel in range(1, 13):
        found = list(shares(2, parallel))
        assert found[0].lower == 0
        assert found[-1].upper == 2 * FULL
        assert [one.upper for one in found[:-1]] == [other.lower for other in found[1:]]


def test_a_free_share_is_found_exactly_when_there_is_one() -> None:
    assert free_share([], 1) == Share(0, FULL)
    assert free_share([share_at(0)], 1) is None
    assert free_share([share_at(0)], 2) == Share(FULL, 2 * FULL)
    thirds = list(shares(1, 3))
    assert free_share(thirds[:2], 1, 3) == thirds[2]
    assert free_share(thirds[:1], 1, 2) == share_at(0, 1, 2)
    assert free_share([thirds[1]], 1, 2) is None  # a third in the middle touches both halves
    assert lane_of(share_at(3)) == 3


async def test_lanes_are_booked_in_parallel_without_a_reason(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    await with_lanes(works, receptionist, clinic, 2)
    first = await an_appointment(works, receptionist, clinic)
    second = await an_appointment(works, receptionist, clinic, at("10:15"))
    assert [lane_of(share_of(each.practitioner_share)) for each in (first, second)] == [0, 1]
    assert second.overridden == []
    refusal = await refused(works, receptionist, clinic, at("10:15"))
    assert len(refusal.conflicts) == 2
    await an_appointment(works, receptionist, clinic, at("10:45"))


async def test_a_group_shares_one_lane_and_the_room(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    group = replace(
        clinic, visit_type=await a_visit_type(works, receptionist, "Back school", parallel=3)
    )
    for _ in range(3):
        await an_appointment(works, receptionist, group, room_id=clinic.room.id)
    refusal = await refused(works, receptionist, group, room_id=clinic.room.id)
    assert kinds(refusal) == ["practitioner"] * 3 + ["room"] * 3
    alone = await refused(works, receptionist, clinic, at("10:15"))
    assert kinds(alone) == ["practitioner"] * 3


async def test_a_reason_books_over_the_doctor_and_is_kept_and_told(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    await an_appointment(works, receptionist, clinic)
    over = await an_appointment(works, receptionist, clinic, override=URGENT)
    assert lane_of(share_of(over.practitioner_share)) == 1
    seen = await out(works, receptionist, over.id)
    assert (seen.overridden, seen.override_reason) == (["practitioner"], "cannot wait")
    assert ("appointment.book", {"overridden": ["practitioner"]}) in await traces(works)
    third = await an_appointment(works, receptionist, clinic, override=URGENT)
    assert lane_of(share_of(third.practitioner_share)) == 2
    assert "cannot wait" not in str(await traces(works))


async def test_a_reason_nobody_needed_is_not_kept(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    booked = await an_appointment(works, receptionist, clinic, override=URGENT)
    assert (booked.overridden, booked.override_reason) == ([], None)


async def test_a_reason_books_over_rules_and_over_the_patients_own_time(
    works: Works, receptionist: Actor, clinic: Clinic, other_doctor: Actor
) -> None:
    patient = await a_patient(works, receptionist)
    await an_exception(
        works, receptionist, kind="closed", starts_local="2026-03-03T00:00",
        ends_local="2026-03-04T00:00",
    )  # fmt: skip
    theirs = await a_visit_type(works, receptionist, "Ultrasound", offered_by=[other_doctor.id])
    elsewhere = replace(clinic, doctor=other_doctor)
    for each in (elsewhere, replace(clinic, visit_type=theirs)):
        booked = await an_appointment(
            works, receptionist, each, at("10:00", day=3), patient_id=patient.id, override=URGENT
        )
    assert booked.overridden == ["closed-day", "not-offered", "patient"]
    assert lane_of(share_of(booked.patient_share)) == 1
    outside = await an_appointment(works, receptionist, clinic, at("19:00"), override=URGENT)
    assert outside.overridden == ["outside-hours"]


async def test_no_reason_makes_room_in_a_room_or_in_the_past(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    await an_appointment(works, receptionist, clinic, room_id=clinic.room.id)
    refusal = await refused(works, receptionist, clinic, room_id=clinic.room.id, override=URGENT)
    assert (kinds(refusal), refusal.overridable) == (["practitioner", "room"], False)
    past = await refused(works, receptionist, clinic, at("08:00"), override=URGENT)
    assert kinds(past) == ["in-the-past"]


async def test_only_the_desk_and_doctors_override(
    works: Works, receptionist: Actor, nurse: Actor, doctor: Actor, clinic: Clinic
) -> None:
    await an_appointment(works, receptionist, clinic)
    patient = await a_patient(works, receptionist)
    with pytest.raises(appointments.MayNotOverride):
        await an_appointment(works, nurse, clinic, patient_id=patient.id, override=URGENT)
    assert (await an_appointment(works, doctor, clinic, override=URGENT)).overridden


async def test_even_a_reason_ends_with_the_twelfth_lane(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    for _ in range(MOST_LANES):
        await an_appointment(works, receptionist, clinic, override=URGENT)
    refusal = await refused(works, receptionist, clinic, override=URGENT)
    assert kinds(refusal) == ["practitioner"] * MOST_LANES
