"""Visits that were planned: the encounter and its appointment move together."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from app import patients
from app.clinical import encounters
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.kernel.lifecycle import IllegalMove
from app.scheduling import appointments
from app.scheduling.appointments import AppointmentStatus
from tests.builders.appointments import a_cancellation, a_hold, an_appointment, an_arrival, at
from tests.builders.availability import Clinic, a_clinic
from tests.builders.patients import a_patient
from tests.conftest import Client, FrozenClock


@pytest.fixture
async def clinic(works: Works, receptionist: Actor, doctor: Actor) -> Clinic:
    return await a_clinic(works, receptionist, doctor)


async def begun(
    works: Works, by: Actor, appointment_id: UUID, **fields: Any
) -> encounters.Encounter:
    async with works.begin(by) as uow:
        new = encounters.NewEncounter(appointment_id=appointment_id, **fields)
        return await encounters.start_encounter(uow, new)


async def completed(works: Works, by: Actor, encounter_id: UUID) -> None:
    async with works.begin(by) as uow:
        await encounters.complete_encounter(uow, encounter_id)


async def cancelled(works: Works, by: Actor, encounter_id: UUID) -> None:
    async with works.begin(by) as uow:
        await encounters.cancel_encounter(uow, encounter_id, reason="wrong room")


async def status_of(works: Works, by: Actor, appointment_id: UUID) -> AppointmentStatus:
    async with works.begin(by) as uow:
        return (await appointments.get_appointment(uow, appointment_id)).status


async def test_the_visit_is_as_it_was_planned(works: Works, doctor: Actor, clinic: Clinic) -> None:
    planned = await an_appointment(works, doctor, clinic, reason="cough again")
    encounter = await begun(works, doctor, planned.id)
    assert (encounter.kind, encounter.appointment_id) == ("appointment", planned.id)
    assert (encounter.patient_id, encounter.practitioner_id) == (planned.patient_id, doctor.id)
    assert encounter.reason == "cough again"
    assert await status_of(works, doctor, planned.id) is AppointmentStatus.WITH_DOCTOR
    await completed(works, doctor, encounter.id)
    assert await status_of(works, doctor, planned.id) is AppointmentStatus.FINISHED


async def test_what_is_said_at_the_start_counts(
    works: Works, receptionist: Actor, other_doctor: Actor, clinic: Clinic
) -> None:
    planned = await an_appointment(works, receptionist, clinic)
    encounter = await begun(
        works,
        receptionist,
        planned.id,
        patient_id=planned.patient_id,
        practitioner_id=other_doctor.id,
        reason="chest pain",
        kind=encounters.EncounterKind.APPOINTMENT,
    )
    assert (encounter.practitioner_id, encounter.reason) == (other_doctor.id, "chest pain")


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_cancelled_visit_leaves_the_patient_where_they_were(
    works: Works, doctor: Actor, clinic: Clinic, arrived: bool
) -> None:
    planned = await an_appointment(works, doctor, clinic)
    if arrived:
        await an_arrival(works, doctor, planned.id)
    encounter = await begun(works, doctor, planned.id)
    await cancelled(works, doctor, encounter.id)
    before = AppointmentStatus.ARRIVED if arrived else AppointmentStatus.BOOKED
    assert await status_of(works, doctor, planned.id) is before
    again = await begun(works, doctor, planned.id)
    assert again.id != encounter.id
    assert await status_of(works, doctor, planned.id) is AppointmentStatus.WITH_DOCTOR


async def test_an_appointment_has_one_visit(works: Works, doctor: Actor, clinic: Clinic) -> None:
    planned = await an_appointment(works, doctor, clinic)
    encounter = await begun(works, doctor, planned.id)
    await refused_for(works, doctor, planned.id, encounter)
    await completed(works, doctor, encounter.id)
    await refused_for(works, doctor, planned.id, encounter)


async def refused_for(
    works: Works, by: Actor, appointment_id: UUID, encounter: encounters.Encounter
) -> None:
    with pytest.raises(encounters.AppointmentHasEncounter) as refused:
        await begun(works, by, appointment_id)
    assert refused.value.encounter_id == encounter.id


async def test_of_two_who_begin_the_same_visit_at_once_one_does(
    works: Works, doctor: Actor, nurse: Actor, receptionist: Actor, clinic: Clinic
) -> None:
    planned = await an_appointment(works, doctor, clinic)
    outcomes = await asyncio.gather(
        *(begun(works, by, planned.id) for by in (doctor, nurse, receptionist)),
        return_exceptions=True,
    )
    won = [one for one in outcomes if isinstance(one, encounters.Encounter)]
    lost = [one for one in outcomes if isinstance(one, encounters.AppointmentHasEncounter)]
    assert (len(won), len(lost)) == (1, 2)
    assert {one.encounter_id for one in lost} == {won[0].id}
    async with works.begin(doctor) as uow:
        found, _ = await encounters.list_encounters(uow, appointment_id=planned.id)
        by_appointment = await encounters.encounters_of_appointments(uow, [planned.id, uuid4()])
    assert [one.id for one in found] == [won[0].id]
    assert {key: one.id for key, one in by_appointment.items()} == {planned.id: won[0].id}


async def test_no_visit_of_what_is_called_off_or_only_held(
    works: Works, doctor: Actor, clinic: Clinic
) -> None:
    planned = await an_appointment(works, doctor, clinic)
    await a_cancellation(works, doctor, planned.id)
    held = await a_hold(works, doctor, clinic, at("11:00"))
    for appointment in (planned, held):
        with pytest.raises(IllegalMove) as refused:
            await begun(works, doctor, appointment.id)
        assert refused.value.lifecycle == "appointment"
        assert refused.value.target == AppointmentStatus.WITH_DOCTOR
    with pytest.raises(appointments.AppointmentNotFound):
        await begun(works, doctor, uuid4())


async def test_no_visit_before_its_day(works: Works, doctor: Actor, clinic: Clinic) -> None:
    tomorrow = await an_appointment(works, doctor, clinic, at("10:00", day=3))
    with pytest.raises(appointments.NotToday):
        await begun(works, doctor, tomorrow.id)
    async with works.begin(doctor) as uow:
        assert await encounters.encounters_of_appointments(uow, [tomorrow.id]) == {}


async def test_another_patient_is_not_seen_in_somebodys_appointment(
    works: Works, doctor: Actor, clinic: Clinic
) -> None:
    planned = await an_appointment(works, doctor, clinic)
    other = await a_patient(works, doctor, given_name="Maria")
    with pytest.raises(encounters.AppointmentOfAnother) as refused:
        await begun(works, doctor, planned.id, patient_id=other.id)
    assert refused.value.errors[0]["at"] == ["body", "patient_id"]
    assert await status_of(works, doctor, planned.id) is AppointmentStatus.BOOKED


async def test_a_merged_record_is_the_same_patient(
    works: Works, doctor: Actor, clinic: Clinic
) -> None:
    """Also before the appointment itself has followed the merge."""
    planned = await an_appointment(works, doctor, clinic)
    assert planned.patient_id is not None
    survivor = await a_patient(works, doctor, given_name="Maria", birth_date=date(1945, 7, 14))
    async with works.begin(doctor) as uow:
        await patients.merge_patients(uow, planned.patient_id, survivor.id, "one card")
    encounter = await begun(works, doctor, planned.id, patient_id=planned.patient_id)
    assert encounter.patient_id == survivor.id


async def test_a_visit_is_planned_or_not(works: Works, doctor: Actor, clinic: Clinic) -> None:
    planned = await an_appointment(works, doctor, clinic)
    with pytest.raises(encounters.KindMismatch):
        await begun(works, doctor, planned.id, kind=encounters.EncounterKind.WALK_IN)
    async with works.begin(doctor) as uow:
        new = encounters.NewEncounter(
            patient_id=planned.patient_id, kind=encounters.EncounterKind.APPOINTMENT
        )
        with pytest.raises(encounters.KindMismatch):
            await encounters.start_encounter(uow, new)
        with pytest.raises(encounters.PatientMissing):
            await encounters.start_encounter(uow, encounters.NewEncounter())


async def test_a_planned_visit_over_http(
    as_doctor: Client, works: Works, doctor: Actor, clinic: Clinic, clock: FrozenClock
) -> None:
    planned = await an_appointment(works, doctor, clinic)
    body = {"appointment_id": str(planned.id)}
    made = await as_doctor.post("/api/v1/encounters", json=body)
    assert made.status_code == 201, made.text
    encounter = made.json()
    assert (encounter["kind"], encounter["appointment_id"]) == ("appointment", str(planned.id))
    again = await as_doctor.post("/api/v1/encounters", json=body)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/appointment-has-encounter")
    assert again.json()["encounter_id"] == encounter["id"]
    listed = await as_doctor.get(f"/api/v1/encounters?appointment_id={planned.id}")
    assert [one["id"] for one in listed.json()["items"]] == [encounter["id"]]
    nobody = await as_doctor.post("/api/v1/encounters", json={})
    assert (nobody.status_code, nobody.json()["type"]) == (422, "/problems/patient-missing")
