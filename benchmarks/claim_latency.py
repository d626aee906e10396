"""Claiming the next item of a queue, beside the bare statement that takes one.

    python -m benchmarks.claim_latency [--items 20000] [--clients 50] [--rounds 8]

Ours is the whole verb: a unit of work, who may, the claim with its lease, history, the row of the
live feed and the audit trail. The bare way is one `UPDATE … WHERE id = (SELECT … FOR UPDATE SKIP
LOCKED)` on an equally filled table with the same indexes, in a transaction of its own, through the
same driver and as many connections. The same clients claim in one process, in turns of both ways;
a claim is timed from asking to its commit, waiting for a connection included. Then they ask the
API over HTTP. Only the ratio counts; the milliseconds are this machine's. DATABASE_URL, MONGO_URL
and REDIS_URL name other servers; the database must be empty.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx2
from sqlalchemy import text

from app import identity
from app.identity.service import open_session
from app.infra import migrate
from app.infra.embedded import EmbeddedStores, StoreUrls
from app.infra.opening import open_works
from app.infra.postgres import asyncpg_dsn
from app.infra.uow import Subscriptions, Works
from app.kernel.actors import Actor, Role
from app.kernel.clock import SystemClock
from app.work_queues import items
from benchmarks.web_process import serving, until_it_answers

POOL = UUID("00000000-0000-4000-8000-0000000000a1")
SETUP = Actor.system("benchmark")
PASSWORD = "plum-harbour-lantern"  # noqa: S105 of nobody but this run
CLAIMS = 500  # of each way in each round
PROMISED = 3.0
FILL = """
insert into work_items (id, kind, type, status, severity, title, pool_id, due_at, last_occurred_at,
        created_by, created_at)
    select gen_random_uuid(), 'task', 'task', 'ready',
        (array['critical', 'high', 'medium', 'low'])[1 + i % 4], 'Change the dressing', '{pool}',
        case when i % 3 > 0 then now() + i * interval '7 seconds' end, now(), '{nurse}',
        now() - i * interval '1 second'
    from generate_series(1, {items}) i;
"""
NURSES = text(
    "insert into users (id, username, full_name, role, status, password_hash)"
    " select gen_random_uuid(), 'nurse-' || i, 'Nurse ' || i, 'nurse', 'active', :secret"
    " from generate_series(1, cast(:clients as integer) - 1) i"
)
BARE_TABLE = """
create table bare_items (like work_items including defaults including generated including indexes);
insert into bare_items (id, kind, type, status, severity, title, pool_id, due_at, last_occurred_at,
        created_by, created_at)
    select id, kind, type, status, severity, title, pool_id, due_at, last_occurred_at, created_by,
        created_at
    from work_items;
"""
BARE = """
update bare_items set holder_id = '{nurse}', held_since = now(),
    lease_until = now() + interval '15 minutes', status = 'in-progress', version = version + 1
where id = (
    select id from bare_items
    where pool_id = '{pool}' and holder_id is null and status in ('ready', 'triggered')
    order by severity_rank, turn_at, created_at, id limit 1 for update skip locked)
returning id
"""
Claim = Callable[[int], Awaitable[UUID | None]]  # given the number of the client


async def timed(claim: Claim, clients: int, claims: int) -> list[float]:
    """So many claims by so many clients at once: milliseconds of each."""
    took: list[float] = []
    seen: set[UUID] = set()
    left = iter(range(claims))

    async def client(number: int) -> None:
        for _ in left:
            began = time.perf_counter()
            got = await claim(number)
            took.append((time.perf_counter() - began) * 1000)
            if got is None or got in seen:
                raise SystemExit("an item was claimed twice, or there are too few")
            seen.add(got)

    await asyncio.gather(*(client(number) for number in range(clients)))
    return took


def ours(works: Works, nurses: list[Actor]) -> Claim:
    async def claim(number: int) -> UUID | None:
        async with works.begin(nurses[number]) as uow:
            item = await items.claim_next(uow, POOL)
        return item.id if item else None

    return claim


def bare(works: Works) -> Claim:
    """As any program would send it, through the same library."""
    statement = text(BARE.format(nurse=SETUP.id, pool=POOL))

    async def claim(number: int) -> UUID | None:
        async with works.sessions.begin() as db:
            return (await db.execute(statement)).scalar_one_or_none()

    return claim


def driver(pool: "asyncpg.Pool") -> Claim:
    """The least there can be: the driver alone, in one trip, nothing around it."""
    statement = BARE.format(nurse=SETUP.id, pool=POOL)

    async def claim(number: int) -> UUID | None:
        got: UUID | None = await pool.fetchval(statement)
        return got

    return claim


def over_http(api: str, http: httpx2.AsyncClient, tokens: list[str]) -> Claim:
    async def claim(number: int) -> UUID | None:
        headers = {"Authorization": f"Bearer {tokens[number]}"}
        answer = await http.post(f"{api}/queues/nurses/next", headers=headers)
        return UUID(answer.json()["id"]) if answer.status_code == httpx2.codes.CREATED else None

    return claim


def p95(took: list[float]) -> float:
    return statistics.quantiles(took, n=20)[-1]


def say(what: str, took: list[float], beside: float | None = None) -> None:
    ratio = "" if beside is None else f"{p95(took) / beside:>8.1f}"
    print(f"{what:<44}{statistics.median(took):>8.1f}{p95(took):>8.1f}{ratio}")


async def fill(urls: StoreUrls, asked: argparse.Namespace, nurse: Actor) -> None:
    connection = await asyncpg.connect(asyncpg_dsn(urls.database_url))
    try:
        await connection.execute(FILL.format(items=asked.items, pool=POOL, nurse=nurse.id))
        await connection.execute(BARE_TABLE)
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()


async def nurses_of(works: Works, clients: int) -> tuple[list[Actor], list[str]]:
    """A nurse for each client, and their tokens for the API."""
    async with works.begin(SETUP) as uow:
        first = await identity.add_user(
            uow, username="nurse-0", full_name="Nora", role=Role.NURSE, password=PASSWORD
        )
        told = {"secret": first.password_hash, "clients": clients}
        await uow.db.execute(NURSES, told)
    nurses, tokens = [], []
    async with works.begin(SETUP) as uow:
        for user in await identity.list_users(uow):
            kind = identity.SessionKind.API
            opened = await open_session(uow, user, kind=kind, user_agent=None)
            nurses.append(user.as_actor(uow.now))
            tokens.append(opened.token)
    return nurses, tokens


async def compare(urls: StoreUrls, asked: argparse.Namespace, folder: Path) -> float:
    await migrate.up(urls.database_url, urls.mongo_url)
    async with open_works(
        urls, subscriptions=Subscriptions(), clock=SystemClock(), documents=[]
    ) as works:
        nurses, tokens = await nurses_of(works, asked.clients)
        await fill(urls, asked, nurses[0])
        connections = works.sessions.kw["bind"].pool.size()
        pool = await asyncpg.create_pool(
            asyncpg_dsn(urls.database_url), min_size=connections, max_size=connections
        )
        ways = {
            "bare": bare(works),
            "driver": driver(pool),
            "ours": ours(works, nurses),
        }
        took: dict[str, list[float]] = {name: [] for name in ways}
        for way in ways.values():  # connections are opened and statements prepared
            await timed(way, asked.clients, asked.clients * 10)
        for _ in range(asked.rounds):
            for name, way in ways.items():
                took[name] += await timed(way, asked.clients, asked.claims)
        await pool.close()
    beside = p95(took["bare"])
    print(f"{asked.items} items, {asked.clients} clients; milliseconds{'':>12}p50     p95   ratio")
    say("bare statement, its own transaction", took["bare"])
    say("bare statement, the driver alone", took["driver"])
    say("ours, the whole verb", took["ours"], beside)
    if asked.http:
        with serving(urls, folder) as web:
            await until_it_answers(web)
            limits = httpx2.Limits(max_connections=asked.clients)
            async with httpx2.AsyncClient(timeout=60, limits=limits) as http:
                say(
                    "ours, asked over HTTP",
                    await timed(over_http(web.api, http, tokens), asked.clients, asked.claims),
                )
    return p95(took["ours"]) / beside


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--claims", type=int, default=CLAIMS)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--http", action=argparse.BooleanOptionalAction, default=True)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="dra-benchmark-") as name,
        EmbeddedStores(
            Path(name),
            database_url=os.environ.get("DATABASE_URL"),
            mongo_url=os.environ.get("MONGO_URL"),
            redis_url=os.environ.get("REDIS_URL"),
        ) as stores,
    ):
        ratio = asyncio.run(compare(stores.urls, asked, Path(name)))
    if ratio > PROMISED:
        raise SystemExit(f"{ratio:.1f} times: above the {PROMISED:g} that were promised")


if __name__ == "__main__":
    main()
