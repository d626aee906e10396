"""Encounters over HTTP: shapes by role, moves, consent, problems."""

from typing import Any
from uuid import uuid4

from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.encounters import an_encounter
from tests.builders.patients import a_patient
from tests.conftest import Client

CONSENT = {"decision": "permit", "method": "verbal"}


async def test_from_walking_in_to_the_end(as_doctor: Client, works: Works, doctor: Actor) -> None:
    patient = await a_patient(works, doctor)
    body = {"patient_id": str(patient.id), "reason": "cough"}
    made = await as_doctor.post("/api/v1/encounters", json=body)
    assert made.status_code == 201
    address = made.headers["Location"]
    expected: dict[str, Any] = {
        "id": made.json()["id"],
        "patient_id": str(patient.id),
        "practitioner_id": str(doctor.id),
        "kind": "walk-in",
        "appointment_id": None,
        "reason": "cough",
        "status": "in-progress",
        "started_at": "2026-03-02T09:00:00Z",
        "ended_at": None,
        "consent": None,
    }
    assert made.json() == expected
    consent = await as_doctor.post(f"{address}/consents", json=CONSENT)
    assert consent.status_code == 201
    expected["consent"] = consent.json()
    assert expected["consent"] == CONSENT | {
        "recorded_at": "2026-03-02T09:00:00Z",
        "recorded_by": str(doctor.id),
    }
    assert (await as_doctor.get(address)).json() == expected
    listed = await as_doctor.get("/api/v1/encounters", params={"mine": True})
    assert listed.json() == {"items": [expected], "next_cursor": None}
    done = await as_doctor.post(f"{address}/completion")
    assert (done.status_code, done.json()["status"]) == (201, "completed")
    again = await as_doctor.post(f"{address}/completion")
    assert (again.status_code, again.json()["type"]) == (409, "/problems/illegal-move")
    late = await as_doctor.post(f"{address}/consents", json=CONSENT)
    assert (late.status_code, late.json()["type"]) == (409, "/problems/encounter-closed")


async def test_the_desk_does_not_see_why_somebody_came(
    as_receptionist: Client, as_admin: Client, works: Works, doctor: Actor
) -> None:
    encounter = await an_encounter(works, doctor)
    for client in (as_receptionist, as_admin):
        one = (await client.get(f"/api/v1/encounters/{encounter.id}")).json()
        assert "reason" not in one
        listed = await client.get(f"/api/v1/encounters?patient_id={encounter.patient_id}")
        assert listed.json()["items"] == [one]


async def test_the_desk_starts_and_cancels_for_a_doctor(
    as_receptionist: Client, works: Works, doctor: Actor, receptionist: Actor
) -> None:
    patient = await a_patient(works, receptionist)
    body = {"patient_id": str(patient.id), "reason": "cough"}
    refused = await as_receptionist.post("/api/v1/encounters", json=body)
    assert refused.status_code == 422
    [fault] = refused.json()["errors"]
    assert fault["at"] == ["body", "practitioner_id"]
    body["practitioner_id"] = str(doctor.id)
    made = await as_receptionist.post("/api/v1/encounters", json=body)
    assert made.status_code == 201
    assert "reason" not in made.json()
    address = f"{made.headers['Location']}/cancellation"
    assert (await as_receptionist.post(address, json={})).status_code == 422
    gone = await as_receptionist.post(address, json={"reason": "had to leave"})
    assert (gone.status_code, gone.json()["status"]) == (201, "cancelled")


async def test_a_retried_start_starts_once(as_doctor: Client, works: Works, doctor: Actor) -> None:
    patient = await a_patient(works, doctor)
    body, key = {"patient_id": str(patient.id)}, {"Idempotency-Key": "walk-in"}
    answers = [await as_doctor.post("/api/v1/encounters", json=body, headers=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert len((await as_doctor.get("/api/v1/encounters")).json()["items"]) == 1


async def test_what_is_not_there_is_not_found(as_doctor: Client) -> None:
    for answer in (
        await as_doctor.get(f"/api/v1/encounters/{uuid4()}"),
        await as_doctor.post(f"/api/v1/encounters/{uuid4()}/completion"),
        await as_doctor.post("/api/v1/encounters", json={"patient_id": str(uuid4())}),
    ):
        assert answer.status_code == 404
