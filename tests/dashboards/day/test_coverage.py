"""Whatever a day shows, no change of it goes unnoticed: by table, by column, and by verb."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from app.dashboards.day.repository import BUILD
from app.infra.postgres import asyncpg_dsn
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.days import FullDay, a_full_day

COUNTING = {"day_versions", "day_changes"}
CHANGES = "select change from unnest(array['INSERT', 'UPDATE', 'DELETE']) as change"
WATCHED = """
select relname, event from pg_trigger
join pg_class on pg_class.oid = tgrelid join pg_proc on pg_proc.oid = tgfoid
cross join (values ('INSERT', 4), ('DELETE', 8), ('UPDATE', 16)) as events (event, bit)
where proname like 'change\\_day%' and tgtype & bit > 0 and tgenabled = 'O'
"""
COLUMNS = """
select relname, attname, atttypid::regtype::text as kind
from pg_attribute join pg_class on pg_class.oid = attrelid
where relname = any($1) and attnum > 0 and not attisdropped and attgenerated = '' and relkind = 'r'
order by relname, attnum
"""
CHECKS = """
select conrelid::regclass::text as of, pg_get_constraintdef(oid) as said
from pg_constraint where contype = 'c'
"""


@pytest.fixture
async def full(works: Works, doctor: Actor, receptionist: Actor, admin: Actor) -> FullDay:
    return await a_full_day(works, doctor, receptionist, admin)


@pytest.fixture
async def asked(works: Works, doctor: Actor) -> list[Any]:
    midnight = works.clock.now().replace(hour=0)
    return BUILD.arguments(
        {
            "who": doctor.id,
            "now": works.clock.now(),
            "day": midnight.date(),
            "day_from": midnight,
            "day_until": midnight + timedelta(days=1),
        }
    )


@pytest.fixture
async def connection(urls: Any) -> Any:
    opened = await asyncpg.connect(asyncpg_dsn(urls.database_url))
    yield opened
    await opened.close()


def tables_in(plan: Any) -> Iterator[str]:
    if isinstance(plan, dict):
        if name := plan.get("Relation Name"):
            yield name
        plan = list(plan.values())
    if isinstance(plan, list):
        for each in plan:
            yield from tables_in(each)


async def tables_read(connection: Any, asked: list[Any]) -> set[str]:
    plan = await connection.fetchval(f"explain (format json) {BUILD.sql}", *asked)
    return set(tables_in(json.loads(plan))) - COUNTING


async def test_every_table_a_day_is_read_from_is_watched(
    connection: Any, asked: list[Any], full: FullDay
) -> None:
    read = await tables_read(connection, asked)
    assert {"appointments", "notes", "work_items", "crisis_steps", "break_glass_grants"} <= read
    watched = {tuple(row) for row in await connection.fetch(WATCHED)}
    changes = [row["change"] for row in await connection.fetch(CHANGES)]
    # A patient who was registered just now is in nobody's day before a row says so.
    unseen = {("patients", "INSERT")}
    assert {(table, change) for table in read for change in changes} - watched - unseen == set()


def others(kind: str, words: list[str]) -> list[str]:
    """Values, as SQL, of which one at least is another than what is there and allowed."""
    by_kind = {
        "uuid": ["(select id from {table} limit 1)", f"'{uuid4()}'", "null"],
        "text": [*(f"'{word}'" for word in words), "'other'", "null"],
        "timestamp with time zone": [
            "{column} + interval '1 minute'",
            "'2026-03-02 09:20Z'",
            "null",
        ],
        "integer": ["{column} + 1", "0", "null"],
        "boolean": ["not {column}"],
        "uuid[]": [f"array['{uuid4()}'::uuid]", "'{{}}'"],
    }
    return by_kind.get(kind, [])


async def test_no_column_changes_what_is_shown_without_changing_the_version(
    connection: Any, asked: list[Any], full: FullDay
) -> None:
    """Each column of each table read is changed, row by row, in every way the database allows."""
    read = await tables_read(connection, asked)
    checks = await connection.fetch(CHECKS)
    before = await connection.fetchrow(BUILD.sql, *asked)
    tried, seen, missed = 0, set(), []
    for table, column, kind in await connection.fetch(COLUMNS, sorted(read)):
        words = [
            word
            for of, said in checks
            if of == table and column in said
            for word in re.findall(r"'([a-z_-]+)'::text", said)
        ]
        for other in others(kind, words):
            value = other.replace("{table}", await target(connection, table, column))
            value = value.replace("{column}", column)
            change = (
                f"update {table} set {column} = {value} where {column} is distinct from {value}"
            )
            after = await changed(connection, change, asked)
            tried += after is not None
            if after is not None and after["body"] != before["body"]:
                seen.add((table, column))
                if after["version"] == before["version"]:
                    missed.append(change)
    assert missed == []
    assert tried > 200, "hardly anything was changed"
    assert len(seen) > 40, "hardly anything was seen"


async def target(connection: Any, table: str, column: str) -> str:
    """The table a foreign key points to, or the table itself."""
    said = """
        select confrelid::regclass::text from pg_constraint
        where contype = 'f' and conrelid = $1::text::regclass and conkey = array[(
            select attnum from pg_attribute where attrelid = $1::text::regclass and attname = $2)]
    """
    return await connection.fetchval(said, table, column) or table


async def changed(connection: Any, change: str, asked: list[Any]) -> Any:
    """The day after this change, which is taken back; None: the database refuses it."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        done = await connection.execute(change)
        return None if done == "UPDATE 0" else await connection.fetchrow(BUILD.sql, *asked)
    except asyncpg.PostgresError:
        return None
    finally:
        await transaction.rollback()
