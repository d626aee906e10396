"""Alerts over HTTP: whole answers, refusals that name the field, one trace for each request."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app import audit
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.work_queues.items import Severity
from tests.builders.identity import a_user
from tests.builders.patients import a_patient
from tests.builders.work_queues_alerts import an_alert
from tests.builders.work_queues_queues import DOCTORS
from tests.conftest import Client, FrozenClock, signed_in

NOBODY = "0198b1c6-0000-7000-8000-00000000dead"
ALERTS = "/api/v1/alerts"
SECRETS = ("potassium", "mara", "okafor", "bedside", "lab.example")


async def traced(works: Works, answer: Any) -> list[str]:
    """What a request left in the trail, which says nothing that anybody typed."""
    async with works.sessions() as db:
        rows = select(audit.AuditEvent).where(
            audit.AuditEvent.request_id == UUID(answer.headers["x-request-id"])
        )
        found = list(await db.scalars(rows))
    assert not [each for each in SECRETS if each in str([row.detail for row in found]).lower()]
    return [row.action for row in found]


async def test_from_raised_to_resolved(
    as_nurse: Client, works: Works, nurse: Actor, receptionist: Actor
) -> None:
    patient = await a_patient(works, receptionist)

    async def post(noun: str, action: str, **said: Any) -> Any:
        answer = await as_nurse.post(f"{at}/{noun}", json=said)
        assert answer.status_code == 201, answer.text
        assert answer.headers["ETag"] == f'"{answer.json()["version"]}"'
        assert await traced(works, answer) == [action]
        return answer.json()

    new = {"title": "Potassium 6.8", "severity": "critical", "patient_id": str(patient.id)}
    made = await as_nurse.post(ALERTS, json=new)
    assert made.status_code == 201, made.text
    assert await traced(works, made) == ["alert.raise"]
    alert = made.json()
    at = f"{ALERTS}/{alert['id']}"
    assert made.headers["Location"] == at
    me = {"id": str(nurse.id), "name": "Nora Lindqvist"}
    assert alert["patient"] == {
        "id": str(patient.id),
        "name": "Mara Okafor-Lind",
        "mrn": patient.mrn,
    }
    assert (alert["pool"]["key"], alert["created_by"], alert["holder"]) == ("nurses", me, None)
    assert (alert["status"], alert["due_at"]) == ("triggered", "2026-03-02T10:00:00Z")
    assert [each["due_at"][11:16] for each in alert["escalations"]] == [
        "09:00",
        "09:15",
        "09:30",
        "10:00",
    ]
    assert alert["escalations"][1]["pool"] == "Doctors"
    assert set(alert["moves"]) == {
        "comments", "links", "escalation", "handover", "claim", "acknowledgement", "resolution",
    }  # fmt: skip

    await post("comments", "alert.comment", text="Called the bedside.")
    linked = await post("links", "alert.add-link", url="https://lab.example/1", label="Result")
    assert linked["comments"][0]["written_by"] == me
    assert linked["links"][0]["label"] == "Result"
    assert (await post("claim", "alert.claim"))["holder"] == me
    assert (await post("escalation", "alert.escalate"))["escalation_level"] == 1
    assert (await post("release", "alert.release"))["holder"] is None
    owned = await post("acknowledgement", "alert.acknowledge", reason="At the bedside.")
    assert (owned["status"], owned["acknowledged_until"]) == (
        "acknowledged",
        "2026-03-02T09:30:00Z",
    )
    assert owned["escalations"] == []
    assert (await post("handover", "alert.hand-over", pool_id=str(DOCTORS)))["cycle"] == 2

    read = await as_nurse.get(at)
    assert read.json()["pool"]["key"] == "doctors"
    assert "resolution" in read.json()["moves"]  # who was called to it may still act
    assert await traced(works, read) == ["alert.read"]
    history = await as_nurse.get(f"{at}/history")
    assert await traced(works, history) == ["alert.read-history"]
    moves = history.json()["items"]
    assert [each["change"] for each in moves] == [
        "opened", "commented", "edited", "claimed", "escalated", "released", "acknowledged",
        "handed-over",
    ]  # fmt: skip
    assert (moves[-1]["passed_to"], moves[-1]["moved_by"]) == ("Doctors", me)
    assert moves[-2]["reason"] == "At the bedside."
    ended = await post("resolution", "alert.resolve", reason="Normal again.")
    assert (ended["status"], ended["holder"]) == ("resolved", None)


async def test_put_off_brought_back_and_resolved(as_nurse: Client, works: Works) -> None:
    alert = await an_alert(works)
    at = f"{ALERTS}/{alert.id}"
    off = await as_nurse.post(f"{at}/snooze", json={"until": "2026-03-02T09:30:00Z"})
    assert (off.status_code, off.json()["status"]) == (201, "snoozed")
    assert "wake" in off.json()["moves"]
    back = await as_nurse.delete(f"{at}/snooze")
    assert (back.status_code, back.json()["status"], back.json()["cycle"]) == (200, "triggered", 2)
    twice = await as_nurse.delete(f"{at}/snooze")
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/item-not-snoozed")
    ended = await as_nurse.post(f"{at}/resolution")
    assert (ended.status_code, ended.json()["moves"]) == (201, ["comments", "links"])
    for noun in ("claim", "acknowledgement", "resolution", "handover", "escalation"):
        said = {"pool_id": str(DOCTORS)} if noun == "handover" else None
        assert (await as_nurse.post(f"{at}/{noun}", json=said)).status_code == 409, noun


async def test_many_are_acknowledged_at_once_and_each_is_told(
    as_nurse: Client, works: Works
) -> None:
    low, high = await an_alert(works, severity=Severity.LOW), await an_alert(works)
    missing = str(uuid4())
    ids = [str(high.id), str(low.id), missing]
    answer = await as_nurse.post(f"{ALERTS}/acknowledgements", json={"ids": ids})
    assert answer.status_code == 201
    found = answer.json()["items"]
    assert [(each["id"], each["acknowledged"], each["problem"]) for each in found] == [
        (ids[0], False, "alert-not-low"),
        (ids[1], True, None),
        (missing, False, "item-not-found"),
    ]
    for wrong in ([], [missing] * 101, "all", [1]):
        refused = await as_nurse.post(f"{ALERTS}/acknowledgements", json={"ids": wrong})
        assert refused.status_code == 422, wrong
    assert (await as_nurse.get(f"{ALERTS}/acknowledgements")).status_code == 405


async def test_people_of_other_queues_find_nothing_and_patients_are_not_let_in(
    as_nurse: Client, as_receptionist: Client, works: Works, client: Client
) -> None:
    alert = await an_alert(works)
    at = f"{ALERTS}/{alert.id}"
    mine = await as_receptionist.post(ALERTS, json={"title": "Somebody fainted"})
    assert mine.status_code == 201
    assert mine.json()["moves"] == ["comments", "links", "escalation"]
    for verb, path in (("GET", at), ("GET", f"{at}/history"), ("POST", f"{at}/claim")):
        assert (await as_receptionist.request(verb, path)).status_code == 404
    for noun in ("claim", "acknowledgement", "resolution"):
        refused = await as_receptionist.post(f"{ALERTS}/{mine.json()['id']}/{noun}")
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-in-this-pool")
    await a_user(works, Role.PATIENT)
    async with signed_in(client, "patient") as as_patient:
        for verb, path in (("GET", at), ("POST", ALERTS), ("POST", f"{at}/claim")):
            assert (await as_patient.request(verb, path, json={})).status_code == 403


async def test_a_request_sent_twice_with_one_key_raises_one_alert(
    as_nurse: Client, works: Works
) -> None:
    key = {"Idempotency-Key": "raise-once"}
    answers = [
        await as_nurse.post(ALERTS, json={"title": "Potassium 6.8"}, headers=key) for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json()
    at = f"{ALERTS}/{answers[0].json()['id']}/acknowledgement"
    twice = [
        await as_nurse.post(at, json={}, headers={"Idempotency-Key": "mine"}) for _ in range(2)
    ]
    assert [each.status_code for each in twice] == [201, 201]
    assert (await as_nurse.post(at, json={})).status_code == 409


NONSENSE: list[tuple[str, Any]] = [
    ("title", ""),
    ("title", "x" * 201),
    ("title", "two\nlines"),
    ("title", None),
    ("body", "x" * 4001),
    ("body", "\x00"),
    ("severity", "dire"),
    ("type", "Not A Type"),
    ("type", "task"),
    ("pool_id", NOBODY),
    ("assignee_id", "me"),
    ("cause_key", "mine"),
    ("due_at", "2026-03-02T12:00:00Z"),
]


@pytest.mark.parametrize(("field", "value"), NONSENSE)
async def test_nonsense_is_refused_and_its_field_named(
    as_nurse: Client, field: str, value: Any
) -> None:
    answer = await as_nurse.post(ALERTS, json={"title": "Potassium 6.8", field: value})
    assert answer.status_code == 422
    fault = answer.json()["errors"][0]
    assert fault["at"][1:2] == [field] or fault["rule"] == "extra_forbidden"


async def test_links_lead_to_the_web_and_nowhere_else(as_nurse: Client, works: Works) -> None:
    at = f"{ALERTS}/{(await an_alert(works)).id}/links"
    for url in ("javascript:alert(1)", "ftp://x", "http://", "https://a b", "file:///etc", ""):
        answer = await as_nurse.post(at, json={"url": url, "label": "x"})
        assert answer.status_code == 422, url


async def test_a_critical_one_is_not_acknowledged_without_a_word(
    as_nurse: Client, works: Works, clock: FrozenClock
) -> None:
    at = f"{ALERTS}/{(await an_alert(works, severity=Severity.CRITICAL)).id}"
    for noun in ("acknowledgement", "resolution"):
        answer = await as_nurse.post(f"{at}/{noun}")
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/reason-missing")
        assert answer.json()["errors"][0]["at"] == ["body", "reason"]
    soon = {"until": "2026-03-02T09:30:00Z"}
    assert (await as_nurse.post(f"{at}/snooze", json=soon)).json()["type"] == (
        "/problems/cannot-wait"
    )
