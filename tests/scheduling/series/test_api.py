"""Series over HTTP, in UTC, which is the clinic's zone where nobody says otherwise."""

from typing import Any

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.appointments import an_appointment, at
from tests.builders.availability import Clinic, a_clinic
from tests.builders.patients import a_patient
from tests.conftest import Client
from tests.house.test_audit import Walk

NOBODY = "00000000-0000-4000-8000-000000000001"


@pytest.fixture
async def clinic(works: Works, receptionist: Actor, doctor: Actor) -> Clinic:
    return await a_clinic(works, receptionist, doctor)


@pytest.fixture
async def asked(works: Works, receptionist: Actor, clinic: Clinic) -> dict[str, Any]:
    return {
        "first": {
            "practitioner_id": str(clinic.doctor.id),
            "patient_id": str((await a_patient(works, receptionist)).id),
            "visit_type_id": str(clinic.visit_type.id),
            "starts_at": "2026-03-09T09:00:00Z",
        },
        "rrule": "FREQ=WEEKLY;COUNT=3",
    }


async def test_a_series_is_booked_and_read(as_receptionist: Client, asked: dict[str, Any]) -> None:
    answer = await as_receptionist.post("/api/v1/appointment-series", json=asked)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["location"] == f"/api/v1/appointment-series/{made['series']['id']}"
    assert made["series"]["first_local"] == "2026-03-09T09:00"
    assert made["series"]["time_zone"] == "UTC"
    assert [each["local"] for each in made["occurrences"]] == [
        "2026-03-09T09:00", "2026-03-16T09:00", "2026-03-23T09:00"
    ]  # fmt: skip
    assert {each["appointment"]["series_id"] for each in made["occurrences"]} == {
        made["series"]["id"]
    }
    again = (await as_receptionist.get(answer.headers["location"])).json()
    assert again == made


async def test_the_same_request_twice_is_one_series(
    as_receptionist: Client, asked: dict[str, Any]
) -> None:
    key = {"Idempotency-Key": "one-series"}
    first, second = [
        await as_receptionist.post("/api/v1/appointment-series", json=asked, headers=key)
        for _ in range(2)
    ]
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()


async def test_what_is_in_the_way_is_told_before_and_when_booking(
    as_receptionist: Client,
    asked: dict[str, Any],
    works: Works,
    receptionist: Actor,
    clinic: Clinic,
) -> None:
    taken = await an_appointment(works, receptionist, clinic, at("09:00", day=16))
    preview = await as_receptionist.post("/api/v1/appointment-series/preview", json=asked)
    assert preview.status_code == 200, preview.text
    assert preview.json()["rrule"] == "FREQ=WEEKLY;COUNT=3"
    told = preview.json()["occurrences"]
    assert [len(each["conflicts"]) for each in told] == [0, 1, 0]
    refused = await as_receptionist.post("/api/v1/appointment-series", json=asked)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/series-taken")
    (occurrence,) = refused.json()["occurrences"]
    assert occurrence["conflicts"][0]["appointment_id"] == str(taken.id)
    assert occurrence["alternatives"] == told[1]["alternatives"]
    skipping = asked | {"on_conflict": "skip"}
    booked = await as_receptionist.post("/api/v1/appointment-series", json=skipping)
    assert booked.status_code == 201
    left_out = booked.json()["occurrences"][1]
    assert left_out["appointment"] is None
    assert left_out["conflicts"] == occurrence["conflicts"]


async def booked_ids(client: Client, asked: dict[str, Any]) -> list[str]:
    made = (await client.post("/api/v1/appointment-series", json=asked)).json()
    return [each["appointment"]["id"] for each in made["occurrences"]]


async def test_a_scope_says_how_much_of_a_series_is_moved(
    as_receptionist: Client, asked: dict[str, Any]
) -> None:
    ids = await booked_ids(as_receptionist, asked)
    at_second = f"/api/v1/appointments/{ids[1]}"
    change = {"starts_at": "2026-03-17T10:00:00Z", "scope": "following", "version": 1}
    answer = await as_receptionist.post(f"{at_second}/reschedule", json=change)
    assert answer.status_code == 201, answer.text
    assert answer.headers["etag"] == f'"{answer.json()["version"]}"'
    assert answer.json()["starts_at"] == "2026-03-17T10:00:00Z"
    assert answer.json()["series_change"]["changed"] == ids[1:]
    stale = await as_receptionist.post(f"{at_second}/reschedule", json=change)
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/appointment-changed")
    only = {"starts_at": "2026-03-18T10:00:00Z", "scope": "this"}
    answer = await as_receptionist.post(f"{at_second}/reschedule", json=only)
    assert (answer.status_code, answer.json()["series_change"]) == (201, None)


async def test_a_scope_says_how_much_of_a_series_is_cancelled(
    as_receptionist: Client, asked: dict[str, Any]
) -> None:
    ids = await booked_ids(as_receptionist, asked)
    why = {"reason": "feels well again", "by": "patient"}
    at_second = f"/api/v1/appointments/{ids[1]}/cancellation"
    answer = await as_receptionist.post(at_second, json=why | {"scope": "following"})
    assert answer.status_code == 201, answer.text
    assert answer.json()["status"] == "cancelled"
    assert answer.json()["series_change"]["changed"] == ids[1:]
    over = await as_receptionist.post(at_second, json=why | {"scope": "following"})
    assert (over.status_code, over.json()["type"]) == (409, "/problems/series-over")
    first = await as_receptionist.get(f"/api/v1/appointments/{ids[0]}")
    assert first.json()["status"] == "booked"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"rrule": "every monday"}, ["body", "rrule"]),
        ({"rrule": "FREQ=WEEKLY;COUNT=500"}, ["body", "rrule"]),
        ({"rrule": "FREQ=WEEKLY;COUNT=3\x00"}, ["body", "rrule"]),
        ({"rrule": "X" * 501}, ["body", "rrule"]),
        ({"rrule": None}, ["body", "rrule"]),
        ({"on_conflict": "perhaps"}, ["body", "on_conflict"]),
        ({"first": {}}, ["body", "first", "practitioner_id"]),
        ({"until": "2026-06-30"}, ["body"]),
    ],
)
async def test_bad_input_is_told_by_field(
    as_receptionist: Client, asked: dict[str, Any], change: dict[str, Any], where: list[str]
) -> None:
    for path in ("", "/preview"):
        answer = await as_receptionist.post(
            f"/api/v1/appointment-series{path}", json=asked | change
        )
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["at"] == where


async def test_who_may_and_what_is_not_there(
    as_admin: Client, as_nurse: Client, asked: dict[str, Any]
) -> None:
    assert (await as_admin.post("/api/v1/appointment-series", json=asked)).status_code == 403
    made = await as_nurse.post("/api/v1/appointment-series", json=asked)
    assert made.status_code == 201
    assert (await as_admin.get(made.headers["location"])).status_code == 200
    missing = await as_admin.get(f"/api/v1/appointment-series/{NOBODY}")
    assert (missing.status_code, missing.json()["type"]) == (404, "/problems/series-not-found")
    overriding = asked | {"first": asked["first"] | {"override": {"reason": "urgent"}}}
    refused = await as_nurse.post("/api/v1/appointment-series", json=overriding)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/may-not-override")


async def test_each_request_leaves_one_trace(
    as_doctor: Client, asked: dict[str, Any], works: Works
) -> None:
    walk = Walk(as_doctor, works)
    await walk.start()
    await walk("POST", "/appointment-series/preview", 200, json=asked)
    made = (await walk("POST", "/appointment-series", json=asked)).json()
    await walk("GET", f"/appointment-series/{made['series']['id']}")
    at_first = f"/appointments/{made['occurrences'][0]['appointment']['id']}"
    change = {"starts_at": "2026-03-09T10:00:00Z", "scope": "all"}
    await walk("POST", f"{at_first}/reschedule", json=change)
    why = {"reason": "feels well again", "by": "patient", "scope": "all"}
    await walk("POST", f"{at_first}/cancellation", json=why)
    await walk("GET", f"/appointment-series/{NOBODY}", 404)
