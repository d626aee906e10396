"""At volume no statement of the timeline reads a large table from end to end."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest

from app.dashboards import timeline
from app.dashboards.timeline import projection, repository
from app.dashboards.timeline.schemas import EntryKind
from app.dashboards.timeline.sources import SHAPE
from app.infra.postgres import asyncpg_dsn
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor, Role
from app.kernel.paging import Cursor
from tests.fixtures.stores import Databases, LoopInThread
from tests.scheduling.calendar import plans
from tests.scheduling.calendar.plans import Work, large_tables_scanned
from tests.scheduling.calendar.volume import FILL

LARGE = plans.LARGE | {"timeline_entries", "timeline_arrears", "vital_signs", "outbox", "patients"}
ENTRIES = f"""
insert into timeline_patients (patient_id, shape, built_at)
select id, {SHAPE}, timestamptz '2020-01-01' from patients;
insert into timeline_entries (id, patient_id, kind, source_id, part, at, title, status, stored_at)
select md5('e' || i)::uuid, md5('p' || i % 5000)::uuid,
    (array['appointment', 'encounter', 'note', 'alert', 'risk'])[1 + i % 5], md5('s' || i)::uuid,
    '', timestamptz '2020-01-01' + i * interval '1 minute', 'Number ' || i, 'signed', now()
from generate_series(0, 49999) i;
insert into outbox (id, name, payload, actor_id, occurred_at)
select md5('f' || i)::uuid, 'scheduling.appointment_booked.v1', jsonb_build_object(
    'patient_id', md5('p' || i % 5000)::uuid, 'appointment_id', md5('a' || i % 40000)::uuid),
    md5('d0')::uuid, now() from generate_series(0, 9999) i;
insert into timeline_arrears (fact_id, patient_id)
select md5('f' || i)::uuid, md5('p' || i % 5000)::uuid from generate_series(0, 9999) i;
set session_replication_role = replica;
insert into vital_signs (note_id, position, patient_id, taken_at, code, label, value, unit)
select md5('n' || i)::uuid, 1, md5('p' || i % 5000)::uuid, now(), '8867-4', 'Heart rate', 80, '/min'
from generate_series(0, 19999) i;
set session_replication_role = origin;
analyze;
"""


@pytest.fixture(scope="module")
def database_url(
    aside: LoopInThread, databases: Databases, migrated_template: str
) -> Iterator[str]:
    """One full database for all tests of this module, which leave it as it is."""
    name = databases.create(template=migrated_template)

    async def fill() -> None:
        connection = await asyncpg.connect(asyncpg_dsn(databases.url(name)))
        try:
            await connection.execute(FILL)
            await connection.execute(ENTRIES)
        finally:
            await connection.close()

    aside.run(fill())
    yield databases.url(name)
    databases.drop(name)


def md5(name: str) -> UUID:
    return UUID(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest())


PATIENT = md5("p3")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PLACE = Cursor(at=datetime(2020, 1, 20, tzinfo=UTC), id=UUID(int=0))


def reading(**asked: object) -> Work:
    async def work(uow: UnitOfWork) -> None:
        query = timeline.TimelineQuery(**asked)  # type: ignore[arg-type]
        assert (await timeline.read_timeline(uow, PATIENT, query)).rows

    return work


async def vitals_and_news(uow: UnitOfWork) -> None:
    await timeline.vitals_of(uow, [PATIENT])
    await timeline.news_since(uow, [PATIENT], NOW)


async def next_to_build(uow: UnitOfWork) -> None:
    assert await repository.patients_after(uow, md5("p9"), built_before=NOW, limit=100)


STATEMENTS: dict[str, Work] = {
    "caught up and read": reading(),
    "a later page": reading(cursor=PLACE),
    "upwards": reading(after=PLACE),
    "some kinds": reading(kinds=[EntryKind.APPOINTMENT, EntryKind.NOTE]),
    "words": reading(words="number 3"),
    "vital signs and news": vitals_and_news,
    "one record made anew": lambda uow: projection.build(uow, PATIENT),
    "the next to build": next_to_build,
}


@pytest.mark.parametrize("what", STATEMENTS)
async def test_is_answered_from_indexes(
    works: Works, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "LARGE", LARGE)
    actor = Actor(id=md5("d0"), name="Dr. Number 0", roles=frozenset({Role.DOCTOR}))
    assert await large_tables_scanned(works, actor, STATEMENTS[what]) == set()
