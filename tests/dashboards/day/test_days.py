"""What is kept is what the database has: after every verb, in every process, without Redis too."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from redis import Redis
from sqlalchemy import select, text

from app import audit, patients
from app.crisis import access, episodes, risk
from app.dashboards import day
from app.dashboards.day import shelf
from app.dashboards.day.metrics import MISSES, REDIS_FAILURES
from app.dashboards.day.tasks import settle_changes
from app.infra.embedded import StoreUrls
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import NOWHERE, Actor, Origin
from app.kernel.errors import DomainError
from app.scheduling import appointments
from app.work_queues import items, rosters
from app.work_queues.items.tasks import end_leases, end_snoozes
from tests.builders.appointments import an_appointment, at, new_booking
from tests.builders.availability import a_clinic
from tests.builders.days import FullDay, a_full_day, fresh, kept
from tests.builders.encounters import an_encounter
from tests.builders.notes import TYPED, Crash, a_typed_note, crash_after, saved, signed
from tests.builders.patients import a_patient
from tests.builders.recordings import a_completed_recording, a_recording
from tests.builders.work_queues_rosters import DOCTORS, NURSES, a_member
from tests.builders.work_queues_tasks import a_task
from tests.conftest import Client, FrozenClock
from tests.fixtures.live_site import free_port

Verb = Callable[[], Awaitable[object]]


@dataclass
class Bustle:
    """A clinic in which anything may happen next."""

    works: Works
    clock: FrozenClock
    full: FullDay
    people: dict[str, Actor]
    dice: random.Random

    async def by(self, who: str, verb: Callable[[UnitOfWork], Awaitable[object]]) -> None:
        async with self.works.begin(self.people[who]) as uow:
            await verb(uow)

    @property
    def verbs(self) -> list[Verb]:
        return [getattr(self, name) for name in dir(type(self)) if name.startswith("may_")]

    async def may_book(self) -> None:
        hour, minute = self.dice.randrange(8, 16), self.dice.choice((0, 15, 30, 45))
        override = {"reason": "it is urgent"}
        begins = at(f"{hour:02d}:{minute:02d}")
        new = new_booking(
            self.full.clinic, self.full.patient.id, begins, override=override, duration_minutes=5
        )
        await self.by("desk", lambda uow: appointments.book_appointment(uow, new))

    async def may_move_to_another_doctor(self) -> None:
        made = await an_appointment(self.works, self.people["desk"], self.full.clinic, at("16:00"))
        where = appointments.Reschedule(
            starts_at=at("16:00"), practitioner_id=self.people["other"].id
        )
        await self.by("desk", lambda uow: appointments.reschedule(uow, made.id, where))

    async def may_walk_in(self) -> None:
        patient = await a_patient(self.works, self.people["desk"])
        await an_encounter(self.works, self.people["doctor"], patient_id=patient.id)

    async def may_type_and_sign(self) -> None:
        draft = await a_typed_note(self.works, self.people["doctor"], {})
        draft = await saved(self.works, self.people["doctor"], draft, TYPED)
        if self.dice.random() < 0.5:
            await signed(self.works, self.people["doctor"], draft)

    async def may_dictate(self) -> None:
        make = self.dice.choice((a_recording, a_completed_recording))
        await make(self.works, self.people["doctor"])

    async def may_give_a_task(self) -> None:
        whose = self.dice.choice((None, self.people["doctor"].id, self.people["other"].id))
        task = await a_task(
            self.works,
            by=self.people["nurse"],
            pool_id=DOCTORS,
            assignee_id=whose,
            patient_id=self.full.patient.id,
        )
        taker = "doctor" if whose is None else self.dice.choice(("doctor", "other"))
        if whose is None or whose == self.people[taker].id:
            await self.by(taker, lambda uow: items.claim(uow, task.id))

    async def may_let_leases_run_out(self) -> None:
        self.clock.advance(minutes=16)
        await end_leases(self.works)
        await end_snoozes(self.works)

    async def may_rename(self) -> None:
        async with self.works.begin(self.people["desk"]) as uow:
            now = await patients.get_patient(uow, self.full.patient.id)
            name = f"Mara{self.dice.randrange(1000)}x".replace("0", "o")
            change = patients.UpdatePatient(given_name=name)
            await patients.update_patient(uow, now.id, change, version=now.version)

    async def may_merge(self) -> None:
        twin = await a_patient(self.works, self.people["desk"])
        await an_encounter(self.works, self.people["doctor"], patient_id=twin.id)
        async with self.works.begin(self.people["desk"]) as uow:
            now = await patients.get_patient(uow, self.full.patient.id)
            merge = await patients.merge_patients(uow, twin.id, now.id, "One card.")
        if self.dice.random() < 0.5:
            await self.by("desk", lambda uow: patients.reverse_merge(uow, merge.id))

    async def may_judge_risk(self) -> None:
        level = self.dice.choice((risk.RiskLevel.HIGH, risk.RiskLevel.MODERATE))
        said = risk.AssessRisk(level=level, reason="Seen today.")
        await self.by("doctor", lambda uow: risk.assess(uow, self.full.patient.id, said))

    async def may_restrict(self) -> None:
        people = self.dice.choice(([], [self.people["doctor"].id]))
        made: list[UUID] = []

        async def restrict(uow: UnitOfWork) -> None:
            patient = await a_patient_of(uow, self.full)
            made.append((await access.restrict(uow, patient, "works here", people)).id)

        await self.by("admin", restrict)
        if self.dice.random() < 0.7:
            await self.by("admin", lambda uow: access.lift(uow, made[0], "asked for it"))

    async def may_break_the_glass(self) -> None:
        reason = "brought in unconscious, nobody else is here"
        made: list[Any] = []

        async def break_it(uow: UnitOfWork) -> None:
            made.append(await access.break_glass(uow, self.full.hidden.id, reason))

        await self.by("doctor", break_it)
        if self.dice.random() < 0.5:
            await self.by("doctor", lambda uow: access.end_grant(uow, made[0].id))

    async def may_rename_the_room(self) -> None:
        async with self.works.begin(self.people["desk"]) as uow:
            room = self.full.clinic.room.id
            change = {"name": f"Room {self.dice.randrange(10**6)}", "id": room}
            await uow.db.execute(text("update rooms set name = :name where id = :id"), change)

    async def may_pass_the_episode_on(self) -> None:
        who = self.dice.choice(("doctor", "other"))
        await self.by(who, lambda uow: episodes.own(uow, self.full.episode_id))

    async def may_join_a_pool(self) -> None:
        async with self.works.begin(self.people["admin"]) as uow:
            new = rosters.NewPool(key=f"p{self.dice.randrange(10**9)}", name="Another")
            pool = await rosters.add_pool(uow, new)
        await a_task(self.works, pool_id=pool.id)
        doctor = self.people["doctor"].id
        await self.by("admin", lambda uow: rosters.add_member(uow, pool.id, doctor))
        await a_task(self.works, pool_id=pool.id)
        if self.dice.random() < 0.5:
            await self.by("admin", lambda uow: rosters.remove_member(uow, pool.id, doctor))


async def a_patient_of(uow: UnitOfWork, full: FullDay) -> UUID:
    """Whose appointment is at ten."""
    found = await appointments.get_appointment(uow, full.arrived.id)
    assert found.patient_id is not None
    return found.patient_id


@pytest.fixture
async def full(works: Works, doctor: Actor, receptionist: Actor, admin: Actor) -> FullDay:
    return await a_full_day(works, doctor, receptionist, admin)


@pytest.fixture
def bustle(
    *,
    works: Works,
    clock: FrozenClock,
    full: FullDay,
    doctor: Actor,
    other_doctor: Actor,
    receptionist: Actor,
    nurse: Actor,
    admin: Actor,
) -> Bustle:
    people = {"doctor": doctor, "other": other_doctor, "desk": receptionist}
    people |= {"nurse": nurse, "admin": admin}
    return Bustle(works, clock, full, people, random.Random(24))


async def test_after_whatever_happens_what_is_kept_is_what_there_is(
    bustle: Bustle, works: Works, days: day.Days, elsewhere: day.Days, without_redis: day.Days
) -> None:
    doctor, other_doctor = bustle.people["doctor"], bustle.people["other"]
    order = bustle.verbs * 2
    bustle.dice.shuffle(order)
    happened = 0
    for verb in order:
        before = (await fresh(works, doctor)).body
        with suppress(DomainError):  # what is refused must not show either
            await verb()
        for who in (doctor, other_doctor):
            now = await fresh(works, who)
            for each in (days, elsewhere, without_redis):
                shown = await each.read(who, NOWHERE)
                assert shown.body == now.body, f"{verb} was not noticed"
                assert shown.version == now.version
        happened += (await fresh(works, doctor)).body != before
        if bustle.dice.random() < 0.3:
            await settle_changes(works)
    assert happened > len(order) / 2, "hardly anything happened"


async def test_a_change_that_commits_late_is_seen_when_it_commits(
    works: Works, doctor: Actor, receptionist: Actor, days: day.Days
) -> None:
    clinic = await a_clinic(works, receptionist, doctor)
    late, early = [await a_patient(works, receptionist) for _ in range(2)]
    async with works.begin(receptionist) as uow:
        new = new_booking(clinic, late.id, at("10:00"))
        first = await appointments.book_appointment(uow, new)
        await uow.db.flush()
        second = await an_appointment(works, receptionist, clinic, at("11:00"), patient_id=early.id)
        shown = [one.id for one in (await kept(days, doctor)).appointments]
        assert shown == [second.id]
        assert await settle_changes(works) > 0
    shown = [one.id for one in (await kept(days, doctor)).appointments]
    assert shown == [first.id, second.id]


async def test_what_was_rolled_back_builds_nothing(
    works: Works, doctor: Actor, receptionist: Actor, days: day.Days
) -> None:
    clinic = await a_clinic(works, receptionist, doctor)
    patient = await a_patient(works, receptionist)
    await days.read(doctor, NOWHERE)
    before = MISSES._value.get()
    new = new_booking(clinic, patient.id, at("10:00"))
    with pytest.raises(Crash):
        await crash_after(works, receptionist, lambda uow: appointments.book_appointment(uow, new))
    assert (await kept(days, doctor)).appointments == []
    assert MISSES._value.get() == before


async def test_many_readers_in_two_processes_are_one_build_for_each_change(
    works: Works, doctor: Actor, full: FullDay, days: day.Days, elsewhere: day.Days
) -> None:
    """And every request is in the trail, those that were answered together in one line of it."""
    readers, traced = [days, elsewhere] * 30, set[str]()
    for change in range(4):
        before = MISSES._value.get()
        await a_task(works, pool_id=DOCTORS, title=f"Call {change}")
        asked = [(each, Origin(address="127.0.0.1", request_id=uuid4())) for each in readers]
        seen = await asyncio.gather(*(each.read(doctor, origin) for each, origin in asked))
        traced |= {str(origin.request_id) for _, origin in asked}
        assert len({entry.body for entry in seen}) == 1
        assert f"Call {change}".encode() in seen[0].body
        assert MISSES._value.get() - before == 1
    async with works.sessions() as db:
        read = select(audit.AuditEvent).where(audit.AuditEvent.action == "dashboard.read")
        rows = (await db.scalars(read)).all()
    named = [str(row.request_id) for row in rows] + [
        other for row in rows for other in row.detail.get("requests", ())
    ]
    assert sorted(named) == sorted(traced)


async def test_without_an_answer_from_redis_it_is_slower_and_right(
    works: Works, doctor: Actor, full: FullDay
) -> None:
    before = REDIS_FAILURES._value.get()
    async with day.open_days(works, f"redis://127.0.0.1:{free_port()}/0") as alone:
        for change in range(3):
            await a_task(works, pool_id=DOCTORS, title=f"Call {change}")
            assert (await alone.read(doctor, NOWHERE)).body == (await fresh(works, doctor)).body
    assert REDIS_FAILURES._value.get() > before


async def test_what_lies_in_redis_is_not_believed(
    bustle: Bustle, works: Works, urls: StoreUrls, days: day.Days
) -> None:
    doctor, other_doctor = bustle.people["doctor"], bustle.people["other"]
    mine, theirs = [await days.read(who, NOWHERE) for who in (doctor, other_doctor)]
    assert urls.redis_url
    key = shelf.key_of(doctor.id)
    forged = replace(mine, version="0" * 32)
    with Redis.from_url(urls.redis_url) as redis:
        for left in (b"", b"{}\n{}", theirs.packed(), forged.packed(), mine.packed()[:-9]):
            redis.set(key, left)
            async with day.open_days(works, urls.redis_url) as another:
                assert (await another.read(doctor, NOWHERE)).body == mine.body


async def test_whoever_died_while_building_is_not_waited_for_long(
    works: Works, urls: StoreUrls, doctor: Actor, full: FullDay, days: day.Days
) -> None:
    assert urls.redis_url
    with Redis.from_url(urls.redis_url) as redis:
        redis.set(f"{shelf.key_of(doctor.id)}:building", "dead", px=60_000)
        async with asyncio.timeout(10):
            shown = await days.read(doctor, NOWHERE)
        assert redis.get(f"{shelf.key_of(doctor.id)}:building") == b"dead", "it was not ours"
    assert shown.body == (await fresh(works, doctor)).body


async def test_a_broken_glass_ends_by_the_clock_alone(
    works: Works, clock: FrozenClock, doctor: Actor, full: FullDay, days: day.Days
) -> None:
    async with works.begin(doctor) as uow:
        reason = "brought in unconscious, nobody else is here"
        grant = await access.break_glass(uow, full.hidden.id, reason)
    shown = await kept(days, doctor)
    assert shown.valid_until == grant.expires_at
    assert not any(one.restricted for one in shown.appointments)
    clock.at = grant.expires_at
    assert [one.patient_name for one in (await kept(days, doctor)).appointments if one.restricted]


@pytest.mark.parametrize(
    ("now", "begins", "ends"),
    [  # clocks go forward in Vienna on 29-Mar-2026 and back on 25-Oct-2026
        ("2026-03-28T12:00Z", "2026-03-27T23:00Z", "2026-03-28T23:00Z"),
        ("2026-03-29T12:00Z", "2026-03-28T23:00Z", "2026-03-29T22:00Z"),
        ("2026-10-25T12:00Z", "2026-10-24T22:00Z", "2026-10-25T23:00Z"),
    ],
)
async def test_a_day_is_as_long_as_the_clinics_clock_makes_it(
    *,
    now: str,
    begins: str,
    ends: str,
    works: Works,
    clock: FrozenClock,
    doctor: Actor,
    receptionist: Actor,
    urls: StoreUrls,
) -> None:
    vienna = replace(works, zone=ZoneInfo("Europe/Vienna"))
    clinic = await a_clinic(works, receptionist, doctor)
    first, end = moment(begins), moment(ends)
    clock.at = first - timedelta(days=1)
    minutes = timedelta(minutes=5)
    for begin in (first - minutes, first, end - minutes, end):
        patient = await a_patient(works, receptionist)
        override = {"reason": "test"}
        await an_appointment(
            works,
            receptionist,
            clinic,
            begin,
            patient_id=patient.id,
            override=override,
            duration_minutes=5,
        )
    clock.at = moment(now)
    async with day.open_days(vienna, urls.redis_url) as days:
        shown = await kept(days, doctor)
        assert [one.starts_at for one in shown.appointments] == [first, end - minutes]
        assert shown.valid_until == end
        clock.at = end
        tomorrow = await kept(days, doctor)
    assert tomorrow.day == shown.day + timedelta(days=1)
    assert [one.starts_at for one in tomorrow.appointments] == [end]


def moment(said: str) -> datetime:
    return datetime.fromisoformat(said).astimezone(UTC)


async def test_the_day_over_http(
    as_doctor: Client, as_nurse: Client, works: Works, doctor: Actor, full: FullDay
) -> None:
    answer = await as_doctor.get("/api/v1/dashboards/me")
    assert answer.status_code == 200
    shown = day.DoctorDay.model_validate_json(answer.text)
    steps = {one.status.value: one.next_step for one in shown.appointments if not one.restricted}
    assert steps == {
        "with-doctor": day.NextStep.CONTINUE_VISIT,
        "arrived": day.NextStep.START_VISIT,
        "booked": day.NextStep.AWAIT_ARRIVAL,
    }
    assert [one.to_do for one in shown.notes].count(day.NoteToDo.CHECK) == 1
    assert {one.state.value for one in shown.recordings} == {"receiving", "failed"}
    assert shown.work_counts.mine == 3
    assert [(one.flag.value, one.status.value) for one in shown.results] == [
        ("critical-high", "final")
    ]
    assert {one.kind.value for one in shown.unfinished} == {"prescription", "order"}
    assert shown.crisis_steps
    [hidden] = [one for one in shown.appointments if one.restricted]
    assert "Hidden" not in answer.text
    again = await as_doctor.get(
        "/api/v1/dashboards/me", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    async with works.sessions() as db:
        read = select(audit.AuditEvent).where(audit.AuditEvent.action == "dashboard.read")
        rows = (await db.scalars(read)).all()
    assert len(rows) == 2
    assert {row.actor_id for row in rows} == {doctor.id}
    assert str(full.patient.id) in rows[0].detail["patients"]
    assert rows[1].detail["seen"] == rows[0].detail["seen"]
    assert str(hidden.patient_id) not in rows[0].detail["patients"]
    assert (await as_nurse.get("/api/v1/dashboards/me")).status_code == 403


async def test_what_is_said_follows_a_merge(
    works: Works, doctor: Actor, receptionist: Actor, full: FullDay, days: day.Days
) -> None:
    twin = await a_patient(works, receptionist, given_name="Maria")
    encounter = await an_encounter(works, doctor, patient_id=twin.id)
    async with works.begin(receptionist) as uow:
        await patients.merge_patients(uow, twin.id, full.patient.id, "One card.")
    [visit] = [one for one in (await kept(days, doctor)).visits if one.id == encounter.id]
    assert (visit.patient_id, visit.patient_name) == (full.patient.id, "Mara Okafor-Lind")


async def test_a_supervisors_day_changes_with_every_pool(
    works: Works, doctor: Actor, nurse: Actor, admin: Actor, days: day.Days
) -> None:
    await a_member(works, admin, rosters.SUPERVISORS, doctor)
    assert (await kept(days, doctor)).work == []
    await a_task(works, by=nurse, pool_id=NURSES, title="For the nurses")
    assert [each.title for each in (await kept(days, doctor)).work] == ["For the nurses"]
