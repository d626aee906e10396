"""Booking a time: given away once, and refused with everything that is in the way."""

from dataclasses import replace
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from app import identity, patients
from app.infra.uow import Subscriptions, Works
from app.kernel.actors import Actor, Role
from app.scheduling import appointments, availability
from app.scheduling.appointments import AppointmentStatus, SlotTaken
from tests.builders.appointments import a_hold, an_appointment, at, new_booking
from tests.builders.availability import (
    Clinic,
    a_visit_type,
    an_exception,
)
from tests.builders.identity import a_user
from tests.builders.patients import a_patient
from tests.fixtures.statements import heard
from tests.scheduling.appointments.seeing import (
    facts,
    fresh,
    kinds,
    steps,
    traces,
)

BOOKED = AppointmentStatus.BOOKED


async def refused(works: Works, by: Actor, clinic: Clinic, *args: Any, **fields: Any) -> SlotTaken:
    with pytest.raises(SlotTaken) as caught:
        await an_appointment(works, by, clinic, *args, **fields)
    return caught.value


async def test_a_free_time_is_booked(works: Works, receptionist: Actor, clinic: Clinic) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"), reason="cough")
    assert (booked.status, booked.ends_at) == (BOOKED, at("10:30"))
    assert (booked.patient_name, booked.reason) == ("Mara Okafor-Lind", "cough")
    assert (booked.booked_by, booked.version) == (receptionist.id, 1)
    assert await steps(works, receptionist, booked.id) == [(None, BOOKED)]
    name, told = (await facts(works))[0]
    assert name == "appointment_booked"
    assert (told["appointment_id"], told["starts_at"]) == (str(booked.id), "2026-03-02T10:00:00Z")
    assert ("appointment.book", {}) in await traces(works)


async def test_a_length_of_ones_own(works: Works, receptionist: Actor, clinic: Clinic) -> None:
    booked = await an_appointment(works, receptionist, clinic, at("10:00"), duration_minutes=45)
    assert booked.ends_at == at("10:45")


async def test_a_taken_time_is_refused_with_who_has_it_and_three_alternatives(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    first = await an_appointment(works, receptionist, clinic, at("10:00"))
    refusal = await refused(works, receptionist, clinic, at("10:15"))
    assert [conflict["appointment_id"] for conflict in refusal.conflicts] == [first.id]
    told = refusal.conflicts[0]
    assert (told["kind"], told["starts_at"], told["status"], told["held"]) == (
        "practitioner", at("10:00"), "booked", False,
    )  # fmt: skip
    starts = [slot["starts_at"] for slot in refusal.alternatives]
    assert starts == [at("10:30"), at("10:45"), at("09:30")]
    assert refusal.overridable


async def test_adjoining_appointments_do_not_touch(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    for start in ("10:00", "10:30", "09:30"):
        await an_appointment(works, receptionist, clinic, at(start))


async def test_everything_in_the_way_is_told_at_once(
    works: Works, receptionist: Actor, clinic: Clinic, other_doctor: Actor
) -> None:
    patient = await a_patient(works, receptionist)
    theirs = await an_appointment(works, receptionist, clinic, at("10:00", day=3))
    elsewhere = replace(clinic, doctor=other_doctor)
    same_patient = await an_appointment(
        works, receptionist, elsewhere, at("10:00", day=3), patient_id=patient.id
    )
    third = await a_user(works, Role.DOCTOR, username="third", full_name="Dr. Carl Frost")
    in_room = await an_appointment(
        works, receptionist, replace(clinic, doctor=third), at("10:15", day=3),
        room_id=clinic.room.id,
    )  # fmt: skip
    only_theirs = await a_visit_type(
        works, receptionist, "Ultrasound", offered_by=[other_doctor.id]
    )
    await an_exception(
        works, receptionist, kind="closed", starts_local="2026-03-03T00:00",
        ends_local="2026-03-04T00:00",
    )  # fmt: skip
    refusal = await refused(
        works, receptionist, replace(clinic, visit_type=only_theirs), at("10:00", day=3),
        patient_id=patient.id, room_id=clinic.room.id,
    )  # fmt: skip
    assert [(each["kind"], each["appointment_id"]) for each in refusal.conflicts] == [
        ("not-offered", None),
        ("closed-day", None),
        ("practitioner", theirs.id),
        ("patient", same_patient.id),
        ("room", in_room.id),
    ]
    assert not refusal.overridable


async def test_hours_leave_and_the_past_are_in_the_way(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    assert kinds(await refused(works, receptionist, clinic, at("12:15"))) == ["outside-hours"]
    assert kinds(await refused(works, receptionist, clinic, at("11:45"))) == ["outside-hours"]
    past = await refused(works, receptionist, clinic, at("08:30"))
    assert (kinds(past), past.overridable) == (["in-the-past"], False)
    await an_appointment(works, receptionist, clinic, at("08:45"))  # still going on
    long_ago = await refused(works, receptionist, clinic, at("10:00", day=27).replace(month=2))
    assert kinds(long_ago) == ["in-the-past"]


async def test_a_doctor_without_hours_is_booked_at_any_hour(
    works: Works, receptionist: Actor, clinic: Clinic, other_doctor: Actor
) -> None:
    elsewhere = replace(clinic, doctor=other_doctor)
    await an_appointment(works, receptionist, elsewhere, at("23:45"))


async def test_a_nurse_is_told_that_she_may_not_override(
    works: Works, nurse: Actor, clinic: Clinic
) -> None:
    refusal = await refused(works, nurse, clinic, at("12:15"))
    assert not refusal.overridable


async def test_nobody_unknown_is_booked_with_or_for_anything_unknown(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    patient = await a_patient(works, receptionist)
    for name, error in (
        ("practitioner_id", availability.DoctorUnknown),
        ("visit_type_id", appointments.VisitTypeUnknown),
        ("room_id", availability.RoomUnknown),
        ("patient_id", patients.PatientNotFound),
    ):
        asked = new_booking(clinic, patient.id, at("10:00")).model_copy(update={name: uuid4()})
        with pytest.raises(error):
            async with works.begin(receptionist) as uow:
                await appointments.book_appointment(uow, asked)


async def test_nurses_and_locked_doctors_are_no_doctors(
    works: Works, receptionist: Actor, clinic: Clinic, nurse: Actor
) -> None:
    async with works.begin(Actor.system("test-setup")) as uow:
        await identity.lock_user(uow, "doctor")
    for actor in (nurse, clinic.doctor):
        with pytest.raises(availability.DoctorUnknown) as refusal:
            await an_appointment(works, receptionist, replace(clinic, doctor=actor))
        assert refusal.value.errors[0]["at"] == ["body", "practitioner_id"]


async def test_what_is_retired_takes_no_new_appointments(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    async with works.begin(receptionist) as uow:
        await availability.retire_room(uow, clinic.room.id)
    with pytest.raises(availability.RoomUnknown):
        await an_appointment(works, receptionist, clinic, room_id=clinic.room.id)
    async with works.begin(receptionist) as uow:
        await availability.retire_visit_type(uow, clinic.visit_type.id)
    with pytest.raises(appointments.VisitTypeUnknown):
        await an_appointment(works, receptionist, clinic)


async def test_a_record_that_was_merged_books_for_the_one_that_counts(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    absorbed = await a_patient(works, receptionist)
    survivor = await a_patient(works, receptionist, given_name="Tamara")
    async with works.begin(receptionist) as uow:
        await patients.merge_patients(uow, absorbed.id, survivor.id, "the same person")
    booked = await an_appointment(works, receptionist, clinic, patient_id=absorbed.id)
    assert (booked.patient_id, booked.patient_name) == (survivor.id, "Tamara Okafor-Lind")


async def test_roles_decide_who_books(
    works: Works, doctor: Actor, nurse: Actor, admin: Actor, clinic: Clinic
) -> None:
    patient = await a_patient(works, doctor)
    for start, actor in (("10:00", doctor), ("11:00", nurse)):
        await an_appointment(works, actor, clinic, at(start), patient_id=patient.id)
    for actor in (admin, await a_user(works, Role.PATIENT)):
        with pytest.raises(appointments.MayNotBook):
            await an_appointment(works, actor, clinic, patient_id=patient.id)


async def test_patients_see_no_appointments(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    booked = await an_appointment(works, receptionist, clinic)
    held = await a_hold(works, receptionist, clinic, at("11:00"))
    someone = await a_user(works, Role.PATIENT)
    for each in (booked, held):
        with pytest.raises(appointments.AppointmentNotFound):
            await fresh(works, someone, each.id)
    async with works.begin(someone) as uow:
        assert await appointments.list_appointments(uow) == ([], None)


async def test_the_clinics_own_clock_decides(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    """Open until five in Berlin is open until four in UTC, and until three in summer."""
    berlin = replace(works, zone=ZoneInfo("Europe/Berlin"))
    await an_appointment(berlin, receptionist, clinic, at("15:30", day=27))
    assert kinds(await refused(berlin, receptionist, clinic, at("16:00", day=27))) == [
        "outside-hours"
    ]
    await an_appointment(berlin, receptionist, clinic, at("14:30", day=30))
    assert kinds(await refused(berlin, receptionist, clinic, at("15:00", day=30))) == [
        "outside-hours"
    ]


async def test_a_booking_takes_few_statements(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    patient = await a_patient(works, receptionist)
    silent = replace(works, subscriptions=Subscriptions())
    async with heard(silent) as sent, silent.begin(receptionist) as uow:
        new = new_booking(clinic, patient.id, at("10:00"), room_id=clinic.room.id)
        await appointments.book_appointment(uow, new)
    assert not [each for each in sent if "FROM appointments" in each.sql]
    # Patient, place and hours; the appointment with its history; fact and trace.
    assert len(sent) == 3
    async with heard(silent) as sent, silent.begin(receptionist) as uow:
        new = new_booking(clinic, patient.id, at("11:00"), room_id=clinic.room.id)
        await appointments.book_at_last(uow, new)
    # Patient, place, hours and who is there; everything else.
    assert len(sent) == 2
