"""Finding one patient among a hundred thousand: our search beside a plain LIKE over the table.

    python -m benchmarks.patient_search [--patients 100000] [--rounds 15]

Both ask for the same first page in the same run, in turns, on the same freshly filled database,
and must find the same patients. Only the ratio counts. "free" lets the planner choose how to run
the plain LIKE; "scan" makes it read the whole table. All names are invented. DATABASE_URL and
MONGO_URL name other servers; the database must be an empty one.
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
from sqlalchemy import text

from app.cli.seeding_volume import PATIENT_COLUMNS, invented_patients
from app.infra import migrate
from app.infra.embedded import EmbeddedStores, StoreUrls
from app.infra.opening import open_works
from app.infra.postgres import asyncpg_dsn
from app.infra.uow import Subscriptions, UnitOfWork, Works
from app.kernel.actors import Actor
from app.kernel.clock import SystemClock
from app.patients import repository
from app.patients.pages import NamePage
from app.patients.search_text import wanted_words

BENCHMARK = Actor.system("benchmark")
QUESTIONS = {  # what somebody at the desk types
    "part of a name": "mirfel",
    "full name": "kazari nelralez",
    "three common letters": "mal",
    "two common letters": "ma",
    "birth date": "14-Jul-1945",
    "end of a phone number": "004-2177",
    "record number": "MRN-5007777",
    "name and year": "mirbelberg 1979",
    "nobody": "quizzacious",
}
SHORT = 3  # shorter words are looked for at the beginning of a word only
PLAIN = (
    "select id from patients where {matches}"
    ' order by left(search_text, 200) collate "C", id limit 26'
)


async def fill(database_url: str, patients: int) -> None:
    connection = await asyncpg.connect(asyncpg_dsn(database_url))
    try:
        await connection.copy_records_to_table(
            "patients", records=invented_patients(patients), columns=PATIENT_COLUMNS
        )
        await connection.execute("vacuum analyze patients")
    finally:
        await connection.close()


async def ours(uow: UnitOfWork, question: str) -> list[UUID]:
    found = await repository.search(uow, wanted_words(question), NamePage(limit=25))
    return [patient.id for patient in found]


async def plain(uow: UnitOfWork, question: str) -> list[UUID]:
    words = wanted_words(question)
    matches = " and ".join(
        f"search_text like :w{i}" if len(word) >= SHORT else f"' ' || search_text like :w{i}"
        for i, word in enumerate(words)
    )
    wanted = {
        f"w{i}": f"%{word if len(word) >= SHORT else ' ' + word}%" for i, word in enumerate(words)
    }
    return list((await uow.db.execute(text(PLAIN.format(matches=matches)), wanted)).scalars())


async def scan(uow: UnitOfWork, question: str) -> list[UUID]:
    for way in ("indexscan", "bitmapscan", "indexonlyscan"):
        await uow.db.execute(text(f"set local enable_{way} = off"))
    return await plain(uow, question)


Search = Callable[[UnitOfWork, str], Awaitable[list[UUID]]]
CONTESTANTS: dict[str, Search] = {"ours": ours, "free": plain, "scan": scan}


async def ask_in_turns(works: Works, question: str, rounds: int) -> tuple[int, dict[str, float]]:
    """How many were found, and the median milliseconds each way took."""
    took: dict[str, list[float]] = {name: [] for name in CONTESTANTS}
    for _ in range(rounds):
        answers: list[list[UUID]] = []
        for name, search in CONTESTANTS.items():
            async with works.begin(BENCHMARK) as uow:
                await uow.db.connection()
                began = time.perf_counter()
                answers.append(await search(uow, question))
                took[name].append((time.perf_counter() - began) * 1000)
        if any(answer != answers[0] for answer in answers):
            raise SystemExit("they found different patients: the comparison means nothing")
    return len(answers[0]), {name: statistics.median(times) for name, times in took.items()}


async def compare(urls: StoreUrls, patients: int, rounds: int) -> None:
    await migrate.up(urls.database_url, urls.mongo_url)
    await fill(urls.database_url, patients)
    print(f"{patients} patients, median of {rounds} rounds, milliseconds")
    print(
        f"{'':<24}{'found':>6}{'ours':>8}{'free':>8}{'scan':>8}{'free/ours':>11}{'scan/ours':>11}"
    )
    async with open_works(
        urls, subscriptions=Subscriptions(), clock=SystemClock(), documents=[]
    ) as works:
        for label, question in QUESTIONS.items():
            found, took = await ask_in_turns(works, question, rounds)
            mine, free, scanned = took["ours"], took["free"], took["scan"]
            print(
                f"{label:<24}{found:>6}{mine:>8.1f}{free:>8.1f}{scanned:>8.1f}"
                f"{free / mine:>11.1f}{scanned / mine:>11.1f}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--patients", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=15)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dra-benchmark-") as folder:
        given = {
            f"{name}_url": os.environ.get(f"{name.upper()}_URL") for name in ("database", "mongo")
        }
        stores = EmbeddedStores(Path(folder), **given, redis=False, durable=False)
        with stores:
            asyncio.run(compare(stores.urls, asked.patients, asked.rounds))


if __name__ == "__main__":
    main()
