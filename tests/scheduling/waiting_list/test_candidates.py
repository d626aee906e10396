"""The search for who suits a time: the same ones as by the rules, in their order, by index."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.kernel.paging import Cursor, PageRequest
from app.scheduling import availability, waiting_list
from app.scheduling.waiting_list import WaitingListEntry, WaitingStatus, repository
from app.scheduling.waiting_list.candidates import candidates, fits_of, free_time, in_turn
from app.scheduling.waiting_list.matching import FreeTime, suits
from app.scheduling.waiting_list.repository import EntryFilter
from tests.builders.appointments import a_cancellation, an_appointment, at
from tests.builders.availability import Clinic, a_visit_type
from tests.builders.patients import a_patient
from tests.builders.waiting_list import somebody_waiting
from tests.conftest import FrozenClock
from tests.scheduling.waiting_list.crowd import a_crowd, plan_of

SPECIALTIES = ("Cardiology", "Dermatology", None)
RANKS = {"urgent": 0, "soon": 1, "routine": 2}
SETUP = Actor.system("test-setup")


@pytest.fixture
async def types(works: Works, admin: Actor) -> list[availability.VisitType]:
    return [
        await a_visit_type(works, admin, name, minutes)
        for name, minutes in (("Check", 15), ("Consultation", 30), ("First visit", 60))
    ]


def by_the_rules(
    entries: list[WaitingListEntry],
    time: FreeTime,
    types: list[availability.VisitType],
    zone: ZoneInfo,
) -> list[UUID]:
    """One entry after the other, and no database."""
    minutes = {each.id: timedelta(minutes=each.duration_minutes) for each in types}
    found = [
        entry
        for entry in entries
        if entry.status is WaitingStatus.WAITING
        and suits(entry.wish, time, time.starts_at + minutes[entry.visit_type_id], zone)
    ]
    found.sort(key=lambda entry: (RANKS[entry.urgency], entry.created_at, entry.id))
    return [entry.id for entry in found]


@pytest.mark.parametrize("zone", ["UTC", "Australia/Lord_Howe"])
async def test_the_search_finds_whom_the_rules_find(
    works: Works, clock: FrozenClock, types: list[availability.VisitType], zone: str
) -> None:
    async with works.sessions.begin() as db:
        doctors = await a_crowd(
            db, clock.now(), specialties=SPECIALTIES, patients=900, entries=900, days=0
        )
    here = ZoneInfo(zone)
    matched = 0
    async with replace(works, zone=here).begin(SETUP) as uow:
        entries = list(await uow.db.scalars(select(WaitingListEntry)))
        for doctor, day, hour, length in product(doctors, (1, 27), (0, 8, 23), (15, 60)):
            starts_at = clock.now() + timedelta(days=day, hours=hour)
            ends_at = starts_at + timedelta(minutes=length)
            time = await free_time(uow, doctor, starts_at, ends_at)
            found = await candidates(uow, time, fits_of(time, types, here), limit=1000)
            expected = by_the_rules(entries, time, types, here)
            assert [entry.id for entry in found] == expected
            few = await candidates(uow, time, fits_of(time, types, here), limit=3)
            assert few == found[:3]
            matched += len(expected)
    assert matched > 500


async def test_fifty_thousand_who_wait_are_not_read_through(
    works: Works, clock: FrozenClock, types: list[availability.VisitType]
) -> None:
    doctors = [*SPECIALTIES, *["Cardiology"] * 37]
    async with works.sessions.begin() as db:
        ids = await a_crowd(
            db, clock.now(), specialties=doctors, patients=5000, entries=50_000, days=6
        )
    starts_at = clock.now() + timedelta(days=3, hours=2)
    async with works.begin(SETUP) as uow:
        for doctor in (ids[0], ids[2]):
            time = await free_time(uow, doctor, starts_at, starts_at + timedelta(hours=1))
            fits = fits_of(time, types, uow.zone)
            plan = await plan_of(uow.db, in_turn(uow, time, fits, limit=10))
            assert "Seq Scan" not in plan, plan
            assert "ix_waiting_list_entries_whom" in plan
        some = (await uow.db.scalars(select(WaitingListEntry.id).limit(1))).one()
        page = PageRequest(cursor=Cursor(at=clock.now(), id=some))
        for wanted in (
            EntryFilter(),
            EntryFilter(status=WaitingStatus.BOOKED),
            EntryFilter(practitioner_id=ids[0]),
        ):
            statement = await repository.page_statement(uow, wanted, page)
            plan = await plan_of(uow.db, statement.with_only_columns(WaitingListEntry.id))
            assert "Seq Scan on waiting_list_entries" not in plan, plan
        plan = await plan_of(uow.db, repository.unanswered_statement(uow, 100))
        assert "Seq Scan on appointments" not in plan, plan


async def matches(works: Works, by: Actor, clinic: Clinic, starts: str, ends: str) -> list[UUID]:
    async with works.begin(by) as uow:
        found = await waiting_list.matches_for(
            uow, clinic.doctor.id, at(starts, day=3), at(ends, day=3)
        )
    return [entry.patient_id for entry in found]


async def test_who_is_somewhere_else_is_left_out(
    works: Works, receptionist: Actor, other_doctor: Actor, clinic: Clinic
) -> None:
    entry = await somebody_waiting(works, receptionist, clinic.visit_type.id)
    who = {"patient_id": entry.patient_id, "practitioner_id": other_doctor.id}
    longer = await a_visit_type(works, receptionist, "Long", 60)
    booked = await an_appointment(
        works, receptionist, clinic, at("10:30", day=3), **who, visit_type_id=longer.id
    )
    assert await matches(works, receptionist, clinic, "10:00", "10:30") == [entry.patient_id]
    assert await matches(works, receptionist, clinic, "10:15", "11:00") == []
    assert await matches(works, receptionist, clinic, "11:00", "11:30") == []
    assert await matches(works, receptionist, clinic, "11:30", "12:00") == [entry.patient_id]
    await a_cancellation(works, receptionist, booked.id)
    assert await matches(works, receptionist, clinic, "10:30", "11:00") == [entry.patient_id]


async def test_who_comes_sooner_anyway_is_left_out(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    entry = await somebody_waiting(works, receptionist, clinic.visit_type.id)
    await an_appointment(
        works, receptionist, clinic, at("11:00", day=3), patient_id=entry.patient_id
    )
    assert await matches(works, receptionist, clinic, "09:00", "09:30") == [entry.patient_id]
    assert await matches(works, receptionist, clinic, "14:00", "14:30") == []


async def test_who_had_this_very_time_is_left_out(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    entry = await somebody_waiting(works, receptionist, clinic.visit_type.id)
    booked = await an_appointment(
        works, receptionist, clinic, at("10:00", day=3), patient_id=entry.patient_id
    )
    await a_cancellation(works, receptionist, booked.id)
    assert await matches(works, receptionist, clinic, "10:00", "10:30") == []
    assert await matches(works, receptionist, clinic, "10:30", "11:00") == [entry.patient_id]


async def test_a_type_the_doctor_does_not_offer_and_a_retired_one_fit_nobody(
    works: Works, receptionist: Actor, other_doctor: Actor, clinic: Clinic
) -> None:
    theirs = await a_visit_type(works, receptionist, "Echo", offered_by=[other_doctor.id])
    await somebody_waiting(works, receptionist, theirs.id)
    retired = await somebody_waiting(works, receptionist, clinic.visit_type.id)
    assert await matches(works, receptionist, clinic, "10:00", "10:30") == [retired.patient_id]
    async with works.begin(receptionist) as uow:
        await availability.retire_visit_type(uow, clinic.visit_type.id)
    assert await matches(works, receptionist, clinic, "10:00", "10:30") == []


async def test_patients_who_gave_a_time_up_are_not_asked_whether_they_want_it(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    """Also under a record that was merged into theirs, of which the list has not heard."""
    who: Any = await a_patient(works, receptionist)
    entry = await somebody_waiting(works, receptionist, clinic.visit_type.id, patient_id=who.id)
    async with works.begin(receptionist) as uow:
        types = await availability.list_visit_types(uow)
        for given_up_by, expected in ((who.id, []), (None, [entry.id])):
            time = await free_time(
                uow,
                clinic.doctor.id,
                at("10:00", day=3),
                at("10:30", day=3),
                given_up_by=given_up_by,
            )
            found = await candidates(uow, time, fits_of(time, types, uow.zone), limit=5)
            assert [each.id for each in found] == expected
