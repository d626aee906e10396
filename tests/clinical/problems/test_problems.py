"""The list of problems: who may, what moves, what follows a merge, what two do at once."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from app import patients
from app.clinical import problems
from app.clinical.problems import ClinicalStatus as Course
from app.clinical.problems import VerificationStatus as Sure
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.kernel.lifecycle import IllegalMove
from tests.builders.encounters import an_encounter
from tests.builders.patients import a_patient
from tests.builders.problems import CODES, a_loaded_release, a_problem, a_release
from tests.conftest import Client
from tests.fixtures.statements import heard

AT = "/api/v1/problems"


@pytest.fixture
async def patient(works: Works, doctor: Actor) -> patients.Patient:
    await a_loaded_release(works)
    return await a_patient(
        works, doctor, problems=["high blood pressure", "bad knees", "diabetes type 2"]
    )


async def test_a_problem_from_its_first_word_to_its_history(
    as_doctor: Client, patient: patients.Patient
) -> None:
    new = {"patient_id": str(patient.id), "code": "I10", "onset": "2019-05", "severity": "mild"}
    answer = await as_doctor.post(AT, json=new)
    assert answer.status_code == 201, answer.text
    problem = answer.json()
    at = answer.headers["location"]
    assert problem["description"] == "Essential (primary) hypertension"
    assert (problem["onset"], problem["release"]) == ("2019-05", "ICD-10-CM, for tests")
    told = {"code": "I10", "description": "White coat hypertension", "onset": "2019"}
    stale = await as_doctor.put(f"{at}/details", json=told, headers={"If-Match": '"7"'})
    assert (stale.status_code, stale.json()["current_version"]) == (412, 1)
    changed = await as_doctor.put(f"{at}/details", json=told, headers={"If-Match": '"1"'})
    assert (changed.json()["description"], changed.json()["severity"]) == (
        "White coat hypertension",
        None,
    )
    over = await as_doctor.post(f"{at}/resolution", json={"abated_on": "2026-02-01"})
    assert (over.status_code, over.json()["clinical_status"]) == (201, "resolved")
    back = await as_doctor.post(f"{at}/reactivation", json={"recurrence": True})
    assert (back.json()["clinical_status"], back.json()["abated_on"]) == ("recurrence", None)
    doubt = await as_doctor.post(f"{at}/verification", json={"verification_status": "provisional"})
    assert doubt.json()["verification_status"] == "provisional"
    no = await as_doctor.post(f"{at}/refutation", json={"reason": "Normal at home."})
    assert no.json()["verification_status"] == "refuted"
    wrong = await as_doctor.post(f"{at}/entered-in-error", json={"reason": "Other patient."})
    assert wrong.json()["verification_status"] == "entered-in-error"
    late = await as_doctor.post(f"{at}/resolution", json={})
    assert (late.status_code, late.json()["type"].split("/")[-1]) == (
        409,
        "problem-entered-in-error",
    )
    history = (await as_doctor.get(f"{at}/history")).json()["items"]
    assert [(each["to_clinical"], each["to_verification"]) for each in history] == [
        ("active", "confirmed"),
        ("resolved", "confirmed"),
        ("recurrence", "confirmed"),
        ("recurrence", "provisional"),
        ("recurrence", "refuted"),
        ("recurrence", "entered-in-error"),
    ]
    assert history[0]["moved_by"]["name"] == "Dr. Ada Winter"


UNFIT: tuple[tuple[dict[str, Any], int], ...] = (
    ({}, 422),
    ({"code": "Z99.9"}, 422),
    ({"code": "i10"}, 422),
    ({"code": "I10", "onset": "2019-13"}, 422),
    ({"code": "I10", "onset": "2019-02-30"}, 422),
    ({"code": "I10", "onset": "2031"}, 422),
    ({"code": "I10", "abated_on": "2026-01-01"}, 422),
    ({"code": "I10", "clinical_status": "resolved", "abated_on": "2031-01-01"}, 422),
    (
        {
            "code": "I10",
            "clinical_status": "resolved",
            "onset": "2025",
            "abated_on": "2024-01-01",
        },
        422,
    ),
    ({"description": "Bad\u202eknees"}, 422),
    ({"code": "I10", "verification_status": "entered-in-error"}, 422),
    ({"description": "Bad knees"}, 201),
    ({"code": "I10", "onset": "2026"}, 201),
)


@pytest.mark.parametrize(("said", "status"), UNFIT)
async def test_what_does_not_describe_a_problem_is_refused(
    as_doctor: Client, patient: patients.Patient, said: dict[str, Any], status: int
) -> None:
    answer = await as_doctor.post(AT, json={"patient_id": str(patient.id), **said})
    assert answer.status_code == status, answer.text


async def test_the_same_code_twice_has_to_be_meant(
    as_doctor: Client, patient: patients.Patient
) -> None:
    new = {"patient_id": str(patient.id), "code": "I10"}
    first = (await as_doctor.post(AT, json=new)).json()["id"]
    again = await as_doctor.post(AT, json=new)
    assert (again.status_code, again.json()["problem_ids"]) == (409, [first])
    meant = await as_doctor.post(AT, json=new | {"allow_duplicate": True})
    assert meant.status_code == 201
    for each in (first, meant.json()["id"]):
        await as_doctor.post(f"{AT}/{each}/resolution", json={})
    assert (await as_doctor.post(AT, json=new)).status_code == 201


async def test_two_who_list_the_same_at_once_list_it_once(
    works: Works, doctor: Actor, other_doctor: Actor, patient: patients.Patient
) -> None:
    tried = await asyncio.gather(
        *(
            a_problem(works, by, patient.id, code="I10")
            for by in (doctor, other_doctor, doctor, other_doctor)
        ),
        return_exceptions=True,
    )
    refused = [each for each in tried if isinstance(each, problems.ProblemAlreadyListed)]
    assert (len(refused), len(tried)) == (3, 4), tried


async def test_two_who_move_the_same_at_once_move_it_once(
    works: Works, doctor: Actor, patient: patients.Patient
) -> None:
    problem = await a_problem(works, doctor, patient.id)

    async def resolve() -> None:
        async with works.begin(doctor) as uow:
            await problems.resolve_problem(uow, problem.id)

    tried = await asyncio.gather(*(resolve() for _ in range(4)), return_exceptions=True)
    assert sum(each is None for each in tried) == 1
    assert all(each is None or isinstance(each, IllegalMove) for each in tried)
    async with works.begin(doctor) as uow:
        assert len((await problems.history_of(uow, problem.id)).items) == 2


async def test_the_list_follows_a_merge_and_its_reversal(
    works: Works, doctor: Actor, patient: patients.Patient
) -> None:
    other = await a_patient(works, doctor, given_name="Maria")
    theirs = await a_problem(works, doctor, other.id, code="I10")
    async with works.begin(doctor) as uow:
        merge = await patients.merge_patients(uow, other.id, patient.id, "one card")
    async with works.begin(doctor) as uow:
        for asked in (patient.id, other.id):
            assert [each.id for each in await problems.problems_of(uow, asked)] == [theirs.id]
    with pytest.raises(problems.ProblemAlreadyListed):
        await a_problem(works, doctor, patient.id, code="I10")
    async with works.begin(doctor) as uow:
        await patients.reverse_merge(uow, merge.id)
    async with works.begin(doctor) as uow:
        assert await problems.problems_of(uow, patient.id) == []


async def test_pages_of_the_list_and_its_states(
    as_doctor: Client, works: Works, doctor: Actor, patient: patients.Patient
) -> None:
    ids = [
        str((await a_problem(works, doctor, patient.id, description=f"Knee {n}")).id)
        for n in range(3)
    ]
    await as_doctor.post(f"{AT}/{ids[0]}/inactivation", json={})
    at = f"{AT}?patient_id={patient.id}"
    first = (await as_doctor.get(f"{at}&limit=2")).json()
    rest = (await as_doctor.get(f"{at}&limit=2&cursor={first['next_cursor']}")).json()
    listed = [each["id"] for each in (*first["items"], *rest["items"])]
    assert sorted(listed) == sorted(ids)
    active = (await as_doctor.get(f"{at}&status=active")).json()["items"]
    assert {each["id"] for each in active} == set(ids[1:])


async def test_the_free_text_list_is_offered_line_by_line_and_never_changed(
    as_doctor: Client, works: Works, doctor: Actor, patient: patients.Patient
) -> None:
    at = f"{AT}/free-text?patient_id={patient.id}"
    lines = (await as_doctor.get(at)).json()
    assert lines["recorded"] is True
    meant = {each["line"]: each["suggestion"] for each in lines["items"]}
    assert meant["high blood pressure"]["code"] == "I10"
    assert meant["diabetes type 2"]["code"] == "E11.9"
    assert meant["bad knees"] is None
    problem = await a_problem(
        works, doctor, patient.id, code="I10", written_as="high blood pressure"
    )
    after = (await as_doctor.get(at)).json()["items"]
    assert [each["problem_id"] for each in after] == [str(problem.id), None, None]
    async with works.begin(doctor) as uow:
        unchanged = await patients.get_patient(uow, patient.id)
        unasked = await a_patient(works, doctor, given_name="Olaf")
        assert (await problems.card_lines(uow, unasked.id)).recorded is False
    assert unchanged.problems == ["high blood pressure", "bad knees", "diabetes type 2"]


async def test_an_encounter_of_somebody_else_is_refused(
    as_doctor: Client, works: Works, doctor: Actor, patient: patients.Patient
) -> None:
    encounter = await an_encounter(works, doctor)
    new = {"patient_id": str(patient.id), "code": "I10", "encounter_id": str(encounter.id)}
    answer = await as_doctor.post(AT, json=new)
    assert (answer.status_code, answer.json()["errors"][0]["rule"]) == (
        422,
        "encounter_of_patient",
    )


async def test_nurses_read_and_the_desk_sees_nothing(
    *,
    as_nurse: Client,
    as_receptionist: Client,
    as_admin: Client,
    works: Works,
    doctor: Actor,
    patient: patients.Patient,
) -> None:
    problem = await a_problem(works, doctor, patient.id, code="I10")
    reads = (
        f"{AT}?patient_id={patient.id}",
        f"{AT}/{problem.id}",
        f"{AT}/{problem.id}/history",
        f"{AT}/free-text?patient_id={patient.id}",
        "/api/v1/icd10?q=htn",
    )
    for read in reads:
        assert (await as_nurse.get(read)).status_code == 200, read
        for client in (as_receptionist, as_admin):
            assert (await client.get(read)).status_code == 403, read
    new = {"patient_id": str(patient.id), "description": "Gout"}
    for client in (as_nurse, as_receptionist, as_admin):
        assert (await client.post(AT, json=new)).status_code == 403
        moved = await client.post(f"{AT}/{problem.id}/resolution", json={})
        assert moved.status_code == 403


async def test_without_a_release_the_search_says_so(as_doctor: Client) -> None:
    answer = await as_doctor.get("/api/v1/icd10?q=htn")
    assert (answer.status_code, answer.json()["type"].split("/")[-1]) == (409, "no-release-loaded")


async def test_the_database_keeps_states_and_history(
    works: Works, doctor: Actor, patient: patients.Patient
) -> None:
    await a_problem(works, doctor, patient.id)
    for change in (
        "update problems set clinical_status = 'cured'",
        "update problems set verification_status = 'sure'",
        "update problems set abated_on = '2026-01-01'",
        "update problem_moves set reason = 'x'",
        "delete from problem_moves",
    ):
        with pytest.raises(Exception, match=r"violates check|append-only"):
            async with works.sessions.begin() as db:
                await db.execute(text(change))


def test_every_state_is_left_as_its_table_says() -> None:
    assert problems.PROBLEM_VERIFICATION.terminal == {Sure.ENTERED_IN_ERROR}
    assert problems.PROBLEM_COURSE.terminal == frozenset()
    assert not problems.PROBLEM_COURSE.allows(Course.RESOLVED, Course.REMISSION)


async def test_what_an_old_release_called_so_can_still_be_described(
    works: Works, doctor: Actor
) -> None:
    await a_loaded_release(works)
    patient = await a_patient(works, doctor)
    problem = await a_problem(works, doctor, patient.id, code="I10")
    await a_loaded_release(works, a_release(CODES[1:], "ICD-10-CM, a year later"))
    said = problems.ChangeProblem(code="I10", severity=problems.Severity.MILD)
    async with works.begin(doctor) as uow:
        changed = await problems.change_problem(uow, problem.id, said, version=problem.version)
    assert (changed.code, changed.severity, changed.release) == ("I10", "mild", problem.release)
    assert changed.description == problem.description
    async with works.begin(doctor) as uow:
        with pytest.raises(problems.ProblemUnfit):
            await problems.record_problem(
                uow, problems.NewProblem(patient_id=patient.id, code="I10")
            )


async def test_many_lines_of_the_record_are_looked_up_as_quickly_as_one(
    works: Works, doctor: Actor
) -> None:
    await a_loaded_release(works)
    sent = []
    for lines in (["bad knees"], ["bad knees", "htn", "acute bronchitis", "type 2 diabetes", "?"]):
        patient = await a_patient(works, doctor, problems=lines)
        async with heard(works) as statements, works.begin(doctor) as uow:
            card = await problems.card_lines(uow, patient.id)
        sent.append(sum("icd10" in one.sql.lower() for one in statements))
    meant = {line.line: line.suggestion.code for line in card.items if line.suggestion}
    assert meant == {"htn": "I10", "acute bronchitis": "J20.9", "type 2 diabetes": "E11.9"}
    assert sent[1] <= sent[0] + 1


async def test_what_comes_back_beside_the_same_has_to_be_meant(
    as_doctor: Client, works: Works, doctor: Actor, patient: patients.Patient
) -> None:
    gone = await a_problem(works, doctor, patient.id, code="I10")
    denied = await a_problem(works, doctor, patient.id, code="E11.9")
    await as_doctor.post(f"{AT}/{gone.id}/resolution", json={})
    await as_doctor.post(f"{AT}/{denied.id}/refutation", json={"reason": "Sugar was normal."})
    moves: list[tuple[str, dict[str, Any]]] = [
        (f"{AT}/{gone.id}/reactivation", {"recurrence": True}),
        (f"{AT}/{denied.id}/verification", {"verification_status": "confirmed"}),
    ]
    again = [await a_problem(works, doctor, patient.id, code=code) for code in ("I10", "E11.9")]
    for (at, said), other in zip(moves, again, strict=True):
        refused = await as_doctor.post(at, json=said)
        assert refused.json()["type"] == "/problems/problem-already-listed"
        assert refused.json()["problem_ids"] == [str(other.id)]
        meant = await as_doctor.post(at, json=said | {"allow_duplicate": True})
        assert meant.status_code == 201, meant.text
    sure = {"verification_status": "provisional"}  # it counts already: nothing is doubled by it
    assert (await as_doctor.post(moves[1][0], json=sure)).status_code == 201
