"""A doctor's day: as it is kept, as it is built, and beside a bare endpoint with the same bytes.

    python -m benchmarks.dashboard [--clients 32] [--seconds 0.5] [--rounds 20]

Requests are handed to the whole application by many clients at once, each way in turn. The bare
endpoint is of the same application behind the same authentication and does nothing but return the
bytes; the second one leaves a trace in the audit trail as everything about patients must. Built
days are compared with the same statements alone, sent by the driver. Only ratios count beyond this
machine. All names are invented. DATABASE_URL, MONGO_URL and REDIS_URL name other servers; the
database must be empty.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
from fastapi import Request, Response

from app import audit, identity
from app.dashboards import day
from app.dashboards.day.repository import BUILD, PLANNED_ONCE
from app.infra import migrate
from app.infra.embedded import EmbeddedStores, StoreUrls
from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.routing import api_router
from app.infra.postgres import asyncpg_dsn
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.main import create_app
from app.settings import Settings
from benchmarks.calendar_reads import Asker

SETUP = Actor.system("benchmark")
PASSWORD = "plum-harbour-lantern"  # noqa: S105 of nobody but this run
CACHED_TARGET, UNCACHED_TARGET = 0.8, 1.5
# Thirty patients today, years of visits and texts behind them, a queue of two thousand.
FILL = """
insert into rooms (id, name) values (md5('r')::uuid, 'Room 1');
insert into visit_types (id, name, duration_minutes, color)
    values (md5('v')::uuid, 'Consultation', 15, 'blue');
insert into patients (id, mrn, given_name, family_name, birth_date, sex, created_by, created_at,
        updated_at, search_text)
    select md5('p' || i)::uuid, 'MRN-' || 500000 + i, 'Given' || i, 'Family' || i % 500,
        date '1930-01-01' + i % 30000, 'unknown', '{doctor}', now(), now(), 'family' || i
    from generate_series(0, {patients} - 1) i;
insert into risk_states (patient_id, level, floor, decided_by, decided_at)
    select md5('p' || i)::uuid, 'low', 'low', '{doctor}', now() from generate_series(0, 999) i;
insert into appointments (id, status, practitioner_id, patient_id, patient_name, visit_type_id,
        room_id, starts_at, ends_at, practitioner_share, reason, created_by, created_at)
    select md5('a' || i)::uuid, 'booked', '{doctor}', md5('p' || i)::uuid, 'Given', md5('v')::uuid,
        md5('r')::uuid, at, at + interval '15 minutes', int4range(0, 27720), 'cough', '{doctor}',
        now()
    from (select i, date_trunc('day', now()) + i / 30 * interval '-1 day'
        + interval '7 hours' + i % 30 * interval '20 minutes' as at
        from generate_series(0, {appointments} - 1) i) as places;
insert into encounters (id, patient_id, practitioner_id, kind, status, started_at)
    select md5('e' || i)::uuid, md5('p' || i % {patients})::uuid, '{doctor}', 'walk-in',
        'completed', now() - i * interval '30 minutes'
    from generate_series(1, {notes}) i;
insert into notes (id, encounter_id, patient_id, type, status, author_id, working_version,
        versions_used, revision, signed_at, content_sha256, created_at, updated_at)
    select md5('n' || i)::uuid, e.id, e.patient_id, 'soap', case when i < 20 then 'draft'
        else 'signed' end, '{doctor}', case when i < 20 then 2 end, 2,
        case when i < 20 then 0 else 1 end, case when i >= 20 then e.started_at end,
        case when i >= 20 then 'x' end, e.started_at, e.started_at
    from generate_series(1, {notes}) i join encounters e on e.id = md5('e' || i)::uuid;
insert into work_items (id, kind, type, status, severity, title, pool_id, patient_id, due_at,
        last_occurred_at, created_by, created_at)
    select md5('w' || i)::uuid, 'task', 'task', 'ready', 'medium', 'Task ' || i,
        '00000000-0000-4000-8000-0000000000a2', md5('p' || i % {patients})::uuid,
        now() + i * interval '1 minute', now(), '{doctor}', now()
    from generate_series(1, {items}) i;
"""
Ask = Callable[[], Awaitable[Any]]

bare = api_router("/bare", "benchmark")
DOCTORS = [allow(Role.DOCTOR)]
BYTES: list[bytes] = []


@bare.get("/bytes", dependencies=DOCTORS)
async def same_bytes(request: Request) -> Response:
    """The same bytes, and nothing else."""
    return Response(BYTES[0], media_type="application/json")


@bare.get("/traced", dependencies=DOCTORS)
async def same_bytes_with_a_trace(uow: Uow) -> Response:
    """The same bytes, and who has seen them."""
    await audit.record(uow, "dashboard.read")
    return Response(BYTES[0], media_type="application/json")


@dataclass
class Way:
    what: str
    ask: Ask
    rates: list[float]


async def rate_of(ask: Ask, clients: int, seconds: float) -> float:
    """Answers a second."""
    answered, over_at = 0, time.perf_counter() + seconds

    async def client() -> None:
        nonlocal answered
        while time.perf_counter() < over_at:
            await ask()
            answered += 1

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return answered / (time.perf_counter() - began)


async def served(asker: Asker, asked: argparse.Namespace) -> bool:
    """Kept days beside the bare endpoints, by throughput."""
    body, _ = await asker.request("GET", "/dashboards/me")
    BYTES.append(body)
    ways = [
        Way(what, lambda path=path: asker.request("GET", path), [])  # type: ignore[misc]
        for what, path in (
            ("bare endpoint, same bytes", "/bare/bytes"),
            ("the same with a trace of its own", "/bare/traced"),
            ("kept day, with its trace", "/dashboards/me"),
        )
    ]
    for _ in range(asked.rounds):
        for way in ways:
            way.rates.append(await rate_of(way.ask, asked.clients, asked.seconds))
    print(f"{len(body) / 1024:.0f} KiB, {asked.clients} clients, {asked.rounds} rounds")
    print(f"{'':<36}{'answers/s':>12}{'of bare':>10}")
    base = ways[0].rates
    for way in ways:
        ratio = sum(way.rates) / sum(base)  # in turns, so that all have the same machine
        print(f"{way.what:<36}{statistics.median(way.rates):>12.0f}{ratio:>10.2f}")
    return ratio >= CACHED_TARGET


async def built(works: Works, doctor: Actor, asked: argparse.Namespace) -> bool:
    """Built days beside their SQL alone, by time."""
    now = works.clock.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    told = {
        "who": doctor.id,
        "now": now,
        "day": midnight.date(),
        "day_from": midnight,
        "day_until": midnight + timedelta(days=1),
    }
    arguments = BUILD.arguments(told)
    whole: list[float] = []
    sql: list[float] = []
    async with works.asides.lent() as line:
        for _ in range(asked.rounds * 40):
            began = time.perf_counter()
            await line.driver.execute("begin")
            await line.driver.fetch(PLANNED_ONCE.sql)
            await line.driver.fetch(BUILD.sql, *arguments)
            await line.driver.execute("commit")
            middle = time.perf_counter()
            async with works.begin(doctor) as uow:
                await day.build(uow)
            whole.append((time.perf_counter() - middle) * 1000)
            sql.append((middle - began) * 1000)
    ratio = statistics.median(whole) / statistics.median(sql)
    print(f"{'':<36}{'ms':>12}{'of its SQL':>12}")
    print(f"{'its statements alone':<36}{statistics.median(sql):>12.2f}{1:>12.2f}")
    print(f"{'a day built':<36}{statistics.median(whole):>12.2f}{ratio:>12.2f}")
    return ratio <= UNCACHED_TARGET


async def compare(urls: StoreUrls, asked: argparse.Namespace, folder: Path) -> None:
    await migrate.up(urls.database_url, urls.mongo_url)
    settings = Settings(environment="test", data_dir=folder / "data", _env_file=None)
    app = create_app(settings, urls)
    app.include_router(bare, prefix="/api/v1")
    app.router.routes.insert(0, app.router.routes.pop())  # before the site, which takes the rest
    async with AsyncExitStack() as closing:
        state = await closing.enter_async_context(app.router.lifespan_context(app))
        assert state is not None
        works: Works = state["works"]
        async with works.begin(SETUP) as uow:
            who = {"username": "doctor", "full_name": "Dr. Benchmark", "password": PASSWORD}
            user = await identity.add_user(uow, role=Role.DOCTOR, **who)
            doctor = user.as_actor(uow.now)
        await fill(urls.database_url, doctor, asked)
        asker = Asker(app, state)
        await asker.sign_in("doctor")
        kept = [await served(asker, asked), await built(works, doctor, asked)]
        if not all(kept):
            print("  short of what was promised")


async def fill(database_url: str, doctor: Actor, asked: argparse.Namespace) -> None:
    connection = await asyncpg.connect(asyncpg_dsn(database_url))
    try:
        await connection.execute(FILL.format(doctor=doctor.id, **vars(asked)))
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=0.5)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--patients", type=int, default=10_000)
    parser.add_argument("--appointments", type=int, default=10_000)
    parser.add_argument("--notes", type=int, default=20_000)
    parser.add_argument("--items", type=int, default=2_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dra-benchmark-") as folder:
        stores = EmbeddedStores(
            Path(folder),
            database_url=os.environ.get("DATABASE_URL"),
            mongo_url=os.environ.get("MONGO_URL"),
            redis_url=os.environ.get("REDIS_URL"),
            durable=False,
        )
        with stores:
            asyncio.run(compare(stores.urls, asked, Path(folder)))


if __name__ == "__main__":
    main()
