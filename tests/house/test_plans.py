"""In a clinic of many years nothing that is read from a page reads a large table from end to end.

Every address that can be read is read by everybody who may, with every question its description
knows; then every sweep has its round. Postgres is asked how it runs each statement it was sent.
DRA_PLANS_SCALE=1 asks at 100,000 patients, a million appointments and two million notes.
"""

import os
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import httpx2
import pytest

from app.cli.seeding_volume import patient_id, seed_volume, write_histories
from app.infra.embedded import StoreUrls
from app.infra.uow import Works
from app.kernel.actors import Role
from app.kernel.clock import SystemClock
from app.main import create_app
from app.settings import Settings
from app.worker import sweeps
from tests.builders.identity import a_user
from tests.conftest import Client, signed_in
from tests.fixtures.statements import Sent, heard
from tests.fixtures.stores import Databases
from tests.fuzz.population import populate
from tests.fuzz.streams import streams
from tests.house.routes import every_route
from tests.scheduling.calendar.plans import of_json, scans

SCALE = float(os.environ.get("DRA_PLANS_SCALE", "0.04"))
LARGE_PAGES = 600  # of eight KiB
READERS = (Role.DOCTOR, Role.NURSE, Role.RECEPTIONIST, Role.ADMIN)
WORDS = {"q": "mirfel 1979"}
PLANNED = ("select", "with", "insert", "update", "delete")
PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")
LARGE = """
select relname from pg_class join pg_namespace on pg_namespace.oid = relnamespace
where relkind = 'r' and nspname = 'public' and relpages > $1
"""


@pytest.fixture
def database_url(databases: Databases, migrated_template: str) -> Iterator[str]:
    """One of its own: nobody else should have to empty it."""
    with databases.copied(migrated_template) as url:
        yield url


@asynccontextmanager
async def site(settings: Settings, urls: StoreUrls) -> AsyncIterator[tuple[Works, Client, Any]]:
    app = create_app(settings, urls, SystemClock())
    async with app.router.lifespan_context(app) as state:

        async def with_state(scope: Any, receive: Any, send: Any) -> None:
            scope["state"] = dict(state or {})
            await app(scope, receive, send)

        transport = httpx2.ASGITransport(cast("Any", with_state))
        async with httpx2.AsyncClient(transport=transport, base_url="http://testserver") as client:
            yield cast("dict[str, Any]", state)["works"], client, app


def questions(app: Any, path: str, ids: dict[str, tuple[UUID, ...]]) -> Iterator[dict[str, str]]:
    """None, and each that the description of the address knows, on its own."""
    yield {}
    described = app.openapi()["paths"].get(path, {}).get("get", {}).get("parameters", ())
    for name in (each["name"] for each in described if each["in"] == "query"):
        if name in ids:
            yield {name: str(ids[name][0])}
        elif name in WORDS:
            yield {name: WORDS[name]}


def addresses(path: str, ids: dict[str, tuple[UUID, ...]]) -> Iterator[str]:
    """The address with ids that exist; none where we have nothing of that kind."""
    wanted = PARAMETER.findall(path)
    if all(name in ids for name in wanted):
        yield PARAMETER.sub(lambda found: str(ids[found[1]][0]), path)


async def read_everything(
    app: Any, readers: dict[Role, Client], ids: dict[str, tuple[UUID, ...]]
) -> AsyncIterator[str]:
    endless = streams(app.openapi())
    for reached in every_route(app.router.routes):
        if reached.method != "GET" or reached.path in endless:
            continue
        for address in addresses(reached.path, ids):
            for role, reader in readers.items():
                if role not in reached.roles:
                    continue
                for asked in questions(app, reached.path, ids):
                    answer = await reader.get(address, params=asked)
                    assert answer.status_code < 500, f"{address} {asked}: {answer.text}"
                    yield f"{role} GET {reached.path} {asked}"
                    if (after := cursor_in(answer)) is not None:
                        await reader.get(address, params={**asked, "cursor": after})
                        yield f"{role} GET {reached.path} {asked}, a later page"


def cursor_in(answer: Any) -> str | None:
    if not answer.headers.get("content-type", "").startswith("application/json"):
        return None
    found = answer.json()
    return cast("str | None", found.get("next_cursor")) if isinstance(found, dict) else None


async def large_tables(works: Works) -> set[str]:
    async with works.sessions() as db:
        driver = (await (await db.connection()).get_raw_connection()).driver_connection
        assert driver is not None
        return {row["relname"] for row in await driver.fetch(LARGE, LARGE_PAGES)}


async def scanned_by(works: Works, statement: Sent) -> set[str]:
    """Tables of any size that Postgres would read from end to end for this statement."""
    async with works.sessions() as db:
        connection = await db.connection()
        explained = f"explain (format json) {statement.sql}"
        plan = (await connection.exec_driver_sql(explained, statement.arguments)).scalar_one()
        return {node["Relation Name"] for node in scans(of_json(plan)[0]["Plan"])}


async def test_no_large_table_is_read_from_end_to_end(
    settings: Settings, urls: StoreUrls, works: Works
) -> None:
    await seed_volume(urls.database_url, SCALE)
    works = replace(works, clock=SystemClock())
    await write_histories(works, SCALE)
    people = {role: await a_user(works, role) for role in READERS}
    ids = (await populate(works, people[Role.DOCTOR])).ids
    ids = {**ids, "patient_id": (patient_id(7), *ids["patient_id"])}
    asked: dict[str, str] = {}
    statements: dict[str, Sent] = {}

    async with site(settings, urls) as (inside, client, app), AsyncExitStack() as doors:
        readers = {
            role: await doors.enter_async_context(signed_in(client, role.value)) for role in READERS
        }
        async with heard(inside) as sent:

            def keep(by: str) -> None:
                for each in sent:
                    if each.sql.lstrip().lower().startswith(PLANNED) and each.sql not in asked:
                        asked[each.sql], statements[each.sql] = by, each
                sent.clear()

            async for by in read_everything(app, readers, ids):
                keep(by)
            for sweep in sweeps(
                settings, inside, cast("Any", SimpleNamespace(sweep=idle, tidy=idle))
            ):
                await sweep.run()
                keep(f"sweep {sweep.name}")
        large = await large_tables(inside)
        assert {"appointments", "encounters", "notes", "timeline_entries"} <= large
        found = [
            f"{table} for {asked[sql]}: {' '.join(sql.split())}"
            for sql, statement in statements.items()
            for table in await scanned_by(inside, statement) & large
        ]
    assert len(statements) > 250
    assert not found, "\n".join(found)


async def idle() -> None:
    """Where the speech engine would look for work."""
