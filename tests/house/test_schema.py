"""The tables as the models know them are the tables the migrations make, forwards and back."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.types import Enum, Text

from app.infra import migrate
from app.infra.mongo import open_mongo
from app.infra.orm import Model
from app.infra.postgres import sqlalchemy_url
from tests.house.tables import EVERYTHING
from tools.generate_docs import load_everything

load_everything()


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    opened = create_async_engine(sqlalchemy_url(database_url))
    yield opened
    await opened.dispose()


def ours(thing: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
    """Indexes and constraints are written in SQL alone; tables of libraries are theirs."""
    if kind in {"index", "unique_constraint"}:
        return False
    return kind != "table" or name in Model.metadata.tables


def same_type(
    context: Any, in_database: Any, in_model: Any, found: Any, declared: Any
) -> bool | None:
    """False where they count as equal: our enums are text with a CHECK."""
    return False if isinstance(declared, Enum) and isinstance(found, Text) else None


def differences(connection: Connection) -> list[Any]:
    options = {"include_object": ours, "compare_type": same_type, "compare_server_default": False}
    context = MigrationContext.configure(connection, opts=options)
    found: list[Any] = compare_metadata(context, Model.metadata)
    return [each for each in found if "comment" not in str(each[0])]


async def test_models_and_migrations_agree(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def described(engine: AsyncEngine) -> list[str]:
    async with engine.connect() as connection:
        return list((await connection.execute(EVERYTHING)).scalars())


async def collections(mongo_url: str) -> dict[str, Any]:
    async with open_mongo(mongo_url) as client:
        database = client.get_default_database()
        return {
            name: await database[name].index_information()
            for name in await database.list_collection_names()
            if not name.startswith("system.")
        }


async def test_down_and_up_again_leaves_the_same_schema(
    empty_database_url: str, empty_mongo_url: str
) -> None:
    await migrate.up(empty_database_url, empty_mongo_url)
    engine = create_async_engine(sqlalchemy_url(empty_database_url))
    first, first_documents = await described(engine), await collections(empty_mongo_url)
    await migrate.down(empty_database_url, empty_mongo_url, steps=None)
    left = [line for line in await described(engine) if "migration" not in line]
    assert left == []
    await migrate.up(empty_database_url, empty_mongo_url)
    assert await described(engine) == first
    assert await collections(empty_mongo_url) == first_documents
    await engine.dispose()
