"""The optional migration to monthly partitions: same rows, same refusals, and back again."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from app.infra.postgres import asyncpg_dsn
from tests.house.tables import EVERYTHING

FOLDER = Path(__file__).parents[2] / "sql" / "optional"
UP = (FOLDER / "appointments_by_month.up.sql").read_text()
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
