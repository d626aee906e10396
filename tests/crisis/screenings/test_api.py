"""Screenings over HTTP: shapes, versions, refusals that name the question, one trace each."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from app import audit, patients
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.screenings import PHQ_9_POSITIVE, a_demand, a_screening
from tests.conftest import Client, FrozenClock

SCREENINGS, DUE = "/api/v1/screenings", "/api/v1/screening-demands"
SYSTEM = Actor.system("detection")


class Walk:
    """Calls the API; each call must leave exactly one trace, without any answer in it."""

    def __init__(self, client: Client, works: Works) -> None:
        self._client, self._works = client, works

    async def __call__(self, verb: str, path: str, status: int = 0, **sent: Any) -> Any:
        answer = await self._client.request(verb, path, **sent)
        assert answer.status_code == (status or (201 if verb == "POST" else 200)), answer.text
        async with self._works.sessions() as db:
            rows = select(audit.AuditEvent).where(
                audit.AuditEvent.request_id == answer.headers["x-request-id"]
            )
            [trace] = await db.scalars(rows)
        assert trace.patient_id
        assert not [word for word in ("yes", "okafor", "in the room") if word in str(trace.detail)]
        return answer


async def test_from_start_to_result(
    as_nurse: Client, works: Works, nurse: Actor, patient: patients.Patient
) -> None:
    walk = Walk(as_nurse, works)
    body = {"patient_id": str(patient.id), "instrument": "c-ssrs"}
    made = await walk("POST", SCREENINGS, json=body)
    screening = made.json()
    at = f"{SCREENINGS}/{screening['id']}"
    assert made.headers["Location"] == at
    assert made.headers["ETag"] == '"1"'
    assert (screening["status"], screening["asked"]) == ("in-progress", ["1", "2", "6"])
    assert (screening["title"], screening["instrument_version"]) == ("C-SSRS screener (recent)", 1)
    again = await walk("POST", SCREENINGS, json=body)
    assert again.json()["id"] == screening["id"]

    answers = {"answers": {"1": "no", "2": "yes"}}
    saved = await walk("PUT", f"{at}/answers", json=answers, headers={"If-Match": '"1"'})
    assert saved.headers["ETag"] == '"2"'
    assert saved.json()["asked"] == ["1", "2", "3", "4", "5", "6"]
    assert saved.json()["result"]["missing"] == ["3", "4", "5", "6"]
    assert saved.json()["result"]["level"] == "undetermined"
    assert (await walk("GET", at)).json() == saved.json()

    done = {"accept_missing": True}
    completed = await walk("POST", f"{at}/completion", json=done, headers={"If-Match": '"2"'})
    assert completed.json()["status"] == "completed"
    assert completed.json()["ended_by"] == str(nurse.id)
    listed = await walk("GET", f"{SCREENINGS}?patient_id={patient.id}")
    assert listed.json()["items"] == [completed.json()]
    wrong = await walk("POST", f"{at}/entered-in-error", json={"reason": "Another patient."})
    assert (wrong.json()["status"], wrong.json()["reason"]) == (
        "entered-in-error",
        "Another patient.",
    )


async def test_an_abandoned_one_says_why(
    as_doctor: Client, works: Works, doctor: Actor, patient: patients.Patient
) -> None:
    begun = await a_screening(works, doctor, patient.id)
    at = f"{SCREENINGS}/{begun.id}/abandonment"
    left = await Walk(as_doctor, works)("POST", at, json={"reason": "The patient left."})
    assert (left.json()["status"], left.json()["reason"]) == ("abandoned", "The patient left.")


async def test_refusals_say_what_is_the_case(
    as_doctor: Client, works: Works, doctor: Actor, patient: patients.Patient
) -> None:
    begun = await a_screening(works, doctor, patient.id)
    at = f"{SCREENINGS}/{begun.id}"
    version = {"If-Match": '"1"'}
    no = {"answers": {"2": "no"}}
    unfit = await as_doctor.put(
        f"{at}/answers", json={"answers": {"2": "no", "4": "yes"}}, headers=version
    )
    assert (unfit.status_code, unfit.json()["type"]) == (422, "/problems/answers-unfit")
    assert unfit.json()["errors"][0]["at"] == ["body", "answers", "4"]
    assert (await as_doctor.put(f"{at}/answers", json=no)).status_code == 428
    open_ones = await as_doctor.post(f"{at}/completion", json={}, headers=version)
    assert (open_ones.status_code, open_ones.json()["type"]) == (409, "/problems/answers-missing")
    assert [fault["at"][-1] for fault in open_ones.json()["errors"]] == ["1", "2", "6"]
    assert (await as_doctor.put(f"{at}/answers", json=no, headers=version)).status_code == 200
    stale = await as_doctor.put(f"{at}/answers", json=no, headers=version)
    assert (stale.status_code, stale.json()["current_version"]) == (412, 2)
    for body in ({"answers": {"2": True}}, {"answers": {"2": None}}, {"answers": {"2 ": "no"}}):
        answer = await as_doctor.put(f"{at}/answers", json=body, headers={"If-Match": '"2"'})
        assert answer.status_code == 422, body


async def test_pages_of_screenings_are_read_to_the_end(
    as_doctor: Client, works: Works, doctor: Actor, patient: patients.Patient, clock: FrozenClock
) -> None:
    made = []
    for number in range(5):
        begun = await a_screening(works, doctor, patient.id)
        made.append(str(begun.id))
        at = f"{SCREENINGS}/{begun.id}/abandonment"
        assert (await as_doctor.post(at, json={"reason": "Stopped."})).status_code == 201
        clock.advance(minutes=number % 2)
    seen: list[str] = []
    cursor = ""
    while True:
        path = f"{SCREENINGS}?patient_id={patient.id}&limit=2{cursor}"
        found = (await as_doctor.get(path)).json()
        seen += [one["id"] for one in found["items"]]
        if found["next_cursor"] is None:
            break
        cursor = f"&cursor={found['next_cursor']}"
    assert sorted(seen) == sorted(made)
    assert len(seen) == 5


async def test_what_is_due_is_listed_and_put_off(
    as_doctor: Client, works: Works, patient: patients.Patient
) -> None:
    walk = Walk(as_doctor, works)
    demand = await a_demand(works, SYSTEM, patient.id)
    [listed] = (await walk("GET", f"{DUE}?patient_id={patient.id}")).json()["items"]
    assert listed == {
        "id": str(demand.id),
        "patient_id": str(patient.id),
        "instrument": "c-ssrs",
        "because": "detection.ideation",
        "source_id": None,
        "status": "open",
        "deferred_until": None,
        "due": True,
        "screening_id": None,
        "demanded_at": "2026-03-02T09:00:00Z",
    }
    later = {"until": "2026-03-02T10:00:00Z", "reason": "The child is in the room."}
    put_off = (await walk("POST", f"{DUE}/{demand.id}/deferral", json=later)).json()
    assert put_off == listed | {"due": False, "deferred_until": "2026-03-02T10:00:00Z"}
    past = later | {"until": "2026-03-02T08:00:00Z"}
    refused = await as_doctor.post(f"{DUE}/{demand.id}/deferral", json=past)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/deferral-unfit")
    naive = later | {"until": "2026-03-02T10:00:00"}
    assert (await as_doctor.post(f"{DUE}/{demand.id}/deferral", json=naive)).status_code == 422


async def test_a_phq_9_asks_for_a_c_ssrs_by_itself(
    as_doctor: Client, works: Works, doctor: Actor, patient: patients.Patient
) -> None:
    walk = Walk(as_doctor, works)
    body = {"patient_id": str(patient.id), "instrument": "phq-9"}
    begun = (await walk("POST", SCREENINGS, json=body)).json()
    at = f"{SCREENINGS}/{begun['id']}"
    await walk(
        "PUT", f"{at}/answers", json={"answers": PHQ_9_POSITIVE}, headers={"If-Match": '"1"'}
    )
    done = await walk("POST", f"{at}/completion", json={}, headers={"If-Match": '"2"'})
    assert done.json()["result"]["scores"][0]["value"] == 1
    [due] = (await as_doctor.get(f"{DUE}?patient_id={patient.id}")).json()["items"]
    assert (due["instrument"], UUID(due["source_id"])) == ("c-ssrs", UUID(begun["id"]))


async def test_the_instruments_in_use_with_their_sources(as_nurse: Client) -> None:
    found = (await as_nurse.get("/api/v1/screening-instruments")).json()["items"]
    assert {one["key"] for one in found} == {
        "c-ssrs", "c-ssrs-since-last-contact", "gad-7", "phq-4", "phq-9", "safe-t",
    }  # fmt: skip
    assert all(one["source"] and one["version"] == 1 for one in found)
    [c_ssrs] = [one for one in found if one["key"] == "c-ssrs"]
    codes = [item["code"] for item in c_ssrs["definition"]["items"]]
    assert codes == [
        "93246-7", "93247-5", "93248-3", "93249-1", "93250-9", "93267-3", "93269-9",
    ]  # fmt: skip


async def test_the_desk_sees_nothing_of_it(
    as_receptionist: Client, works: Works, doctor: Actor, patient: patients.Patient
) -> None:
    begun = await a_screening(works, doctor, patient.id)
    for path in (f"{SCREENINGS}/{begun.id}", f"{DUE}?patient_id={patient.id}"):
        assert (await as_receptionist.get(path)).status_code == 403
