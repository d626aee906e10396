"""At volume, and with restricted patients among them, nobody is found by reading everybody."""

from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from app import patients
from app.infra.postgres import asyncpg_dsn
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor
from tests.fixtures.statements import heard
from tests.scheduling.calendar.plans import LookedEnough, Work, of_json, scans

FILL = """
insert into patients (id, given_name, family_name, birth_date, sex, created_by, created_at,
    updated_at, search_text)
select md5('p' || n)::uuid, 'Given', 'Family', date '1950-01-01' + n, 'unknown',
    md5('u')::uuid, now(), now(),
    'family' || n || ' given' || n || ' ' || to_char(date '1950-01-01' + n, 'YYYYMMDD')
from generate_series(1, 20000) as n;
insert into patient_restrictions (id, patient_id, reason, restricted_by, restricted_at)
select md5('r' || n)::uuid, md5('p' || n)::uuid, 'test', :by, now()
from generate_series(1, 20000, 40) as n;
insert into break_glass_grants (id, patient_id, user_id, reason, granted_at, expires_at)
select md5('g' || n)::uuid, md5('p' || n)::uuid, :by, 'a reason long enough', now(),
    now() + interval '1 hour'
from generate_series(1, 20000, 400) as n
"""


async def scanned(works: Works, actor: Actor, work: Work) -> set[str]:
    """The tables that some statement of this work reads from end to end."""
    async with heard(works) as sent:
        try:
            async with works.begin(actor) as uow:
                await work(uow)
                raise LookedEnough
        except LookedEnough:
            pass
    found: set[str] = set()
    async with works.sessions() as db:
        connection = await db.connection()
        for statement, parameters, _ in sent:
            if statement.lstrip().lower().startswith(("select", "with")):
                explained = f"explain (format json) {statement}"
                plan: Any = (await connection.exec_driver_sql(explained, parameters)).scalar_one()
                found |= {node["Relation Name"] for node in scans(of_json(plan)[0]["Plan"])}
    return found


async def search(uow: UnitOfWork) -> None:
    found, _ = await patients.find_patients(uow, "family777 19")
    assert found


async def first_page(uow: UnitOfWork) -> None:
    found, following = await patients.find_patients(uow)
    assert following
    await patients.find_patients(uow, page=patients.NamePage(after=found[-1].id))


async def one(uow: UnitOfWork) -> None:
    found, _ = await patients.find_patients(uow, "family778 19")
    await patients.get_patient(uow, found[0].id)


@pytest.mark.parametrize("work", [search, first_page, one], ids=lambda work: work.__name__)
async def test_patients_are_found_from_indexes(
    works: Works, doctor: Actor, database_url: str, work: Work
) -> None:
    async with works.sessions.begin() as db:
        for statement in FILL.split(";"):
            await db.execute(text(statement), {"by": doctor.id} if ":by" in statement else {})
    connection = await asyncpg.connect(asyncpg_dsn(database_url))
    try:
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()
    assert not await scanned(works, doctor, work) & {"patients", "break_glass_grants"}
