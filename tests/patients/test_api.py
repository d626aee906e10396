"""Patients over HTTP: shapes by role, versions, problems."""

from typing import Any

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.patients import a_patient
from tests.conftest import Client

MARA: dict[str, Any] = {
    "given_name": "Mara",
    "family_name": "Okafor-Lind",
    "birth_date": "1945-07-14",
    "phone": "555-0102",
}
CLINICAL = {"allergies", "medications", "problems"}


async def test_a_registered_patient_can_be_read_at_their_location(as_doctor: Client) -> None:
    made = await as_doctor.post("/api/v1/patients", json=MARA | {"allergies": ["latex"]})
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    read = await as_doctor.get(made.headers["Location"])
    assert read.json() == made.json()
    assert read.json()["created_at"] == "2026-03-02T09:00:00Z"
    assert (read.json()["allergies"], read.json()["problems"]) == (["latex"], None)
    assert read.json()["sex"] == "unknown"


async def test_the_desk_and_administrators_see_nothing_clinical(
    as_receptionist: Client, as_admin: Client, as_nurse: Client, works: Works, doctor: Actor
) -> None:
    patient = await a_patient(works, doctor, problems=["asthma"])
    for client in (as_receptionist, as_admin):
        one = (await client.get(f"/api/v1/patients/{patient.id}")).json()
        listed = (await client.get("/api/v1/patients?q=mara")).json()["items"]
        assert listed == [one]
        assert not CLINICAL & set(one)
        assert one["family_name"] == "Okafor-Lind"
    full = (await as_nurse.get(f"/api/v1/patients/{patient.id}")).json()
    assert set(full) >= CLINICAL
    assert (await as_nurse.get("/api/v1/patients")).json()["items"] == [full]


async def test_a_change_needs_the_current_version(as_doctor: Client, as_nurse: Client) -> None:
    patient = (await as_doctor.post("/api/v1/patients", json=MARA)).json()
    address = f"/api/v1/patients/{patient['id']}"
    body = {"phone": None, "sex": "female"}
    assert (await as_doctor.patch(address, json=body)).status_code == 428
    changed = await as_doctor.patch(address, json=body, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert (changed.json()["phone"], changed.json()["given_name"]) == (None, "Mara")
    stale = await as_nurse.patch(address, json=body, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert stale.json()["type"] == "/problems/patient-changed"
    assert stale.json()["current_version"] == 2


async def test_a_name_cannot_be_cleared(as_doctor: Client) -> None:
    patient = (await as_doctor.post("/api/v1/patients", json=MARA)).json()
    answer = await as_doctor.patch(
        f"/api/v1/patients/{patient['id']}", json={"given_name": None}, headers={"If-Match": '"1"'}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["at"] == ["body", "given_name"]


async def test_a_possible_duplicate_names_whom_it_means(as_receptionist: Client) -> None:
    first = (await as_receptionist.post("/api/v1/patients", json=MARA)).json()
    again = await as_receptionist.post("/api/v1/patients", json=MARA)
    assert again.status_code == 409
    assert again.json()["type"] == "/problems/possible-duplicate"
    assert again.json()["patient_ids"] == [first["id"]]
    sure = await as_receptionist.post(
        "/api/v1/patients", json=MARA | {"confirm_not_duplicate": True}
    )
    assert sure.status_code == 201


async def test_a_retried_registration_registers_once(as_doctor: Client) -> None:
    key = {"Idempotency-Key": "register-mara"}
    first = await as_doctor.post("/api/v1/patients", json=MARA, headers=key)
    again = await as_doctor.post("/api/v1/patients", json=MARA, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["Location"] == first.headers["Location"]
    assert len((await as_doctor.get("/api/v1/patients")).json()["items"]) == 1


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("birth_date", "2999-01-01", "date_not_in_future"),
        ("birth_date", "1869-01-01", "greater_than_equal"),
        ("given_name", "", "string_too_short"),
        ("phone", "none", "string_pattern_mismatch"),
    ],
)
async def test_a_problem_names_the_field_and_the_rule(
    as_doctor: Client, field: str, value: str, rule: str
) -> None:
    answer = await as_doctor.post("/api/v1/patients", json=MARA | {field: value})
    assert answer.status_code == 422
    [fault] = answer.json()["errors"]
    assert (fault["at"], fault["rule"]) == (["body", field], rule)
    assert fault["why"]


async def test_the_desk_may_not_write_clinical_lists(as_receptionist: Client) -> None:
    answer = await as_receptionist.post("/api/v1/patients", json=MARA | {"allergies": []})
    assert (answer.status_code, answer.json()["fields"]) == (403, ["allergies"])


async def test_pages_follow_the_cursor_which_names_no_one(
    as_doctor: Client, works: Works, doctor: Actor
) -> None:
    for given_name in ("Ann", "Ben", "Cara"):
        await a_patient(works, doctor, given_name=given_name)
    first = (await as_doctor.get("/api/v1/patients?q=okafor&limit=2")).json()
    rest = await as_doctor.get(
        "/api/v1/patients", params={"q": "okafor", "limit": 2, "cursor": first["next_cursor"]}
    )
    names = [one["given_name"] for one in first["items"] + rest.json()["items"]]
    assert names == ["Ann", "Ben", "Cara"]
    assert rest.json()["next_cursor"] is None
    wrong = await as_doctor.get("/api/v1/patients?cursor=nonsense")
    assert (wrong.status_code, wrong.json()["type"]) == (422, "/problems/cursor-unreadable")


async def test_strangers_and_administrators_register_nobody(
    client: Client, as_admin: Client
) -> None:
    assert (await client.post("/api/v1/patients", json=MARA)).status_code == 401
    assert (await as_admin.post("/api/v1/patients", json=MARA)).status_code == 403
