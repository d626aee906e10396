"""Two records of one person become one, everything follows, and for a day it can be taken back."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app import audit, patients
from app.clinical import encounters, notes
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.kernel.paging import PageRequest
from tests.builders.encounters import an_encounter
from tests.builders.identity import a_user
from tests.builders.notes import a_typed_note
from tests.builders.patients import a_patient, new_patient
from tests.conftest import Client, FrozenClock

REASON = "registered twice on the same morning"
MARIA: dict[str, Any] = {
    "given_name": "Maria",
    "family_name": "Lind",
    "birth_date": date(1945, 4, 7),
    "phone": "555-0199",
}


async def merged(
    works: Works, by: Actor, absorbed: UUID, survivor: UUID, **versions: int
) -> patients.PatientMerge:
    async with works.begin(by) as uow:
        return await patients.merge_patients(uow, absorbed, survivor, REASON, **versions)


async def taken_back(works: Works, by: Actor, merge: patients.PatientMerge) -> None:
    async with works.begin(by) as uow:
        await patients.reverse_merge(uow, merge.id)


async def changed(
    works: Works, by: Actor, patient_id: UUID, *, version: int, **fields: Any
) -> patients.Patient:
    async with works.begin(by) as uow:
        update = patients.UpdatePatient.model_validate(fields)
        return await patients.update_patient(uow, patient_id, update, version=version)


async def found(works: Works, by: Actor, question: str) -> list[UUID]:
    async with works.begin(by) as uow:
        rows, _ = await patients.find_patients(uow, question)
    return [row.id for row in rows]


async def read(works: Works, by: Actor, patient_id: UUID) -> patients.Patient:
    async with works.begin(by) as uow:
        return await patients.read_patient(uow, patient_id)


async def records(works: Works, by: Actor, patient_id: UUID) -> set[UUID]:
    async with works.begin(by) as uow:
        return set(await uow.db.scalars(patients.records_of(patient_id)))


async def encounters_of(works: Works, by: Actor, patient_id: UUID) -> set[UUID]:
    async with works.begin(by) as uow:
        rows, _ = await encounters.list_encounters(uow, patient_id=patient_id)
    return {row.id for row in rows}


async def notes_of(works: Works, by: Actor, patient_id: UUID) -> dict[UUID, str]:
    async with works.begin(by) as uow:
        page = await notes.search_notes(uow, PageRequest(), patient_id=patient_id)
    return {note.id: note.patient_name for note in page.items}


async def facts_told(works: Works) -> list[tuple[str, dict[str, Any]]]:
    async with works.begin(Actor.system("test")) as uow:
        rows = await uow.db.execute(text("select name, payload from outbox order by seq"))
        return [(row.name, row.payload) for row in rows if row.name.startswith("patients.")]


async def test_the_record_that_stays_is_found_under_everything_either_was_known_by(
    works: Works, receptionist: Actor
) -> None:
    mara = await a_patient(works, receptionist)
    maria = await a_patient(works, receptionist, **MARIA)
    merge = await merged(works, receptionist, maria.id, mara.id)
    for question in ("maria lind", maria.mrn, "07-Apr-1945", "0199", "mara", mara.mrn):
        assert await found(works, receptionist, question) == [mara.id], question
    assert await found(works, receptionist, "") == [mara.id]
    await taken_back(works, receptionist, merge)
    assert await found(works, receptionist, "maria") == [maria.id]
    assert await found(works, receptionist, "okafor") == [mara.id]


async def test_whoever_asks_for_the_absorbed_record_gets_the_one_that_counts(
    works: Works, receptionist: Actor
) -> None:
    mara = await a_patient(works, receptionist)
    maria = await a_patient(works, receptionist, **MARIA)
    merge = await merged(works, receptionist, maria.id, mara.id)
    assert (await read(works, receptionist, maria.id)).id == mara.id
    assert await records(works, receptionist, maria.id) == {mara.id, maria.id}
    assert await records(works, receptionist, mara.id) == {mara.id, maria.id}
    await taken_back(works, receptionist, merge)
    back = await read(works, receptionist, maria.id)
    assert (back.given_name, back.phone) == ("Maria", "555-0199")
    assert await records(works, receptionist, mara.id) == {mara.id}
    assert await records(works, receptionist, uuid4()) == set()


async def test_visits_and_notes_follow_and_go_back(works: Works, doctor: Actor) -> None:
    mara = await a_patient(works, doctor)
    maria = await a_patient(works, doctor, **MARIA)
    hers = await an_encounter(works, doctor, patient_id=mara.id)
    other = await an_encounter(works, doctor, patient_id=maria.id)
    note = await a_typed_note(works, doctor, encounter_id=other.id)
    merge = await merged(works, doctor, maria.id, mara.id)
    for asked in (mara.id, maria.id):
        assert await encounters_of(works, doctor, asked) == {hers.id, other.id}
        assert await notes_of(works, doctor, asked) == {note.id: "Mara Okafor-Lind"}
    since = await an_encounter(works, doctor, patient_id=maria.id)
    assert since.patient_id == mara.id
    await taken_back(works, doctor, merge)
    assert await encounters_of(works, doctor, mara.id) == {hers.id, since.id}
    assert await encounters_of(works, doctor, maria.id) == {other.id}
    assert await notes_of(works, doctor, maria.id) == {note.id: "Maria Lind"}
    assert await notes_of(works, doctor, mara.id) == {}


async def test_lists_name_the_record_that_counts(
    works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    mara = await a_patient(works, doctor)
    maria = await a_patient(works, doctor, **MARIA)
    encounter = await an_encounter(works, doctor, patient_id=maria.id)
    await a_typed_note(works, doctor, encounter_id=encounter.id)
    await merged(works, doctor, maria.id, mara.id)
    async with works.begin(doctor) as uow:
        day = await encounters.encounters_of_day(uow, doctor.id, clock.at.date())
        drafts = await notes.drafts_of_author(uow, PageRequest())
    assert [(one.id, patient.id) for one, patient in day] == [(encounter.id, mara.id)]
    assert [draft.patient_name for draft in drafts.items] == ["Mara Okafor-Lind"]


async def test_a_chain_leads_in_one_step_to_the_record_that_counts(
    works: Works, doctor: Actor
) -> None:
    ids = [(await a_patient(works, doctor, given_name=name)).id for name in ("Ada", "Bea", "Cleo")]
    ada, bea, cleo = ids
    visits = {(await an_encounter(works, doctor, patient_id=each)).id for each in ids}
    first = await merged(works, doctor, ada, bea)
    second = await merged(works, doctor, bea, cleo)
    assert second.carried == [ada]
    for asked in ids:
        assert (await read(works, doctor, asked)).id == cleo
        assert await records(works, doctor, asked) == set(ids)
        assert await encounters_of(works, doctor, asked) == visits
    assert await found(works, doctor, "ada") == [cleo]
    with pytest.raises(patients.MergedOnwards) as refused:
        await taken_back(works, doctor, first)
    assert refused.value.merged_into == cleo
    await taken_back(works, doctor, second)
    assert await records(works, doctor, ada) == {ada, bea}
    assert await records(works, doctor, cleo) == {cleo}
    assert await found(works, doctor, "ada") == [bea]
    await taken_back(works, doctor, first)
    assert await found(works, doctor, "ada") == [ada]


async def test_two_merged_into_one_are_parted_in_any_order(works: Works, doctor: Actor) -> None:
    ada, bea, cleo = [
        (await a_patient(works, doctor, given_name=name, allergies=known)).id
        for name, known in (("Ada", ["latex", "nuts"]), ("Bea", ["nuts", "Pollen"]), ("Cleo", None))
    ]
    first = await merged(works, doctor, ada, cleo)
    second = await merged(works, doctor, bea, cleo)
    assert (await read(works, doctor, cleo)).allergies == ["latex", "nuts", "Pollen"]
    await taken_back(works, doctor, first)
    assert sorted((await read(works, doctor, cleo)).allergies or []) == ["Pollen", "nuts"]
    assert await found(works, doctor, "ada") == [ada]
    assert await found(works, doctor, "bea") == [cleo]
    await taken_back(works, doctor, second)
    assert (await read(works, doctor, cleo)).allergies is None
    assert (await read(works, doctor, bea)).allergies == ["nuts", "Pollen"]


@pytest.mark.parametrize(
    ("kept", "absorbed", "united"),
    [
        (None, None, None),
        (None, [], []),
        ([], ["latex"], ["latex"]),
        (["Latex"], ["latex ", "nuts"], ["Latex", "nuts"]),
        (["latex"], None, ["latex"]),
    ],
)
async def test_clinical_lists_are_united_and_parted_again(
    works: Works,
    doctor: Actor,
    kept: list[str] | None,
    absorbed: list[str] | None,
    united: list[str] | None,
) -> None:
    mara = await a_patient(works, doctor, allergies=kept)
    maria = await a_patient(works, doctor, **MARIA, allergies=absorbed)
    merge = await merged(works, doctor, maria.id, mara.id)
    assert (await read(works, doctor, mara.id)).allergies == united
    await taken_back(works, doctor, merge)
    assert (await read(works, doctor, mara.id)).allergies == kept


async def test_what_a_doctor_wrote_in_the_meantime_stays(works: Works, doctor: Actor) -> None:
    mara = await a_patient(works, doctor, allergies=["latex"])
    maria = await a_patient(works, doctor, **MARIA, allergies=["nuts"])
    merge = await merged(works, doctor, maria.id, mara.id)
    now = await read(works, doctor, maria.id)
    known = ["latex", "nuts", "pollen"]
    await changed(works, doctor, maria.id, version=now.version, allergies=known, phone=None)
    assert await found(works, doctor, "maria") == [mara.id]
    await taken_back(works, doctor, merge)
    assert (await read(works, doctor, mara.id)).allergies == ["latex", "pollen"]
    back = await read(works, doctor, maria.id)
    assert (back.allergies, back.phone) == (["nuts"], "555-0199")


async def test_a_form_opened_before_a_merge_changes_nobody(works: Works, doctor: Actor) -> None:
    mara = await a_patient(works, doctor)
    maria = await a_patient(works, doctor, **MARIA)
    for version, phone in ((1, "555-0101"), (2, "555-0102")):
        await changed(works, doctor, maria.id, version=version, phone=phone)
    await merged(works, doctor, maria.id, mara.id, absorbed_version=3, survivor_version=1)
    for version in (1, 2, 3):
        with pytest.raises(patients.PatientChanged):
            await changed(works, doctor, maria.id, version=version, given_name="Marie")


async def test_only_what_was_compared_is_merged(works: Works, doctor: Actor) -> None:
    mara = await a_patient(works, doctor)
    maria = await a_patient(works, doctor, **MARIA)
    for versions in ({"absorbed_version": 2}, {"survivor_version": 2}):
        with pytest.raises(patients.PatientChanged):
            await merged(works, doctor, maria.id, mara.id, **versions)
    with pytest.raises(patients.SamePatient):
        await merged(works, doctor, mara.id, mara.id)
    with pytest.raises(patients.PatientNotFound):
        await merged(works, doctor, uuid4(), mara.id)
    assert await facts_told(works) == []


async def test_a_merged_record_is_merged_no_further(works: Works, doctor: Actor) -> None:
    ada, bea, cleo = [
        (await a_patient(works, doctor, given_name=name)).id for name in ("Ada", "Bea", "Cleo")
    ]
    await merged(works, doctor, ada, bea)
    for absorbed, survivor in ((ada, bea), (ada, cleo), (cleo, ada), (bea, ada)):
        with pytest.raises(patients.AlreadyMerged) as refused:
            await merged(works, doctor, absorbed, survivor)
        assert (refused.value.patient_id, refused.value.merged_into) == (ada, bea)


async def test_a_day_later_a_merge_stays(works: Works, doctor: Actor, clock: FrozenClock) -> None:
    mara = await a_patient(works, doctor)
    maria = await a_patient(works, doctor, **MARIA)
    merge = await merged(works, doctor, maria.id, mara.id)
    clock.advance(hours=24, seconds=1)
    with pytest.raises(patients.TooLateToReverse) as refused:
        await taken_back(works, doctor, merge)
    assert refused.value.reversible_until == merge.reversible_until
    clock.advance(seconds=-1)
    await taken_back(works, doctor, merge)
    with pytest.raises(patients.MergeAlreadyReversed):
        await taken_back(works, doctor, merge)
    again = await merged(works, doctor, mara.id, maria.id)
    async with works.begin(doctor) as uow:
        listed = await patients.list_merges(uow, mara.id)
    assert {one.id for one in listed} == {merge.id, again.id}
    with pytest.raises(patients.MergeNotFound):
        async with works.begin(doctor) as uow:
            await patients.reverse_merge(uow, uuid4())


async def test_of_two_merges_of_the_same_records_at_once_one_wins(
    works: Works, doctor: Actor, receptionist: Actor
) -> None:
    one = (await a_patient(works, doctor)).id
    other = (await a_patient(works, doctor, **MARIA)).id
    outcomes = await asyncio.gather(
        merged(works, doctor, one, other),
        merged(works, receptionist, other, one),
        merged(works, doctor, one, other),
        return_exceptions=True,
    )
    assert sum(isinstance(each, patients.PatientMerge) for each in outcomes) == 1
    assert sum(isinstance(each, patients.AlreadyMerged) for each in outcomes) == 2
    assert await records(works, doctor, one) == {one, other}


async def test_three_that_would_go_round_in_a_circle_do_not(works: Works, doctor: Actor) -> None:
    ada, bea, cleo = [
        (await a_patient(works, doctor, given_name=name)).id for name in ("Ada", "Bea", "Cleo")
    ]
    outcomes = await asyncio.gather(
        merged(works, doctor, ada, bea),
        merged(works, doctor, bea, cleo),
        merged(works, doctor, cleo, ada),
        return_exceptions=True,
    )
    done = [each for each in outcomes if isinstance(each, patients.PatientMerge)]
    refused = [each for each in outcomes if isinstance(each, patients.AlreadyMerged)]
    assert (len(done), len(refused)) == (2, 1)
    assert await records(works, doctor, ada) == {ada, bea, cleo}


async def test_a_change_while_records_are_merged_is_not_lost_or_refused_clearly(
    works: Works, doctor: Actor, receptionist: Actor
) -> None:
    mara = await a_patient(works, doctor)
    maria = await a_patient(works, doctor, **MARIA)
    outcome, _ = await asyncio.gather(
        changed(works, receptionist, maria.id, version=1, phone="555-0142"),
        merged(works, doctor, maria.id, mara.id),
        return_exceptions=True,
    )
    assert isinstance(outcome, patients.Patient | patients.PatientChanged)
    expected = [mara.id] if isinstance(outcome, patients.Patient) else []
    assert await found(works, doctor, "5550142") == expected


async def test_the_same_merge_taken_back_twice_at_once_is_taken_back_once(
    works: Works, doctor: Actor, receptionist: Actor
) -> None:
    mara = await a_patient(works, doctor)
    maria = await a_patient(works, doctor, **MARIA)
    merge = await merged(works, doctor, maria.id, mara.id)
    outcomes = await asyncio.gather(
        taken_back(works, doctor, merge),
        taken_back(works, receptionist, merge),
        return_exceptions=True,
    )
    assert sum(isinstance(each, patients.MergeAlreadyReversed) for each in outcomes) == 1


async def test_the_database_knows_no_chain(works: Works, doctor: Actor) -> None:
    ada, bea, cleo = [
        (await a_patient(works, doctor, given_name=name)).id for name in ("Ada", "Bea", "Cleo")
    ]
    await merged(works, doctor, ada, bea)
    point = text("update patients set merged_into = :into where id = :id")
    for absorbed, survivor in ((bea, cleo), (cleo, ada)):
        with pytest.raises(IntegrityError):
            async with works.begin(doctor) as uow:
                await uow.db.execute(point, {"id": absorbed, "into": survivor})


async def test_somebody_known_by_the_absorbed_record_is_a_possible_duplicate(
    works: Works, receptionist: Actor
) -> None:
    mara = await a_patient(works, receptionist)
    maria = await a_patient(works, receptionist, **MARIA)
    await merged(works, receptionist, maria.id, mara.id)
    with pytest.raises(patients.PossibleDuplicate) as refused:
        await a_patient(works, receptionist, **MARIA, confirm_not_duplicate=False)
    assert refused.value.patient_ids == [mara.id]
    with pytest.raises(patients.PossibleDuplicate) as refused:
        await a_patient(works, receptionist, confirm_not_duplicate=False)
    assert refused.value.patient_ids == [mara.id]


async def test_merges_are_told_and_traced(works: Works, admin: Actor, doctor: Actor) -> None:
    mara = await a_patient(works, doctor, allergies=["latex"])
    maria = await a_patient(works, doctor, **MARIA, allergies=["nuts"], problems=[])
    merge = await merged(works, admin, maria.id, mara.id)
    await taken_back(works, admin, merge)
    said = {
        "merge_id": str(merge.id),
        "absorbed_id": str(maria.id),
        "survivor_id": str(mara.id),
        "carried": [],
    }
    assert await facts_told(works) == [
        ("patients.patients_merged.v1", said),
        ("patients.merge_reversed.v1", said),
    ]
    async with works.begin(Actor.system("test")) as uow:
        rows = (await uow.db.scalars(select(audit.AuditEvent))).all()
    traces = [row for row in rows if row.subject_id == merge.id]
    assert [row.action for row in traces] == ["patient.merge", "patient.reverse_merge"]
    assert traces[0].patient_id == mara.id
    assert traces[0].detail == {
        "absorbed": str(maria.id),
        "carried": [],
        "brought": {"allergies": 1, "medications": 0, "problems": 0},
    }


async def test_patients_merge_nobody(works: Works, doctor: Actor) -> None:
    mara = await a_patient(works, doctor)
    maria = await a_patient(works, doctor, **MARIA)
    someone = await a_user(works, Role.PATIENT)
    with pytest.raises(patients.MayNotMerge):
        await merged(works, someone, maria.id, mara.id)


async def test_merging_over_http(as_receptionist: Client, works: Works, doctor: Actor) -> None:
    mara = await a_patient(works, doctor, allergies=["latex"])
    maria = await a_patient(works, doctor, **MARIA)
    body = {
        "absorbed_id": str(maria.id),
        "absorbed_version": 1,
        "version": 1,
        "reason": REASON,
    }
    at = f"/api/v1/patients/{mara.id}/merges"
    answer = await as_receptionist.post(at, json=body)
    assert answer.status_code == 201, answer.text
    merge = answer.json()
    assert (merge["survivor_id"], merge["reversed_at"]) == (str(mara.id), None)
    assert "latex" not in answer.text
    followed = await as_receptionist.get(f"/api/v1/patients/{maria.id}")
    assert (followed.json()["id"], followed.headers["etag"]) == (str(mara.id), '"2"')
    refused = await as_receptionist.post(at, json=body)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/already-merged")
    listed = await as_receptionist.get(f"/api/v1/patients/{maria.id}/merges")
    assert [one["id"] for one in listed.json()["items"]] == [merge["id"]]
    reversal = await as_receptionist.post(f"/api/v1/patients/merges/{merge['id']}/reversal")
    assert reversal.status_code == 201
    assert reversal.json()["reversed_at"] is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": " "},
        {"reason": "x" * 501},
        {"reason": "a\x00b"},
        {"version": 0},
        {"version": 2**31},
        {"absorbed_version": None},
        {"absorbed_id": "nobody"},
        {"note": "x"},
    ],
)
async def test_a_malformed_merge_is_refused(
    as_receptionist: Client, works: Works, receptionist: Actor, wrong: dict[str, Any]
) -> None:
    mara = await a_patient(works, receptionist)
    body = {"absorbed_id": str(uuid4()), "absorbed_version": 1, "version": 1, "reason": REASON}
    answer = await as_receptionist.post(f"/api/v1/patients/{mara.id}/merges", json=body | wrong)
    assert answer.status_code == 422
    assert next(iter(wrong)) in answer.text or "note" in wrong


def test_a_new_patient_is_nobody_else() -> None:
    assert "merged_into" not in new_patient().model_dump()
