"""The optional migration to monthly partitions: same rows, same refusals, and back again."""

from collections.abc import AsyncIterator, Awaitable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from app.clinical import encounters
from app.infra.postgres import asyncpg_dsn
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling import appointments
from app.scheduling.appointments import ObstacleKind
from tests.builders.appointments import (
    a_cancellation,
    a_hold,
    an_appointment,
    an_arrival,
    at,
)
from tests.builders.availability import Clinic, a_clinic
from tests.conftest import FrozenClock
from tests.house.tables import EVERYTHING

FOLDER = Path(__file__).parents[2] / "sql" / "optional"
UP = (FOLDER / "appointments_by_month.up.sql").read_text()
DOCTOR = ObstacleKind.PRACTITIONER
DOWN = (FOLDER / "appointments_by_month.down.sql").read_text()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(asyncpg_dsn(database_url))
    yield connection
    await connection.close()


async def schema(database: asyncpg.Connection) -> list[str]:
    return [row[0] for row in await database.fetch(str(EVERYTHING))]


async def test_there_and_back_leaves_the_schema_as_it_was(database: asyncpg.Connection) -> None:
    before = await schema(database)
    await database.execute(UP)
    assert await schema(database) != before
    await database.execute(DOWN)
    assert await schema(database) == before


@pytest.fixture
async def clinic(works: Works, receptionist: Actor, doctor: Actor) -> Clinic:
    return await a_clinic(works, receptionist, doctor)


async def move(works: Works, by: Actor, appointment_id: UUID, starts_at: datetime) -> None:
    async with works.begin(by) as uow:
        wanted = appointments.Reschedule(starts_at=starts_at)
        await appointments.reschedule(uow, appointment_id, wanted)


async def refused(attempt: Awaitable[object]) -> list[ObstacleKind]:
    with pytest.raises(appointments.SlotTaken) as taken:
        await attempt
    assert len(taken.value.alternatives) == 3
    return [obstacle["kind"] for obstacle in taken.value.conflicts]


async def rows(database: asyncpg.Connection) -> list[tuple[object, ...]]:
    query = (
        "select id, status, starts_at, practitioner_share, version from appointments order by id"
    )
    return [tuple(row) for row in await database.fetch(query)]


async def test_by_month_everything_is_booked_moved_and_refused_as_before(
    database: asyncpg.Connection,
    works: Works,
    receptionist: Actor,
    clinic: Clinic,
    clock: FrozenClock,
) -> None:
    before = await an_appointment(works, receptionist, clinic, at("10:00"))
    held = await a_hold(works, receptionist, clinic, at("10:30"))
    kept = await rows(database)
    await database.execute(UP)
    assert await rows(database) == kept

    # Neither what was there nor a hold gives way; a hold that is over does.
    assert await refused(an_appointment(works, receptionist, clinic, at("10:00"))) == [DOCTOR]
    assert await refused(an_appointment(works, receptionist, clinic, at("10:30"))) == [DOCTOR]
    clock.advance(minutes=6)
    over = await an_appointment(works, receptionist, clinic, at("10:30"))
    beside = await an_appointment(
        works, receptionist, clinic, at("10:30"), override={"reason": "in pain"}
    )
    assert beside.overridden == [DOCTOR]

    # From one month, which is one partition, to the next, and onto a taken time.
    april = datetime(2026, 4, 1, 10, tzinfo=UTC)
    await move(works, receptionist, over.id, april)
    assert await refused(move(works, receptionist, before.id, april)) == [DOCTOR]
    month = await database.fetchval(
        "select tableoid::regclass::text from appointments where id = $1", over.id
    )
    assert month == "appointments_202604"

    # What other tables point at, and what is taken back.
    await a_cancellation(works, receptionist, before.id)
    async with works.begin(receptionist) as uow:
        await appointments.undo(uow, before.id)
    await an_arrival(works, receptionist, before.id)
    async with works.begin(clinic.doctor) as uow:
        await encounters.start_encounter(uow, encounters.NewEncounter(appointment_id=before.id))
    assert held.id in {row[0] for row in await rows(database)}

    kept = await rows(database)
    await database.execute(DOWN)
    assert await rows(database) == kept
    assert await refused(an_appointment(works, receptionist, clinic, april)) == [DOCTOR]
