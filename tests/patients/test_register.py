"""Registering and changing patients."""

import asyncio
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from app import audit, patients
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from tests.builders.identity import a_user
from tests.builders.patients import a_patient, new_patient
from tests.conftest import FrozenClock

NOT_CONFIRMED: dict[str, Any] = {"confirm_not_duplicate": False}


async def actions(works: Works) -> list[str]:
    async with works.begin(Actor.system("test")) as uow:
        statement = select(audit.AuditEvent.action).order_by(audit.AuditEvent.seq)
        found = (await uow.db.scalars(statement)).all()
    return [action for action in found if action.startswith("patient.")]


async def facts_told(works: Works) -> list[tuple[str, dict[str, Any]]]:
    async with works.begin(Actor.system("test")) as uow:
        rows = await uow.db.execute(text("select name, payload from outbox order by seq"))
        return [(row.name, row.payload) for row in rows]


async def change(
    works: Works,
    actor: Actor,
    patient: patients.Patient,
    *,
    version: int | None = None,
    **fields: Any,
) -> Any:
    async with works.begin(actor) as uow:
        update = patients.UpdatePatient.model_validate(fields)
        return await patients.update_patient(
            uow, patient.id, update, version=version or patient.version
        )


async def test_every_patient_gets_a_record_number_of_their_own(works: Works, doctor: Actor) -> None:
    numbers = [(await a_patient(works, doctor)).mrn for _ in range(2)]
    assert numbers == ["MRN-100001", "MRN-100002"]


async def test_reads_and_writes_leave_a_trace(works: Works, doctor: Actor) -> None:
    patient = await a_patient(works, doctor)
    async with works.begin(doctor) as uow:
        await patients.read_patient(uow, patient.id)
        await patients.find_patients(uow, "mara")
    await change(works, doctor, patient, phone=None)
    assert await actions(works) == [
        "patient.register",
        "patient.read",
        "patient.search",
        "patient.update",
    ]


async def test_only_another_name_is_told_to_those_who_keep_a_copy(
    works: Works, doctor: Actor
) -> None:
    patient = await a_patient(works, doctor)
    await change(works, doctor, patient, phone=None, given_name="Mara")
    assert await facts_told(works) == []
    await change(works, doctor, patient, version=2, family_name="Lind")
    assert await facts_told(works) == [
        ("patients.patient_renamed.v1", {"patient_id": str(patient.id)})
    ]


async def test_absent_stays_and_null_clears(works: Works, doctor: Actor) -> None:
    patient = await a_patient(works, doctor, email="mara@example.org", allergies=["latex"])
    changed = await change(works, doctor, patient, phone=None, allergies=None)
    assert (changed.phone, changed.allergies) == (None, None)
    assert (changed.email, changed.given_name, changed.version) == ("mara@example.org", "Mara", 2)


async def test_an_empty_change_is_no_new_version(works: Works, doctor: Actor) -> None:
    patient = await a_patient(works, doctor)
    assert (await change(works, doctor, patient)).version == 1


async def test_a_stale_change_is_refused_and_says_which_version_is_current(
    works: Works, doctor: Actor, nurse: Actor
) -> None:
    patient = await a_patient(works, doctor)
    await change(works, nurse, patient, phone="555-0199")
    with pytest.raises(patients.PatientChanged) as refused:
        await change(works, doctor, patient, phone="555-0100")
    assert (refused.value.expected_version, refused.value.current_version) == (1, 2)


async def test_of_two_changes_at_once_one_wins(works: Works, doctor: Actor, nurse: Actor) -> None:
    patient = await a_patient(works, doctor)
    outcomes = await asyncio.gather(
        change(works, doctor, patient, phone="555-0100"),
        change(works, nurse, patient, phone="555-0199"),
        return_exceptions=True,
    )
    lost = [outcome for outcome in outcomes if isinstance(outcome, patients.PatientChanged)]
    assert len(lost) == 1


async def test_the_desk_registers_but_records_nothing_clinical(
    works: Works, receptionist: Actor
) -> None:
    patient = await a_patient(works, receptionist)
    with pytest.raises(patients.ClinicalFieldsNotYours) as refused:
        await change(works, receptionist, patient, allergies=[], problems=None)
    assert refused.value.fields == ["allergies", "problems"]
    with pytest.raises(patients.ClinicalFieldsNotYours):
        await a_patient(works, receptionist, medications=[])
    assert (await change(works, receptionist, patient, phone="555-0100")).phone == "555-0100"


@pytest.mark.parametrize("role", [Role.ADMIN, Role.PATIENT])
async def test_others_do_not_register(works: Works, role: Role) -> None:
    with pytest.raises(patients.NotARegistrar):
        await a_patient(works, await a_user(works, role))


async def test_patients_see_nobody(works: Works, doctor: Actor) -> None:
    patient = await a_patient(works, doctor)
    someone = await a_user(works, Role.PATIENT)
    async with works.begin(someone) as uow:
        assert await patients.find_patients(uow) == ([], None)
        assert await patients.find_patients(uow, "mara") == ([], None)
        for verb in (patients.get_patient, patients.read_patient):
            with pytest.raises(patients.PatientNotFound):
                await verb(uow, patient.id)
        assert not await patients.possible_duplicates(
            uow, given="Mara", family="Okafor-Lind", birth_date=date(1945, 7, 14)
        )


async def test_an_unknown_patient_is_not_found(works: Works, doctor: Actor) -> None:
    async with works.begin(doctor) as uow:
        with pytest.raises(patients.PatientNotFound):
            await patients.read_patient(uow, uuid4())


@pytest.mark.parametrize(
    "same",
    [
        {},
        {"given_name": "MÁRA", "family_name": "Smith"},
        {"given_name": "M.", "family_name": "okafor lind"},
        {"given_name": "Okafor-Lind", "family_name": "Mara"},
    ],
)
async def test_a_namesake_born_the_same_day_is_a_possible_duplicate(
    works: Works, doctor: Actor, same: dict[str, str]
) -> None:
    known = await a_patient(works, doctor)
    with pytest.raises(patients.PossibleDuplicate) as refused:
        await a_patient(works, doctor, **NOT_CONFIRMED, **same)
    assert refused.value.patient_ids == [known.id]
    assert (await a_patient(works, doctor, **same)).id != known.id


async def test_day_and_month_the_other_way_round_are_noticed(works: Works, doctor: Actor) -> None:
    known = await a_patient(works, doctor, birth_date=date(1945, 4, 7))
    with pytest.raises(patients.PossibleDuplicate) as refused:
        await a_patient(works, doctor, **NOT_CONFIRMED, birth_date=date(1945, 7, 4))
    assert refused.value.patient_ids == [known.id]


async def test_another_day_or_another_name_is_another_person(works: Works, doctor: Actor) -> None:
    await a_patient(works, doctor)
    await a_patient(works, doctor, **NOT_CONFIRMED, birth_date=date(1945, 7, 15))
    await a_patient(works, doctor, **NOT_CONFIRMED, given_name="Jonas", family_name="Berg")


async def test_two_desks_registering_the_same_person_at_once_register_them_once(
    works: Works, doctor: Actor, receptionist: Actor
) -> None:
    outcomes = await asyncio.gather(
        a_patient(works, doctor, **NOT_CONFIRMED),
        a_patient(works, receptionist, **NOT_CONFIRMED),
        return_exceptions=True,
    )
    refused = [one for one in outcomes if isinstance(one, patients.PossibleDuplicate)]
    assert len(refused) == 1


async def test_nobody_is_born_tomorrow_but_somewhere_it_is_already_tomorrow(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    await a_patient(works, doctor, birth_date=clock.at.date())
    with pytest.raises(patients.BirthDateInFuture):
        await a_patient(works, doctor, birth_date=date(2026, 3, 3))
    clock.advance(hours=2)
    born = await a_patient(works, doctor, birth_date=date(2026, 3, 3))
    with pytest.raises(patients.BirthDateInFuture):
        await change(works, doctor, born, birth_date=date(2026, 3, 4))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("given_name", "  "),
        ("given_name", "x" * 101),
        ("family_name", "Ber\x00g"),
        ("family_name", "Ber\u202eg"),
        ("birth_date", "1869-12-31"),
        ("birth_date", 0),
        ("birth_date", "14.07.1945"),
        ("phone", "call me"),
        ("phone", "1"),
        ("email", "mara"),
        ("email", "ma ra@example.org"),
        ("allergies", [""]),
        ("emergency_contacts", [{"name": "Tomas"}]),
        ("nickname", "M"),
    ],
)
def test_what_cannot_be_is_refused(field: str, value: object) -> None:
    with pytest.raises(ValueError, match=field):
        new_patient(**{field: value})


@pytest.mark.parametrize(
    "phone", ["+44 20 7946 0123", "(555) 010-2030 ext. 12", "5550102", "030/12345"]
)
def test_telephone_numbers_are_taken_as_people_write_them(phone: str) -> None:
    assert new_patient(phone=f" {phone} ").phone == phone
