"""Signals over HTTP: listed, raised, answered, by clinicians only."""

from typing import Any

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.notes import a_typed_note
from tests.builders.patients import a_patient
from tests.conftest import Client
from tests.crisis.signals.test_signals import TYPED


@pytest.fixture
async def found(as_doctor: Client, works: Works, doctor: Actor) -> dict[str, Any]:
    note = await a_typed_note(works, doctor, TYPED)
    answer = await as_doctor.post("/api/v1/signals/examinations", json={"note_id": str(note.id)})
    assert answer.status_code == 201, answer.text
    [signal] = answer.json()["items"]
    return dict(signal)


async def test_a_refused_signature_names_the_signals_and_answering_them_is_enough(
    as_doctor: Client, found: dict[str, Any]
) -> None:
    at = f"/api/v1/notes/{found['note_id']}"
    version = (await as_doctor.get(at)).json()["version"]
    signature = {"version": version, "accept_empty_sections": True}
    refused = await as_doctor.post(f"{at}/signature", json=signature)
    assert refused.status_code == 409
    problem = refused.json()
    assert problem["type"].endswith("/signals-unanswered")
    assert problem["signals"] == [found["id"]]
    answer = await as_doctor.post(f"/api/v1/signals/{found['id']}/confirmation")
    assert (answer.status_code, answer.json()["status"]) == (201, "confirmed")
    assert answer.json()["answered_by"]["name"] == "Dr. Ada Winter"
    assert (await as_doctor.post(f"{at}/signature", json=signature)).status_code == 201


async def test_a_dismissal_needs_a_reason_and_the_second_answer_is_refused(
    as_doctor: Client, found: dict[str, Any]
) -> None:
    at = f"/api/v1/signals/{found['id']}"
    assert (await as_doctor.post(f"{at}/dismissal", json={"reason": " "})).status_code == 422
    said = {"reason": "A line of a play."}
    assert (await as_doctor.post(f"{at}/dismissal", json=said)).status_code == 201
    again = await as_doctor.post(f"{at}/confirmation")
    assert (again.status_code, again.json()["current"]) == (409, "dismissed")
    assert (await as_doctor.get(at)).json()["reason"] == said["reason"]


async def test_signals_are_listed_page_by_page(
    as_doctor: Client, works: Works, doctor: Actor
) -> None:
    patient = str((await a_patient(works, doctor)).id)
    raised = {"patient_id": patient, "concept": "self_harm", "words": "Fresh cuts."}
    ids = []
    for _ in range(3):
        answer = await as_doctor.post("/api/v1/signals", json=raised)
        assert (answer.status_code, answer.json()["source"]) == (201, "clinician")
        ids.append(answer.json()["id"])
    first = (await as_doctor.get(f"/api/v1/signals?patient_id={patient}&limit=2")).json()
    cursor = first["next_cursor"]
    rest = await as_doctor.get(f"/api/v1/signals?patient_id={patient}&limit=2&cursor={cursor}")
    listed = [each["id"] for each in (*first["items"], *rest.json()["items"])]
    assert sorted(listed) == sorted(ids)
    waiting = await as_doctor.get(f"/api/v1/signals?patient_id={patient}&status=proposed")
    assert waiting.json()["items"] == []


async def test_a_concern_belongs_to_the_patient_of_the_encounter(
    as_doctor: Client, found: dict[str, Any], works: Works, doctor: Actor
) -> None:
    other = str((await a_patient(works, doctor, given_name="Olaf")).id)
    raised = {
        "patient_id": other,
        "encounter_id": found["encounter_id"],
        "concept": "violence",
        "words": "Threats.",
    }
    answer = await as_doctor.post("/api/v1/signals", json=raised)
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (422, "no-concern")


async def test_only_clinicians_are_let_in(
    as_receptionist: Client, as_admin: Client, found: dict[str, Any]
) -> None:
    for client in (as_receptionist, as_admin):
        for verb, path in (
            ("GET", "/signals"),
            ("GET", f"/signals/{found['id']}"),
            ("POST", f"/signals/{found['id']}/confirmation"),
        ):
            answer = await client.request(verb, f"/api/v1{path}")
            assert answer.status_code == 403, path


async def test_a_nurse_answers_too(as_nurse: Client, found: dict[str, Any]) -> None:
    answer = await as_nurse.post(f"/api/v1/signals/{found['id']}/confirmation")
    assert answer.status_code == 201
