"""The runner against real stores."""

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from pymongo import AsyncMongoClient
from pymongo.errors import WriteError

from app.infra import migrate
from tests.fixtures.stores import ROOT
from tests.infra.migrate.conftest import Line


async def ask(database_url: str, query: str) -> Any:
    connection = await asyncpg.connect(database_url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def collections(mongo_url: str) -> list[str]:
    async with AsyncMongoClient[dict[str, Any]](mongo_url) as client:
        return await client.get_default_database().list_collection_names()


def versions(steps: list[migrate.Step]) -> list[str]:
    return [step.migration.version[-2:] for step in steps]


async def test_up_applies_both_stores_in_one_order_and_only_once(
    empty_database_url: str, empty_mongo_url: str, clinic: Line
) -> None:
    seen: list[tuple[int, int]] = []
    steps = await migrate.up(
        empty_database_url,
        empty_mongo_url,
        folders=clinic.folders,
        on_step=lambda step: seen.append((step.position, step.total)),
    )
    assert versions(steps) == ["01", "02", "03"]
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert await ask(empty_database_url, "select count(name) + count(*) from people") == 2
    assert await collections(empty_mongo_url) == ["letters"]
    assert await migrate.up(empty_database_url, empty_mongo_url, folders=clinic.folders) == []


async def test_a_validator_from_a_migration_refuses_documents(
    empty_database_url: str, empty_mongo_url: str, clinic: Line
) -> None:
    await migrate.up(empty_database_url, empty_mongo_url, folders=clinic.folders)
    async with AsyncMongoClient[dict[str, Any]](empty_mongo_url) as client:
        with pytest.raises(WriteError):
            await client.get_default_database().letters.insert_one({"person": 1})


async def test_up_stops_at_the_named_version(
    empty_database_url: str, empty_mongo_url: str, clinic: Line
) -> None:
    where = (empty_database_url, empty_mongo_url)
    first = await migrate.up(*where, folders=clinic.folders, to="20260101000002")
    assert versions(first) == ["01", "02"]
    assert await migrate.pending(empty_database_url, folders=clinic.folders) == ["20260101000003"]
    with pytest.raises(migrate.UnknownVersion):
        await migrate.up(*where, folders=clinic.folders, to="20260101000009")


async def test_down_takes_back_the_newest_first_and_up_brings_all_again(
    empty_database_url: str, empty_mongo_url: str, clinic: Line
) -> None:
    where = (empty_database_url, empty_mongo_url)
    await migrate.up(*where, folders=clinic.folders)
    assert versions(await migrate.down(*where, folders=clinic.folders)) == ["03"]
    assert versions(await migrate.down(*where, folders=clinic.folders, steps=2)) == ["02", "01"]
    assert await collections(empty_mongo_url) == []
    assert await ask(empty_database_url, "select to_regclass('people')") is None
    assert versions(await migrate.up(*where, folders=clinic.folders)) == ["01", "02", "03"]


async def test_down_by_batch_takes_back_what_one_up_applied(
    empty_database_url: str, empty_mongo_url: str, clinic: Line
) -> None:
    where = (empty_database_url, empty_mongo_url)
    await migrate.up(*where, folders=clinic.folders, to="20260101000001")
    await migrate.up(*where, folders=clinic.folders)
    undone = await migrate.down(*where, folders=clinic.folders, whole_batch=True)
    assert versions(undone) == ["03", "02"]


async def test_a_failing_file_leaves_nothing_behind_and_what_came_before_stays(
    empty_database_url: str, empty_mongo_url: str, clinic: Line
) -> None:
    clinic.sql(4, "broken", up="create table halfway (); select no_such_function();")
    with pytest.raises(migrate.MigrationFailed, match=r"04_broken\.up\.sql.*no_such_function"):
        await migrate.up(empty_database_url, empty_mongo_url, folders=clinic.folders)
    assert await ask(empty_database_url, "select to_regclass('halfway')") is None
    assert await migrate.pending(empty_database_url, folders=clinic.folders) == ["20260101000004"]


async def test_an_edited_applied_file_is_refused_by_name(
    empty_database_url: str, empty_mongo_url: str, clinic: Line
) -> None:
    where = (empty_database_url, empty_mongo_url)
    await migrate.up(*where, folders=clinic.folders)
    edited = clinic.sql(1, "people", up="create table persons ()")
    for verb in (migrate.up, migrate.down):
        with pytest.raises(migrate.ChecksumMismatch, match=edited.name):
            await verb(*where, folders=clinic.folders)
    rows = await migrate.status(empty_database_url, folders=clinic.folders)
    assert [row.state for row in rows] == ["changed", "applied", "applied"]


async def test_an_edited_mongo_file_is_refused_but_its_layout_is_free(
    empty_database_url: str, empty_mongo_url: str, line: Line
) -> None:
    where = (empty_database_url, empty_mongo_url)
    path = line.mongo(1, "letters", up=[{"create": "letters"}], down=[{"drop": "letters"}])
    await migrate.up(*where, folders=line.folders)
    path.write_text(path.read_text().replace(" ", "\n   "))
    assert await migrate.up(*where, folders=line.folders) == []
    path.write_text(path.read_text().replace("letters", "papers"))
    with pytest.raises(migrate.ChecksumMismatch, match=path.name):
        await migrate.up(*where, folders=line.folders)


async def test_a_missing_applied_file_is_refused(
    empty_database_url: str, empty_mongo_url: str, clinic: Line
) -> None:
    where = (empty_database_url, empty_mongo_url)
    await migrate.up(*where, folders=clinic.folders)
    for half in ("up", "down"):
        (clinic.folders.sql / f"20260101000003_names.{half}.sql").unlink()
    with pytest.raises(migrate.FileMissing, match="20260101000003_names"):
        await migrate.up(*where, folders=clinic.folders)
    rows = await migrate.status(empty_database_url, folders=clinic.folders)
    assert rows[-1].state is migrate.State.MISSING


async def test_a_late_file_from_another_branch_is_applied_and_reported(
    empty_database_url: str, empty_mongo_url: str, line: Line
) -> None:
    where = (empty_database_url, empty_mongo_url)
    line.sql(5, "first_merged", up="select 1")
    await migrate.up(*where, folders=line.folders)
    line.sql(4, "merged_later", up="select 1")
    line.sql(6, "new", up="select 1")
    steps = await migrate.up(*where, folders=line.folders)
    assert [(step.migration.name, step.out_of_order) for step in steps] == [
        ("merged_later", True),
        ("new", False),
    ]


async def test_mongo_commands_done_before_a_crash_are_done_again_without_harm(
    empty_database_url: str, empty_mongo_url: str, clinic: Line
) -> None:
    where = (empty_database_url, empty_mongo_url)
    await migrate.up(*where, folders=clinic.folders, to="20260101000002")
    # As if we had died between the commands and their record, on the way up and down.
    forget = "delete from schema_migrations where version = '20260101000002' returning version"
    assert await ask(empty_database_url, forget)
    assert versions(await migrate.up(*where, folders=clinic.folders)) == ["02", "03"]
    async with AsyncMongoClient[dict[str, Any]](empty_mongo_url) as client:
        await client.get_default_database().drop_collection("letters")
    assert versions(await migrate.down(*where, folders=clinic.folders, steps=2)) == ["03", "02"]


async def test_a_collection_that_exists_with_other_rules_is_not_taken_for_ours(
    empty_database_url: str, empty_mongo_url: str, clinic: Line
) -> None:
    async with AsyncMongoClient[dict[str, Any]](empty_mongo_url) as client:
        await client.get_default_database().create_collection("letters")
    with pytest.raises(migrate.MigrationFailed, match="NamespaceExists"):
        await migrate.up(empty_database_url, empty_mongo_url, folders=clinic.folders)


async def test_two_processes_that_start_at_once_apply_everything_once(
    empty_database_url: str, empty_mongo_url: str, line: Line
) -> None:
    for number in range(1, 9):
        # Not repeatable on purpose: applied twice, it would fail.
        line.sql(number, f"table_{number}", up=f"create table t{number} (); select pg_sleep(0.02)")
    script = (
        "import asyncio, sys; from pathlib import Path; from app.infra import migrate; "
        "folders = migrate.Folders(Path(sys.argv[3]), Path(sys.argv[4])); "
        "print(len(asyncio.run(migrate.up(sys.argv[1], sys.argv[2], folders=folders))))"
    )
    folders = (str(line.folders.sql), str(line.folders.mongo))
    racers = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", script, empty_database_url, empty_mongo_url, *folders),
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    said = [(await racer.communicate())[0] for racer in racers]
    assert [racer.returncode for racer in racers] == [0, 0]
    assert sum(int(each) for each in said) == 8
    assert await migrate.pending(empty_database_url, folders=line.folders) == []


async def test_a_dry_run_tells_and_changes_nothing(
    empty_database_url: str, empty_mongo_url: str, clinic: Line
) -> None:
    where = (empty_database_url, empty_mongo_url)
    told: list[migrate.Step] = []
    planned = await migrate.up(*where, folders=clinic.folders, dry_run=True, on_step=told.append)
    assert told == planned
    assert versions(planned) == ["01", "02", "03"]
    assert {step.took_ms for step in planned} == {None}
    assert await ask(empty_database_url, "select to_regclass('schema_migrations')") is None
    await migrate.up(*where, folders=clinic.folders)
    planned = await migrate.refresh(
        *where, environment="test", folders=clinic.folders, dry_run=True
    )
    assert versions(planned) == ["03", "02", "01", "01", "02", "03"]
    assert await migrate.pending(empty_database_url, folders=clinic.folders) == []


async def test_refresh_and_reset_empty_the_stores_in_development_only(
    empty_database_url: str, empty_mongo_url: str, clinic: Line
) -> None:
    where = (empty_database_url, empty_mongo_url)
    await migrate.up(*where, folders=clinic.folders)
    for verb in (migrate.reset, migrate.refresh):
        with pytest.raises(migrate.ResetRefused, match="production"):
            await verb(*where, environment="production", folders=clinic.folders)
    await ask(empty_database_url, "insert into people values (3) returning id")
    await migrate.refresh(*where, environment="test", folders=clinic.folders)
    assert await ask(empty_database_url, "select count(*) from people") == 2
    await migrate.reset(*where, environment="development", folders=clinic.folders)
    assert await collections(empty_mongo_url) == []


async def test_the_projects_own_migrations_go_up_and_down_and_up_again(
    empty_database_url: str, empty_mongo_url: str
) -> None:
    where = (empty_database_url, empty_mongo_url)
    applied = await migrate.up(*where)
    await migrate.reset(*where, environment="test")
    left = "select count(*) from pg_class where relnamespace = 'public'::regnamespace"
    own = "and relname not like 'schema_migrations%'"
    assert await ask(empty_database_url, f"{left} {own}") == 0
    functions = "select count(*) from pg_proc where pronamespace = 'public'::regnamespace"
    assert await ask(empty_database_url, functions) == 0
    assert await collections(empty_mongo_url) == []
    assert versions(await migrate.up(*where)) == versions(applied)


def test_the_folders_lie_beside_the_package() -> None:
    assert migrate.Folders() == migrate.Folders(ROOT / "sql", ROOT / "mongo_init")
    assert Path(ROOT / "sql").is_dir()
