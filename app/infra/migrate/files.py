"""The migration files: `sql/*.up.sql` with `*.down.sql`, and `mongo_init/*.json`."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any

from bson import json_util

from app.infra.migrate.errors import (
    CommandNotRepeatable,
    DuplicateVersion,
    FoldersMissing,
    OtherHalfMissing,
    UnreadableFile,
)

ROOT = Path(__file__).parents[3]
NAME = re.compile(r"(?P<version>\d{14})_(?P<name>[a-z0-9_]+)")
# After a crash between a command and its record, the command runs again.
REPEATABLE = ("create", "createIndexes", "collMod", "drop", "dropIndexes", "update", "delete")

Command = dict[str, Any]


class Store(StrEnum):
    POSTGRES = "postgres"
    MONGO = "mongo"


@dataclass(frozen=True, slots=True)
class Folders:
    sql: Path = ROOT / "sql"
    mongo: Path = ROOT / "mongo_init"


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """One step of the schema; which of the two pairs is filled depends on the store."""

    version: str
    name: str
    store: Store
    filename: str
    checksum: str
    up_sql: str = field(default="", repr=False)
    down_sql: str = field(default="", repr=False)
    up_commands: tuple[Command, ...] = field(default=(), repr=False)
    down_commands: tuple[Command, ...] = field(default=(), repr=False)


def read_folders(folders: Folders) -> list[Migration]:
    """All migrations in the order of their versions. Raises MigrationError for a bad file."""
    for folder in (folders.sql, folders.mongo):
        if not folder.is_dir():
            raise FoldersMissing(folder)
    found = sorted(
        (*_read_sql(folders.sql), *_read_mongo(folders.mongo)), key=lambda each: each.version
    )
    for one, next_one in pairwise(found):
        if one.version == next_one.version:
            raise DuplicateVersion(one.version, [one.filename, next_one.filename])
    return found


def _read_sql(folder: Path) -> Iterator[Migration]:
    for path in sorted(folder.glob("*.sql")):
        stem, way = path.name.removesuffix(".sql"), path.suffixes[-2:-1]
        if way not in ([".up"], [".down"]):
            raise UnreadableFile(path, "the name must end with .up.sql or .down.sql")
        stem = stem.removesuffix(way[0])
        up_path, down_path = (folder / f"{stem}.{each}.sql" for each in ("up", "down"))
        for half in (up_path, down_path):
            if not half.exists():
                raise OtherHalfMissing(half)
        if path == up_path:
            version, name = _split(path, stem)
            up = up_path.read_text(encoding="utf-8")
            yield Migration(
                version=version,
                name=name,
                store=Store.POSTGRES,
                filename=path.name,
                checksum=_sha256(up),
                up_sql=up,
                down_sql=down_path.read_text(encoding="utf-8"),
            )


def _read_mongo(folder: Path) -> Iterator[Migration]:
    for path in sorted(folder.glob("*.json")):
        version, name = _split(path, path.stem)
        try:
            content = json_util.loads(path.read_text(encoding="utf-8"))
            up, down = (_commands(path, content[way]) for way in ("up", "down"))
        except (ValueError, KeyError, TypeError) as error:
            why = f'it must be EJSON {{"up": [...], "down": [...]}} ({error})'
            raise UnreadableFile(path, why) from error
        yield Migration(
            version=version,
            name=name,
            store=Store.MONGO,
            filename=path.name,
            # Of what is done, not of how the file is laid out.
            checksum=_sha256(json_util.dumps(up)),
            up_commands=up,
            down_commands=down,
        )


def _commands(path: Path, commands: list[Command]) -> tuple[Command, ...]:
    for command in commands:
        if not command:
            raise ValueError("a command is empty")
        verb = next(iter(command))
        if verb not in REPEATABLE:
            raise CommandNotRepeatable(path, verb, list(REPEATABLE))
    return tuple(commands)


def _split(path: Path, stem: str) -> tuple[str, str]:
    match = NAME.fullmatch(stem)
    if match is None:
        raise UnreadableFile(path, "the name must begin with yyyymmddHHMMSS_ and a lower-case name")
    return match["version"], match["name"]


def _sha256(text: str) -> str:
    """Over text as read, so that a checkout with other line endings is the same."""
    return hashlib.sha256(text.encode()).hexdigest()
