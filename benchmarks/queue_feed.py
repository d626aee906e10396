"""A change told to two thousand open pages, beside the same told to twenty.

    python -m benchmarks.queue_feed [--lines 2000] [--few 20] [--rounds 20]

One web process, real sockets, a session for each line: two of three are nurses, whom the change
concerns, the others doctors, whom it does not. Timed from the commit in another process to the
moment the last nurse has read it. Beside it: the memory of the web process for each line, and how
many transactions the database counts in a second in which nothing happens. Only the ratios count;
the milliseconds are this machine's, readers included. DATABASE_URL, MONGO_URL and REDIS_URL name
other servers; the database must be empty.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from app import identity
from app.identity.service import open_session
from app.infra import migrate
from app.infra.embedded import EmbeddedStores, StoreUrls
from app.infra.opening import open_works
from app.infra.uow import Subscriptions, Works
from app.kernel.actors import Actor, Role
from app.kernel.clock import SystemClock
from app.work_queues import items
from benchmarks.listeners import Listener, following
from benchmarks.web_process import WebProcess, serving, until_it_answers

NURSES = UUID("00000000-0000-4000-8000-0000000000a1")
DOCTORS = UUID("00000000-0000-4000-8000-0000000000a2")
SETUP = Actor.system("benchmark")
PASSWORD = "plum-harbour-lantern"  # noqa: S105 of nobody but this run
IDLE_SECONDS = 5.0
COMMITTED = text("select xact_commit from pg_stat_database where datname = current_database()")


@dataclass
class Measured:
    lags: list[float]
    idle_transactions: float
    memory_kib: int


async def sessions_of(works: Works, role: Role, count: int) -> list[str]:
    async with works.begin(SETUP) as uow:
        user = await identity.add_user(
            uow, username=f"{role}-{count}", full_name="Nobody", role=role, password=PASSWORD
        )
        kind = identity.SessionKind.API
        opened = [await open_session(uow, user, kind=kind, user_agent=None) for _ in range(count)]
    return [each.token for each in opened]


async def a_change(works: Works, pool_id: UUID) -> tuple[str, float]:
    """Its item and when it was committed."""
    new = items.NewItem(
        kind=items.ItemKind.TASK,
        type="task",
        severity=items.Severity.MEDIUM,
        title="Change the dressing",
        pool_id=pool_id,
    )
    async with works.begin(SETUP) as uow:
        item, _ = await items.open_item(uow, new)
    return str(item.id), time.perf_counter()


async def told(works: Works, pool_id: UUID, lines: list[Listener]) -> float:
    """Milliseconds until the last one has it."""
    waiting = asyncio.gather(*(line.next() for line in lines))
    item_id, committed = await a_change(works, pool_id)
    for heard in await waiting:
        if heard["item_id"] != item_id:
            raise SystemExit("somebody was told what does not concern them, or missed something")
    return (max(line.heard_at for line in lines) - committed) * 1000


async def idle(works: Works) -> float:
    async def committed() -> int:
        async with works.lines.lent() as line:
            return int(await line.driver.fetchval(COMMITTED.text))

    await asyncio.sleep(2 * IDLE_SECONDS + 1)  # PostgreSQL counts up to ten seconds late
    before = await committed()
    await asyncio.sleep(IDLE_SECONDS)
    return (await committed() - before) / IDLE_SECONDS


async def measure(works: Works, web: WebProcess, lines: int, rounds: int) -> Measured:
    nurses = await sessions_of(works, Role.NURSE, lines - lines // 3)
    doctors = await sessions_of(works, Role.DOCTOR, lines // 3)
    before = web.resident_kib
    async with following(web.port, [*nurses, *doctors]) as opened:
        for_nurses, for_doctors = opened[: len(nurses)], opened[len(nurses) :]
        idle_transactions = await idle(works)
        memory = web.resident_kib - before
        lags = [await told(works, NURSES, for_nurses) for _ in range(rounds)]
        await told(works, DOCTORS, for_doctors)  # the first they hear of
    return Measured(lags, idle_transactions, memory)


async def compare(urls: StoreUrls, asked: argparse.Namespace, folder: Path) -> None:
    await migrate.up(urls.database_url, urls.mongo_url)
    async with open_works(
        urls, subscriptions=Subscriptions(), clock=SystemClock(), documents=[]
    ) as works:
        with serving(urls, folder) as web:
            await until_it_answers(web)
            few = await measure(works, web, asked.few, asked.rounds)
            many = await measure(works, web, asked.lines, asked.rounds)
    print(f"{'':<44}{asked.few:>8}{asked.lines:>8}   ratio")
    for what, one, other in (
        ("last one told, milliseconds, median", median(few), median(many)),
        ("last one told, milliseconds, longest", max(few.lags), max(many.lags)),
        ("transactions a second, nothing happens", few.idle_transactions, many.idle_transactions),
    ):
        print(f"{what:<44}{one:>8.1f}{other:>8.1f}{other / max(one, 0.1):>8.1f}")
    print(f"memory for each line: {many.memory_kib / asked.lines:.0f} KiB")


def median(measured: Measured) -> float:
    return statistics.median(measured.lags)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--lines", type=int, default=2_000)
    parser.add_argument("--few", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=20)
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
        asyncio.run(compare(stores.urls, asked, Path(name)))


if __name__ == "__main__":
    main()
