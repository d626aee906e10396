"""The waiting list over HTTP: shapes, refusals that name the field, one trace for each request."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app import audit
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.appointments import a_cancellation, an_appointment, at
from tests.builders.availability import Clinic
from tests.builders.patients import a_patient
from tests.builders.waiting_list import somebody_waiting
from tests.conftest import Client, FrozenClock
from tests.scheduling.waiting_list.delivering import deliver_everything

LIST = "/api/v1/waiting-list"
TUESDAY_TEN = at("10:00", day=3)


def utc(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


async def traces(works: Works, answer: Any) -> list[audit.AuditEvent]:
    """What a request left in the trail."""
    request_id = answer.headers["x-request-id"]
    async with works.sessions() as db:
        rows = select(audit.AuditEvent).where(audit.AuditEvent.request_id == request_id)
        return list(await db.scalars(rows))


class Walk:
    """Calls the API; each call must leave exactly one trace."""

    def __init__(self, client: Client, works: Works) -> None:
        self._client, self._works = client, works

    async def __call__(self, verb: str, path: str, status: int = 0, **sent: Any) -> Any:
        answer = await self._client.request(verb, f"{LIST}{path}", **sent)
        assert answer.status_code == (status or (201 if verb == "POST" else 200)), answer.text
        [trace] = await traces(self._works, answer)
        assert trace.action.startswith("waiting_list.")
        assert trace.outcome == "success"
        said = str(trace.detail).lower()
        assert not [name for name in ("mara", "okafor", "bus") if name in said]
        return answer


async def test_from_waiting_to_an_appointment(
    as_receptionist: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    walk = Walk(as_receptionist, works)
    patient = await a_patient(works, receptionist)
    body = {
        "patient_id": str(patient.id),
        "visit_type_id": str(clinic.visit_type.id),
        "practitioner_id": str(clinic.doctor.id),
        "weekdays": [2, 3],
        "from_time": "08:00",
        "until_time": "12:00",
        "not_after": "2026-03-20",
        "note": "comes by bus",
    }
    made = await walk("POST", "", json=body)
    entry = made.json()
    assert made.headers["Location"] == f"{LIST}/{entry['id']}"
    assert made.headers["ETag"] == '"1"'
    expected = body | {
        "id": entry["id"],
        "status": "waiting",
        "patient_name": "Mara Okafor-Lind",
        "patient_mrn": patient.mrn,
        "patient_phone": "+1 (555) 010-2030",
        "visit_type_name": "Consultation",
        "duration_minutes": 30,
        "practitioner_name": "Dr. Ada Winter",
        "specialty": None,
        "urgency": "routine",
        "not_before": None,
        "offer": None,
        "version": 1,
        "created_at": "2026-03-02T09:00:00Z",
        "updated_at": "2026-03-02T09:00:00Z",
    }
    assert entry == expected
    at_entry = f"/{entry['id']}"
    change = {"urgency": "soon", "until_time": None}
    changed = await walk("PATCH", at_entry, json=change, headers={"If-Match": '"1"'})
    assert changed.json() == expected | change | {"version": 2}
    assert changed.headers["ETag"] == '"2"'

    span = {
        "practitioner_id": str(clinic.doctor.id),
        "starts_at": utc(TUESDAY_TEN),
        "ends_at": utc(at("10:30", day=3)),
    }
    matches = await walk("GET", "/matches", params=span)
    assert [each["id"] for each in matches.json()["items"]] == [entry["id"]]

    await an_opening(works, receptionist, clinic)
    listed = (await walk("GET", "")).json()
    [offered] = listed["items"]
    offer = offered["offer"]
    assert (offered["status"], offer["status"], offer["starts_at"]) == (
        "offered",
        "open",
        utc(TUESDAY_TEN),
    )
    assert offer["expires_at"] == "2026-03-02T11:00:00Z"
    assert (await walk("GET", at_entry)).json() == offered
    accepted = (await walk("POST", f"/offers/{offer['id']}/acceptance")).json()
    assert accepted["entry"]["status"] == "booked"
    assert accepted["offer"] == offer | {
        "status": "accepted",
        "answered_at": "2026-03-02T09:00:00Z",
    }
    booked = accepted["appointment"]
    assert (booked["status"], booked["starts_at"]) == ("booked", utc(TUESDAY_TEN))
    assert accepted["kept"] == []
    assert (await walk("GET", "")).json()["items"] == []
    assert len((await walk("GET", "", params={"status": "booked"})).json()["items"]) == 1


async def an_opening(works: Works, by: Actor, clinic: Clinic) -> None:
    booked = await an_appointment(works, by, clinic, TUESDAY_TEN)
    await a_cancellation(works, by, booked.id)
    await deliver_everything(works)


async def test_offered_by_hand_refused_and_taken_off(
    as_nurse: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    walk = Walk(as_nurse, works)
    entry = await somebody_waiting(works, receptionist, clinic.visit_type.id)
    new = {"practitioner_id": str(clinic.doctor.id), "starts_at": utc(TUESDAY_TEN)}
    offer = (await walk("POST", f"/{entry.id}/offers", json=new)).json()
    assert (offer["status"], offer["ends_at"]) == ("open", utc(at("10:30", day=3)))
    refused = (await walk("POST", f"/offers/{offer['id']}/refusal")).json()
    assert (refused["entry"]["status"], refused["offer"]["status"]) == ("waiting", "declined")
    gone = await walk("POST", f"/{entry.id}/withdrawal", json={"reason": "moved to the sea"})
    assert gone.json()["status"] == "withdrawn"


async def test_a_time_that_is_taken_answers_with_everything_in_the_way(
    as_receptionist: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    entry = await somebody_waiting(works, receptionist, clinic.visit_type.id)
    booked = await an_appointment(works, receptionist, clinic, TUESDAY_TEN)
    new = {"practitioner_id": str(clinic.doctor.id), "starts_at": utc(TUESDAY_TEN)}
    answer = await as_receptionist.post(f"{LIST}/{entry.id}/offers", json=new)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/slot-taken")
    [conflict] = answer.json()["conflicts"]
    assert (conflict["kind"], conflict["appointment_id"]) == ("practitioner", str(booked.id))
    assert len(answer.json()["alternatives"]) == 3
    assert answer.json()["overridable"] is True


async def test_a_repeated_offer_with_one_key_holds_one_time(
    as_receptionist: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    entry = await somebody_waiting(works, receptionist, clinic.visit_type.id)
    new = {"practitioner_id": str(clinic.doctor.id), "starts_at": utc(TUESDAY_TEN)}
    key = {"Idempotency-Key": "offer-once"}
    answers = [
        await as_receptionist.post(f"{LIST}/{entry.id}/offers", json=new, headers=key)
        for _ in range(2)
    ]
    assert [each.status_code for each in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()


NONSENSE: dict[str, list[Any]] = {
    "patient_id": ["x", None, 7],
    "visit_type_id": ["x", None],
    "practitioner_id": ["x"],
    "specialty": ["", "x" * 101, "nul\x00", "two\nlines"],
    "urgency": ["now", None],
    "weekdays": [[0], [8], [1.5], ["1"], [True], [1] * 8, None, [10**30]],
    "from_time": ["8:00", "24:00", "25:00", 480, "08:00:00", "\u0660\u0668:\u0660\u0660"],
    "until_time": ["24:01", "1200", "", -1],
    "not_before": ["1999-12-31", "9999-01-01", "2026-02-30", 0, "2026-03-02T00:00:00Z"],
    "not_after": ["2200-01-01", "soon"],
    "note": ["", "x" * 501, "\x07", "\u202e"],
    "status": ["booked"],
}


async def test_nonsense_is_refused_and_its_field_named(as_receptionist: Client) -> None:
    someone = {"patient_id": str(uuid4()), "visit_type_id": str(uuid4())}
    for field, values in NONSENSE.items():
        for value in values:
            answer = await as_receptionist.post(LIST, json=someone | {field: value})
            assert answer.status_code == 422, (field, value)
            [fault, *_] = answer.json()["errors"]
            named = fault["at"][1:2] == [field]
            # A member that we do not know is not repeated.
            assert named or (field == "status" and fault["rule"] == "extra_forbidden"), fault


async def test_offers_at_impossible_moments_are_refused(
    as_receptionist: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    entry = await somebody_waiting(works, receptionist, clinic.visit_type.id)
    doctor = str(clinic.doctor.id)
    for field, value in (
        ("starts_at", "2026-03-03T10:00:00"),
        ("starts_at", "9999-12-31T23:59:59Z"),
        ("starts_at", "1999-12-31T23:59:00Z"),
        ("starts_at", 0),
        ("duration_minutes", 4),
        ("duration_minutes", 10**12),
        ("duration_minutes", "30"),
        ("room_id", str(uuid4())),
        ("practitioner_id", str(uuid4())),
        ("override", {}),
    ):
        body = {"practitioner_id": doctor, "starts_at": utc(TUESDAY_TEN)} | {field: value}
        answer = await as_receptionist.post(f"{LIST}/{entry.id}/offers", json=body)
        assert answer.status_code == 422, (field, value, answer.text)
        assert field in answer.json()["errors"][0]["at"], answer.text
    for params in (
        {"starts_at": "2026-03-03T10:00:00", "ends_at": utc(TUESDAY_TEN)},
        {"starts_at": utc(TUESDAY_TEN), "ends_at": "9999-12-31T23:59:59Z"},
        {"starts_at": utc(TUESDAY_TEN)},
    ):
        answer = await as_receptionist.get(
            f"{LIST}/matches", params=params | {"practitioner_id": doctor}
        )
        assert answer.status_code == 422, params


async def test_matches_of_no_time_and_of_nobody_are_nobody(
    as_receptionist: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    await somebody_waiting(works, receptionist, clinic.visit_type.id)
    ten, half_past = utc(TUESDAY_TEN), utc(at("10:30", day=3))
    for doctor, starts, ends in (
        (clinic.doctor.id, half_past, ten),
        (clinic.doctor.id, ten, ten),
        (uuid4(), ten, half_past),
    ):
        answer = await as_receptionist.get(
            f"{LIST}/matches",
            params={"practitioner_id": str(doctor), "starts_at": starts, "ends_at": ends},
        )
        assert answer.status_code == 200
        found = answer.json()["items"]
        assert len(found) == int((starts, ends) == (ten, half_past))


async def test_a_change_says_which_version_it_is_of(
    as_receptionist: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    entry = await somebody_waiting(works, receptionist, clinic.visit_type.id)
    address = f"{LIST}/{entry.id}"
    blind = await as_receptionist.patch(address, json={"urgency": "soon"})
    assert (blind.status_code, blind.json()["type"]) == (428, "/problems/precondition-missing")
    stale = await as_receptionist.patch(
        address, json={"urgency": "soon"}, headers={"If-Match": '"7"'}
    )
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/entry-changed")
    assert stale.json()["current_version"] == 1


async def test_what_is_not_there_is_not_found(as_receptionist: Client) -> None:
    nobody = str(uuid4())
    answers = [
        await as_receptionist.get(f"{LIST}/{nobody}"),
        await as_receptionist.post(f"{LIST}/{nobody}/withdrawal", json={}),
        await as_receptionist.post(f"{LIST}/offers/{nobody}/acceptance"),
        await as_receptionist.post(f"{LIST}/offers/{nobody}/refusal"),
        await as_receptionist.post(
            f"{LIST}/{nobody}/offers",
            json={"practitioner_id": nobody, "starts_at": utc(TUESDAY_TEN)},
        ),
        await as_receptionist.patch(
            f"{LIST}/{nobody}", json={"note": None}, headers={"If-Match": '"1"'}
        ),
        await as_receptionist.post(LIST, json={"patient_id": nobody, "visit_type_id": nobody}),
    ]
    assert [answer.status_code for answer in answers] == [404] * 7
    assert (await as_receptionist.get(f"{LIST}/matchmaking")).status_code == 404
    assert (await as_receptionist.patch(f"{LIST}/matches", json={})).status_code == 405


async def test_the_list_comes_in_pages_across_urgencies(
    as_receptionist: Client,
    works: Works,
    receptionist: Actor,
    clinic: Clinic,
    clock: FrozenClock,
) -> None:
    expected: list[tuple[int, str]] = []
    for number, urgency in enumerate(("routine", "urgent", "soon", "urgent", "routine")):
        entry = await somebody_waiting(works, receptionist, clinic.visit_type.id, urgency=urgency)
        rank = ("urgent", "soon", "routine").index(urgency)
        expected.append((rank * 10 + number, str(entry.id)))
        clock.advance(minutes=1)
    found: list[str] = []
    cursor = None
    for _ in range(3):
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        answer = (await as_receptionist.get(LIST, params=params)).json()
        found += [each["id"] for each in answer["items"]]
        cursor = answer["next_cursor"]
    assert found == [entry_id for _, entry_id in sorted(expected)]
    assert cursor is None
    forged = await as_receptionist.get(LIST, params={"cursor": "nothing"})
    assert forged.status_code == 422
