"""Prescriptions over HTTP: who may what, and one trace for each request."""

from typing import Any
from uuid import uuid4

import pytest

from app.clinical.notes import SectionKey
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.identity import PASSWORD
from tests.builders.notes import a_typed_note
from tests.builders.prescriptions import (
    AMOXICILLIN,
    LISINOPRIL,
    WARFARIN,
    WHY,
    an_issued,
    somebody,
)
from tests.conftest import Client
from tests.house.test_audit import Walk

pytestmark = pytest.mark.usefixtures("in_force")
AT = "/api/v1/prescriptions"
REASON = {"reason": "Cough with it."}


def unanswered(prescription: dict[str, Any], outcome: str) -> list[tuple[str, str]]:
    return [
        (item["id"], finding["id"])
        for item in prescription["items"]
        for finding in item["check"]["findings"]
        if finding["outcome"] == outcome and finding["answer"] is None
    ]


async def test_from_a_dry_check_to_the_end_with_one_trace_each(
    as_doctor: Client, works: Works, doctor: Actor
) -> None:
    patient = str(await somebody(works, doctor, allergies=["penicillin"], medications=["aspirin"]))
    walk = Walk(as_doctor, works)
    await walk.start()
    asked = {"patient_id": patient, "item": AMOXICILLIN}
    found = (await walk("POST", "/prescriptions/checks", json=asked)).json()["items"]
    assert found[0]["outcome"] == "warning"
    begun = await walk(
        "POST", "/prescriptions", json={"patient_id": patient, "items": [AMOXICILLIN]}
    )
    at = f"/prescriptions/{begun.json()['id']}"
    assert begun.headers["location"] == f"/api/v1{at}"
    added = await walk(
        "POST", f"{at}/items", json=LISINOPRIL, headers={"If-Match": begun.headers["etag"]}
    )
    last = added.json()["items"][1]["id"]
    changed = await walk(
        "PUT",
        f"{at}/items/{last}",
        json=LISINOPRIL | {"refills": 2},
        headers={"If-Match": added.headers["etag"]},
    )
    stale = await as_doctor.put(
        f"/api/v1{at}/items/{last}", json=LISINOPRIL, headers={"If-Match": added.headers["etag"]}
    )
    assert stale.status_code == 412
    assert changed.json()["items"][1]["refills"] == 2
    checked = (await walk("POST", f"{at}/checks")).json()
    signature = {"version": checked["version"], "password": PASSWORD}
    refused = await as_doctor.post(f"/api/v1{at}/issuance", json=signature)
    assert refused.json()["type"] == "/problems/warnings-unanswered"
    for item, finding in unanswered(checked, "warning"):
        said = {"finding_id": finding, "reason": WHY}
        await walk("POST", f"/prescriptions/items/{item}/overrides", json=said)
        short = {"finding_id": finding, "reason": "ok"}
        answer = await as_doctor.post(f"{AT}/items/{item}/overrides", json=short)
        assert answer.status_code == 422
    refused = await as_doctor.post(f"/api/v1{at}/issuance", json=signature)
    assert refused.json()["type"] == "/problems/not-checked-unacknowledged"
    known = [finding for _, finding in unanswered(checked, "not-checked")]
    await walk("POST", f"{at}/acknowledgement", json={"findings": known})
    await walk("POST", f"{at}/acknowledgement", 404, json={"findings": [str(uuid4())]})
    issued = (await walk("POST", f"{at}/issuance", json=signature)).json()
    await walk("GET", at)
    listed = (await walk("GET", f"/prescriptions?patient_id={patient}&limit=1")).json()
    assert [each["id"] for each in listed["items"]] == [issued["id"]]


async def test_what_becomes_of_it_leaves_one_trace_each(
    as_doctor: Client, works: Works, doctor: Actor
) -> None:
    patient = await somebody(works, doctor, medications=["aspirin"])
    done = await an_issued(works, doctor, patient, AMOXICILLIN, LISINOPRIL)
    one, other = [f"/prescriptions/items/{item.id}" for item in done.items]
    walk = Walk(as_doctor, works)
    await walk.start()
    kept = {"item_id": str(done.items[0].id)}
    await walk("POST", "/prescription-favourites", json=kept)
    again = await as_doctor.post("/api/v1/prescription-favourites", json=kept)
    assert again.status_code == 409
    favourites = (await as_doctor.get("/api/v1/prescription-favourites")).json()["items"]
    assert [each["content"]["name"] for each in favourites] == ["Amoxicillin"]
    await walk("DELETE", f"/prescription-favourites/{favourites[0]['id']}", 204)
    await walk("GET", f"/patients/{patient}/medication-list")
    lines: list[dict[str, Any]] = [
        {"item_id": str(done.items[0].id), "decision": "as-prescribed"},
        {"item_id": str(done.items[1].id), "decision": "unknown"},
    ]
    put = f"/patients/{patient}/reconciliations"
    assert (await as_doctor.post(f"/api/v1{put}", json={"lines": lines})).status_code == 409
    lines.append({"text": "aspirin", "decision": "not-taking", "remark": "since March"})
    await walk("POST", put, json={"lines": lines})
    assert len((await walk("GET", put)).json()["items"][0]["lines"]) == 3
    taken = await as_doctor.post(f"/api/v1{one}/cancellation", json=REASON)
    assert taken.json()["type"] == "/problems/already-taken"
    await walk("POST", f"{one}/hold", json=REASON)
    assert (await as_doctor.post(f"/api/v1{one}/hold", json=REASON)).status_code == 409
    await walk("POST", f"{one}/resumption")
    await walk("POST", f"{one}/renewal")
    await walk("POST", f"/prescriptions/{done.id}/repetition")
    await walk("POST", f"{one}/completion")
    await walk("POST", f"{one}/entered-in-error", json=REASON)
    await walk("POST", f"{other}/stop", json=REASON)
    moves = (await walk("GET", one)).json()["moves"]
    assert [move["to_status"] for move in moves][-2:] == ["completed", "entered-in-error"]
    assert moves[-1]["reason"] == REASON["reason"]


async def test_proposals_leave_one_trace_each(
    as_doctor: Client, works: Works, doctor: Actor
) -> None:
    plan = "Start lisinopril 10 mg once daily. Start metformin 500 mg twice daily."
    note = await a_typed_note(works, doctor, {SectionKey.TREATMENT: plan})
    looked = await as_doctor.post(
        "/api/v1/prescription-proposals/examinations", json={"note_id": str(note.id)}
    )
    first, second = looked.json()["items"]
    walk = Walk(as_doctor, works)
    await walk.start()
    await walk("GET", f"/prescription-proposals?note_id={note.id}")
    taken = await walk("POST", f"/prescription-proposals/{first['id']}/taking")
    assert taken.json()["prescription_id"]
    again = await as_doctor.post(f"/api/v1/prescription-proposals/{first['id']}/taking")
    assert again.status_code == 409
    await walk("POST", f"/prescription-proposals/{second['id']}/dismissal", json={})


async def test_nurses_read_and_hold_and_nobody_else_is_there(
    *,
    as_doctor: Client,
    as_nurse: Client,
    as_receptionist: Client,
    as_admin: Client,
    works: Works,
    doctor: Actor,
) -> None:
    patient = await somebody(works, doctor)
    done = await an_issued(works, doctor, patient, WARFARIN)
    draft = await as_doctor.post(AT, json={"patient_id": str(patient), "items": [LISINOPRIL]})
    item = done.items[0].id
    listed = (await as_nurse.get(f"{AT}?patient_id={patient}")).json()["items"]
    assert [each["id"] for each in listed] == [str(done.id)]
    assert (await as_nurse.get(f"{AT}/{draft.json()['id']}")).status_code == 404
    for move in ("stop", "cancellation", "entered-in-error", "overrides"):
        answer = await as_nurse.post(f"{AT}/items/{item}/{move}", json=REASON)
        assert answer.status_code == 403, move
    for move in ("resumption", "completion", "renewal"):
        assert (await as_nurse.post(f"{AT}/items/{item}/{move}")).status_code == 403, move
    assert (await as_nurse.post(AT, json={"patient_id": str(patient)})).status_code == 403
    assert (await as_nurse.post(f"{AT}/items/{item}/hold", json=REASON)).status_code == 201
    for client in (as_receptionist, as_admin):
        for path in (f"{AT}/{done.id}", f"/api/v1/patients/{patient}/medication-list"):
            assert (await client.get(path)).status_code == 403
    assert (await as_doctor.get(f"{AT}/{uuid4()}")).status_code == 404
    assert (await as_doctor.get(f"/api/v1/patients/{uuid4()}/medication-list")).status_code == 404


async def test_what_is_wrong_is_said_at_its_place(
    as_doctor: Client, works: Works, doctor: Actor
) -> None:
    patient = str(await somebody(works, doctor))
    for wrong in (
        {"name": " "},
        {"refills": 25},
        {"sig": {"every": 6}},
        {"sig": {"amount": "0"}},
        {"quantity": "0"},
        {"x": 1},
    ):
        body = {"patient_id": patient, "items": [LISINOPRIL | wrong]}
        answer = await as_doctor.post(AT, json=body)
        assert answer.status_code == 422, wrong
        assert answer.json()["errors"][0]["at"][:3] == ["body", "items", 0] or answer.json()[
            "errors"
        ][0]["at"][:3] == ["body", "items", "0"], answer.text
    unknown = {"patient_id": patient, "items": [LISINOPRIL | {"drug_key": "nothing-of-it"}]}
    assert (await as_doctor.post(AT, json=unknown)).status_code == 404
    other = await an_issued(works, doctor, await somebody(works, doctor), WARFARIN)
    renews = {"items": [LISINOPRIL | {"renews_id": str(other.items[0].id)}]}
    answer = await as_doctor.post(AT, json={"patient_id": patient} | renews)
    begun = (await as_doctor.post(AT, json={"patient_id": patient, "items": [LISINOPRIL]})).json()
    never = await as_doctor.post(f"{AT}/items/{begun['items'][0]['id']}/renewal")
    assert (never.status_code, never.json()["type"]) == (409, "/problems/not-renewable")
    never = await as_doctor.post(f"{AT}/{begun['id']}/repetition")
    assert (never.status_code, never.json()["type"]) == (409, "/problems/not-renewable")
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/of-another-patient")
