"""Mongo commands run so that running them twice is the same as once."""

from collections.abc import Sequence
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import OperationFailure

from app.infra.migrate.files import Command

NAMESPACE_NOT_FOUND, INDEX_NOT_FOUND, NAMESPACE_EXISTS = 26, 27, 48

Database = AsyncDatabase[dict[str, Any]]


async def run_commands(database: Database, commands: Sequence[Command]) -> None:
    """Raises OperationFailure when the database refuses one."""
    for command in commands:
        verb = next(iter(command))
        try:
            reply = await database.command(command)
        except OperationFailure as refused:
            if not await _was_done_before(database, verb, command, refused.code):
                raise
        else:
            if mistakes := reply.get("writeErrors"):
                first = mistakes[0]
                raise OperationFailure(f"{verb}: {first.get('errmsg')}", first.get("code"))


async def _was_done_before(
    database: Database, verb: str, command: Command, code: int | None
) -> bool:
    if verb == "create" and code == NAMESPACE_EXISTS:
        return await _is_the_same_collection(database, command)
    gone = {"drop": (NAMESPACE_NOT_FOUND,), "dropIndexes": (NAMESPACE_NOT_FOUND, INDEX_NOT_FOUND)}
    return code in gone.get(verb, ())


async def _is_the_same_collection(database: Database, command: Command) -> bool:
    cursor = await database.list_collections(filter={"name": command["create"]})
    existing = await cursor.to_list()
    options = existing[0].get("options", {}) if existing else {}
    return all(options.get(key) == wanted for key, wanted in command.items() if key != "create")
