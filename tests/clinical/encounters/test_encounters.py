"""Encounters: how they start and end, who may, and consent to record."""

import asyncio
from datetime import date, timedelta, timezone
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app import audit, patients
from app.clinical import encounters
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.kernel.lifecycle import IllegalMove
from app.kernel.paging import Cursor, PageRequest
from tests.builders.encounters import an_encounter, consented
from tests.builders.identity import a_user
from tests.builders.patients import a_patient
from tests.conftest import FrozenClock

Status = encounters.EncounterStatus
PERMIT, DENY = encounters.ConsentDecision


async def complete(works: Works, actor: Actor, encounter_id: UUID) -> encounters.Encounter:
    async with works.begin(actor) as uow:
        return await encounters.complete_encounter(uow, encounter_id)


async def cancel(works: Works, actor: Actor, encounter_id: UUID) -> encounters.Encounter:
    async with works.begin(actor) as uow:
        return await encounters.cancel_encounter(uow, encounter_id, reason="had to leave")


async def moves(works: Works, encounter_id: UUID) -> list[tuple[str | None, str, str | None]]:
    move = encounters.EncounterMove
    async with works.begin(Actor.system("test")) as uow:
        rows = await uow.db.scalars(
            select(move).where(move.encounter_id == encounter_id).order_by(move.seq)
        )
        return [(row.from_status, row.to_status, row.reason) for row in rows]


async def permitted(works: Works, encounter_id: UUID) -> bool:
    async with works.begin(Actor.system("test")) as uow:
        return await encounters.recording_permitted(uow, encounter_id)


async def start_for(
    works: Works, actor: Actor, practitioner_id: UUID | None
) -> encounters.Encounter:
    patient = await a_patient(works, actor)
    async with works.begin(actor) as uow:
        new = encounters.NewEncounter(patient_id=patient.id, practitioner_id=practitioner_id)
        return await encounters.start_encounter(uow, new)


async def test_a_doctor_sees_the_patient_who_came(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    encounter = await an_encounter(works, doctor)
    assert (encounter.practitioner_id, encounter.status) == (doctor.id, Status.IN_PROGRESS)
    assert encounter.started_at == clock.at
    assert await moves(works, encounter.id) == [(None, Status.IN_PROGRESS, None)]


async def test_others_name_the_doctor(
    works: Works, doctor: Actor, nurse: Actor, receptionist: Actor
) -> None:
    for actor in (nurse, receptionist):
        assert (await start_for(works, actor, doctor.id)).practitioner_id == doctor.id
        with pytest.raises(encounters.PractitionerMissing):
            await start_for(works, actor, None)
        for nobody in (nurse.id, uuid4()):
            with pytest.raises(encounters.NotAPractitioner):
                await start_for(works, actor, nobody)


async def test_a_patient_nobody_knows_cannot_be_seen(works: Works, doctor: Actor) -> None:
    with pytest.raises(patients.PatientNotFound):
        await an_encounter(works, doctor, patient_id=uuid4())


async def test_a_completed_encounter_stays_completed(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    encounter = await an_encounter(works, doctor)
    clock.advance(minutes=20)
    done = await complete(works, doctor, encounter.id)
    assert (done.status, done.ended_at) == (Status.COMPLETED, clock.at)
    with pytest.raises(IllegalMove):
        await complete(works, doctor, encounter.id)
    with pytest.raises(IllegalMove):
        await cancel(works, doctor, encounter.id)
    assert await moves(works, encounter.id) == [
        (None, Status.IN_PROGRESS, None),
        (Status.IN_PROGRESS, Status.COMPLETED, None),
    ]


async def test_a_cancellation_keeps_its_reason(
    works: Works, doctor: Actor, receptionist: Actor
) -> None:
    encounter = await an_encounter(works, doctor)
    assert (await cancel(works, receptionist, encounter.id)).status is Status.CANCELLED
    assert (await moves(works, encounter.id))[-1] == (
        Status.IN_PROGRESS,
        Status.CANCELLED,
        "had to leave",
    )


async def test_of_two_completions_at_once_one_succeeds(
    works: Works, doctor: Actor, nurse: Actor
) -> None:
    encounter = await an_encounter(works, doctor)
    outcomes = await asyncio.gather(
        complete(works, doctor, encounter.id),
        complete(works, nurse, encounter.id),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, IllegalMove) for outcome in outcomes) == 1
    assert len(await moves(works, encounter.id)) == 2


async def test_history_cannot_be_rewritten(works: Works, doctor: Actor) -> None:
    encounter = await an_encounter(works, doctor)
    await consented(works, doctor, encounter.id)
    for table in ("encounter_moves", "recording_consents"):
        for change in (f"delete from {table}", f"update {table} set encounter_id = encounter_id"):
            with pytest.raises(DBAPIError, match="append-only"):
                async with works.begin(doctor) as uow:
                    await uow.db.execute(text(change))


async def test_roles_decide_who_may_do_what(
    works: Works, doctor: Actor, receptionist: Actor, admin: Actor
) -> None:
    encounter = await an_encounter(works, doctor)
    with pytest.raises(encounters.MayNotConductEncounters):
        await complete(works, receptionist, encounter.id)
    with pytest.raises(encounters.MayNotArrangeEncounters):
        await cancel(works, admin, encounter.id)
    with pytest.raises(encounters.MayNotRecordConsent):
        await consented(works, admin, encounter.id)
    with pytest.raises(encounters.MayNotArrangeEncounters):
        await an_encounter(works, admin, patient_id=encounter.patient_id)


async def test_patients_see_no_encounters(works: Works, doctor: Actor) -> None:
    encounter = await an_encounter(works, doctor)
    someone = await a_user(works, Role.PATIENT)
    async with works.begin(someone) as uow:
        with pytest.raises(encounters.EncounterNotFound):
            await encounters.read_encounter(uow, encounter.id)
        with pytest.raises(encounters.EncounterNotFound):
            await encounters.get_encounter(uow, encounter.id, lock=True)
        assert await encounters.list_encounters(uow) == ([], None)
        day = encounter.started_at.date()
        assert await encounters.encounters_of_day(uow, doctor.id, day) == []


async def test_the_latest_word_on_recording_counts(works: Works, doctor: Actor) -> None:
    encounter = await an_encounter(works, doctor)
    answers = [await permitted(works, encounter.id)]
    for decision in (PERMIT, DENY, PERMIT, DENY):
        await consented(works, doctor, encounter.id, decision)
        answers.append(await permitted(works, encounter.id))
    assert answers == [False, True, False, True, False]
    async with works.begin(doctor) as uow:
        rows = await uow.db.scalars(
            select(encounters.RecordingConsent.decision).order_by(encounters.RecordingConsent.seq)
        )
        assert rows.all() == [PERMIT, DENY, PERMIT, DENY]


async def test_consent_belongs_to_one_encounter(works: Works, doctor: Actor) -> None:
    first = await an_encounter(works, doctor)
    second = await an_encounter(works, doctor, patient_id=first.patient_id)
    await consented(works, doctor, first.id)
    assert (await permitted(works, first.id), await permitted(works, second.id)) == (True, False)


async def test_no_consent_is_recorded_once_the_encounter_is_over(
    works: Works, doctor: Actor
) -> None:
    encounter = await an_encounter(works, doctor)
    await complete(works, doctor, encounter.id)
    with pytest.raises(encounters.EncounterClosed) as refused:
        await consented(works, doctor, encounter.id)
    assert refused.value.encounter_status == "completed"


async def test_every_act_and_every_look_leaves_a_trace(works: Works, doctor: Actor) -> None:
    encounter = await an_encounter(works, doctor)
    await consented(works, doctor, encounter.id)
    async with works.begin(doctor) as uow:
        await encounters.read_encounter(uow, encounter.id)
        await encounters.list_encounters(uow, patient_id=encounter.patient_id)
        await encounters.encounters_of_day(uow, doctor.id, encounter.started_at.date())
    await complete(works, doctor, encounter.id)
    async with works.begin(doctor) as uow:
        event = audit.AuditEvent
        rows = (await uow.db.scalars(select(event).order_by(event.seq))).all()
    traced = [row for row in rows if row.action.split(".")[0] in {"encounter", "consent"}]
    assert [row.action for row in traced] == [
        "encounter.start",
        "consent.record",
        "encounter.read",
        "encounter.list",
        "encounter.list_day",
        "encounter.complete",
    ]
    about = str(encounter.patient_id)
    for row in traced:
        assert str(row.patient_id) == about or row.detail == {"patients": [about]}


async def test_lists_are_filtered_and_paged_newest_first(
    works: Works, doctor: Actor, other_doctor: Actor, clock: FrozenClock
) -> None:
    mara = await a_patient(works, doctor)
    made = [await an_encounter(works, doctor, patient_id=mara.id) for _ in range(3)]
    clock.advance(minutes=5)
    theirs = await an_encounter(works, other_doctor)
    mine = sorted((encounter.id for encounter in made), reverse=True)
    await complete(works, doctor, mine[0])

    async with works.begin(doctor) as uow:

        async def listed(**asked: object) -> list[UUID]:
            found, cursor = await encounters.list_encounters(uow, **asked)  # type: ignore[arg-type]
            assert cursor is None
            return [encounter.id for encounter in found]

        assert await listed() == [theirs.id, *mine]
        assert await listed(mine=True) == mine
        assert await listed(patient_id=mara.id) == mine
        assert await listed(status=Status.COMPLETED) == [mine[0]]
        assert await listed(mine=True, status=Status.IN_PROGRESS) == mine[1:]

        paged: list[UUID] = []
        page = PageRequest(limit=1)
        for _ in range(4):
            [one], cursor = await encounters.list_encounters(uow, page=page)
            paged.append(one.id)
            page = PageRequest(limit=1, cursor=Cursor.decode(cursor) if cursor else None)
        assert (paged, cursor) == ([theirs.id, *mine], None)


async def test_a_day_is_a_day_of_the_clinic(
    works: Works, doctor: Actor, other_doctor: Actor, clock: FrozenClock
) -> None:
    mara = await a_patient(works, doctor)
    clock.advance(hours=14)  # 2-Mar, 23:00 in Greenwich
    late = await an_encounter(works, doctor, patient_id=mara.id)
    clock.advance(hours=2)
    next_day = await an_encounter(works, doctor, patient_id=mara.id)
    await an_encounter(works, other_doctor, patient_id=mara.id)
    east = timezone(timedelta(hours=2))
    async with works.begin(doctor) as uow:
        of_day = encounters.encounters_of_day
        monday = await of_day(uow, doctor.id, date(2026, 3, 2))
        tuesday = await of_day(uow, doctor.id, date(2026, 3, 3), zone=east)
    assert [(e.id, p.family_name) for e, p in monday] == [(late.id, "Okafor-Lind")]
    assert [e.id for e, _ in tuesday] == [late.id, next_day.id]
