"""Every request about a patient leaves exactly one trace of its own, and every refusal one."""

import hashlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from app import audit
from app.clinical import problems
from app.clinical.notes.body import SectionKey
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.availability import a_clinic
from tests.builders.identity import PASSWORD
from tests.builders.notes import a_dictated_note, a_typed_note
from tests.builders.patients import a_patient
from tests.builders.problems import a_loaded_release
from tests.builders.recordings import digest_of, streaming_wav
from tests.builders.results import CRITICAL, an_ordered_item
from tests.conftest import Client

NEW_PATIENT = {"given_name": "Mara", "family_name": "Okafor-Lind", "birth_date": "1945-07-14"}
SOUND = streaming_wav(bytes(3200))
SILENT = {
    # Who I am, who works here and my own sessions: nothing about a patient.
    "GET /me",
    "GET /practitioners",
    "GET /sessions",
}

# What a request brings about elsewhere is told there as well: registering somebody looks at those
# who might be the same person, and an episode puts its steps into the queues.
BY_THE_WAY = {
    "patient.compare",
    "task.add",
    "task.complete",
    "alert.raise",
    "alert.resolve",
    "order-item.complete",
    "order-proposal.look-through",
}


class Walk:
    """Calls the API and holds the audit trail against each answer."""

    def __init__(self, client: Client, works: Works) -> None:
        self._client, self._works, self._seen = client, works, 0
        self.walked: set[str] = set()

    async def start(self) -> None:
        self._seen = len(await self.rows())

    async def rows(self) -> list[audit.AuditEvent]:
        async with self._works.sessions() as db:
            rows = await db.scalars(select(audit.AuditEvent).order_by(audit.AuditEvent.seq))
            return list(rows)

    async def __call__(self, verb: str, path: str, status: int = 0, **sent: Any) -> Any:
        answer = await self._client.request(verb, f"/api/v1{path}", **sent)
        expected = status or (201 if verb == "POST" else 200)
        assert answer.status_code == expected, f"{verb} {path}: {answer.text}"
        rows = (await self.rows())[self._seen :]
        self._seen += len(rows)
        own = [row for row in rows if str(row.request_id) == answer.headers["x-request-id"]]
        if f"{verb} {path}" in SILENT:
            assert own == []
            return answer
        outcome = audit.Outcome.SUCCESS if expected < 400 else audit.Outcome.REFUSED
        own = [row for row in own if row.action not in BY_THE_WAY] or own
        said = [row.action for row in own]
        assert [row.outcome for row in own] == [outcome], f"{verb} {path}: {said}"
        assert own[0].actor_role == "doctor"
        assert own[0].address is not None
        return answer

    async def put_chunk(self, recording: str, status: int = 200) -> None:
        headers = {"Content-Digest": digest_of(SOUND)}
        await self(
            "PUT", f"/recordings/{recording}/chunks/0", status, content=SOUND, headers=headers
        )


@pytest.fixture
async def walk(as_doctor: Client, works: Works) -> Walk:
    walk = Walk(as_doctor, works)
    await walk.start()
    return walk


async def test_reading_who_i_am_leaves_no_trace(walk: Walk) -> None:
    for call in sorted(SILENT):
        await walk(*call.split())


async def test_every_step_from_patient_to_sound_leaves_one_trace(walk: Walk) -> None:
    patient = (await walk("POST", "/patients", json=NEW_PATIENT)).json()
    at = f"/patients/{patient['id']}"
    await walk("GET", "/patients?q=okafor")
    await walk("GET", at)
    await walk("PATCH", at, json={"phone": "555 0101"}, headers={"If-Match": '"1"'})
    encounter = (await walk("POST", "/encounters", json={"patient_id": patient["id"]})).json()
    await walk("GET", f"{at}/timeline")
    at = f"/encounters/{encounter['id']}"
    await walk("GET", "/encounters")
    await walk("GET", at)
    await walk("POST", f"{at}/consents", json={"decision": "permit", "method": "verbal"})
    new = {"media_type": "audio/wav", "origin": "microphone"}
    recording = (await walk("POST", f"{at}/recordings", json=new)).json()["id"]
    at = f"/recordings/{recording}"
    await walk.put_chunk(recording)
    await walk("GET", "/recordings")
    await walk("GET", at)
    await walk("GET", f"{at}/chunks")
    gap = {"gap_start": "2026-03-02T09:14:03Z", "gap_end": None, "reason": "network"}
    await walk("POST", f"{at}/gaps", json=gap)
    completion = {"chunk_count": 1, "sha256": hashlib.sha256(SOUND).hexdigest()}
    await walk("POST", f"{at}/completion", json=completion)
    await walk("GET", f"{at}/audio")
    await walk("GET", f"{at}/transcription")
    await walk("POST", f"{at}/entered-in-error", json={"reason": "Wrong visit."})
    await walk("POST", f"/encounters/{encounter['id']}/completion")


async def test_every_step_of_a_note_leaves_one_trace(
    walk: Walk, works: Works, doctor: Actor
) -> None:
    draft = await a_dictated_note(works, doctor)
    await walk.start()
    at = f"/notes/{draft.id}"
    note = (await walk("GET", at)).json()
    await walk("GET", "/notes?q=cough")
    await walk("GET", f"/encounters/{draft.encounter_id}/notes")
    await walk("GET", f"/recordings/{draft.recording_id}/transcript")
    typed = {"sections": {"plan.education": "Rest."}, "accepted_words": []}
    saved = await walk(
        "PUT", f"{at}/draft", json=typed, headers={"If-Match": f'"{note["version"]}"'}
    )
    signature = {
        "version": saved.json()["version"],
        "password": PASSWORD,
        "accepted_words": [],
        "accept_empty_sections": True,
    }
    await walk("POST", f"{at}/signature", json=signature)
    await walk("POST", f"{at}/addenda", json={"text": "Called.", "password": PASSWORD})
    await walk("POST", f"{at}/amendments", json={"reason": "Wrong side."})
    await walk("DELETE", f"{at}/draft")
    await walk("GET", f"{at}/revisions")
    await walk("GET", f"{at}/revisions/1")
    await walk("GET", f"{at}/diff?from=1&to=1")
    await walk("GET", f"{at}/provenance")
    await walk("POST", f"{at}/entered-in-error", json={"reason": "Wrong patient."})
    typed_note = await walk("POST", f"/encounters/{draft.encounter_id}/notes", json={})
    assert typed_note.json()["recording_id"] is None


async def test_every_step_of_a_merge_leaves_one_trace(walk: Walk) -> None:
    born = [{**NEW_PATIENT, "given_name": name} for name in ("Mara", "Maria")]
    staying, going = [
        (await walk("POST", "/patients", json={**one, "confirm_not_duplicate": True})).json()["id"]
        for one in born
    ]
    both = {"absorbed_id": going, "absorbed_version": 1, "version": 1}
    merged = {**both, "reason": "One card."}
    merge = (await walk("POST", f"/patients/{staying}/merges", json=merged)).json()
    await walk("GET", f"/patients/{going}")
    await walk("GET", f"/patients/{going}/merges")
    await walk("POST", f"/patients/merges/{merge['id']}/reversal")


async def test_every_step_of_an_appointment_leaves_one_trace(
    walk: Walk, works: Works, doctor: Actor, receptionist: Actor
) -> None:
    clinic = await a_clinic(works, receptionist, doctor)
    patient = str((await a_patient(works, doctor)).id)
    await walk.start()
    place = {"practitioner_id": str(doctor.id), "visit_type_id": str(clinic.visit_type.id)}
    ten, eleven = ({"starts_at": f"2026-03-02T{hour}:00:00Z"} for hour in (10, 11))
    held = await walk("POST", "/appointments/holds", json=place | ten)
    await walk("DELETE", f"/appointments/holds/{held.json()['id']}", 204)
    held = await walk("POST", "/appointments/holds", json=place | ten)
    new = place | ten | {"patient_id": patient, "hold_id": held.json()["id"]}
    at = f"/appointments/{(await walk('POST', '/appointments', json=new)).json()['id']}"
    await walk("GET", "/appointments")
    await walk("GET", f"/appointments?patient_id={patient}")
    await walk("GET", at)
    await walk("PATCH", at, json={"reason": "cough"}, headers={"If-Match": '"2"'})
    await walk("POST", f"{at}/reschedule", json=eleven)
    await walk("POST", f"{at}/arrival")
    await walk("POST", f"{at}/undo")
    await walk("POST", f"{at}/rooming", json={"room_id": str(clinic.room.id)})
    await walk("POST", f"{at}/departure")
    await walk("GET", f"{at}/history")
    came = place | {"patient_id": patient}
    other = (
        f"/appointments/{(await walk('POST', '/appointments/walk-ins', json=came)).json()['id']}"
    )
    await walk("POST", f"{other}/cancellation", json={"reason": "had to leave", "by": "patient"})
    await walk("POST", f"{other}/entered-in-error", json={"reason": "wrong patient"})


async def test_every_step_of_a_task_leaves_one_trace(
    walk: Walk, works: Works, doctor: Actor
) -> None:
    patient = str((await a_patient(works, doctor)).id)
    await walk.start()
    new = {"title": "Call her", "patient_id": patient, "pool_id": POOL, "checklist": ["Dial"]}
    at = f"/tasks/{(await walk('POST', '/tasks', json=new)).json()['id']}"
    read = await walk("GET", at)
    await walk("PATCH", at, json={"severity": "high"}, headers={"If-Match": read.headers["etag"]})
    await walk("GET", "/queues/doctors")
    await walk("POST", f"{at}/claim")
    await walk("POST", f"{at}/comments", json={"text": "No answer."})
    await walk("POST", f"{at}/links", json={"label": "Form", "url": "https://example.org/form"})
    await walk("PUT", f"{at}/checklist/1", json={"done": True})
    await walk("POST", f"{at}/snooze", json={"until": "2026-03-02T11:00:00Z"})
    await walk("DELETE", f"{at}/snooze")
    await walk("POST", f"{at}/claim")
    await walk("POST", f"{at}/release")
    await walk("POST", f"{at}/handover", json={"user_id": str(doctor.id)})
    await walk("GET", f"{at}/history")
    await walk("POST", f"{at}/completion", json={})


async def test_every_step_of_an_alert_leaves_one_trace(
    walk: Walk, works: Works, doctor: Actor
) -> None:
    patient = str((await a_patient(works, doctor)).id)
    await walk.start()
    new = {"title": "Potassium 6.8", "patient_id": patient, "pool_id": POOL}
    at = f"/alerts/{(await walk('POST', '/alerts', json=new)).json()['id']}"
    await walk("GET", at)
    await walk("POST", f"{at}/acknowledgement", json={"reason": "On my way."})
    await walk("GET", f"{at}/history")
    await walk("POST", f"{at}/resolution", json={"reason": "Repeated: 4.9."})


async def test_a_days_every_reading_leaves_one_trace(walk: Walk) -> None:
    read = await walk("GET", "/dashboards/me")
    known = {"If-None-Match": read.headers["etag"]}
    await walk("GET", "/dashboards/me", 304, headers=known)


async def test_every_step_of_a_crisis_leaves_one_trace(
    walk: Walk, works: Works, doctor: Actor
) -> None:
    patient = str((await a_patient(works, doctor)).id)
    await walk.start()
    await walk("GET", f"/patients/{patient}/risk")
    await walk("POST", f"/patients/{patient}/risk", json={"level": "moderate"})
    seen = {"patient_id": patient, "remark": "Called in tears."}
    at = f"/crisis-episodes/{(await walk('POST', '/crisis-episodes', json=seen)).json()['id']}"
    await walk("GET", "/crisis-episodes")
    await walk("GET", f"/crisis-episodes?patient_id={patient}")
    steps = (await walk("GET", at)).json()["steps"]
    await walk("POST", f"{at}/ownership")
    reached = {"code": "patient", "outcome": "reached"}
    await walk("POST", f"{at}/contacts", json=reached)
    await walk("POST", f"{at}/interventions", json={"code": "referral", "outcome": "done"})
    await walk("POST", f"{at}/factors", json={"code": "isolation", "present": True})
    await walk("POST", f"{at}/remarks", json={"remark": "Waits for the sister."})
    first, *others = (f"{at}/steps/{step['id']}" for step in steps)
    await walk("POST", f"{first}/completion", json={"outcome": "Did it with her."})
    for other in others:
        await walk("POST", f"{other}/waiver", json={"outcome": "Is in hospital."})
    concern = {"patient_id": patient, "concept": "self_harm", "words": "Fresh cuts."}
    signal = (await walk("POST", "/signals", json=concern)).json()["id"]
    await walk("GET", f"/signals?patient_id={patient}")
    await walk("GET", f"/signals/{signal}")


async def test_every_step_of_a_problem_leaves_one_trace(
    walk: Walk, works: Works, doctor: Actor
) -> None:
    await a_loaded_release(works)
    draft = await a_typed_note(works, doctor, {SectionKey.DIAGNOSES: "Gout? Hypertension."})
    patient = str(draft.patient_id)
    await walk.start()
    new = {"patient_id": patient, "code": "E11.9"}
    at = f"/problems/{(await walk('POST', '/problems', json=new)).json()['id']}"
    await walk("GET", f"/problems?patient_id={patient}")
    await walk("GET", f"/problems/free-text?patient_id={patient}")
    await walk("GET", at)
    told = {"code": "E11.9", "onset": "2019"}
    await walk("PUT", f"{at}/details", json=told, headers={"If-Match": '"1"'})
    await walk("POST", f"{at}/remission", json={})
    await walk("POST", f"{at}/reactivation", json={})
    await walk("POST", f"{at}/inactivation", json={})
    await walk("POST", f"{at}/resolution", json={"abated_on": "2026-01-01"})
    await walk("POST", f"{at}/verification", json={"verification_status": "provisional"})
    await walk("POST", f"{at}/refutation", json={"reason": "Normal sugar."})
    await walk("POST", f"{at}/entered-in-error", json={"reason": "Other patient."})
    await walk("GET", f"{at}/history")
    async with works.begin(doctor) as uow:
        found = await problems.examine_note(uow, draft.id)
    await walk.start()
    await walk("GET", f"/problem-suggestions?note_id={draft.id}")
    [suggestion] = found.items
    await walk("POST", "/problem-suggestions/examinations", json={"note_id": str(draft.id)})
    at = f"/problem-suggestions/{suggestion.id}"
    await walk("POST", f"{at}/acceptance", json={})


async def test_every_step_of_a_result_leaves_one_trace(
    walk: Walk, works: Works, doctor: Actor
) -> None:
    item = await an_ordered_item(works, doctor)
    await walk.start()
    await walk("GET", f"/orders/{item}/analytes")
    made = await walk("POST", f"/orders/{item}/results", json=CRITICAL)
    patient, at = made.json()["patient_id"], f"/results/{made.json()['id']}"
    await walk("GET", f"/results?patient_id={patient}")
    await walk("GET", "/results/unacknowledged")
    await walk("GET", at)
    await walk("GET", f"/patients/{patient}/trends?code=2823-3")
    again = CRITICAL | {"status": "corrected"}
    await walk("POST", f"{at}/versions", json=again)
    told = {"told_name": "Dr. Summer", "told_at": "2026-03-02T08:59:00Z", "read_back": True}
    await walk("POST", f"{at}/callbacks", json=told | {"number": 2})
    seen = {"number": 2, "decision": "repeat", "follow_up": {"title": "Repeat it"}}
    await walk("POST", f"{at}/acknowledgement", json=seen)
    await walk("POST", f"{at}/entered-in-error", json={"reason": "Wrong patient."})
    outside = {"patient_id": patient, "responsible_id": str(doctor.id), "title": "Potassium"}
    registered = outside | {"status": "registered", "kind": "lab"}
    other = (await walk("POST", "/results", json=registered)).json()["id"]
    await walk("POST", f"/results/{other}/cancellation", json={"reason": "Lost."})


POOL = "00000000-0000-4000-8000-0000000000a2"  # the doctors'
ABSENT = "00000000-0000-4000-8000-000000000001"


def refused_reads() -> Iterator[tuple[str, str]]:
    yield "GET", f"/patients/{ABSENT}"
    yield "GET", f"/patients/{ABSENT}/timeline"
    yield "GET", f"/encounters/{ABSENT}"
    yield "GET", f"/recordings/{ABSENT}"
    yield "GET", f"/recordings/{ABSENT}/audio"
    yield "GET", f"/recordings/{ABSENT}/transcript"
    yield "GET", f"/notes/{ABSENT}"
    yield "GET", f"/notes/{ABSENT}/provenance"
    yield "GET", f"/appointments/{ABSENT}"
    yield "GET", f"/appointments/{ABSENT}/history"
    yield "GET", f"/tasks/{ABSENT}"
    yield "GET", f"/alerts/{ABSENT}/history"
    yield "GET", f"/crisis-episodes/{ABSENT}"
    yield "GET", f"/patients/{ABSENT}/risk"
    yield "GET", f"/signals/{ABSENT}"
    yield "GET", f"/mandatory-reports/{ABSENT}"
    yield "GET", f"/orders/{ABSENT}"
    yield "GET", f"/order-items/{ABSENT}"
    yield "GET", f"/problems/{ABSENT}"
    yield "GET", f"/problems/{ABSENT}/history"
    yield "GET", f"/prescriptions/{ABSENT}"
    yield "GET", f"/prescriptions/items/{ABSENT}"
    yield "GET", f"/patients/{ABSENT}/medication-list"
    yield "GET", f"/patients/{ABSENT}/reconciliations"
    yield "GET", f"/results/{ABSENT}"
    yield "GET", f"/orders/{ABSENT}/analytes"
    yield "GET", f"/patients/{ABSENT}/trends?code=2823-3"


async def test_every_refused_read_leaves_one_trace(walk: Walk) -> None:
    for verb, path in refused_reads():
        await walk(verb, path, 404)


async def test_a_refused_change_leaves_a_trace_and_nothing_else(
    walk: Walk, works: Works, as_other_doctor: Client, doctor: Actor
) -> None:
    draft = await a_dictated_note(works, doctor)
    theirs = Walk(as_other_doctor, works)
    await theirs.start()
    typed = {"sections": {"plan.education": "Rest."}, "accepted_words": []}
    await theirs("PUT", f"/notes/{draft.id}/draft", 403, json=typed, headers={"If-Match": '"1"'})


async def test_the_trail_cannot_be_changed(works: Works, walk: Walk) -> None:
    await walk("GET", "/patients")
    for change in ("update audit_events set action = 'x'", "delete from audit_events"):
        with pytest.raises(Exception, match="append-only"):
            async with works.sessions.begin() as db:
                await db.execute(text(change))


async def test_no_trace_holds_a_name(walk: Walk) -> None:
    patient = (await walk("POST", "/patients", json=NEW_PATIENT)).json()
    await walk("GET", "/patients?q=okafor")
    await walk("PATCH", f"/patients/{UUID(patient['id'])}", json={"given_name": "Tamara"},
               headers={"If-Match": '"1"'})  # fmt: skip
    said = " ".join(str(row.detail) for row in await walk.rows()).lower()
    assert not [name for name in ("mara", "okafor", "1945") if name in said]
