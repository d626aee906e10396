"""Which migrations were applied: the table `schema_migrations` in Postgres, for both stores."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from app.infra.migrate.files import Migration
from app.infra.postgres import asyncpg_dsn

Connection = Any  # asyncpg ships no types

# Any number nobody else uses; the lock is per database.
LOCK_KEY = 7_202_611_210_000
CREATE = """
create table if not exists schema_migrations (
    version text primary key,
    name text not null,
    store text not null check (store in ('postgres', 'mongo')),
    checksum text not null,
    batch integer not null,
    applied_at timestamptz not null default now(),
    took_ms integer not null
)
"""
INSERT = """
insert into schema_migrations (version, name, store, checksum, batch, took_ms)
values ($1, $2, $3, $4, $5, $6)
"""


@dataclass(frozen=True, slots=True)
class Entry:
    version: str
    name: str
    store: str
    checksum: str
    batch: int
    applied_at: datetime


@asynccontextmanager
async def connect(database_url: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(asyncpg_dsn(database_url), timeout=10)
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def alone(database_url: str) -> AsyncIterator[Connection]:
    """A connection while nobody else migrates; others wait. The lock goes with the connection."""
    async with connect(database_url) as connection:
        await connection.execute("select pg_advisory_lock($1)", LOCK_KEY)
        await connection.execute(CREATE)
        yield connection


async def entries(connection: Connection) -> dict[str, Entry]:
    """What is applied, by version; nothing when the table does not exist yet."""
    if await connection.fetchval("select to_regclass('schema_migrations')") is None:
        return {}
    rows = await connection.fetch(
        "select version, name, store, checksum, batch, applied_at from schema_migrations "
        "order by version"
    )
    return {row["version"]: Entry(*row.values()) for row in rows}


async def record(connection: Connection, migration: Migration, batch: int, took_ms: int) -> None:
    await connection.execute(
        INSERT,
        migration.version,
        migration.name,
        migration.store.value,
        migration.checksum,
        batch,
        took_ms,
    )


async def forget(connection: Connection, migration: Migration) -> None:
    await connection.execute("delete from schema_migrations where version = $1", migration.version)
