"""The appointment book over HTTP."""

from typing import Any
from uuid import uuid4

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.appointments import an_appointment, at
from tests.builders.availability import Clinic
from tests.builders.patients import a_patient
from tests.conftest import Client, FrozenClock

URL = "/api/v1/appointments"
LEAKS = ("Mara", "Okafor")


@pytest.fixture
async def asked(works: Works, receptionist: Actor, clinic: Clinic) -> dict[str, Any]:
    """A booking at ten, ready to be sent."""
    patient = await a_patient(works, receptionist)
    return {
        "practitioner_id": str(clinic.doctor.id),
        "visit_type_id": str(clinic.visit_type.id),
        "patient_id": str(patient.id),
        "starts_at": "2026-03-02T10:00:00Z",
    }


async def book(client: Client, body: dict[str, Any], **more: Any) -> dict[str, Any]:
    answer = await client.post(URL, json=body | more)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def held(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "patient_id"}


async def test_a_booking_from_hold_to_departure(
    as_receptionist: Client, asked: dict[str, Any], clinic: Clinic
) -> None:
    hold = await as_receptionist.post(f"{URL}/holds", json=held(asked))
    assert hold.status_code == 201
    assert (hold.json()["status"], hold.json()["fhir_status"]) == ("pending", "pending")
    assert hold.json()["held_by_name"] == "Rosa Keller"
    booked = await as_receptionist.post(URL, json=asked | {"hold_id": hold.json()["id"]})
    assert (booked.status_code, booked.headers["etag"]) == (201, '"2"')
    assert booked.headers["location"] == f"{URL}/{booked.json()['id']}"
    at_it = f"{URL}/{booked.json()['id']}"
    read = await as_receptionist.get(at_it)
    assert (read.json(), read.headers["etag"]) == (booked.json(), '"2"')
    assert read.json()["practitioner_name"] == "Dr. Ada Winter"
    assert read.json()["patient_mrn"].startswith("MRN-")
    moved = await as_receptionist.post(
        f"{at_it}/reschedule", json={"starts_at": "2026-03-02T11:00:00+01:00", "version": 2}
    )
    assert moved.json()["starts_at"] == "2026-03-02T10:00:00Z"  # where it was, in another zone
    for step, body in (("arrival", None), ("rooming", {"room_id": str(clinic.room.id)}),
                       ("departure", None)):  # fmt: skip
        answer = await as_receptionist.post(f"{at_it}/{step}", json=body)
        assert answer.status_code == 201, answer.text
    assert (answer.json()["fhir_status"], answer.json()["room_name"]) == ("fulfilled", "Room 1")
    undone = await as_receptionist.post(f"{at_it}/undo")
    assert (undone.json()["status"], undone.json()["undoable"]) == ("in-room", True)
    history = (await as_receptionist.get(f"{at_it}/history")).json()["items"]
    assert [line["to_status"] for line in history] == [
        "pending", "booked", "arrived", "in-room", "checked-out", "in-room",
    ]  # fmt: skip
    assert history[-1]["undoes"] == history[-2]["seq"]


async def test_a_hold_is_released(as_receptionist: Client, asked: dict[str, Any]) -> None:
    hold = (await as_receptionist.post(f"{URL}/holds", json=held(asked))).json()
    released = await as_receptionist.delete(f"{URL}/holds/{hold['id']}")
    assert (released.status_code, released.content) == (204, b"")
    again = await as_receptionist.delete(f"{URL}/holds/{hold['id']}")
    assert (again.status_code, again.json()["type"]) == (404, "/problems/hold-not-found")


async def test_the_same_key_books_once(as_receptionist: Client, asked: dict[str, Any]) -> None:
    headers = {"Idempotency-Key": "dialog-1"}
    first = await as_receptionist.post(URL, json=asked, headers=headers)
    second = await as_receptionist.post(URL, json=asked, headers=headers)
    assert (second.status_code, second.json()) == (201, first.json())
    assert second.headers["idempotent-replay"] == "true"
    assert second.headers["etag"] == first.headers["etag"]
    other = await as_receptionist.post(URL, json=asked | {"reason": "cough"}, headers=headers)
    assert other.json()["type"] == "/problems/idempotency-key-reused"
    assert len((await as_receptionist.get(URL)).json()["items"]) == 1


async def test_a_taken_time_says_what_is_in_the_way_and_what_is_free(
    as_receptionist: Client, asked: dict[str, Any], works: Works, receptionist: Actor
) -> None:
    first = await book(as_receptionist, asked)
    refused = await as_receptionist.post(URL, json=asked)
    told = refused.json()
    assert (refused.status_code, told["type"]) == (409, "/problems/slot-taken")
    assert [each["kind"] for each in told["conflicts"]] == ["practitioner", "patient"]
    assert told["conflicts"][0] == {
        "kind": "practitioner",
        "appointment_id": first["id"],
        "starts_at": "2026-03-02T10:00:00Z",
        "ends_at": "2026-03-02T10:30:00Z",
        "status": "booked",
        "held": False,
        "practitioner_id": asked["practitioner_id"],
        "room_id": None,
    }
    assert len(told["alternatives"]) == 3
    assert set(told["alternatives"][0]) == {
        "practitioner_id", "room_id", "visit_type_id", "starts_at", "ends_at",
    }  # fmt: skip
    assert told["overridable"] is True
    assert not [name for name in LEAKS if name in refused.text]
    over = await book(as_receptionist, asked, override={"reason": "both parents"})
    assert over["overridden"] == ["patient", "practitioner"]


async def test_an_undo_that_cannot_be_is_explained(
    as_receptionist: Client, asked: dict[str, Any]
) -> None:
    booked = await book(as_receptionist, asked)
    at_it = f"{URL}/{booked['id']}"
    refused = await as_receptionist.post(f"{at_it}/undo")
    assert (refused.status_code, refused.json()["reason"]) == (409, "nothing-to-undo")
    cancelled = await as_receptionist.post(
        f"{at_it}/cancellation", json={"reason": "cold", "by": "patient"}
    )
    assert (cancelled.json()["status"], cancelled.json()["cancelled_by"]) == (
        "cancelled",
        "patient",
    )
    await book(as_receptionist, asked)
    refused = await as_receptionist.post(f"{at_it}/undo")
    assert refused.json()["reason"] == "time-taken"
    assert [each["kind"] for each in refused.json()["conflicts"]] == ["practitioner", "patient"]
    assert len(refused.json()["alternatives"]) == 3


async def test_a_change_names_the_version_it_changes(
    as_receptionist: Client, asked: dict[str, Any]
) -> None:
    at_it = f"{URL}/{(await book(as_receptionist, asked))['id']}"
    blind = await as_receptionist.patch(at_it, json={"reason": "cough"})
    assert blind.status_code == 428
    changed = await as_receptionist.patch(
        at_it, json={"reason": "cough"}, headers={"If-Match": '"1"'}
    )
    assert (changed.json()["reason"], changed.headers["etag"]) == ("cough", '"2"')
    stale = await as_receptionist.patch(at_it, json={"reason": "x"}, headers={"If-Match": '"1"'})
    assert (stale.status_code, stale.json()["current_version"]) == (412, 2)
    late = await as_receptionist.post(f"{at_it}/reschedule", json={"room_id": None, "version": 1})
    assert (late.status_code, late.json()["type"]) == (412, "/problems/appointment-changed")


async def test_lists_are_narrowed_and_paged(
    as_receptionist: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    for start in ("10:00", "11:00", "14:00"):
        booked = await an_appointment(works, receptionist, clinic, at(start))
    found = (await as_receptionist.get(URL, params={"limit": 2})).json()
    assert [each["starts_at"][11:16] for each in found["items"]] == ["10:00", "11:00"]
    more = await as_receptionist.get(URL, params={"limit": 2, "cursor": found["next_cursor"]})
    assert [each["starts_at"][11:16] for each in more.json()["items"]] == ["14:00"]
    assert more.json()["next_cursor"] is None
    for params, count in (
        ({"from": "2026-03-02T11:00:00Z"}, 2),
        ({"to": "2026-03-02T11:00:00Z"}, 1),
        ({"patient_id": str(booked.patient_id)}, 1),
        ({"practitioner_id": [str(clinic.doctor.id), str(uuid4())]}, 3),
        ({"practitioner_id": str(uuid4())}, 0),
        ({"status": ["arrived", "cancelled"]}, 0),
    ):
        assert len((await as_receptionist.get(URL, params=params)).json()["items"]) == count


async def test_a_walk_in_over_http(
    as_nurse: Client, asked: dict[str, Any], as_receptionist: Client
) -> None:
    came = {name: value for name, value in asked.items() if name != "starts_at"}
    answer = await as_nurse.post(f"{URL}/walk-ins", json=came)
    assert (answer.status_code, answer.json()["kind"]) == (201, "walk-in")
    assert answer.json()["waiting_minutes"] == 0
    later = asked | {"starts_at": "2026-03-02T15:00:00Z"}
    booked = await book(as_receptionist, later)
    expected = await as_nurse.post(f"{URL}/walk-ins", json=came)
    assert expected.json()["type"] == "/problems/booked-today"
    assert expected.json()["appointment_ids"] == [booked["id"]]


async def test_a_no_show_over_http(
    as_receptionist: Client, asked: dict[str, Any], clock: FrozenClock
) -> None:
    booked = await book(as_receptionist, asked | {"starts_at": "2026-03-02T09:10:00Z"})
    at_it = f"{URL}/{booked['id']}"
    assert (await as_receptionist.post(f"{at_it}/no-show")).json()["type"] == (
        "/problems/not-yet-due"
    )
    clock.advance(minutes=10)
    missed = await as_receptionist.post(f"{at_it}/no-show")
    assert missed.json()["moves_allowed"] == ["arrival", "entered-in-error"]
    assert (await as_receptionist.post(f"{at_it}/arrival")).json()["status"] == "arrived"
    wrong = await as_receptionist.post(f"{at_it}/entered-in-error", json={"reason": "wrong one"})
    assert wrong.json()["fhir_status"] == "entered-in-error"


@pytest.mark.parametrize(
    ("change", "field", "rule"),
    [
        ({"starts_at": "2026-03-02T10:00:00"}, "starts_at", "timezone_aware"),
        ({"starts_at": "9999-12-31T23:59:00-14:00"}, "starts_at", "moment_range"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "starts_at", "moment_range"),
        ({"starts_at": "2026-03-02T10:00:30Z"}, "starts_at", "whole_minute"),
        ({"starts_at": "tomorrow"}, "starts_at", "datetime_from_date_parsing"),
        ({"duration_minutes": 2**40}, "duration_minutes", "less_than_equal"),
        ({"duration_minutes": 4}, "duration_minutes", "greater_than_equal"),
        ({"duration_minutes": "30"}, "duration_minutes", "int_type"),
        ({"reason": "a\x00b"}, "reason", "string_pattern_mismatch"),
        ({"reason": "x" * 501}, "reason", "string_too_long"),
        ({"override": {"reason": " "}}, "reason", "string_too_short"),
        ({"patient_id": "nobody"}, "patient_id", "uuid_parsing"),
        ({"status": "booked"}, None, "extra_forbidden"),
    ],
)
async def test_nonsense_is_refused_by_field_and_rule(
    as_receptionist: Client, asked: dict[str, Any], change: dict[str, Any], field: str | None,
    rule: str,
) -> None:  # fmt: skip
    answer = await as_receptionist.post(URL, json=asked | change)
    assert answer.status_code == 422, answer.text
    fault = answer.json()["errors"][0]
    assert fault["rule"] == rule
    if field:
        assert fault["at"][-1] == field


async def test_what_nobody_knows_is_named_by_field(
    as_receptionist: Client, asked: dict[str, Any]
) -> None:
    for field in ("practitioner_id", "visit_type_id", "room_id"):
        answer = await as_receptionist.post(URL, json=asked | {field: str(uuid4())})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["at"] == ["body", field]
    nobody = await as_receptionist.post(URL, json=asked | {"patient_id": str(uuid4())})
    assert nobody.status_code == 404
    for path in ("", "/history"):
        assert (await as_receptionist.get(f"{URL}/{uuid4()}{path}")).status_code == 404
    assert (await as_receptionist.get(URL, params={"from": "9999-12-31"})).status_code == 422
    assert (await as_receptionist.get(URL, params={"cursor": "x"})).status_code == 422


async def test_roles_decide_who_books_over_http(
    as_admin: Client, as_nurse: Client, as_receptionist: Client, asked: dict[str, Any]
) -> None:
    refused = await as_admin.post(URL, json=asked)
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/role-not-allowed")
    booked = await book(as_nurse, asked)
    assert (await as_admin.get(f"{URL}/{booked['id']}")).json()["moves_allowed"] == []
    over = await as_nurse.post(URL, json=asked | {"override": {"reason": "please"}})
    assert over.json()["type"] == "/problems/may-not-override"
    others = (await as_receptionist.post(f"{URL}/holds", json=held(asked) | {
        "starts_at": "2026-03-02T11:00:00Z"})).json()  # fmt: skip
    mine = await as_nurse.delete(f"{URL}/holds/{others['id']}")
    assert (mine.status_code, mine.json()["type"]) == (403, "/problems/not-your-hold")


async def test_a_scope_is_for_what_repeats(as_receptionist: Client, asked: dict[str, Any]) -> None:
    at_it = f"{URL}/{(await book(as_receptionist, asked))['id']}"
    body = {"reason": "cold", "by": "patient", "scope": "following"}
    refused = await as_receptionist.post(f"{at_it}/cancellation", json=body)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-in-series")
    cancelled = await as_receptionist.post(f"{at_it}/cancellation", json=body | {"scope": "this"})
    assert cancelled.json()["status"] == "cancelled"
