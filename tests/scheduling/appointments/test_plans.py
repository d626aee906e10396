"""At volume every statement of the book finds its rows by index."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor, Role
from app.kernel.paging import Cursor, PageRequest
from app.scheduling import appointments
from app.scheduling.appointments import AppointmentFilter, AppointmentStatus, reading, repository
from app.scheduling.appointments.wanted import Wanted
from tests.builders.appointments import an_appointment, at
from tests.builders.availability import Clinic
from tests.builders.identity import a_user
from tests.fixtures.statements import heard
from tests.fixtures.stores import Databases

Look = Callable[[UnitOfWork], Awaitable[Any]]

# Ten doctors, two years of working days, ten visits a day; every patient sees one doctor.
MANY = text("""
    with people as (
        insert into patients (id, mrn, given_name, family_name, birth_date, sex, emergency_contacts,
            version, created_by, created_at, updated_at, search_text)
        select gen_random_uuid(), 'MANY-' || n, 'Given', 'Family', date '1970-01-01', 'unknown',
            '[]', 1, :desk, now(), now(), 'family given ' || n
        from generate_series(1, 500) as n returning id
    ),
    numbered as (select id, row_number() over (order by id) - 1 as n from people)
    insert into appointments (id, status, practitioner_id, patient_id, patient_name, visit_type_id,
        starts_at, ends_at, practitioner_share, created_by, booked_by, booked_at, created_at)
    select gen_random_uuid(),
        case when day < 0 then 'checked-out' when slot = 9 and day % 5 = 0 then 'cancelled'
            else 'booked' end,
        doctors.id, numbered.id, 'Given Family', :visit_type,
        begins, begins + interval '30 minutes', int4range(0, 27720), :desk, :desk, now(), now()
    from unnest(cast(:doctors as uuid[])) with ordinality as doctors (id, n)
    cross join generate_series(-200, 199) as day
    cross join generate_series(0, 9) as slot
    join numbered on numbered.n = (doctors.n - 1) * 50 + (day + 200 + slot) % 50
    cross join lateral (select timestamptz '2026-03-03 08:00+00' + day * interval '1 day'
        + slot * interval '30 minutes' as begins) as times
""")


@pytest.fixture
def database_url(databases: Databases, migrated_template: str) -> Iterator[str]:
    """Never used before: how full tables once were decides plans as well."""
    with databases.copied(migrated_template) as url:
        yield url


@pytest.fixture
async def full(works: Works, receptionist: Actor, clinic: Clinic) -> UUID:
    """40,000 appointments; returns the id of one of the patients."""
    doctors = [
        await a_user(works, Role.DOCTOR, username=f"doctor-{n}", full_name=f"Dr. Number {n}")
        for n in range(9)
    ]
    told = {
        "desk": receptionist.id,
        "visit_type": clinic.visit_type.id,
        "doctors": [clinic.doctor.id, *(each.id for each in doctors)],
    }
    async with works.sessions.begin() as db:
        await db.execute(MANY, told)
    async with works.sessions.begin() as db:
        for table in ("appointments", "patients"):
            await db.execute(text(f"analyze {table}"))
        found = await db.scalar(text("select patient_id from appointments limit 1"))
    assert isinstance(found, UUID)
    return found


async def plans(works: Works, by: Actor, look: Look) -> str:
    """How Postgres goes about every statement that is sent for this."""
    async with heard(works) as sent, works.begin(by) as uow:
        await look(uow)
    read = [each for each in sent if each.sql.startswith(("SELECT", "WITH"))]
    assert read
    async with works.sessions() as db:
        connection = await db.connection()
        lines = [
            line[0]
            for sql, parameters, _ in read
            for line in await connection.exec_driver_sql(f"explain {sql}", parameters)
        ]
    return "\n".join(lines)


async def test_nothing_reads_the_whole_book(
    works: Works, receptionist: Actor, clinic: Clinic, full: UUID
) -> None:
    mine = await an_appointment(works, receptionist, clinic, at("16:00", day=4))
    ten = at("10:00", day=10)
    wanted = Wanted(
        practitioner_id=clinic.doctor.id,
        visit_type_id=clinic.visit_type.id,
        starts_at=ten,
        ends_at=ten + timedelta(minutes=30),
        patient_id=full,
        room_id=clinic.room.id,
        ignoring=uuid4(),
    )
    day = {"starts_from": at("00:00", day=10), "starts_before": at("00:00", day=11)}
    page = PageRequest(limit=50, cursor=Cursor(ten, mine.id))
    booked = (AppointmentStatus.BOOKED,)
    looks: dict[str, Look] = {
        "busy": lambda uow: repository.busy(uow, wanted),
        "one": lambda uow: repository.get(uow, mine.id, lock=True),
        "hold": lambda uow: repository.hold(uow, mine.id),
        "expired": lambda uow: repository.expired_holds(uow, limit=100),
        "not come": lambda uow: repository.not_come(uow, uow.now, 100),
        "today": lambda uow: repository.booked_between(uow, full, ten, ten + timedelta(days=1)),
        "latest": lambda uow: repository.latest_move(uow, mine.id),
        "shown": lambda uow: appointments.shown(uow, [mine]),
        **{
            f"list {n}": lambda uow, each=each: reading.page(uow, each, page)
            for n, each in enumerate(
                (
                    AppointmentFilter(),
                    AppointmentFilter(**day),
                    AppointmentFilter(practitioner_ids=[clinic.doctor.id], **day),
                    AppointmentFilter(patient_id=full),
                    AppointmentFilter(statuses=booked, starts_from=ten),
                    AppointmentFilter(patient_id=full, latest_first=True),
                )
            )
        },
    }
    for name, look in looks.items():
        plan = await plans(works, receptionist, look)
        assert "Seq Scan on appointments" not in plan, f"{name}:\n{plan}"
        assert "Seq Scan on appointment_moves" not in plan or name == "latest", f"{name}:\n{plan}"
