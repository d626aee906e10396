"""Results over HTTP: what each role may, and what the answers look like."""

from uuid import uuid4

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.results import CRITICAL, NORMAL, POTASSIUM, a_result, an_ordered_item, potassium
from tests.conftest import Client

API = "/api/v1"
TOLD = {
    "number": 1,
    "told_name": "Dr. Summer",
    "told_at": "2026-03-02T08:59:00Z",
    "read_back": True,
}


async def test_a_nurse_enters_and_calls_and_a_doctor_acknowledges(
    works: Works, doctor: Actor, as_doctor: Client, as_nurse: Client
) -> None:
    item = await an_ordered_item(works, doctor)
    prepared = await as_nurse.get(f"{API}/orders/{item}/analytes")
    assert prepared.json()["items"][0]["critical_high"] == 6.0
    made = await as_nurse.post(f"{API}/orders/{item}/results", json=CRITICAL | {"source": "hand"})
    assert made.status_code == 201, made.text
    at = made.headers["location"]
    assert made.json()["flag"] == "critical-high"
    assert made.json()["responsible"]["name"] == "Dr. Ada Winter"
    told = await as_nurse.post(f"{at}/callbacks", json=TOLD)
    assert (told.status_code, told.json()["read_back"]) == (201, "yes")
    seen = {"number": 1, "decision": "repeat", "follow_up": {"title": "Repeat potassium"}}
    refused = await as_nurse.post(f"{at}/acknowledgement", json=seen)
    assert refused.json()["type"] == "/problems/role-not-allowed"
    mine = (await as_doctor.get(f"{API}/results/unacknowledged")).json()["items"]
    assert [(each["age"], each["mrn"][:4]) for each in mine] == [("new", "MRN-")]
    done = await as_doctor.post(f"{at}/acknowledgement", json=seen)
    assert done.status_code == 201, done.text
    task = await as_doctor.get(f"{API}/tasks/{done.json()['follow_up_task_id']}")
    assert task.json()["title"] == "Repeat potassium"
    again = await as_doctor.post(f"{at}/acknowledgement", json=seen)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/already-acknowledged")
    assert (await as_doctor.get(f"{API}/results/unacknowledged")).json()["items"] == []
    whole = (await as_doctor.get(at)).json()
    assert whole["reports"][0]["acknowledgement"]["decision"] == "repeat"
    series = await as_nurse.get(f"{API}/patients/{whole['patient_id']}/trends?code=2823-3")
    assert series.json()["series"][0]["points"][0]["value"] == 6.8


async def test_the_desk_and_administrators_see_nothing(
    works: Works, doctor: Actor, as_receptionist: Client, as_admin: Client
) -> None:
    report = await a_result(works, doctor)
    paths = (
        f"/results/{report.id}",
        f"/results?patient_id={report.patient_id}",
        "/results/unacknowledged",
        f"/patients/{report.patient_id}/trends?code=2823-3",
    )
    for client in (as_receptionist, as_admin):
        for path in paths:
            assert (await client.get(API + path)).status_code == 403
        answer = await client.post(f"{API}/orders/{report.order_item_id}/results", json=NORMAL)
        assert answer.status_code == 403


async def test_what_was_seen_is_what_is_acknowledged(
    works: Works, doctor: Actor, as_doctor: Client
) -> None:
    report = await a_result(works, doctor, potassium(5.4))
    at = f"{API}/results/{report.id}"
    more = await as_doctor.post(f"{at}/versions", json=potassium(4.1) | {"status": "corrected"})
    assert more.json()["versions"] == 2
    late = await as_doctor.post(
        f"{at}/acknowledgement", json={"number": 1, "decision": "no-action"}
    )
    assert (late.status_code, late.json()["current_version"]) == (412, 2)
    back = await as_doctor.post(f"{at}/versions", json=NORMAL)
    assert (back.status_code, back.json()["type"]) == (409, "/problems/illegal-move")


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({"status": "final"}, ()),
        ({"status": "final", "observations": [{"name": "X"}]}, ("observations", 0)),
        (
            {"status": "final", "observations": [POTASSIUM | {"value": "6.8"}]},
            ("observations", 0, "value"),
        ),
        (
            {"status": "final", "observations": [POTASSIUM | {"low": 6}]},
            ("observations", 0),
        ),
        ({"status": "corrected", "observations": [POTASSIUM]}, ("status",)),
    ],
)
async def test_what_cannot_be_kept_is_refused_and_nothing_of_it_is_there(
    works: Works,
    doctor: Actor,
    as_doctor: Client,
    body: dict[str, object],
    at: tuple[str | int, ...],
) -> None:
    item = await an_ordered_item(works, doctor)
    answer = await as_doctor.post(f"{API}/orders/{item}/results", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["at"] == ["body", *at]
    assert (await as_doctor.get(f"{API}/results/unacknowledged")).json()["items"] == []


async def test_a_patients_results_come_page_by_page(
    works: Works, doctor: Actor, as_nurse: Client
) -> None:
    first = await a_result(works, doctor, potassium(4.0, issued_at="2026-02-01T08:00:00Z"))
    said = {"patient_id": str(first.patient_id), "responsible_id": str(doctor.id)}
    for day in (2, 3, 4):
        body = potassium(4.0, issued_at=f"2026-02-0{day}T08:00:00Z") | said
        made = await as_nurse.post(
            f"{API}/results", json=body | {"kind": "lab", "title": f"Day {day}"}
        )
        assert made.status_code == 201, made.text
    seen, cursor = [], ""
    for _ in range(2):
        path = f"{API}/results?patient_id={first.patient_id}&limit=2{cursor}"
        page = (await as_nurse.get(path)).json()
        seen += [each["title"] for each in page["items"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == ["Day 4", "Day 3", "Day 2", "Potassium"]
    assert page["next_cursor"] is None


async def test_a_result_is_for_a_doctor_who_is_there(
    works: Works, doctor: Actor, nurse: Actor, as_nurse: Client
) -> None:
    report = await a_result(works, doctor)
    for who in (nurse.id, uuid4()):
        body = NORMAL | {"kind": "lab", "title": "X", "patient_id": str(report.patient_id)}
        answer = await as_nurse.post(f"{API}/results", json=body | {"responsible_id": str(who)})
        assert answer.json()["errors"][0]["rule"] == "doctor_known"
