"""Up, down and status of both stores; safe when two processes start at once."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.infra.migrate import ledger
from app.infra.migrate.errors import (
    ChecksumMismatch,
    FileMissing,
    ResetRefused,
    UnknownVersion,
)
from app.infra.migrate.files import Folders, Migration, Store, read_folders
from app.infra.migrate.steps import Direction, OnStep, Plan, Step

RESETTABLE = frozenset({"development", "test"})


class State(StrEnum):
    PENDING = "pending"
    APPLIED = "applied"
    CHANGED = "changed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where one migration stands; pending ones have no batch and no time."""

    version: str
    name: str
    store: Store
    state: State
    batch: int | None = None
    applied_at: datetime | None = None


Applied = Mapping[str, ledger.Entry]


async def up(
    database_url: str,
    mongo_url: str,
    *,
    folders: Folders | None = None,
    to: str | None = None,
    dry_run: bool = False,
    on_step: OnStep | None = None,
) -> list[Step]:
    """Apply what is pending, up to and including a version, as one batch.

    A pending migration older than an applied one (two branches merged) is applied too and
    reported as out of order. Raises MigrationError; what was applied before stays applied.
    """
    known = read_folders(folders or Folders())
    if to is not None and to not in {each.version for each in known}:
        raise UnknownVersion(to)
    async with _opened(database_url, dry_run=dry_run) as connection:
        applied = await ledger.entries(connection)
        _refuse_drift(known, applied)
        plan = Plan(
            direction=Direction.UP,
            migrations=[
                each
                for each in known
                if each.version not in applied and (to is None or each.version <= to)
            ],
            batch=_last_batch(applied) + 1,
            newest_applied=max(applied, default=""),
        )
        if dry_run:
            return plan.preview(on_step)
        return await plan.carry_out(connection, mongo_url, on_step)


async def down(
    database_url: str,
    mongo_url: str,
    *,
    folders: Folders | None = None,
    steps: int | None = 1,
    whole_batch: bool = False,
    dry_run: bool = False,
    on_step: OnStep | None = None,
) -> list[Step]:
    """Take back the newest migrations: so many steps, the whole last batch, or all (None)."""
    known = read_folders(folders or Folders())
    async with _opened(database_url, dry_run=dry_run) as connection:
        applied = await ledger.entries(connection)
        _refuse_drift(known, applied)
        todo = [each for each in reversed(known) if each.version in applied]
        if whole_batch:
            last = _last_batch(applied)
            todo = [each for each in todo if applied[each.version].batch == last]
        elif steps is not None:
            todo = todo[:steps]
        plan = Plan(direction=Direction.DOWN, migrations=todo)
        if dry_run:
            return plan.preview(on_step)
        return await plan.carry_out(connection, mongo_url, on_step)


async def reset(
    database_url: str,
    mongo_url: str,
    *,
    environment: str,
    folders: Folders | None = None,
    dry_run: bool = False,
    on_step: OnStep | None = None,
) -> list[Step]:
    """Take back everything. Raises ResetRefused outside development and test."""
    if environment not in RESETTABLE:
        raise ResetRefused(environment)
    return await down(
        database_url, mongo_url, folders=folders, steps=None, dry_run=dry_run, on_step=on_step
    )


async def refresh(
    database_url: str,
    mongo_url: str,
    *,
    environment: str,
    folders: Folders | None = None,
    dry_run: bool = False,
    on_step: OnStep | None = None,
) -> list[Step]:
    """Take back everything and apply it again. Raises ResetRefused as `reset` does."""
    undone = await reset(
        database_url,
        mongo_url,
        environment=environment,
        folders=folders,
        dry_run=dry_run,
        on_step=on_step,
    )
    if dry_run:
        known = read_folders(folders or Folders())
        return undone + Plan(direction=Direction.UP, migrations=known).preview(on_step)
    return undone + await up(database_url, mongo_url, folders=folders, on_step=on_step)


async def status(database_url: str, *, folders: Folders | None = None) -> list[Status]:
    """Every known or applied migration in order; changes nothing and waits for nobody."""
    known = {each.version: each for each in read_folders(folders or Folders())}
    async with ledger.connect(database_url) as connection:
        applied = await ledger.entries(connection)
    return [
        _status_of(known.get(version), applied.get(version))
        for version in sorted(known.keys() | applied.keys())
    ]


async def pending(database_url: str, *, folders: Folders | None = None) -> list[str]:
    """The versions that keep this installation from being ready: none when all is well."""
    rows = await status(database_url, folders=folders)
    return [row.version for row in rows if row.state is not State.APPLIED]


@asynccontextmanager
async def _opened(database_url: str, *, dry_run: bool) -> AsyncIterator[ledger.Connection]:
    """A dry run neither waits for the lock nor makes the ledger."""
    opened = ledger.connect if dry_run else ledger.alone
    async with opened(database_url) as connection:
        yield connection


def _refuse_drift(known: Sequence[Migration], applied: Applied) -> None:
    files = {each.version: each for each in known}
    for version, entry in applied.items():
        file = files.get(version)
        if file is None:
            raise FileMissing(version, entry.name)
        if file.checksum != entry.checksum:
            raise ChecksumMismatch(file.filename)


def _last_batch(applied: Applied) -> int:
    return max((entry.batch for entry in applied.values()), default=0)


def _status_of(file: Migration | None, entry: ledger.Entry | None) -> Status:
    known = file or entry
    assert known is not None, "a version comes from a file or from the ledger"
    match file, entry:
        case _, None:
            state = State.PENDING
        case None, _:
            state = State.MISSING
        case _:
            state = State.APPLIED if file.checksum == entry.checksum else State.CHANGED
    return Status(
        version=known.version,
        name=known.name,
        store=Store(known.store),
        state=state,
        batch=entry.batch if entry else None,
        applied_at=entry.applied_at if entry else None,
    )
