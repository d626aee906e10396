"""A doctor's days in numbers, kept by facts that come late, twice, at once and in any order."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, text, update

from app.cli.rebuilding import rebuild_days as rebuild_from_command_line
from app.identity import User
from app.infra.embedded import StoreUrls
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling import appointments
from app.scheduling.appointments.days import behind_since, refresh_days
from app.scheduling.appointments.models import Appointment
from app.settings import Settings
from tests.builders.appointments import (
    a_cancellation,
    a_hold,
    an_appointment,
    an_arrival,
    at,
)
from tests.builders.availability import Clinic
from tests.conftest import FrozenClock
from tests.scheduling.waiting_list.delivering import deliver_everything

ACTOR = Actor.system("test")
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


async def heard(works: Works, *, latest_first: bool = False) -> int:
    return await deliver_everything(works, latest_first=latest_first, only="appointments.days")


async def days_of(works: Works) -> dict[tuple[str, date], dict[str, int]]:
    """Every day of every doctor without what is nought, by name."""
    statement = select(User.full_name, appointments.AppointmentDay).join(
        User, User.id == appointments.AppointmentDay.practitioner_id
    )
    async with works.begin(ACTOR) as uow:
        rows = (await uow.db.execute(statement)).all()
    left_out = {"practitioner_id", "day", "refreshed_at"}
    columns = [c.name for c in appointments.AppointmentDay.__table__.columns]
    return {
        (name, row.day): {
            column: getattr(row, column)
            for column in columns
            if column not in left_out and getattr(row, column)
        }
        for name, row in rows
    }


async def test_booking_arriving_and_cancelling_are_counted(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    first = await an_appointment(works, receptionist, clinic, at("10:00"))
    await an_appointment(works, receptionist, clinic, at("11:00"), duration_minutes=45)
    await an_appointment(works, receptionist, clinic, at("10:00", day=3))
    gone = await an_appointment(works, receptionist, clinic, at("14:00"))
    await a_hold(works, receptionist, clinic, at("15:00"))
    await an_arrival(works, receptionist, first.id)
    await a_cancellation(works, receptionist, gone.id)
    await heard(works)
    assert await days_of(works) == {
        ("Dr. Ada Winter", MONDAY): {
            "booked": 1,
            "arrived": 1,
            "cancelled": 1,
            "booked_minutes": 75,
        },
        ("Dr. Ada Winter", TUESDAY): {"booked": 1, "booked_minutes": 30},
    }


async def test_a_move_to_another_day_and_doctor_is_counted_at_both_ends(
    works: Works, receptionist: Actor, other_doctor: Actor, clinic: Clinic
) -> None:
    moved = await an_appointment(works, receptionist, clinic, at("10:00"))
    async with works.begin(receptionist) as uow:
        wish = {"starts_at": at("10:00", day=3), "practitioner_id": other_doctor.id}
        await appointments.reschedule(uow, moved.id, appointments.Reschedule.model_validate(wish))
    await heard(works, latest_first=True)
    assert await days_of(works) == {
        ("Dr. Berta Summer", TUESDAY): {"booked": 1, "booked_minutes": 30}
    }


async def test_facts_in_any_order_and_again_end_in_the_same_numbers(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    for hour in range(9, 12):
        booked = await an_appointment(works, receptionist, clinic, at(f"{hour}:00"))
    await a_cancellation(works, receptionist, booked.id)
    assert await heard(works, latest_first=True) == 4
    expected = {("Dr. Ada Winter", MONDAY): {"booked": 2, "cancelled": 1, "booked_minutes": 60}}
    assert await days_of(works) == expected
    async with works.begin(ACTOR) as uow:
        await refresh_days(uow, [(clinic.doctor.id, MONDAY), (clinic.doctor.id, MONDAY)])
    assert await days_of(works) == expected


async def test_two_at_once_take_turns_and_the_later_one_counts_what_the_earlier_one_saw_not(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    """The first has counted and not committed when another appointment is booked and told."""
    await an_appointment(works, receptionist, clinic, at("10:00"))
    async with works.begin(ACTOR) as first:
        await refresh_days(first, [(clinic.doctor.id, MONDAY)])
        await an_appointment(works, receptionist, clinic, at("11:00"))

        async def second() -> None:
            async with works.begin(ACTOR) as uow:
                await refresh_days(uow, [(clinic.doctor.id, MONDAY)])

        following = asyncio.create_task(second())
        await waits_for_a_lock(works)
    await following
    assert (await days_of(works))["Dr. Ada Winter", MONDAY]["booked"] == 2


async def waits_for_a_lock(works: Works) -> None:
    waiting = text(
        "select count(*) from pg_locks join pg_database on pg_database.oid = database"
        " where locktype = 'advisory' and not granted and datname = current_database()"
    )
    async with works.sessions() as db:
        while not await db.scalar(waiting):  # noqa: ASYNC110 nothing tells us
            await asyncio.sleep(0.01)


async def test_refreshing_opposite_ways_at_once_is_no_deadlock(
    works: Works, receptionist: Actor, other_doctor: Actor, clinic: Clinic
) -> None:
    days = [(who, day) for who in (clinic.doctor.id, other_doctor.id) for day in (MONDAY, TUESDAY)]
    await an_appointment(works, receptionist, clinic, at("10:00"))

    async def refresh(touched: Collection[tuple[UUID, date]]) -> None:
        async with works.begin(ACTOR) as uow:
            await refresh_days(uow, touched)

    await asyncio.gather(*(refresh(days[:: 1 if n % 2 else -1]) for n in range(6)))
    assert (await days_of(works))["Dr. Ada Winter", MONDAY]["booked"] == 1


async def test_how_far_behind_is_told(
    works: Works, receptionist: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    async with works.begin(ACTOR) as uow:
        assert await behind_since(uow) is None
    booked_at = clock.now()
    await an_appointment(works, receptionist, clinic, at("10:00"))
    clock.advance(minutes=3)
    async with works.begin(ACTOR) as uow:
        assert await behind_since(uow) == booked_at
    await heard(works)
    async with works.begin(ACTOR) as uow:
        assert await behind_since(uow) is None


async def test_rebuilding_finds_what_no_fact_told_and_drops_what_is_no_more(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    far = await an_appointment(works, receptionist, clinic, at("10:00"))
    for day in (4, 5, 31):
        await an_appointment(works, receptionist, clinic, at("10:00", day=day))
    await heard(works)
    expected = await days_of(works)
    assert len(expected) == 4
    async with works.begin(ACTOR) as uow:
        await uow.db.execute(
            delete(appointments.AppointmentDay).where(appointments.AppointmentDay.day == MONDAY)
        )
        stale = update(appointments.AppointmentDay).values(booked=7)
        await uow.db.execute(stale)
        uow.db.add(
            appointments.AppointmentDay(
                practitioner_id=clinic.doctor.id, day=date(2031, 1, 1), refreshed_at=uow.now
            )
        )
    assert await appointments.rebuild_days(works) == 30
    assert await days_of(works) == expected
    assert (far.starts_at.date(), "booked") == (MONDAY, far.status)


async def test_the_command_counts_by_the_clock_of_the_clinic(
    works: Works, receptionist: Actor, clinic: Clinic, settings: Settings, urls: StoreUrls
) -> None:
    await an_appointment(works, receptionist, clinic, at("16:30"))
    tokyo = settings.model_copy(update={"time_zone": "Asia/Tokyo"})
    assert await rebuild_from_command_line(tokyo, urls) == 1
    assert set(await days_of(works)) == {("Dr. Ada Winter", TUESDAY)}


async def test_rebuilding_nothing_leaves_nothing(works: Works) -> None:
    assert await appointments.rebuild_days(works) == 0
    assert await days_of(works) == {}


@pytest.mark.parametrize(
    ("starts_at", "day"),
    [
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), date(2026, 3, 29)),  # a day of 23 hours
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),  # one of 25
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
async def test_days_are_those_of_the_clinics_wall(
    works: Works, receptionist: Actor, clinic: Clinic, starts_at: datetime, day: date
) -> None:
    vienna = replace(works, zone=ZoneInfo("Europe/Vienna"))
    booked = await an_appointment(vienna, receptionist, clinic, at("10:00"))
    async with vienna.begin(ACTOR) as uow:
        times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=30)}
        await uow.db.execute(update(Appointment).where(Appointment.id == booked.id).values(times))
    await appointments.rebuild_days(vienna)
    assert await days_of(works) == {("Dr. Ada Winter", day): {"booked": 1, "booked_minutes": 30}}
