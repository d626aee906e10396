"""Safety plans over HTTP."""

from uuid import uuid4

from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.patients import a_patient
from tests.builders.safety_plans import WORDS
from tests.conftest import Client
from tests.house.test_audit import Walk

AT = "/api/v1/safety-plans"


async def test_from_nothing_to_a_second_version(
    as_doctor: Client, works: Works, doctor: Actor
) -> None:
    patient = await a_patient(works, doctor)
    walk = Walk(as_doctor, works)
    await walk.start()
    at = f"/safety-plans?patient_id={patient.id}"
    assert (await walk("GET", at)).json() == {"items": []}
    begun = await walk("POST", "/safety-plans", json={"patient_id": str(patient.id)})
    assert begun.headers["etag"] == '"1"'
    assert begun.headers["location"] == f"{AT}/{begun.json()['id']}"
    at = f"/safety-plans/{begun.json()['id']}"
    saved = await walk("PUT", f"{at}/working-copy", json=WORDS, headers={"If-Match": '"1"'})
    assert saved.headers["etag"] == '"2"'
    stale = await as_doctor.put(
        f"/api/v1{at}/working-copy", json=WORDS | {"alone": "x"}, headers={"If-Match": '"1"'}
    )
    assert stale.status_code == 412
    assert (await walk("GET", at)).json()["content"] == WORDS
    stale = await as_doctor.post(f"/api/v1{at}/publications", json={"version": 1})
    assert stale.status_code == 412
    first = await as_doctor.post(f"/api/v1{at}/publications", json={"version": 2})
    assert first.status_code == 201
    assert (first.json()["number"], first.json()["review_on"]) == (1, "2026-04-01")
    await as_doctor.post(f"/api/v1{at}/publications", json={"version": 2})
    await walk.start()
    page = (await walk("GET", f"{at}/versions?limit=1")).json()
    assert [one["number"] for one in page["items"]] == [2]
    page = (await walk("GET", f"{at}/versions?cursor={page['next_cursor']}")).json()
    assert ([one["number"] for one in page["items"]], page["next_cursor"]) == ([1], None)
    assert (await walk("GET", f"{at}/versions/1")).json()["content"] == WORDS
    await walk("GET", f"{at}/versions/3", 404)
    assert (await as_doctor.get(f"/api/v1{at}/versions?cursor=zzz")).status_code == 422
    gone = {"number": 2, "reason": "the numbers have changed"}
    answer = await as_doctor.post(f"/api/v1{at}/withdrawals", json=gone)
    assert answer.json()["status"] == "withdrawn"


async def test_what_is_wrong_is_said_at_its_place(
    as_nurse: Client, works: Works, nurse: Actor
) -> None:
    patient = await a_patient(works, nurse)
    begun = await as_nurse.post(AT, json={"patient_id": str(patient.id)})
    at = f"{AT}/{begun.json()['id']}"
    answer = await as_nurse.post(f"{at}/publications", json={"version": 1})
    assert answer.status_code == 422
    assert [each["at"][-1] for each in answer.json()["errors"]] == ["warning_signs", "alone"]
    for wrong in ({"likelihood": 11}, {"alone": "x\x00"}, {"helpers": [{"name": " "}]}, {"x": 1}):
        answer = await as_nurse.put(f"{at}/working-copy", json=wrong, headers={"If-Match": '"1"'})
        assert answer.status_code == 422, wrong
    answer = await as_nurse.put(f"{at}/working-copy", json={})
    assert answer.status_code == 428
    late = {"version": 1, "review_in_days": 91}
    assert (await as_nurse.post(f"{at}/publications", json=late)).status_code == 422


async def test_services_are_rows_with_a_source(as_nurse: Client) -> None:
    found = (await as_nurse.get(f"{AT}/services")).json()["items"]
    assert [one["phone"] for one in found] == ["988", "741741", "911"]
    assert all(one["source"] for one in found)


async def test_it_is_for_clinicians(
    as_receptionist: Client, as_admin: Client, as_doctor: Client
) -> None:
    for client in (as_receptionist, as_admin):
        assert (await client.get(f"{AT}/{uuid4()}")).status_code == 403
    assert (await as_doctor.get(f"{AT}/{uuid4()}")).status_code == 404
    assert (await as_doctor.get(f"{AT}?patient_id={uuid4()}")).status_code == 404
