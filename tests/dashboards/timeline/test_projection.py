"""However facts come, the timeline is what a rebuild makes; and a read is never behind."""

import asyncio
import random
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from app import patients
from app.clinical import encounters
from app.clinical.notes.body import SectionKey
from app.dashboards import timeline
from app.dashboards.timeline import projection
from app.dashboards.timeline.models import TimelineArrear, TimelinePatient
from app.dashboards.timeline.schemas import EntryKind
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.scheduling import appointments
from app.work_queues.escalations.tasks import fire_due
from tests.builders.appointments import an_appointment, at
from tests.builders.availability import Clinic, a_clinic
from tests.builders.encounters import an_encounter
from tests.builders.identity import a_user
from tests.builders.notes import a_typed_note, amended, signed
from tests.builders.patients import a_patient
from tests.builders.results import CRITICAL, a_result, acknowledged, called
from tests.conftest import FrozenClock
from tests.dashboards.timeline.history import (
    LATER,
    MEASURED,
    a_history,
    facts,
    forget,
    owe,
    read,
    stored,
    tell,
)
from tests.scheduling.waiting_list.delivering import deliver_everything


@pytest.fixture
async def clinic(works: Works, receptionist: Actor, doctor: Actor) -> Clinic:
    return await a_clinic(works, receptionist, doctor)


async def test_any_order_of_facts_comes_to_what_a_rebuild_makes(
    works: Works, doctor: Actor, receptionist: Actor, clinic: Clinic
) -> None:
    """Late, twice, shuffled; what the worker did not bring is heard by whoever reads."""
    patient_id = await a_history(works, doctor, receptionist, clinic)
    told = await facts(works)
    assert await timeline.rebuild(works) == 1
    made = await stored(works)
    assert {entry["kind"] for entry in made["entries"]} == set(EntryKind)
    assert made["vitals"]
    for seed in range(4):
        chance = random.Random(seed)
        order = chance.sample(told, len(told)) + chance.sample(told, 10)
        await forget(works)
        await owe(works, patient_id, told)
        for fact_id in order[: len(order) - 5 * seed]:
            await tell(works, fact_id)
        if seed:  # some were never brought: whoever reads hears them
            await read(works, doctor, patient_id)
        assert await stored(works) == made, f"seed {seed}"


async def test_whoever_was_never_built_is_built_when_they_are_read(
    works: Works, doctor: Actor, receptionist: Actor, clinic: Clinic
) -> None:
    """As after an upgrade, or when a kind of entry is new."""
    patient_id = await a_history(works, doctor, receptionist, clinic)
    assert await timeline.rebuild(works) == 1
    made = await stored(works)
    await forget(works)
    assert await read(works, doctor, patient_id, limit=100)
    assert await stored(works) == made
    async with works.begin(doctor) as uow:
        await uow.db.execute(text("update timeline_patients set shape = 1"))
        await uow.db.execute(text("update timeline_entries set title = 'as it was once called'"))
    await read(works, doctor, patient_id)
    assert await stored(works) == made


async def test_what_was_committed_is_read_though_no_worker_runs(
    works: Works, doctor: Actor, receptionist: Actor, clinic: Clinic
) -> None:
    patient = await a_patient(works, doctor)
    assert await read(works, doctor, patient.id) == []
    booked = await an_appointment(works, receptionist, clinic, at("10:00"), patient_id=patient.id)
    [entry] = await read(works, receptionist, patient.id)
    assert (entry.source_id, entry.status, entry.at) == (booked.id, "booked", at("10:00"))
    async with works.begin(receptionist) as uow:
        move = appointments.Reschedule.model_validate({"starts_at": at("11:00")})
        await appointments.reschedule(uow, booked.id, move)
    [entry] = await read(works, receptionist, patient.id)
    assert entry.at == at("11:00")
    async with works.begin(receptionist) as uow:
        said = appointments.ChangeAppointment(reason="cough")
        version = (await appointments.get_appointment(uow, booked.id)).version
        await appointments.change_appointment(uow, booked.id, said, version=version)
    [entry] = await read(works, doctor, patient.id)
    assert entry.clinical == "cough"
    visit = await an_encounter(works, doctor, patient_id=patient.id)
    draft = await a_typed_note(works, doctor, MEASURED, encounter_id=visit.id)
    kinds = [(row.kind, row.status) for row in await read(works, doctor, patient.id)]
    assert sorted(kinds) == [
        ("appointment", "booked"), ("encounter", "in-progress"), ("note", "draft"),
    ]  # fmt: skip
    await signed(works, doctor, draft)
    [note] = await read(works, doctor, patient.id, kinds=[EntryKind.NOTE])
    assert (note.part, note.status, note.clinical) == (
        "signed", "signed", "Essential hypertension.",
    )  # fmt: skip
    async with works.begin(doctor) as uow:
        await encounters.complete_encounter(uow, visit.id)
    [seen] = await read(works, doctor, patient.id, kinds=[EntryKind.ENCOUNTER])
    assert seen.status == "completed"
    async with works.sessions() as db:
        assert await db.scalar(select(func.count()).select_from(TimelineArrear)) == 0
    assert await deliver_everything(works, only="timeline") > 0  # the worker is back


async def test_readers_and_the_worker_at_once_leave_the_latest(
    works: Works, doctor: Actor, receptionist: Actor, clinic: Clinic
) -> None:
    """Each sees its own change at once, whoever else is writing the same timeline."""
    patient = await a_patient(works, doctor)
    booked = await an_appointment(works, receptionist, clinic, at("10:00"), patient_id=patient.id)

    async def move_and_read(minutes: int) -> None:
        async with works.begin(receptionist) as uow:
            starts_at = at("10:00").replace(minute=minutes)
            move = appointments.Reschedule.model_validate({"starts_at": starts_at})
            changed = await appointments.reschedule(uow, booked.id, move)
            version = changed.version
        [entry] = await read(works, receptionist, patient.id)
        async with works.begin(receptionist) as uow:
            now = await appointments.get_appointment(uow, booked.id)
            assert now.version > version or entry.at == starts_at

    async def deliver() -> None:
        for fact_id in await facts(works):
            await tell(works, fact_id)

    for start in (5, 25, 45):
        moves = [move_and_read(start + step) for step in range(6)]
        await asyncio.gather(*moves, deliver(), deliver())
    [entry] = await read(works, receptionist, patient.id)
    async with works.begin(receptionist) as uow:
        assert entry.at == (await appointments.get_appointment(uow, booked.id)).starts_at


async def test_entries_follow_records_that_become_one_and_two_again(
    works: Works, doctor: Actor, receptionist: Actor, clinic: Clinic
) -> None:
    mara, maria = [
        await a_patient(works, doctor, given_name=name, birth_date=date(1945, 4, day))
        for name, day in (("Mara", 7), ("Maria", 8))
    ]
    booked = await an_appointment(works, receptionist, clinic, at("10:00"), patient_id=maria.id)
    visit = await an_encounter(works, doctor, patient_id=maria.id)

    async def sources(of: UUID) -> set[UUID]:
        return {row.source_id for row in await read(works, doctor, of)}

    async with works.begin(doctor) as uow:
        merge = await patients.merge_patients(uow, maria.id, mara.id, "registered twice")
    assert await sources(mara.id) == await sources(maria.id) == {booked.id, visit.id}
    await deliver_everything(works, only="appointments.")
    assert await sources(mara.id) == {booked.id, visit.id}
    async with works.begin(doctor) as uow:
        await patients.reverse_merge(uow, merge.id)
    await deliver_everything(works, only="appointments.")
    assert await sources(mara.id) == set()
    assert await sources(maria.id) == {booked.id, visit.id}
    made = await stored(works)
    await timeline.rebuild(works, patient_id=maria.id)
    assert await stored(works) == made


async def test_vital_signs_are_those_of_what_counts(works: Works, doctor: Actor) -> None:
    visit = await an_encounter(works, doctor)
    note = await a_typed_note(works, doctor, MEASURED, encounter_id=visit.id)

    async def measured() -> list[tuple[str, float]]:
        async with works.begin(doctor) as uow:
            page = await timeline.read_timeline(uow, visit.patient_id)
            found = await timeline.vitals_of(uow, page.records)
        return [(vital.code, vital.value) for vital in found]

    assert await measured() == []  # not before it is signed
    await signed(works, doctor, note)
    assert await measured() == [("8462-4", 94.0), ("8480-6", 152.0), ("8867-4", 88.0)]
    await amended(works, doctor, note.id, {**LATER, SectionKey.VITALS: LATER[SectionKey.VITALS]})
    assert await measured() == [("8462-4", 86.0), ("8480-6", 138.0)]


async def test_a_rebuild_that_was_broken_off_goes_on(
    works: Works, doctor: Actor, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = [(await a_patient(works, doctor)).id for _ in range(5)]
    for patient_id in everybody:
        await an_encounter(works, doctor, patient_id=patient_id)
    build, done = projection.build_alone, []

    async def broken(works: Works, record: UUID) -> None:
        if len(done) == 2:
            raise ConnectionError
        await build(works, record)
        done.append(record)

    monkeypatch.setattr(projection, "build_alone", broken)
    with pytest.raises(ConnectionError):
        await timeline.rebuild(works)
    monkeypatch.setattr(projection, "build_alone", build)
    said: list[tuple[int, int]] = []
    assert await timeline.rebuild(works, lambda *numbers: said.append(numbers)) == 3
    assert said == [(1, 3), (2, 3), (3, 3)]
    clock.advance(seconds=1)
    assert await timeline.rebuild(works) == 5  # begun anew it makes everybody anew
    async with works.sessions() as db:
        built = set(await db.scalars(select(TimelinePatient.patient_id)))
    assert built == set(everybody)
    admin = await a_user(works, Role.ADMIN)
    assert len(await read(works, admin, everybody[0])) == 1


async def test_an_alert_that_climbed_to_the_supervisors_stays_in_the_history(
    works: Works, doctor: Actor, nurse: Actor, admin: Actor, clock: FrozenClock
) -> None:
    report = await a_result(works, doctor, CRITICAL)
    for _ in range(4):
        await fire_due(works)
        clock.advance(minutes=10)
    await called(works, nurse, report.id)
    await acknowledged(works, doctor, report.id)
    found = await read(works, doctor, report.patient_id, kinds=[EntryKind.ALERT])
    assert [(each.detail, each.status) for each in found] == [("Supervisors", "resolved")]
