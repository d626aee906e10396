"""When doctors can be seen, out of the tables."""

from dataclasses import replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from app import identity
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.scheduling import availability
from tests.builders.availability import a_clinic, a_visit_type, an_exception, working_hours
from tests.fixtures.statements import heard

MONDAY, SATURDAY = date(2026, 3, 2), date(2026, 3, 7)


async def many_doctors(works: Works, count: int) -> list[Actor]:
    """Accounts nobody signs in to."""
    async with works.begin(Actor.system("test-setup")) as uow:
        users = [
            identity.User(
                username=f"doctor-{n}",
                full_name=f"Dr. Number {n}",
                role=Role.DOCTOR,
                password_hash="none",
                created_at=uow.now,
                updated_at=uow.now,
            )
            for n in range(count)
        ]
        uow.db.add_all(users)
        await uow.db.flush()
        return [user.as_actor(uow.now) for user in users]


async def open_time(
    works: Works, by: Actor, ids: list[UUID], first: date = MONDAY, end: date = SATURDAY
) -> dict[UUID, availability.Opening]:
    async with works.begin(by) as uow:
        return await availability.openings(uow, ids, first, end)


async def test_a_doctor_is_open_in_office_hours(
    works: Works, receptionist: Actor, doctor: Actor, other_doctor: Actor
) -> None:
    await a_clinic(works, receptionist, doctor)
    found = await open_time(works, receptionist, [doctor.id, other_doctor.id])
    assert [span.starts_at.isoformat()[5:16] for span in found[doctor.id].spans][:3] == [
        "03-02T08:00", "03-02T13:00", "03-03T08:00",
    ]  # fmt: skip
    assert len(found[doctor.id].spans) == 10
    assert found[doctor.id].hours_known
    assert found[other_doctor.id] == availability.Opening(
        spans=[], closed_days=set(), hours_known=False
    )


async def test_the_clock_on_the_wall_of_the_clinic_counts(
    works: Works, receptionist: Actor, doctor: Actor
) -> None:
    await a_clinic(works, receptionist, doctor)
    in_vienna = replace(works, zone=ZoneInfo("Europe/Vienna"))
    around = (date(2026, 3, 27), date(2026, 3, 31))  # clocks go forward on the Sunday between
    found = await open_time(in_vienna, receptionist, [doctor.id], *around)
    assert [span.starts_at.hour for span in found[doctor.id].spans] == [7, 12, 6, 11]


async def test_a_doctor_without_working_days_is_known_to_have_none(
    works: Works, receptionist: Actor, doctor: Actor
) -> None:
    await working_hours(works, receptionist, doctor, [], valid_from=date(2030, 1, 1))
    found = (await open_time(works, receptionist, [doctor.id]))[doctor.id]
    assert (found.spans, found.hours_known) == ([], True)


async def test_leave_is_one_doctors_and_a_closing_everybodys(
    works: Works, receptionist: Actor, doctor: Actor, other_doctor: Actor
) -> None:
    await a_clinic(works, receptionist, doctor, other_doctor)
    tuesday = {"starts_local": "2026-03-03T00:00", "ends_local": "2026-03-04T00:00"}
    friday = {"starts_local": "2026-03-06T08:00", "ends_local": "2026-03-06T17:00"}
    leave = await an_exception(
        works, receptionist, kind="leave", practitioner_id=doctor.id, **tuesday
    )
    await an_exception(works, receptionist, kind="closed", **friday)
    found = await open_time(works, receptionist, [doctor.id, other_doctor.id])
    assert [len(found[each.id].spans) for each in (doctor, other_doctor)] == [6, 8]
    assert [found[each.id].closed_days for each in (doctor, other_doctor)] == [
        {date(2026, 3, 6)}
    ] * 2
    async with works.begin(doctor) as uow:
        await availability.withdraw_exception(uow, leave.id)
    found = await open_time(works, receptionist, [doctor.id])
    assert len(found[doctor.id].spans) == 8


async def test_a_month_of_forty_doctors_takes_one_statement(
    works: Works, receptionist: Actor
) -> None:
    doctors = await many_doctors(works, 40)
    for each in doctors:
        await working_hours(works, receptionist, each)
        await working_hours(works, receptionist, each, valid_from=date(2026, 3, 15))
    await an_exception(
        works,
        receptionist,
        kind="closed",
        starts_local="2026-03-06T00:00",
        ends_local="2026-03-07T00:00",
    )
    ids = [each.id for each in doctors]
    async with heard(works) as sent, works.begin(receptionist) as uow:
        found = await availability.openings(uow, ids, date(2026, 3, 1), date(2026, 4, 1))
    assert len(sent) == 1
    async with heard(works) as sent, works.begin(receptionist) as uow:
        schedules = await availability.schedules_of(uow, ids)
    assert len(sent) == 1
    assert {len(found[each].spans) for each in ids} == {42}  # 22 weekdays, one closed
    assert {schedules[each].slot_minutes for each in ids} == {15}


async def test_who_offers_what(
    works: Works, receptionist: Actor, doctor: Actor, other_doctor: Actor
) -> None:
    everybody = await a_visit_type(works, receptionist)
    one = await a_visit_type(works, receptionist, "Surgery", 60, offered_by=[doctor.id])
    async with works.begin(receptionist) as uow:
        assert await availability.offers(uow, everybody.id) is None
        assert await availability.offers(uow, one.id) == frozenset({doctor.id})
        assert await availability.offers_of(uow, [everybody.id, one.id]) == {one.id: {doctor.id}}
        theirs = await availability.list_visit_types(uow, practitioner_id=other_doctor.id)
        assert [each.name for each in theirs] == ["Consultation"]
