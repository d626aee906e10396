"""The lists and searches of a full clinic, each beside the obvious way to write it.

    python -m benchmarks.hot_paths [--patients 100000] [--notes 50000] [--audits 1000000]

Both ways answer the same question in the same run, in turns, on the same freshly filled database,
and must give the same answer. Only the ratio counts; the milliseconds are this machine's. All
names are invented. DATABASE_URL and MONGO_URL name other servers; the database must be empty.
"""

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import select, text

from app.audit import AuditEvent
from app.clinical.notes import repository
from app.clinical.notes.models import Note
from app.clinical.notes.repository import NoteFilter
from app.infra import migrate
from app.infra.embedded import EmbeddedStores, StoreUrls
from app.infra.opening import open_works
from app.infra.postgres import asyncpg_dsn
from app.infra.uow import Subscriptions, UnitOfWork, Works
from app.kernel.actors import Actor, Role
from app.kernel.clock import SystemClock
from app.kernel.paging import Cursor, PageRequest
from app.patients import Patient

DOCTOR = Actor(id=UUID(int=1), name="Dr. Benchmark", roles=frozenset({Role.DOCTOR}))
PAGE = PageRequest(limit=25)
# Every n-th note holds the n-th word, so that words are as rare as in life.
FILL = """
insert into users (id, username, full_name, role, status, password_hash, created_at, updated_at)
    values ('{doctor}', 'doctor', 'Dr. Benchmark', 'doctor', 'active', 'x', now(), now());
insert into patients (id, mrn, given_name, family_name, birth_date, sex, created_by, created_at,
        updated_at, search_text)
    select md5('p' || i)::uuid, 'MRN-' || 100000 + i, 'Given' || i, 'Family' || i % 5000,
        date '1930-01-01' + i % 30000, 'unknown', '{doctor}', now(), now(),
        'family' || i % 5000 || ' given' || i
    from generate_series(1, {patients}) i;
insert into encounters (id, patient_id, practitioner_id, kind, status, started_at)
    select md5('e' || i)::uuid, md5('p' || 1 + i % {patients})::uuid, '{doctor}', 'walk-in',
        'completed', now() - i * interval '3 minutes'
    from generate_series(1, {notes}) i;
insert into notes (id, encounter_id, patient_id, type, status, author_id, working_version,
        versions_used, created_at, updated_at)
    select md5('n' || i)::uuid, e.id, e.patient_id, 'soap', 'draft', '{doctor}', 1, 1,
        e.started_at, e.started_at
    from generate_series(1, {notes}) i join encounters e on e.id = md5('e' || i)::uuid;
insert into note_search (note_id, patient_id, sorted_at, terms)
    select md5('n' || i)::uuid, n.patient_id, n.created_at,
        to_tsvector('simple', 'cough fever plan w' || i % 10 || ' rare' || i % 5000)
    from generate_series(1, {notes}) i join notes n on n.id = md5('n' || i)::uuid;
insert into audit_events (occurred_at, actor_id, actor_role, action, outcome, patient_id)
    select now() - i * interval '1 second', '{doctor}', 'doctor', 'patient.read', 'success',
        md5('p' || 1 + i % {patients})::uuid
    from generate_series(1, {audits}) i;
"""
Answer = Callable[[UnitOfWork], Awaitable[Any]]


@dataclass(frozen=True)
class Comparison:
    what: str
    ours: Answer
    obvious: Answer


async def fill(database_url: str, asked: argparse.Namespace) -> None:
    connection = await asyncpg.connect(asyncpg_dsn(database_url))
    try:
        await connection.execute(FILL.format(doctor=DOCTOR.id, **vars(asked)))
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()


async def scanning(uow: UnitOfWork) -> None:
    for way in ("indexscan", "bitmapscan", "indexonlyscan"):
        await uow.db.execute(text(f"set local enable_{way} = off"))


def search(query: str | None, *, scan: bool = False) -> Answer:
    async def answer(uow: UnitOfWork) -> list[UUID]:
        if scan:
            await scanning(uow)
        rows = await repository.search(uow, NoteFilter(query=query), PAGE)
        return [note.id for note, _, _ in rows]

    return answer


async def cursor_at(uow: UnitOfWork, place: int) -> Cursor:
    newest_first = "select sorted_at, note_id from note_search order by 1 desc, 2 desc"
    row = (await uow.db.execute(text(f"{newest_first} limit 1 offset {place}"))).one()
    return Cursor(at=row.sorted_at, id=row.note_id)


def deep_page(cursor: Cursor) -> Answer:
    async def answer(uow: UnitOfWork) -> list[UUID]:
        request = PageRequest(limit=25, cursor=cursor)
        return [row[0].id for row in await repository.search(uow, NoteFilter(), request)]

    return answer


def page_by_offset(place: int) -> Answer:
    page = (
        "select n.id from note_search s join notes n on n.id = s.note_id join patients p"
        " on p.id = n.patient_id order by s.sorted_at desc, s.note_id desc limit 26"
    )

    async def answer(uow: UnitOfWork) -> list[UUID]:
        return list((await uow.db.execute(text(f"{page} offset {place}"))).scalars())

    return answer


async def waiting(uow: UnitOfWork) -> list[tuple[UUID, str]]:
    rows = await repository.open_of_author(uow, DOCTOR.id, PAGE)
    return [(note.id, patient.family_name) for note, patient in rows]


async def waiting_one_by_one(uow: UnitOfWork) -> list[tuple[UUID, str]]:
    newest = select(Note).where(Note.author_id == DOCTOR.id, Note.working_version.is_not(None))
    newest = newest.order_by(Note.updated_at.desc(), Note.id.desc()).limit(PAGE.limit + 1)
    found = []
    for note in await uow.db.scalars(newest):
        patient = await uow.db.get_one(Patient, note.patient_id)
        found.append((note.id, patient.family_name))
    return found


def trail(*, scan: bool) -> Answer:
    async def answer(uow: UnitOfWork) -> list[int]:
        if scan:
            await scanning(uow)
        patient = await uow.db.scalar(text("select md5('p7')::uuid"))
        statement = select(AuditEvent.seq).where(AuditEvent.patient_id == patient)
        return list(await uow.db.scalars(statement.order_by(AuditEvent.seq.desc()).limit(50)))

    return answer


async def compare(urls: StoreUrls, asked: argparse.Namespace) -> None:
    await migrate.up(urls.database_url, urls.mongo_url)
    began = time.perf_counter()
    await fill(urls.database_url, asked)
    print(f"filled in {time.perf_counter() - began:.0f} s; milliseconds, {asked.rounds} rounds")
    print(f"{'':<38}{'ours':>8}{'p95':>8}{'obvious':>9}{'ratio':>8}")
    async with open_works(
        urls, subscriptions=Subscriptions(), clock=SystemClock(), documents=[]
    ) as works:
        async with works.begin(DOCTOR) as uow:
            middle = asked.notes // 2
            cursor = await cursor_at(uow, middle)
        rare, two = "rare77:*", "w3:* & cough:*"
        for each in (
            Comparison("search, a rare word / scan", search(rare), search(rare, scan=True)),
            Comparison("search, two words / scan", search(two), search(two, scan=True)),
            Comparison("a page far down / OFFSET", deep_page(cursor), page_by_offset(middle + 1)),
            Comparison("home, drafts waiting / one by one", waiting, waiting_one_by_one),
            Comparison("audit trail of a patient / scan", trail(scan=False), trail(scan=True)),
        ):
            await ask_in_turns(works, each, asked.rounds)


async def ask_in_turns(works: Works, each: Comparison, rounds: int) -> None:
    took: dict[str, list[float]] = {"ours": [], "obvious": []}
    for _ in range(rounds):
        answers = []
        for name, way in (("ours", each.ours), ("obvious", each.obvious)):
            async with works.begin(DOCTOR) as uow:
                await uow.db.connection()
                began = time.perf_counter()
                answers.append(await way(uow))
                took[name].append((time.perf_counter() - began) * 1000)
        if answers[0] != answers[1]:
            raise SystemExit(f"{each.what}: different answers compare nothing")
    ours, obvious = (statistics.median(times) for times in took.values())
    p95 = statistics.quantiles(took["ours"], n=20)[-1]
    print(f"{each.what:<38}{ours:>8.1f}{p95:>8.1f}{obvious:>9.1f}{obvious / ours:>8.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--patients", type=int, default=100_000)
    parser.add_argument("--notes", type=int, default=50_000)
    parser.add_argument("--audits", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dra-benchmark-") as folder:
        given = {
            f"{name}_url": os.environ.get(f"{name.upper()}_URL") for name in ("database", "mongo")
        }
        with EmbeddedStores(Path(folder), **given, redis=False, durable=False) as stores:
            asyncio.run(compare(stores.urls, asked))


if __name__ == "__main__":
    main()
