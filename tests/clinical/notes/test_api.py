"""Notes over HTTP: shapes, versions, problems, and who may do what."""

from typing import Any
from uuid import UUID

import pytest

from app.clinical import notes
from app.clinical.notes.body import SectionKey
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.kernel.paging import PageRequest
from tests.builders.encounters import an_encounter
from tests.builders.identity import PASSWORD
from tests.builders.notes import a_dictated_note, a_signed_note, a_typed_note, amended
from tests.conftest import Client, FrozenClock

API = "/api/v1"
PLAN = SectionKey.FOLLOW_UP.value


def address(note: notes.NoteOut) -> str:
    return f"{API}/notes/{note.id}"


def problem(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


async def test_from_typing_to_signature_to_search(
    as_doctor: Client, works: Works, doctor: Actor
) -> None:
    encounter = await an_encounter(works, doctor)
    made = await as_doctor.post(f"{API}/encounters/{encounter.id}/notes", json={"type": "progress"})
    assert (made.status_code, made.headers["ETag"]) == (201, '"1"')
    where = made.headers["Location"]
    body = {"sections": {PLAN: "Return in two weeks."}}
    saved = await as_doctor.put(f"{where}/draft", json=body, headers={"If-Match": '"1"'})
    assert (saved.status_code, saved.headers["ETag"]) == (200, '"2"')
    sign = {"version": 2, "password": PASSWORD, "accept_empty_sections": True}
    signed = await as_doctor.post(f"{where}/signature", json=sign)
    assert signed.status_code == 201
    assert signed.json()["status"] == "signed"
    read = await as_doctor.get(where)
    assert "ETag" not in read.headers
    assert read.json() == signed.json()
    assert read.json()["body"]["sections"][PLAN]["text"] == "Return in two weeks."
    found = (await as_doctor.get(f"{API}/notes", params={"q": "retur week"})).json()
    assert [item["id"] for item in found["items"]] == [read.json()["id"]]
    listed = (await as_doctor.get(f"{API}/encounters/{encounter.id}/notes")).json()
    assert [item["status"] for item in listed["items"]] == ["signed"]


async def test_a_stale_save_gets_both_texts(as_doctor: Client, works: Works, doctor: Actor) -> None:
    note = await a_typed_note(works, doctor)
    body = {"sections": {PLAN: "In two weeks."}}
    put = f"{address(note)}/draft"
    assert problem(await as_doctor.put(put, json=body)) == (428, "precondition-missing")
    assert problem(await as_doctor.put(put, json=body, headers={"If-Match": "x"}))[0] == 422
    answer = await as_doctor.put(put, json=body, headers={"If-Match": '"1"'})
    assert problem(answer) == (412, "note-changed")
    told = answer.json()
    assert told["yours"] == {"sections": {PLAN: "In two weeks."}}
    assert told["current"]["version"] == 2
    assert told["current"]["sections"][SectionKey.TREATMENT] == "Rest and fluids."


async def test_what_stops_a_signature_is_told(
    as_doctor: Client, works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    note = await a_dictated_note(works, doctor, doubtful=["dry"])
    where = f"{address(note)}/signature"
    answer = await as_doctor.post(where, json={"version": 1})
    assert problem(answer) == (409, "doubts-open")
    assert answer.json()["words"] == [5]
    assert problem(await as_doctor.post(where, json={"version": 9})) == (412, "note-changed")
    wrong = {"version": 1, "password": "not the password"}
    assert problem(await as_doctor.post(where, json=wrong)) == (403, "password-wrong")
    clock.advance(minutes=10)
    old = await as_doctor.post(where, json={"version": 1})
    assert problem(old) == (403, "reauthentication-required")


@pytest.mark.parametrize(
    "body",
    [
        {"sections": {"subjective.nonsense": "x"}},
        {"sections": {PLAN: "nul \x00"}},
        {"sections": {PLAN: 7}},
        {"sections": {PLAN: "x" * 200_001}},
        {"accepted_words": [-1]},
        {"accepted_words": [2**31]},
        {"status": "signed"},
    ],
)
async def test_a_malformed_save_is_refused_without_echo(
    as_doctor: Client, works: Works, doctor: Actor, body: dict[str, Any]
) -> None:
    note = await a_typed_note(works, doctor)
    answer = await as_doctor.put(f"{address(note)}/draft", json=body, headers={"If-Match": '"2"'})
    assert problem(answer) == (422, "invalid-request")


async def test_revisions_diff_and_provenance(as_nurse: Client, works: Works, doctor: Actor) -> None:
    note = await a_signed_note(works, doctor)
    await amended(works, doctor, note.id, {SectionKey.TREATMENT: "No fluids."})
    where = address(note)
    listed = (await as_nurse.get(f"{where}/revisions")).json()["items"]
    assert [(item["revision"], item["reason"]) for item in listed] == [
        (1, None),
        (2, "Corrected after review."),
    ]
    first = (await as_nurse.get(f"{where}/revisions/1")).json()
    assert first["body"]["sections"][SectionKey.TREATMENT]["text"] == "Rest and fluids."
    diff = (await as_nurse.get(f"{where}/diff", params={"from": 1, "to": 2})).json()
    assert diff["changes"] == [
        {
            "section": "plan.treatment",
            "kind": "negation",
            "before": "Rest and",
            "after": "No",
        }
    ]
    assert (await as_nurse.get(f"{where}/provenance")).json()["intact"] is True
    assert problem(await as_nurse.get(f"{where}/revisions/3")) == (404, "revision-not-found")
    assert problem(await as_nurse.get(f"{where}/revisions/0"))[0] == 422


async def test_addenda_amendments_and_error(as_doctor: Client, works: Works, doctor: Actor) -> None:
    note = await a_signed_note(works, doctor)
    where = address(note)
    added = await as_doctor.post(f"{where}/addenda", json={"text": "Potassium was normal."})
    assert added.status_code == 201
    assert added.json()["addenda"][0]["text"] == "Potassium was normal."
    opened = await as_doctor.post(f"{where}/amendments", json={"reason": "Wrong plan."})
    assert (opened.status_code, opened.headers["ETag"]) == (201, '"3"')
    assert problem(await as_doctor.post(f"{where}/amendments", json={"reason": "Again."})) == (
        409,
        "amendment-open",
    )
    assert (await as_doctor.delete(f"{where}/draft")).status_code == 200
    gone = await as_doctor.post(f"{where}/entered-in-error", json={"reason": "Another patient."})
    assert gone.status_code == 201
    assert (await as_doctor.get(where)).json()["error_reason"] == "Another patient."


async def test_the_same_key_makes_one_addendum(
    as_doctor: Client, works: Works, doctor: Actor
) -> None:
    note = await a_signed_note(works, doctor)
    send = {"json": {"text": "Once."}, "headers": {"Idempotency-Key": "a1"}}
    first = await as_doctor.post(f"{address(note)}/addenda", **send)
    again = await as_doctor.post(f"{address(note)}/addenda", **send)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert len(again.json()["addenda"]) == 1


async def test_a_damaged_note_is_a_problem(as_doctor: Client, works: Works, doctor: Actor) -> None:
    note = await a_signed_note(works, doctor)
    await works.stores.documents["note_revisions"].update_one({}, {"$set": {"summary": "x"}})
    answer = await as_doctor.get(address(note))
    assert problem(answer) == (409, "note-damaged")
    assert "Rest" not in answer.text
    found = (await as_doctor.get(f"{API}/notes", params={"q": "rest"})).json()
    assert [(item["id"], item["snippet"]) for item in found["items"]] == [(str(note.id), "")]


async def test_nurses_see_signed_notes_only(as_nurse: Client, works: Works, doctor: Actor) -> None:
    draft = await a_typed_note(works, doctor)
    note = await a_signed_note(works, doctor)
    assert problem(await as_nurse.get(address(draft))) == (404, "note-not-found")
    assert (await as_nurse.get(address(note))).status_code == 200
    encounter = f"{API}/encounters/{draft.encounter_id}/notes"
    assert (await as_nurse.get(encounter)).json()["items"] == []


async def test_colleagues_read_a_draft_and_cannot_touch_it(
    as_other_doctor: Client, works: Works, doctor: Actor
) -> None:
    note = await a_typed_note(works, doctor)
    where = address(note)
    assert (await as_other_doctor.get(where)).status_code == 200
    sign = await as_other_doctor.post(f"{where}/signature", json={"version": 2})
    assert problem(sign) == (403, "not-the-author")
    save = await as_other_doctor.put(f"{where}/draft", json={}, headers={"If-Match": '"2"'})
    assert problem(save) == (403, "not-the-author")


async def test_the_desk_and_administrators_see_no_notes(
    as_receptionist: Client, as_admin: Client, works: Works, doctor: Actor
) -> None:
    note = await a_signed_note(works, doctor)
    for somebody in (as_receptionist, as_admin):
        for path in (address(note), f"{API}/notes", f"{address(note)}/provenance"):
            answer = await somebody.get(path)
            assert problem(answer) == (403, "role-not-allowed")
            assert "fluids" not in answer.text


async def test_a_stranger_is_turned_away(client: Client, works: Works, doctor: Actor) -> None:
    note = await a_signed_note(works, doctor)
    assert problem(await client.get(address(note))) == (401, "unauthenticated")


async def test_drafts_wait_for_their_author(
    works: Works, doctor: Actor, other_doctor: Actor
) -> None:
    note = await a_dictated_note(works, doctor, doubtful=["dry"])
    await a_signed_note(works, doctor)
    async with works.begin(doctor) as uow:
        [waiting] = (await notes.drafts_of_author(uow, PageRequest())).items
    assert (waiting.id, waiting.open_words) == (note.id, 1)
    assert waiting.patient_name == "Mara Okafor-Lind"
    async with works.begin(other_doctor) as uow:
        assert (await notes.drafts_of_author(uow, PageRequest())).items == ()


async def test_an_unknown_note_is_not_found(as_doctor: Client) -> None:
    unknown = UUID("00000000-0000-4000-8000-000000000000")
    assert problem(await as_doctor.get(f"{API}/notes/{unknown}")) == (404, "note-not-found")
