"""Many at once: real transactions side by side, and the constraints decide who was first."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Iterable
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.scheduling import appointments
from app.scheduling.appointments import (
    LIVE,
    Appointment,
    AppointmentStatus,
    BookBusy,
    SlotTaken,
    UndoRefused,
)
from app.scheduling.appointments.models import share_of
from app.scheduling.appointments.moving import place_of, shift
from app.scheduling.appointments.shares import FULL, lane_of
from app.scheduling.appointments.tasks import cancel_expired_holds
from tests.builders.appointments import (
    a_cancellation,
    a_hold,
    an_appointment,
    an_arrival,
    at,
    new_booking,
    with_lanes,
)
from tests.builders.availability import Clinic, a_visit_type
from tests.builders.identity import a_user
from tests.builders.patients import a_patient
from tests.conftest import FrozenClock
from tests.scheduling.appointments.seeing import fresh, steps
from tests.scheduling.appointments.test_moving import move
from tests.scheduling.appointments.test_undo import undo

AT_ONCE = 12


async def together(*tasks: Awaitable[Any]) -> Counter[str]:
    """How each of them ended: by the name of what was returned or raised."""
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    return Counter(type(outcome).__name__ for outcome in outcomes)


async def live(works: Works) -> list[Appointment]:
    async with works.sessions() as db:
        statement = select(Appointment).where(Appointment.status.in_(LIVE))
        return list(await db.scalars(statement))


def clashes(rows: Iterable[Appointment]) -> list[tuple[UUID, UUID]]:
    """Pairs that have the same share of somebody, or of a room, at the same time."""
    found = []
    for one, other in combinations(rows, 2):
        if one.starts_at >= other.ends_at or other.starts_at >= one.ends_at:
            continue
        for whose, share in (
            ("practitioner_id", "practitioner_share"),
            ("patient_id", "patient_share"),
            ("room_id", "room_share"),
        ):
            who = getattr(one, whose)
            if who is None or who != getattr(other, whose):
                continue
            if share_of(getattr(one, share)).overlaps(share_of(getattr(other, share))):
                found.append((one.id, other.id))
    return found


async def booking(
    works: Works, by: Actor, clinic: Clinic, patient_id: UUID, **fields: Any
) -> Appointment:
    async with works.begin(by) as uow:
        new = new_booking(clinic, patient_id, at("10:00"), **fields)
        return (await appointments.book_at_last(uow, new)).appointment


async def several_patients(works: Works, by: Actor) -> list[UUID]:
    return [(await a_patient(works, by)).id for _ in range(AT_ONCE)]


async def test_as_many_win_as_there_are_lanes(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    await with_lanes(works, receptionist, clinic, 2)
    patients = await several_patients(works, receptionist)
    ended = await together(*(booking(works, receptionist, clinic, each) for each in patients))
    assert ended == {"Appointment": 2, "SlotTaken": AT_ONCE - 2}
    rows = await live(works)
    assert clashes(rows) == []
    assert sorted(lane_of(share_of(row.practitioner_share)) for row in rows) == [0, 1]


async def test_as_many_win_as_fit_into_the_group(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    group = replace(
        clinic, visit_type=await a_visit_type(works, receptionist, "Back school", parallel=5)
    )
    patients = await several_patients(works, receptionist)
    ended = await together(
        *(booking(works, receptionist, group, each, room_id=clinic.room.id) for each in patients)
    )
    assert ended == {"Appointment": 5, "SlotTaken": AT_ONCE - 5}
    rows = await live(works)
    assert clashes(rows) == []
    assert sum(row.room_share.upper - row.room_share.lower for row in rows) == FULL  # type: ignore[operator]


async def test_a_reason_gives_everybody_a_lane_of_their_own(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    patients = await several_patients(works, receptionist)
    why = {"override": {"reason": "an outbreak"}}
    ended = await together(
        *(booking(works, receptionist, clinic, each, **why) for each in patients)
    )
    assert ended == {"Appointment": AT_ONCE}
    assert clashes(await live(works)) == []


async def test_a_patient_is_with_one_doctor_and_a_room_holds_one_visit(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    doctors = [
        await a_user(works, Role.DOCTOR, username=f"doctor-{n}", full_name=f"Dr. Number {n}")
        for n in range(6)
    ]
    clinics = [replace(clinic, doctor=each) for each in doctors]
    patient = (await a_patient(works, receptionist)).id
    ended = await together(*(booking(works, receptionist, each, patient) for each in clinics))
    assert ended == {"Appointment": 1, "SlotTaken": 5}
    others = [(await a_patient(works, receptionist)).id for _ in clinics]
    [taken] = await live(works)
    free = [each for each in clinics if each.doctor.id != taken.practitioner_id]
    ended = await together(
        *(
            booking(works, receptionist, each, other, room_id=clinic.room.id)
            for each, other in zip(free, others, strict=False)
        )
    )
    assert ended == {"Appointment": 1, "SlotTaken": 4}
    assert clashes(await live(works)) == []


async def test_a_hold_that_is_over_has_one_heir(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    hold = await a_hold(works, receptionist, clinic, at("10:00"))
    patients = await several_patients(works, receptionist)
    clock.advance(minutes=6)
    ended = await together(
        cancel_expired_holds(works),
        booking(works, receptionist, clinic, patients[0], hold_id=hold.id),
        *(booking(works, receptionist, clinic, each) for each in patients[1:8]),
    )
    assert (ended["Appointment"], ended["SlotTaken"], ended["int"]) == (1, 7, 1)
    assert clashes(await live(works)) == []


async def test_two_who_confirm_one_hold_get_one_appointment(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    hold = await a_hold(works, receptionist, clinic, at("10:00"))
    patients = await several_patients(works, receptionist)
    ended = await together(
        *(booking(works, receptionist, clinic, each, hold_id=hold.id) for each in patients[:4])
    )
    assert ended == {"Appointment": 1, "SlotTaken": 3}
    assert (await fresh(works, receptionist, hold.id)).status is AppointmentStatus.BOOKED


async def test_two_who_swap_times_never_wait_for_each_other(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    one = await an_appointment(works, receptionist, clinic, at("10:00"))
    other = await an_appointment(works, receptionist, clinic, at("11:00"))
    ended = await together(
        move(works, receptionist, one.id, starts_at=at("11:00")),
        move(works, receptionist, other.id, starts_at=at("10:00")),
    )
    assert ended == {"SlotTaken": 2}
    assert clashes(await live(works)) == []


async def test_many_moves_to_one_time_move_one(
    works: Works, receptionist: Actor, clinic: Clinic, other_doctor: Actor
) -> None:
    elsewhere = replace(clinic, doctor=other_doctor)
    starts = ("10:00", "10:30", "11:00", "11:30")
    booked = [
        await an_appointment(works, receptionist, each, at(start))
        for each in (clinic, elsewhere)
        for start in starts
    ]
    ended = await together(
        *(
            move(works, receptionist, each.id, starts_at=at("14:00"),
                 practitioner_id=clinic.doctor.id)
            for each in booked
        ),
        an_appointment(works, receptionist, clinic, at("14:00")),
    )  # fmt: skip
    assert ended == {"Appointment": 1, "SlotTaken": len(booked)}
    assert clashes(await live(works)) == []


async def test_moves_cancellations_and_undos_of_one_appointment_take_turns(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    ended = await together(
        a_cancellation(works, receptionist, booked.id),
        undo(works, receptionist, booked.id),
        an_arrival(works, receptionist, booked.id),
        move(works, receptionist, booked.id, starts_at=at("11:00")),
        undo(works, receptionist, booked.id),
        a_cancellation(works, receptionist, booked.id),
    )
    assert set(ended) <= {"Appointment", "IllegalMove", "NotMovable", "UndoRefused"}
    history = await steps(works, receptionist, booked.id)
    assert len(history) == 1 + ended["Appointment"]
    assert all(one[1] == other[0] for one, other in pairwise(history))
    now = await fresh(works, receptionist, booked.id)
    assert (now.status, now.version) == (history[-1][1], len(history))


async def test_an_undone_cancellation_and_a_new_booking_share_no_time(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"))
    await a_cancellation(works, receptionist, booked.id)
    patients = await several_patients(works, receptionist)
    outcomes = await asyncio.gather(
        undo(works, receptionist, booked.id),
        *(booking(works, receptionist, clinic, each) for each in patients[:4]),
        return_exceptions=True,
    )
    won = [each for each in outcomes if isinstance(each, Appointment)]
    assert len(won) == 1
    assert all(isinstance(each, (Appointment, SlotTaken, UndoRefused)) for each in outcomes)
    assert [row.id for row in await live(works)] == [won[0].id]


async def test_whoever_changes_several_crosswise_is_told_to_try_again(
    works: Works, receptionist: Actor, clinic: Clinic, other_doctor: Actor
) -> None:
    """As two edits of series may: each has what the other needs next."""
    elsewhere = replace(clinic, doctor=other_doctor)
    here = [
        await an_appointment(works, receptionist, clinic, at(at_)) for at_ in ("10:00", "11:00")
    ]
    there = [
        await an_appointment(works, receptionist, elsewhere, at(at_)) for at_ in ("10:00", "11:00")
    ]
    met = asyncio.Barrier(2)

    async def both(first: Appointment, second: Appointment) -> Appointment:
        async with works.begin(receptionist) as uow:
            for each in (first, second):
                found = await appointments.get_appointment(uow, each.id, lock=True)
                later = replace(place_of(found), starts_at=found.starts_at.replace(hour=15))
                await shift(uow, found, later, None)
                if each is first:
                    await met.wait()
        return first

    outcomes = await asyncio.gather(
        both(here[0], there[0]), both(there[1], here[1]), return_exceptions=True
    )
    assert [type(each) for each in outcomes if isinstance(each, Exception)] == [BookBusy]
    assert clashes(await live(works)) == []
