"""Everybody against a restricted patient, over HTTP: before, while the glass is broken, after."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.work_queues import alerts
from tests.builders.access import REASON, a_privacy_member, restricted
from tests.builders.appointments import an_appointment
from tests.builders.availability import a_clinic
from tests.builders.identity import a_user
from tests.builders.notes import a_typed_note, signed
from tests.builders.patients import a_patient
from tests.builders.recordings import a_sealed_recording
from tests.builders.safety_plans import a_published_plan
from tests.builders.waiting_list import somebody_waiting
from tests.conftest import Client, FrozenClock, signed_in
from tests.web.conftest import browsing

RESTRICTED = "Restricted patient"
NURSES = UUID("00000000-0000-4000-8000-0000000000a1")
CLINICIANS = ("doctor", "nurse", "named", "privacy")


@dataclass(frozen=True)
class Record:
    """A patient of whom there is one of everything."""

    patient: UUID
    mrn: str
    encounter: UUID
    note: UUID
    recording: UUID
    appointment: UUID
    plan: UUID
    alert: UUID


@pytest.fixture
async def people(
    client: Client, works: Works, doctor: Actor, admin: Actor
) -> AsyncIterator[dict[str, Client]]:
    """One of each role; a doctor who is named, and a nurse of the privacy pool."""
    for role in (Role.NURSE, Role.RECEPTIONIST, Role.PATIENT):
        await a_user(works, role)
    await a_user(works, Role.DOCTOR, username="named", full_name="Dr. Berta Summer")
    await a_privacy_member(works, admin)
    names = ("doctor", "nurse", "receptionist", "admin", "patient", "named", "privacy")
    async with AsyncExitStack() as stack:
        yield {name: await stack.enter_async_context(signed_in(client, name)) for name in names}


@pytest.fixture
async def record(works: Works, doctor: Actor, admin: Actor, people: dict[str, Client]) -> Record:
    clinic = await a_clinic(works, admin, doctor)
    recording = await a_sealed_recording(works, doctor)
    patient_id = recording.patient_id
    note = await signed(
        works, doctor, await a_typed_note(works, doctor, encounter_id=recording.encounter_id)
    )
    appointment = await an_appointment(works, doctor, clinic, patient_id=patient_id, reason="cough")
    version = await a_published_plan(works, doctor, patient_id)
    async with works.begin(doctor) as uow:
        alert = await alerts.raise_alert(
            uow, alerts.NewAlert(title="Potassium 6.8", pool_id=NURSES, patient_id=patient_id)
        )
    named = UUID((await people["named"].get("/api/v1/me")).json()["id"])
    found = (await people["doctor"].get(f"/api/v1/patients/{patient_id}")).json()
    await restricted(works, admin, patient_id, [named])
    return Record(
        patient=patient_id,
        mrn=found["mrn"],
        encounter=recording.encounter_id,
        note=note.id,
        recording=recording.id,
        appointment=appointment.id,
        plan=version.plan_id,
        alert=alert.id,
    )


def addresses(record: Record) -> dict[str, tuple[str, tuple[str, ...]]]:
    """What there is to read of the patient, and whose role may read such things at all."""
    staff = (*CLINICIANS, "receptionist", "admin")
    return {
        "patient": (f"/patients/{record.patient}", staff),
        "merges": (f"/patients/{record.patient}/merges", staff),
        "encounter": (f"/encounters/{record.encounter}", staff),
        "notes": (f"/encounters/{record.encounter}/notes", CLINICIANS),
        "note": (f"/notes/{record.note}", CLINICIANS),
        "revision": (f"/notes/{record.note}/revisions/1", CLINICIANS),
        "recording": (f"/recordings/{record.recording}", CLINICIANS),
        "sound": (f"/recordings/{record.recording}/audio", CLINICIANS),
        "appointment": (f"/appointments/{record.appointment}", staff),
        "history": (f"/appointments/{record.appointment}/history", staff),
        "plan": (f"/safety-plans/{record.plan}", CLINICIANS),
        "version": (f"/safety-plans/{record.plan}/versions/1", CLINICIANS),
    }


LISTS = {
    "search": "/patients?q=okafor",
    "encounters": "/encounters",
    "recordings": "/recordings",
    "notes": "/notes?q=cough",
    "waiting list": "/waiting-list",
    "reminders": "/reminders",
}


async def read_by(client: Client, record: Record) -> dict[str, int]:
    return {
        what: (await client.get(f"/api/v1{path}")).status_code
        for what, (path, _) in addresses(record).items()
    }


def expected(name: str, record: Record, *, sees: bool) -> dict[str, int]:
    found = 200 if sees else 404
    return {what: found if name in roles else 403 for what, (_, roles) in addresses(record).items()}


async def lists_naming(client: Client, record: Record) -> set[str]:
    """The lists on which the patient is named; a role that may not see a list sees none."""
    found = set()
    for what, path in LISTS.items():
        answer = await client.get(f"/api/v1{path}")
        assert answer.status_code in {200, 403}, f"{path}: {answer.text}"
        text = answer.text
        if str(record.patient) in text or "Okafor" in text or record.mrn in text:
            found.add(what)
    return found


async def on_the_calendar(client: Client, record: Record) -> list[dict[str, Any]]:
    """The appointment as the calendar, the list of the day and the live page have it."""
    day = {"from": "2026-03-01", "to": "2026-03-10"}
    calendar = (await client.get("/api/v1/calendar", params=day)).json()["items"]
    listed = (await client.get("/api/v1/appointments")).json()["items"]
    return [one for one in (*calendar, *listed) if one["id"] == str(record.appointment)]


async def in_queue(client: Client, record: Record) -> bool:
    answer = await client.get("/api/v1/queues/nurses", params={"limit": 50})
    if answer.status_code != 200:
        return False
    text = answer.text
    assert (str(record.alert) in text) == ("Okafor" in text)
    return str(record.alert) in text


SEES = {"named", "privacy"}


async def test_everybody_against_everything(people: dict[str, Client], record: Record) -> None:
    for name, client in people.items():
        sees = name in SEES
        assert await read_by(client, record) == expected(name, record, sees=sees), name
        named = await lists_naming(client, record)
        if not sees:
            assert named == set(), name


async def test_a_booked_time_stays_without_a_name(
    people: dict[str, Client], record: Record
) -> None:
    for name in ("doctor", "nurse", "receptionist", "admin", "named", "privacy"):
        rows = await on_the_calendar(people[name], record)
        assert len(rows) == 2, name
        for row in rows:
            said = str(row)
            if name in SEES:
                assert row["patient_name"] == "Mara Okafor-Lind", name
                continue
            assert row["patient_name"] == RESTRICTED, name
            assert "Okafor" not in said, name
            assert record.mrn not in said, name
            assert row.get("reason") is None, name
            asks = name in {"doctor", "nurse"}
            assert (row.get("patient_id") == str(record.patient)) == asks, name
        asked = await people[name].get(f"/api/v1/appointments?patient_id={record.patient}")
        assert bool(asked.json()["items"]) == (name in SEES), name


async def test_the_queue_says_nothing_and_hands_out_nothing(
    people: dict[str, Client], record: Record
) -> None:
    assert not await in_queue(people["nurse"], record)
    assert await in_queue(people["privacy"], record)
    answer = await people["nurse"].get(f"/api/v1/alerts/{record.alert}")
    assert answer.status_code == 404
    taken = await people["nurse"].post("/api/v1/queues/nurses/next")
    assert str(record.alert) not in taken.text
    answer = await people["admin"].get("/api/v1/queues/nurses")
    assert "Okafor" not in answer.text
    taken = await people["privacy"].post("/api/v1/queues/nurses/next")
    assert str(record.alert) in taken.text, taken.text


@pytest.mark.parametrize("name", ["doctor", "nurse"])
async def test_while_the_glass_is_broken_the_role_sees_what_it_sees_of_others(
    people: dict[str, Client], record: Record, clock: FrozenClock, name: str
) -> None:
    client = people[name]
    body = {"patient_id": str(record.patient), "reason": REASON}
    answer = await client.post("/api/v1/access/break-glass", json=body)
    assert answer.status_code == 201, answer.text
    for _ in range(5):
        clock.advance(minutes=10)
        for one in people.values():  # nobody's session ends meanwhile
            await one.get("/api/v1/me")
    clock.advance(minutes=9, seconds=59)
    assert await read_by(client, record) == expected(name, record, sees=True)
    assert {"search", "encounters", "notes"} <= await lists_naming(client, record)
    assert {row["patient_name"] for row in await on_the_calendar(client, record)} == {
        "Mara Okafor-Lind"
    }
    for other in ("doctor", "nurse", "receptionist", "admin", "patient"):
        if other != name:
            found = await read_by(people[other], record)
            assert found == expected(other, record, sees=False), other
    clock.advance(seconds=1)
    assert await read_by(client, record) == expected(name, record, sees=False)
    assert await lists_naming(client, record) == set()


async def test_who_may_not_break_it_learns_nothing(
    people: dict[str, Client], record: Record
) -> None:
    body = {"patient_id": str(record.patient), "reason": REASON}
    for name in ("receptionist", "admin", "patient"):
        answer = await people[name].post("/api/v1/access/break-glass", json=body)
        assert answer.status_code == 403
        assert answer.json()["type"] == "/problems/role-not-allowed"
    answer = await people["named"].post("/api/v1/access/break-glass", json=body)
    assert answer.json()["type"] == "/problems/nothing-hidden"
    for reason in ("urgent", "              .", "x" * 1001):
        answer = await people["doctor"].post(
            "/api/v1/access/break-glass", json=body | {"reason": reason}
        )
        assert answer.status_code == 422, reason


async def test_the_lists_are_for_privacy(people: dict[str, Client], record: Record) -> None:
    body = {"patient_id": str(record.patient), "reason": REASON}
    grant = (await people["doctor"].post("/api/v1/access/break-glass", json=body)).json()
    for name, client in people.items():
        grants = await client.get("/api/v1/access/grants")
        assert grants.status_code == (200 if name == "privacy" else 403), name
        kept = await client.get("/api/v1/access/restrictions")
        assert kept.status_code == (200 if name in {"privacy", "admin"} else 403), name
        assert "Okafor" not in kept.text
        if name not in {"doctor", "privacy"}:
            ended = await client.post(f"/api/v1/access/grants/{grant['id']}/end")
            assert ended.status_code == (403 if name == "patient" else 404), name
    review = f"/api/v1/access/grants/{grant['id']}/review"
    refused = await people["admin"].post(review, json={"verdict": "appropriate"})
    assert refused.status_code == 403
    done = await people["privacy"].post(review, json={"verdict": "appropriate"})
    assert done.json()["review"]["verdict"] == "appropriate"


async def test_pages_confirm_it_to_clinicians_only(
    client: Client, people: dict[str, Client], record: Record
) -> None:
    for name in ("doctor", "nurse", "receptionist", "admin", "patient"):
        async with browsing(client, name) as browser:
            answer = await browser.get(f"/patients/{record.patient}")
            asks = name in {"doctor", "nurse"}
            assert ("This record is restricted" in answer.text) == asks, name
            assert answer.status_code == (403 if asks or name == "patient" else 404), name
            assert "Okafor" not in answer.text
            home = await browser.get("/")
            assert "Okafor" not in home.text, name
            assert record.mrn not in home.text, name


async def test_a_banner_over_every_page_while_it_is_open(
    client: Client, people: dict[str, Client], record: Record, clock: FrozenClock
) -> None:
    body = {"patient_id": str(record.patient), "reason": REASON}
    await people["doctor"].post("/api/v1/access/break-glass", json=body)
    async with browsing(client, "doctor") as browser:
        clock.advance(minutes=10)
        answer = await browser.get("/patients")
        assert f'You broke the glass of <a href="/patients/{record.patient}"' in answer.text
        assert "50:00" in answer.text
        clock.advance(minutes=50)
        assert "You broke the glass" not in (await browser.get("/patients")).text
    async with browsing(client, "privacy") as browser:
        page = (await browser.get("/access")).text
        assert "Okafor-Lind, Mara" in page
        assert REASON in page
    async with browsing(client, "admin") as browser:
        page = (await browser.get("/access")).text
        assert "Okafor" not in page
        assert REASON not in page
        assert RESTRICTED in page
    async with browsing(client, "nurse") as browser:
        assert (await browser.get("/access")).status_code == 403


async def test_nobody_on_the_waiting_list_is_named(
    people: dict[str, Client], works: Works, doctor: Actor, admin: Actor
) -> None:
    clinic = await a_clinic(works, admin, doctor)
    patient = await a_patient(works, doctor)
    await somebody_waiting(works, doctor, clinic.visit_type.id, patient_id=patient.id)
    assert "Okafor" in (await people["nurse"].get("/api/v1/waiting-list")).text
    await restricted(works, admin, patient.id)
    assert "Okafor" not in (await people["nurse"].get("/api/v1/waiting-list")).text
