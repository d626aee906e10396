"""Carrying out a list of migrations, one transaction per SQL file."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import asyncpg
from pymongo.errors import OperationFailure, PyMongoError

from app.infra.migrate import ledger
from app.infra.migrate.errors import MigrationFailed
from app.infra.migrate.files import Migration, Store
from app.infra.migrate.mongo import Database, run_commands
from app.infra.mongo import DEFAULT_DATABASE, open_mongo


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One migration done, or, in a dry run, one that would be done (`took_ms` is None)."""

    direction: Direction
    migration: Migration
    position: int
    total: int
    took_ms: int | None = None
    out_of_order: bool = False


OnStep = Callable[[Step], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do, in order; a batch is all that one `up` applied."""

    direction: Direction
    migrations: Sequence[Migration]
    batch: int = 0
    newest_applied: str = ""

    def preview(self, on_step: OnStep | None) -> list[Step]:
        steps = [self._step(position) for position in range(1, len(self.migrations) + 1)]
        for step in steps:
            if on_step is not None:
                on_step(step)
        return steps

    async def carry_out(
        self, connection: ledger.Connection, mongo_url: str, on_step: OnStep | None
    ) -> list[Step]:
        """Raises MigrationFailed; the steps before it stay done."""
        done: list[Step] = []
        async with open_mongo(mongo_url) as mongo:
            database = mongo.get_default_database(DEFAULT_DATABASE)
            for position, migration in enumerate(self.migrations, start=1):
                began = time.perf_counter()
                await self._do(connection, database, migration, began)
                done.append(self._step(position, _milliseconds_since(began)))
                if on_step is not None:
                    on_step(done[-1])
        return done

    def _step(self, position: int, took_ms: int | None = None) -> Step:
        migration = self.migrations[position - 1]
        return Step(
            direction=self.direction,
            migration=migration,
            position=position,
            total=len(self.migrations),
            took_ms=took_ms,
            out_of_order=migration.version < self.newest_applied,
        )

    async def _do(
        self,
        connection: ledger.Connection,
        database: Database,
        migration: Migration,
        began: float,
    ) -> None:
        going_up = self.direction is Direction.UP
        try:
            if migration.store is Store.MONGO:
                # First the commands, then the record: a crash between runs them again, and
                # every command we allow may run again.
                commands = migration.up_commands if going_up else migration.down_commands
                await run_commands(database, commands)
            async with connection.transaction():
                if migration.store is Store.POSTGRES:
                    await connection.execute(migration.up_sql if going_up else migration.down_sql)
                if going_up:
                    took_ms = _milliseconds_since(began)
                    await ledger.record(connection, migration, self.batch, took_ms)
                else:
                    await ledger.forget(connection, migration)
        except (asyncpg.PostgresError, PyMongoError) as refused:
            raise MigrationFailed(migration.filename, _why(refused)) from refused


def _milliseconds_since(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)


def _why(refused: Exception) -> str:
    """The store's message without its DETAIL, which may quote a row."""
    if isinstance(refused, asyncpg.PostgresError):
        return f"{refused.args[0]} (SQLSTATE {refused.sqlstate})"
    if isinstance(refused, OperationFailure):
        return f"{refused.code} {(refused.details or {}).get('codeName', '')}".strip()
    return type(refused).__name__
