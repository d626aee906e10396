"""A booking in one statement: all of it or nothing, whatever happens while it looks."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import text

from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor
from app.scheduling import appointments
from app.scheduling.appointments import Appointment, AppointmentStatus, SlotTaken
from app.scheduling.appointments.asking import wanted_at
from app.scheduling.appointments.booking import place_of
from app.scheduling.appointments.placing import Details, place_at_last
from app.scheduling.appointments.repository import Person
from app.scheduling.appointments.schemas import BookAppointment
from tests.builders.appointments import (
    HELD_FOR,
    a_hold,
    an_appointment,
    at,
    new_booking,
    with_lanes,
)
from tests.builders.availability import Clinic
from tests.builders.patients import a_patient
from tests.conftest import FrozenClock
from tests.scheduling.appointments.seeing import facts, fresh, steps, traces

BOOKED = AppointmentStatus.BOOKED
TEN = at("10:00")
WAITING = text(
    "select count(*) from pg_stat_activity"
    " where datname = current_database() and wait_event_type = 'Lock'"
)


async def book(works: Works, by: Actor, new: BookAppointment) -> Appointment:
    async with works.begin(by) as uow:
        return (await appointments.book_at_last(uow, new)).appointment


@asynccontextmanager
async def while_booking(
    works: Works, by: Actor, new: BookAppointment, change: str, **told: Any
) -> AsyncIterator[asyncio.Task[Appointment]]:
    """A booking that looked before somebody's change was there, and writes when it is."""
    async with works.sessions() as rival:
        await rival.execute(text(change), told)
        task = asyncio.create_task(book(works, by, new))
        await somebody_waits(works, task)
        await rival.commit()
        yield task


async def somebody_waits(works: Works, task: asyncio.Task[Any]) -> None:
    async with asyncio.timeout(20):
        while not await waits(works):
            assert not task.done(), await task


async def waits(works: Works) -> bool:
    async with works.asides.engine.connect() as db:  # one transaction sees one state of things
        return bool((await db.execute(WAITING)).scalar_one())


async def test_everything_is_there(works: Works, receptionist: Actor, clinic: Clinic) -> None:
    booked = await an_appointment(works, receptionist, clinic, TEN)
    kept = await fresh(works, receptionist, booked.id)
    assert (kept.patient_name, kept.updated_at) == (booked.patient_name, booked.updated_at)
    assert await steps(works, receptionist, booked.id) == [(None, BOOKED)]
    assert [told["appointment_id"] for _, told in await facts(works)] == [str(booked.id)]
    assert ("appointment.book", {}) in await traces(works)


async def test_what_was_not_seen_is_refused_by_the_database_and_leaves_nothing(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    await an_appointment(works, receptionist, clinic, TEN)
    told, traced = await facts(works), await traces(works)
    async with works.begin(receptionist) as uow:
        refused = await unseeing(
            uow, new_booking(clinic, (await a_patient(works, receptionist)).id, TEN)
        )
    assert isinstance(refused, list)
    assert [conflict["kind"] for conflict in refused] == ["practitioner"]
    assert (await facts(works), await traces(works)) == (told, traced)


async def unseeing(uow: UnitOfWork, new: BookAppointment) -> Appointment | list[Any]:
    """Book as if nobody had been seen there."""
    wanted = await wanted_at(uow, place_of(new, None), patient_id=new.patient_id)
    patient = Person(new.patient_id, "Mara", "Okafor-Lind", "", None, 1)
    return await place_at_last(uow, wanted, Details(patient=patient), "appointment.book", seen=[])


async def test_the_second_lane_is_taken_at_the_first_try(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    await with_lanes(works, receptionist, clinic, 2)
    one = await an_appointment(works, receptionist, clinic, TEN)
    other = await an_appointment(works, receptionist, clinic, TEN)
    assert one.practitioner_share != other.practitioner_share
    with pytest.raises(SlotTaken):
        await an_appointment(works, receptionist, clinic, TEN)


async def test_a_patient_who_is_renamed_meanwhile_is_booked_by_the_new_name(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    patient = await a_patient(works, receptionist)
    renamed = "update patients set given_name = 'Mira', version = version + 1 where id = :id"
    new = new_booking(clinic, patient.id, TEN)
    async with while_booking(works, receptionist, new, renamed, id=patient.id) as task:
        booked = await task
    assert (await fresh(works, receptionist, booked.id)).patient_name == "Mira Okafor-Lind"
    assert [name for name, _ in await facts(works)] == ["appointment_booked"]


async def test_a_patient_who_is_merged_meanwhile_is_booked_as_the_one_who_counts(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    absorbed, survivor = [await a_patient(works, receptionist) for _ in range(2)]
    merged = "update patients set merged_into = :into where id = :id"
    new = new_booking(clinic, absorbed.id, TEN)
    async with while_booking(
        works, receptionist, new, merged, id=absorbed.id, into=survivor.id
    ) as task:
        booked = await task
    assert (await fresh(works, receptionist, booked.id)).patient_id == survivor.id


async def test_a_hold_that_is_over_gives_way(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    hold = await a_hold(works, receptionist, clinic, TEN)
    clock.advance(seconds=HELD_FOR.total_seconds() + 1)
    booked = await an_appointment(works, receptionist, clinic, TEN)
    assert booked.status is BOOKED
    assert (await fresh(works, receptionist, hold.id)).status is AppointmentStatus.CANCELLED
    assert [action for action, _ in await traces(works)].count("appointment.book") == 1


async def test_nothing_can_be_said_after_it_is_done(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    patient = await a_patient(works, receptionist)

    async def book_twice(uow: UnitOfWork) -> None:
        for clock in ("10:00", "11:00"):
            await appointments.book_at_last(uow, new_booking(clinic, patient.id, at(clock)))

    async with works.begin(receptionist) as uow:
        with pytest.raises(RuntimeError, match="said that it was done"):
            await book_twice(uow)
