"""The first page of a history: a patient with a hundred entries beside one with a hundred thousand.

    python -m benchmarks.timeline [--entries 100000] [--others 200000] [--rounds 200]

A request is handed to the whole application, and the time counts until the last byte is out: who
asks is authenticated, what they see is audited. Both patients are asked about in turns, in one run;
only the ratio counts beyond this machine. `driver` is the statement alone. All names are invented.
DATABASE_URL and MONGO_URL name other servers; the database must be empty.
"""

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from app import identity
from app.dashboards import timeline
from app.dashboards.timeline.queries import page_of
from app.dashboards.timeline.sources import SHAPE
from app.infra import migrate
from app.infra.embedded import EmbeddedStores, StoreUrls
from app.infra.postgres import asyncpg_dsn
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.main import create_app
from app.settings import Settings
from benchmarks.calendar_reads import PASSWORD, Asker

SETUP = Actor.system("benchmark")
FEW = 100
MOST_RATIO = 1.3
SHORT, LONG = "7bc3ca68-7694-37ce-9864-55407dab2a10", "7bc3ca68-7694-37ce-9864-55407dab2a11"

FILL = """
insert into patients (id, mrn, given_name, family_name, birth_date, sex, created_by, created_at,
        updated_at, search_text)
    select case i when 0 then '{short}'::uuid when 1 then '{long}'::uuid
        else md5('p' || i)::uuid end, 'MRN-' || 100000 + i, 'Given' || i, 'Family' || i,
        '1950-01-01', 'unknown', md5('d0')::uuid, now(), now(), 'family' || i
    from generate_series(0, 4000) i;
insert into timeline_patients (patient_id, shape, built_at) select id, {shape}, now() from patients;
insert into timeline_entries (id, patient_id, kind, source_id, part, at, title, detail, clinical,
        status, stored_at)
    select md5('e' || i)::uuid, case when i < {others} then md5('p' || 2 + i % 3999)::uuid
            when i < {others} + {few} then '{short}'::uuid else '{long}'::uuid end,
        case i % 97 when 0 then 'screening' else
            (array['appointment', 'encounter', 'note', 'alert'])[1 + i % 4] end,
        md5('s' || i)::uuid, '', now() - (i % 100003) * interval '20 minutes',
        'Consultation ' || i % 1000, 'Dr. Number ' || i % 40,
        'came with a cough for ' || i % 30 || ' days, chest clear', 'completed', now()
    from generate_series(0, {others} + {few} + {entries} - 1) i
    order by md5(i::text);
"""
QUESTIONS = {
    "first page": "",
    "first page, notes": "kind=note",
    "first page, three kinds": "kind=note&kind=alert&kind=encounter",
    "a rare kind": "kind=screening&limit=1",
    "a period": "from=2026-01-01T00:00:00Z",
    "words all entries have": "q=cough",
    "words one in thirty has": "q=29+days",
    "words of nobody": "q=aardvark",
}


async def fill(database_url: str, asked: argparse.Namespace) -> None:
    connection = await asyncpg.connect(asyncpg_dsn(database_url))
    said = {"short": SHORT, "long": LONG, "shape": SHAPE, "few": FEW}
    try:
        await connection.execute(FILL.format(**said, entries=asked.entries, others=asked.others))
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()


async def by_driver(works: Works, doctor: Actor, patient: str) -> float:
    """Milliseconds of the statement of a first page, in a transaction that is open already."""
    async with works.begin(doctor) as uow:
        await page_of(uow, [UUID(patient)], timeline.TimelineQuery())
        began = time.perf_counter()
        await page_of(uow, [UUID(patient)], timeline.TimelineQuery())
        return (time.perf_counter() - began) * 1000


def told(what: str, few: list[float], many: list[float], rows: str) -> float:
    ratio = statistics.median(many) / statistics.median(few)
    p95 = statistics.quantiles(many, n=20)[-1]
    print(
        f"{what:<26}{statistics.median(few):>9.2f}{statistics.median(many):>9.2f}{p95:>9.2f}"
        f"{ratio:>8.2f}   {rows}"
    )
    return ratio


async def measure(asker: Asker, what: str, query: str, rounds: int) -> float:
    few: list[float] = []
    many: list[float] = []
    found: dict[str, Any] = {}
    for _ in range(rounds):
        for patient, times in ((SHORT, few), (LONG, many)):
            answer, took = await asker.request("GET", f"/patients/{patient}/timeline?{query}")
            times.append(took)
            found[patient] = answer
    rows = " and ".join(str(len(json.loads(found[one])["items"])) for one in (SHORT, LONG))
    return told(what, few, many, f"{rows} rows")


async def compare(urls: StoreUrls, asked: argparse.Namespace, folder: Path) -> None:
    await migrate.up(urls.database_url, urls.mongo_url)
    began = time.perf_counter()
    await fill(urls.database_url, asked)
    print(f"filled in {time.perf_counter() - began:.0f} s; milliseconds, {asked.rounds} rounds")
    settings = Settings(environment="test", data_dir=folder / "data", _env_file=None)
    app = create_app(settings, urls)
    async with AsyncExitStack() as closing:
        state = await closing.enter_async_context(app.router.lifespan_context(app))
        assert state is not None
        works: Works = state["works"]
        async with works.begin(SETUP) as uow:
            user = await identity.add_user(
                uow, username="doctor", full_name="Dr. Ada Winter", role=Role.DOCTOR,
                password=PASSWORD,
            )  # fmt: skip
            doctor = Actor(id=user.id, name="Dr. Ada Winter", roles=frozenset({Role.DOCTOR}))
        asker = Asker(app, state)
        await asker.sign_in("doctor")
        print(f"{'':<26}{FEW:>9}{asked.entries:>9}{'p95':>9}{'ratio':>8}")
        ratios = {
            what: await measure(asker, what, query, asked.rounds)
            for what, query in QUESTIONS.items()
        }
        pairs = [
            (await by_driver(works, doctor, SHORT), await by_driver(works, doctor, LONG))
            for _ in range(asked.rounds)
        ]
        told("first page, driver", [few for few, _ in pairs], [many for _, many in pairs], "")
        if ratios["first page"] > MOST_RATIO:
            raise SystemExit(f"above the {MOST_RATIO} that were promised")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--others", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dra-benchmark-") as folder:
        given = {
            f"{name}_url": os.environ.get(f"{name.upper()}_URL") for name in ("database", "mongo")
        }
        with EmbeddedStores(Path(folder), **given, redis=False, durable=False) as stores:
            asyncio.run(compare(stores.urls, asked, Path(folder)))


if __name__ == "__main__":
    main()
