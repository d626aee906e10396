"""Two who book series at once: nobody's time is given away twice, and nobody gets a 500."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import text

from app.infra.postgres import POOL_SIZE, asyncpg_dsn
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling import appointments
from app.scheduling.appointments import OnConflict
from tests.builders.availability import working_hours
from tests.builders.patients import a_patient
from tests.conftest import Client
from tests.scheduling.series.conftest import Desk, wall

WEEKDAYS = "FREQ=WEEKLY;COUNT=20;BYDAY=MO,TU,WE,TH,FR"
OVERLAPS = text(
    "select count(*) from appointments a join appointments b on a.id < b.id"
    " and a.during && b.during and a.status = 'booked' and b.status = 'booked' and ("
    " (a.practitioner_id = b.practitioner_id and a.practitioner_share && b.practitioner_share)"
    " or a.room_id = b.room_id or a.patient_id = b.patient_id)"
)
INSERT = """
insert into appointments (id, status, practitioner_id, patient_id, patient_name, visit_type_id,
    starts_at, ends_at, practitioner_share, created_by, created_at)
values ($1, 'booked', $2, $3, 'Somebody Else', $4, $5, $5::timestamptz + interval '30 minutes',
    int4range(0, 27720), $2, now())
"""
WAITING = "select count(*) from pg_locks where not granted"


async def overlaps(works: Works) -> int:
    async with works.sessions() as session:
        return int((await session.execute(OVERLAPS)).scalar_one())


async def outcome(work: Callable[[], Awaitable[Any]]) -> str:
    try:
        await work()
    except appointments.SeriesTaken:
        return "taken"
    return "booked"


@pytest.mark.parametrize("on_conflict", list(OnConflict))
async def test_crossing_series_of_two_doctors_in_one_room_never_overlap(
    desk: Desk, other_doctor: Actor, on_conflict: OnConflict
) -> None:
    """Each begins where the other is in the middle, so both wait for each other if anybody does."""
    await working_hours(desk.works, desk.actor, other_doctor)
    patients = [(await a_patient(desk.works, desk.actor)).id for _ in range(4)]
    room = desk.clinic.room.id
    series = [
        ("03-09T09:00", desk.clinic.doctor.id),
        ("03-09T09:15", other_doctor.id),
        ("03-16T08:45", other_doctor.id),
        ("03-16T09:00", desk.clinic.doctor.id),
    ]

    def booking(starts: str, doctor: UUID, patient: UUID) -> Callable[[], Awaitable[Any]]:
        return lambda: desk.book(
            starts,
            WEEKDAYS,
            practitioner_id=doctor,
            patient_id=patient,
            room_id=room,
            on_conflict=on_conflict,
        )

    outcomes = await asyncio.gather(
        *(
            outcome(booking(starts, doctor, patient))
            for (starts, doctor), patient in zip(series, patients, strict=True)
        )
    )
    assert "booked" in outcomes
    assert await overlaps(desk.works) == 0
    rows = await desk.rows()
    if on_conflict is OnConflict.REFUSE:
        assert len(rows) == 20 * outcomes.count("booked")
    else:
        # Fifteen weekdays are asked for twice or more; whoever was second left them out.
        assert 25 <= len(rows) <= 40


async def test_series_are_booked_and_moved_against_each_other(
    desk: Desk, other_doctor: Actor
) -> None:
    await working_hours(desk.works, desk.actor, other_doctor)
    other = (await a_patient(desk.works, desk.actor)).id
    _, ids = await desk.book("03-09T09:00", WEEKDAYS, room_id=desk.clinic.room.id)

    def booking() -> Awaitable[Any]:
        return desk.book(
            "03-09T10:00",
            WEEKDAYS,
            practitioner_id=other_doctor.id,
            patient_id=other,
            room_id=desk.clinic.room.id,
        )

    outcomes = await asyncio.gather(
        outcome(booking),
        outcome(lambda: desk.change(ids[0], "03-09T10:00", scope="all")),
        outcome(lambda: desk.change(ids[5], "03-16T10:15")),
    )
    assert "booked" in outcomes
    assert await overlaps(desk.works) == 0


async def look_for_deadlocks_after(works: Works, *, seconds: int) -> None:
    """On every connection there is: later than the rival brings one about, however busy we are."""
    async with AsyncExitStack() as held:
        for _ in range(POOL_SIZE):
            line = await held.enter_async_context(works.lines.lent())
            await line.driver.execute(f"set deadlock_timeout = '{seconds}s'")


async def test_chosen_to_end_a_deadlock_a_series_is_booked_again_from_the_start(
    desk: Desk, database_url: str
) -> None:
    """Somebody books the last day and then the first, without taking turns.

    PostgreSQL ends whoever looks first whether there is a deadlock: that is us.
    """
    rival = await asyncpg.connect(asyncpg_dsn(database_url))
    await rival.execute("set deadlock_timeout = '60s'")
    other = (await a_patient(desk.works, desk.actor)).id

    async def rival_books(clock: str) -> None:
        doctor, type_ = desk.clinic.doctor.id, desk.clinic.visit_type.id
        await rival.execute(INSERT, uuid4(), doctor, other, type_, wall(clock))

    transaction = rival.transaction()
    await transaction.start()
    await rival_books("03-30T09:00")
    await look_for_deadlocks_after(desk.works, seconds=5)
    booking = asyncio.create_task(desk.book(on_conflict=OnConflict.SKIP))
    while not await rival.fetchval(WAITING):
        assert not booking.done()
    await rival_books("03-09T09:00")
    await transaction.commit()
    await rival.close()

    _, ids = await booking
    assert await desk.times(ids) == ["03-16T09:00", "03-23T09:00"]
    told = "select count(*) from outbox where name = 'scheduling.appointment_booked.v1'"
    traces = "select count(*) from audit_events where action = 'appointment_series.book'"
    async with desk.works.sessions() as session:
        assert await session.scalar(text(told)) == 2  # what the first attempt said is unsaid
        assert await session.scalar(text(traces)) == 1


async def test_over_http_rivals_are_answered_booked_or_taken(
    desk: Desk, as_receptionist: Client, as_doctor: Client
) -> None:
    patients = [(await a_patient(desk.works, desk.actor)).id for _ in range(6)]

    async def book(client: Client, number: int, patient: UUID) -> int:
        asked = desk.asked(f"03-{9 + number:02}T10:00", WEEKDAYS, patient_id=patient)
        answer = await client.post("/api/v1/appointment-series", json=asked.model_dump(mode="json"))
        return answer.status_code

    answers = await asyncio.gather(
        *(
            book((as_receptionist, as_doctor)[n % 2], n % 3, patient)
            for n, patient in enumerate(patients)
        )
    )
    assert sorted(answers) == [201, 409, 409, 409, 409, 409]
    assert await overlaps(desk.works) == 0
