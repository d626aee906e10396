"""Orders over HTTP: every verb by every role, each leaving one trace."""

from typing import Any
from uuid import uuid4

from app.clinical.notes.body import SectionKey
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.notes import a_typed_note
from tests.builders.orders import a_draft, an_order
from tests.builders.patients import a_patient
from tests.conftest import Client
from tests.house.test_audit import Walk

AT = "/api/v1"
BECAUSE = {"reason": "Travelling."}


async def test_from_a_draft_to_results_each_step_leaves_one_trace(
    as_doctor: Client, works: Works, doctor: Actor
) -> None:
    patient = str((await a_patient(works, doctor)).id)
    walk = Walk(as_doctor, works)
    await walk.start()
    new = {"patient_id": patient, "items": [{"orderable_key": "cbc"}]}
    draft = (await walk("POST", "/orders", json=new)).json()
    at = f"/orders/{draft['id']}"
    unlisted = {"items": [{"kind": "procedure", "name": "Snake bite kit"}]}
    draft = (await walk("POST", f"{at}/items", json=unlisted)).json()
    set_id = "00000000-0000-4000-8000-00000000e509"
    applied = {"set_id": set_id, "keys": ["tsh"]}
    draft = (await walk("POST", f"{at}/sets", json=applied)).json()
    assert [item["name"] for item in draft["items"]] == [
        "CBC without differential",
        "Snake bite kit",
        "TSH",
    ]
    first, second, third = (f"/order-items/{item['id']}" for item in draft["items"])
    details = {"reason": "Fatigue", "wanted_on": "2026-03-09"}
    draft = (await walk("PUT", f"{first}/details", json=details)).json()
    placing = {"version": draft["version"], "priority": "asap"}
    placed = (await walk("POST", f"{at}/placement", json=placing)).json()
    assert {item["status"] for item in placed["items"]} == {"active"}
    await walk("GET", f"/orders?patient_id={patient}&status=active")
    await walk("POST", f"{first}/collection", json={})
    await walk("POST", f"{second}/hold", json=BECAUSE)
    await walk("POST", f"{second}/resumption")
    await walk("POST", f"{second}/revocation", json=BECAUSE)
    await walk("POST", f"{first}/completion")
    await walk("POST", f"{third}/entered-in-error", json=BECAUSE)
    assert (await walk("GET", first)).json()["collected_by"]["name"] == doctor.name
    history = (await walk("GET", at)).json()["history"]
    assert [one["to_status"] for one in history][-3:] == [
        "revoked",
        "completed",
        "entered-in-error",
    ]
    await walk("GET", f"/orders/{uuid4()}", 404)


async def test_a_duplicate_names_the_earlier_order_and_is_ordered_once_for_a_reason(
    as_doctor: Client, works: Works, doctor: Actor
) -> None:
    earlier = await an_order(works, doctor, "a1c")
    new: dict[str, Any] = {
        "patient_id": str(earlier.patient_id),
        "items": [{"orderable_key": "a1c"}],
        "placed": True,
    }
    refused = await as_doctor.post(f"{AT}/orders", json=new)
    assert refused.status_code == 409
    assert refused.json()["type"] == "/problems/ordered-before"
    assert refused.json()["earlier"] == [
        {
            "position": 1,
            "item_id": str(earlier.items[0].id),
            "order_id": str(earlier.id),
            "state": "active",
            "on": "2026-03-02",
        }
    ]
    new["items"][0]["duplicate_reason"] = "The tube broke."
    once = {"Idempotency-Key": "one"}
    answers = [await as_doctor.post(f"{AT}/orders", json=new, headers=once) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    found = (await as_doctor.get(f"{AT}/orders?patient_id={earlier.patient_id}")).json()
    assert len(found["items"]) == 2


async def test_pages_go_on_where_the_last_one_ended(
    as_nurse: Client, works: Works, doctor: Actor
) -> None:
    patient = await a_patient(works, doctor)
    ids = {
        str((await an_order(works, doctor, key, patient_id=patient.id)).id)
        for key in ("cbc", "tsh", "ekg")
    }
    at = f"{AT}/orders?patient_id={patient.id}&limit=2"
    first = (await as_nurse.get(at)).json()
    second = (await as_nurse.get(f"{at}&cursor={first['next_cursor']}")).json()
    assert {one["id"] for page in (first, second) for one in page["items"]} == ids
    assert second["next_cursor"] is None


async def test_what_is_wrong_is_said_at_its_place(as_doctor: Client, works: Works) -> None:
    wrong = [
        {"orderable_key": "no-such-thing"},
        {"kind": "lab"},
        {"orderable_key": "cbc", "name": "CBC"},
        {"orderable_key": "cbc", "wanted_on": "2026-03-01"},
    ]
    patient = (
        await as_doctor.post(
            f"{AT}/patients",
            json={"given_name": "Mara", "family_name": "Lind", "birth_date": "1945-07-14"},
        )
    ).json()["id"]
    answer = await as_doctor.post(f"{AT}/orders", json={"patient_id": patient, "items": wrong})
    assert answer.status_code == 422
    assert [(one["at"][2], one["rule"]) for one in answer.json()["errors"]] == [
        ("0", "orderable_known"),
        ("1", "named"),
        ("2", "named_once"),
        ("3", "not_in_past"),
    ]


async def test_proposals_are_taken_or_dismissed(
    as_doctor: Client, works: Works, doctor: Actor
) -> None:
    note = await a_typed_note(works, doctor, {SectionKey.TREATMENT: "Order CBC and TSH."})
    walk = Walk(as_doctor, works)
    await walk.start()
    said = {"note_id": str(note.id)}
    found = (await walk("POST", "/order-proposals/examinations", json=said)).json()["items"]
    first, second = (f"/order-proposals/{one['id']}" for one in found)
    assert (await walk("POST", f"{first}/acceptance", json={})).json()["item_id"]
    await walk("POST", f"{second}/dismissal")
    late = await as_doctor.post(f"{AT}{second}/acceptance", json={})
    assert late.json()["type"] == "/problems/order-proposal-answered"
    listed = await walk("GET", f"/order-proposals?patient_id={note.patient_id}&status=taken")
    assert [one["orderable"]["key"] for one in listed.json()["items"]] == ["cbc"]


async def test_own_sets_are_kept_changed_and_retired(as_doctor: Client) -> None:
    new = {"name": "Mine", "items": [{"orderable_key": "tsh"}]}
    kept = (await as_doctor.post(f"{AT}/order-sets", json=new)).json()
    assert (await as_doctor.post(f"{AT}/order-sets", json=new)).status_code == 409
    changed = new | {"name": "Thyroid", "version": 1}
    answer = await as_doctor.put(f"{AT}/order-sets/{kept['id']}", json=changed)
    assert (answer.json()["name"], answer.json()["version"]) == ("Thyroid", 2)
    names = [one["name"] for one in (await as_doctor.get(f"{AT}/order-sets")).json()["items"]]
    assert names[0] == "Thyroid"
    gone = await as_doctor.post(f"{AT}/order-sets/{kept['id']}/retirement")
    assert gone.status_code == 204
    assert (await as_doctor.get(f"{AT}/order-sets")).json()["items"][0]["mine"] is False
    found = (await as_doctor.get(f"{AT}/orderables?q=chest+xq&kind=imaging")).json()["items"]
    assert found == []
    found = (await as_doctor.get(f"{AT}/orderables?q=chest+x")).json()["items"]
    assert found[0]["key"] == "chest-x-ray"


async def test_who_may_do_what(
    as_nurse: Client, as_receptionist: Client, as_admin: Client, works: Works, doctor: Actor
) -> None:
    order = await an_order(works, doctor, "cbc", "ekg")
    draft = await a_draft(works, doctor, "tsh", patient_id=order.patient_id)
    item = f"{AT}/order-items/{order.items[0].id}"
    doctors_only: list[tuple[str, str, dict[str, Any] | None]] = [
        ("POST", f"{AT}/orders", {"patient_id": str(order.patient_id), "items": []}),
        ("POST", f"{AT}/orders/{draft.id}/placement", {"version": draft.version}),
        ("POST", f"{AT}/orders/{draft.id}/items", {"items": [{"orderable_key": "bmp"}]}),
        ("PUT", f"{AT}/order-items/{draft.items[0].id}/details", {"reason": "x"}),
        ("POST", f"{item}/hold", BECAUSE),
        ("POST", f"{item}/resumption", None),
        ("POST", f"{item}/revocation", BECAUSE),
        ("POST", f"{item}/entered-in-error", BECAUSE),
        ("POST", f"{AT}/order-sets", {"name": "x", "items": [{"orderable_key": "tsh"}]}),
    ]
    for client in (as_nurse, as_receptionist, as_admin):
        for verb, at, sent in doctors_only:
            assert (await client.request(verb, at, json=sent)).status_code == 403, at
    nurses_too: list[tuple[str, str, dict[str, Any] | None, int]] = [
        ("GET", f"{AT}/orders?patient_id={order.patient_id}", None, 200),
        ("GET", f"{AT}/orders/{order.id}", None, 200),
        ("GET", f"{AT}/orderables?q=cbc", None, 200),
        ("GET", f"{AT}/order-sets", None, 200),
        ("POST", f"{item}/collection", {}, 201),
        ("POST", f"{item}/completion", None, 201),
    ]
    for verb, at, sent, status in nurses_too:
        for client in (as_receptionist, as_admin):
            assert (await client.request(verb, at, json=sent)).status_code == 403, at
        assert (await as_nurse.request(verb, at, json=sent)).status_code == status, at
