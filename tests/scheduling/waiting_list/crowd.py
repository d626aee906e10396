"""Many who wait and many who have appointments, written straight into the tables."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, event, text
from sqlalchemy.ext.asyncio import AsyncSession

DOCTORS = """
    insert into users (id, username, full_name, role, specialty, password_hash, created_at,
        updated_at)
    select gen_random_uuid(), 'crowd-' || n, 'Dr. Crowd ' || n, 'doctor',
        (cast(:specialties as text[]))[n], 'none', :now, :now
    from generate_series(1, :doctors) as n
"""
PATIENTS = """
    insert into patients (id, mrn, given_name, family_name, birth_date, sex, created_by,
        created_at, updated_at, search_text)
    select gen_random_uuid(), 'CROWD-' || n, 'Crowd', 'Number ' || n, date '1950-01-01' + n % 9000,
        'unknown', gen_random_uuid(), :now, :now, 'number ' || n
    from generate_series(1, :patients) as n
"""
# Preferences go round with different periods, so that every combination of them is there.
ENTRIES = """
    with who as (
        select (select array_agg(id order by username) from users
                where username like 'crowd-%') as doctors,
            (select array_agg(distinct specialty) from users
                where username like 'crowd-%' and specialty is not null) as specialties,
            (select array_agg(id order by mrn) from patients) as patients,
            (select array_agg(id order by name) from visit_types) as visit_types
    )
    insert into waiting_list_entries (id, status, patient_id, visit_type_id, practitioner_id,
        specialty, urgency, weekdays, from_minute, until_minute, not_before, not_after,
        created_by, created_at)
    select gen_random_uuid(),
        case when n % 11 = 0 then 'booked' when n % 13 = 0 then 'withdrawn' else 'waiting' end,
        patients[1 + n % cardinality(patients)],
        visit_types[1 + n % cardinality(visit_types)],
        case when n % 3 = 0 then doctors[1 + n / 3 % cardinality(doctors)] end,
        case when n % 3 = 1 then upper(specialties[1 + n / 3 % cardinality(specialties)]) end,
        case n % 5 when 0 then 'urgent' when 1 then 'soon' else 'routine' end,
        case when n % 7 < 3 then '{}' else array[1 + n % 7, 1 + n % 5] end,
        case when n % 4 = 1 then 60 * (7 + n % 10) end,
        case when n % 4 = 1 then 60 * (11 + n % 10) when n % 4 = 2 then 60 * (9 + n % 14) end,
        case when n % 9 = 4 then cast(:now as date) + n % 40 end,
        case when n % 9 = 4 then cast(:now as date) + 40 + n % 40
             when n % 10 = 3 then cast(:now as date) + n % 40 end,
        gen_random_uuid(), cast(:now as timestamptz) - make_interval(mins => n)
    from who, generate_series(1, :entries) as n
"""
# Twenty a day with each doctor, half an hour each, from eight o'clock on.
APPOINTMENTS = """
    with doctors as (
        select id, row_number() over (order by username) as d from users
        where username like 'crowd-%'
    ), people as (
        select array_agg(id order by mrn) as ids from patients
    )
    insert into appointments (id, status, practitioner_id, patient_id, patient_name,
        visit_type_id, starts_at, ends_at, practitioner_share, created_by, booked_at, created_at)
    select gen_random_uuid(), 'booked', doctors.id,
        ids[1 + (n * :doctors + d) % cardinality(ids)], 'Crowd',
        (select id from visit_types order by name limit 1),
        at, at + interval '30 minutes', int4range(0, 27720), gen_random_uuid(), :now, :now
    from doctors, people, generate_series(0, 20 * :days - 1) as n,
        lateral (select date_trunc('day', cast(:now as timestamptz))
            + make_interval(days => n / 20, mins => 480 + n % 20 * 30) as at) as span
"""
OF_THE_CROWD = "select id from users where username like 'crowd-%'"


async def a_crowd(
    db: AsyncSession,
    now: datetime,
    *,
    specialties: Sequence[str | None],
    patients: int,
    entries: int,
    days: int,
) -> list[UUID]:
    """One doctor for each specialty, by their order; returns their ids."""
    told = {"now": now, "specialties": list(specialties), "doctors": len(specialties)}
    told |= {"patients": patients, "entries": entries, "days": days}
    for statement in (DOCTORS, PATIENTS, ENTRIES, APPOINTMENTS):
        prepared = text(statement)
        wanted = {name: told[name] for name in prepared._bindparams}
        await db.execute(prepared, wanted)
    for table in ("patients", "users", "waiting_list_entries", "appointments"):
        await db.execute(text(f"analyze {table}"))
    rows = await db.execute(
        text(
            "select id from users where username like 'crowd-%' order by length(username), username"
        )
    )
    return list(rows.scalars())


async def plan_of(db: AsyncSession, statement: Select[UUID]) -> str:
    """How Postgres goes about exactly what would be executed."""

    def explain(_connection: Any, _cursor: Any, sql: str, parameters: Any, *_: Any) -> Any:
        return f"explain (analyze, costs off) {sql}", parameters

    connection = (await db.connection()).sync_connection
    event.listen(connection, "before_cursor_execute", explain, retval=True)
    try:
        return "\n".join(str(line) for line in (await db.execute(statement)).scalars())
    finally:
        event.remove(connection, "before_cursor_execute", explain)
