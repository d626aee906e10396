"""The timeline over HTTP: filters, places in it, and who sees what."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from app import audit
from app.dashboards.timeline.models import TimelineEntry
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.patients import PRIVACY
from app.work_queues import alerts
from tests.builders.access import restricted
from tests.builders.appointments import an_appointment, at
from tests.builders.availability import a_clinic
from tests.builders.crisis_reports import a_suspicion
from tests.builders.encounters import an_encounter
from tests.builders.notes import a_typed_note, signed
from tests.builders.patients import a_patient
from tests.builders.work_queues_alerts import an_alert
from tests.builders.work_queues_queues import SETUP
from tests.builders.work_queues_rosters import DOCTORS
from tests.conftest import Client
from tests.dashboards.timeline.history import MEASURED

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


async def timeline_of(client: Client, patient_id: UUID, **asked: Any) -> dict[str, Any]:
    answer = await client.get(f"/api/v1/patients/{patient_id}/timeline", params=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def titles(client: Client, patient_id: UUID, **asked: Any) -> list[str]:
    return [entry["title"] for entry in (await timeline_of(client, patient_id, **asked))["items"]]


async def fill(works: Works, patient_id: UUID, days: range, kind: str = "alert") -> None:
    """An entry for each of these days, written as the projection would; two at each moment."""
    new = """
        insert into timeline_entries (id, patient_id, kind, source_id, part, at, title, status,
            stored_at)
        select gen_random_uuid(), :patient, :kind, gen_random_uuid(), '',
            cast(:began as timestamptz) + (i / 2) * interval '1 day', 'Number ' || i, 'open', now()
        from unnest(cast(:days as int[])) i"""
    said = {"patient": patient_id, "kind": kind, "began": LONG_AGO, "days": list(days)}
    async with works.begin(SETUP) as uow:
        await uow.db.execute(text(new), said)


async def test_each_role_sees_what_is_theirs(
    *,
    works: Works,
    doctor: Actor,
    receptionist: Actor,
    as_doctor: Client,
    as_other_doctor: Client,
    as_nurse: Client,
    as_receptionist: Client,
    as_admin: Client,
    admin: Actor,
) -> None:
    """Drafts are their author's; the desk sees that somebody comes, not why."""
    clinic = await a_clinic(works, receptionist, doctor)
    patient_id = (await a_patient(works, doctor)).id
    await an_appointment(
        works, receptionist, clinic, at("10:00"), patient_id=patient_id, reason="cough"
    )
    visit = await an_encounter(works, doctor, patient_id=patient_id, reason="cough for days")
    await signed(works, doctor, await a_typed_note(works, doctor, MEASURED, encounter_id=visit.id))
    await a_typed_note(works, doctor, MEASURED, encounter_id=visit.id)
    await an_alert(works, pool_id=DOCTORS, patient_id=patient_id, title="Potassium 6.8")
    async with works.begin(SETUP) as uow:
        hidden = alerts.NewAlert(title="For privacy", pool_id=PRIVACY, patient_id=patient_id)
        await alerts.raise_alert(uow, hidden)
    await a_suspicion(works, doctor, patient_id=patient_id)

    async def seen(client: Client) -> list[tuple[str, str, str | None]]:
        items = (await timeline_of(client, patient_id))["items"]
        return sorted((entry["kind"], entry["status"], entry["clinical"]) for entry in items)

    alert, draft = ("alert", "open", None), ("note", "draft", None)
    note = ("note", "signed", "Essential hypertension.")
    plain = [("appointment", "booked", "cough"), ("encounter", "in-progress", "cough for days")]
    desk = [(kind, status, None) for kind, status, _ in plain]
    assert await seen(as_doctor) == [alert, *plain, draft, note]
    assert await seen(as_other_doctor) == await seen(as_nurse) == [alert, *plain, note]
    assert await seen(as_receptionist) == await seen(as_admin) == desk
    assert await titles(as_receptionist, patient_id, kind="note") == []
    assert await titles(as_receptionist, patient_id, q="cough") == []
    assert len(await titles(as_doctor, patient_id, q="cough")) == 2
    await restricted(works, admin, patient_id)
    for client in (as_doctor, as_nurse, as_receptionist, as_admin):
        answer = await client.get(f"/api/v1/patients/{patient_id}/timeline")
        assert answer.status_code == 404


async def test_filters_by_kind_period_and_words(
    works: Works, doctor: Actor, as_doctor: Client, as_nurse: Client
) -> None:
    visit = await an_encounter(works, doctor, reason="Cough for three days")
    of = visit.patient_id
    await signed(works, doctor, await a_typed_note(works, doctor, MEASURED, encounter_id=visit.id))
    await titles(as_doctor, of)
    await fill(works, of, range(40), kind="signal")
    assert set(await titles(as_doctor, of, kind=["note", "encounter"])) == {
        "SOAP note", "Walk-in visit",
    }  # fmt: skip
    assert await titles(as_doctor, of, q="COUGH walk") == ["Walk-in visit"]
    assert await titles(as_doctor, of, q="lisinop") == ["SOAP note"]  # in the note's own text
    assert await titles(as_nurse, of, q="lisinop", kind="note") == ["SOAP note"]
    assert await titles(as_doctor, of, q="cough aardvark") == []
    assert await titles(as_doctor, of, q="number 39") == ["Number 39"]
    fifth = LONG_AGO + timedelta(days=5)
    asked: dict[str, Any] = {"from": fifth.isoformat(), "to": LONG_AGO.replace(day=7).isoformat()}
    assert set(await titles(as_doctor, of, **asked)) == {"Number 10", "Number 11"}
    jumped = await timeline_of(as_doctor, of, to=fifth.isoformat(), limit=2)
    assert {entry["title"] for entry in jumped["items"]} == {"Number 8", "Number 9"}
    newer = await timeline_of(as_doctor, of, after=jumped["newer_cursor"], limit=2)
    assert {entry["title"] for entry in newer["items"]} == {"Number 10", "Number 11"}
    newest = await timeline_of(as_doctor, of)
    assert newest["newer_cursor"] is None
    for wrong in ({"kind": "gossip"}, {"from": "2026-01-01T00:00:00"}, {"cursor": "x"}):
        answer = await as_doctor.get(f"/api/v1/patients/{of}/timeline", params=wrong)
        assert answer.status_code == 422, wrong
    assert (await as_doctor.get(f"/api/v1/patients/{uuid4()}/timeline")).status_code == 404


@pytest.mark.parametrize("asked", [{}, {"kind": ["alert", "note"]}, {"q": "number"}])
async def test_a_walk_shows_everything_once_whatever_is_written_meanwhile(
    works: Works, doctor: Actor, as_doctor: Client, asked: dict[str, Any]
) -> None:
    patient_id = (await a_patient(works, doctor)).id
    await titles(as_doctor, patient_id)
    await fill(works, patient_id, range(100, 160))
    async with works.sessions() as db:
        there = {str(id_) for id_ in await db.scalars(select(TimelineEntry.id))}
    down: list[str] = []
    answer = await timeline_of(as_doctor, patient_id, limit=7, **asked)
    first = answer
    while True:
        down += [entry["id"] for entry in answer["items"]]
        await fill(works, patient_id, range(1000, 1004))  # newer ones
        await fill(works, patient_id, range(119, 120))  # and one in the midst
        if (cursor := answer["next_cursor"]) is None:
            break
        answer = await timeline_of(as_doctor, patient_id, cursor=cursor, limit=7, **asked)
    assert len(down) == len({*down})
    assert there <= {*down}
    assert answer["newer_cursor"] is not None
    assert first["newer_cursor"] is None
    up: list[str] = []
    while (after := answer["newer_cursor"]) is not None:
        answer = await timeline_of(as_doctor, patient_id, after=after, limit=7, **asked)
        up = [entry["id"] for entry in answer["items"]] + up
    assert len(up) == len({*up})
    assert {*down[:-7]} <= {*up}  # everything above the last page, and what came meanwhile


async def test_words_are_looked_for_so_many_entries_at_a_time(
    works: Works, doctor: Actor, as_doctor: Client
) -> None:
    """A page may be empty and lead on; what is found in the end is all there is."""
    patient_id = (await a_patient(works, doctor)).id
    await titles(as_doctor, patient_id)
    await fill(works, patient_id, range(4500))
    found: list[str] = []
    cursor, pages = None, 0
    while True:
        place = {"cursor": cursor} if cursor else {}
        answer = await timeline_of(as_doctor, patient_id, q="number 7", **place)
        found += [entry["title"] for entry in answer["items"]]
        cursor, pages = answer["next_cursor"], pages + 1
        if cursor is None:
            break
    assert pages > 40
    assert len(found) == len({*found}) == len([i for i in range(4500) if "7" in str(i)])
    assert (await timeline_of(as_doctor, patient_id, q="nothing like it"))["next_cursor"]


async def test_reading_it_is_written_down(works: Works, doctor: Actor, as_doctor: Client) -> None:
    visit = await an_encounter(works, doctor)
    await titles(as_doctor, visit.patient_id, q="cough")
    async with works.sessions() as db:
        rows = (await db.execute(audit.AuditEvent.__table__.select())).mappings().all()
    [read] = [row for row in rows if row["action"] == "timeline.read"]
    assert (read["patient_id"], read["detail"]) == (visit.patient_id, {"entries": 1, "kinds": []})
