"""Private addresses of calendars: made, read, taken back; the token is known to its owner alone."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from icalendar import Calendar
from sqlalchemy import select, text

from app import audit, identity
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling.appointments import AppointmentStatus
from app.scheduling.calendar_feeds import CalendarFeed
from app.settings import Settings
from tests.builders.availability import a_visit_type
from tests.builders.patients import a_patient
from tests.conftest import Client, FrozenClock
from tests.scheduling.calendar_feeds.rows import an_appointment

FEEDS = "/api/v1/calendar-feeds"
TODAY = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
async def visit_type_id(works: Works, admin: Actor) -> UUID:
    return (await a_visit_type(works, admin)).id


async def a_feed(client: Client, **body: Any) -> Any:
    answer = await client.post(FEEDS, json={"label": "Phone"} | body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def address(feed: Any) -> str:
    return f"{FEEDS}/{feed['token']}.ics"


async def traces(works: Works, action: str) -> list[audit.AuditEvent]:
    async with works.sessions() as db:
        rows = select(audit.AuditEvent).where(audit.AuditEvent.action == action)
        return list(await db.scalars(rows.order_by(audit.AuditEvent.seq)))


async def test_a_doctor_makes_an_address_and_it_answers(
    as_doctor: Client, client: Client, works: Works, doctor: Actor, visit_type_id: UUID
) -> None:
    patient = await a_patient(works, doctor)
    starts_at = TODAY + timedelta(days=1, hours=9)
    appointment_id = await an_appointment(works, doctor, patient, visit_type_id, starts_at)
    feed = await a_feed(as_doctor)
    assert feed["url"] == f"http://testserver{address(feed)}"
    assert (feed["practitioner_id"], feed["practitioner_name"]) == (
        str(doctor.id),
        "Dr. Ada Winter",
    )
    answer = await client.get(address(feed))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-cache"
    [event] = Calendar.from_ical(answer.content).walk("VEVENT")
    assert event["uid"] == f"{appointment_id}@dr-assistant"
    assert event.decoded("dtstart") == starts_at
    for secret in ("Mara", "Okafor", "M.O.", str(patient.id), patient.mrn, "Consultation"):
        assert secret not in answer.text


async def test_the_token_is_told_once_and_kept_as_a_digest(
    as_doctor: Client, works: Works, doctor: Actor
) -> None:
    key = {"Idempotency-Key": "one-feed"}
    answer = await as_doctor.post(FEEDS, json={"label": "Phone"}, headers=key)
    token = answer.json()["token"]
    again = await as_doctor.post(FEEDS, json={"label": "Phone"}, headers=key)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/answer-shown-once")
    listed = (await as_doctor.get(FEEDS)).json()
    assert len(listed["items"]) == 1
    assert not {"token", "url", "token_sha256"} & set(listed["items"][0])
    async with works.sessions() as db:
        [feed] = list(await db.scalars(select(CalendarFeed)))
        assert feed.token_sha256 == hashlib.sha256(token.encode()).digest()
        for table in ("calendar_feeds", "idempotency_keys", "audit_events", "outbox"):
            rows = (await db.execute(text(f"select t::text from {table} t"))).scalars()
            told = " ".join(rows)
            assert token not in told, table
            assert token.encode().hex() not in told, table


async def test_a_stranger_with_a_wrong_token_learns_nothing(
    as_doctor: Client, client: Client
) -> None:
    feed = await a_feed(as_doctor)
    known = address(feed)
    wrong = [
        f"{FEEDS}/{uuid4()}.ics",
        f"{FEEDS}/{feed['id']}.ics",
        f"{FEEDS}/{feed['token'][:-1]}.ics",
        f"{FEEDS}/{feed['token'].swapcase()}.ics",
        f"{FEEDS}/%00.ics",
        f"{FEEDS}/%ff%fe.ics",
        f"{FEEDS}/{'x' * 5000}.ics",
    ]
    answers = [await client.get(each) for each in wrong]
    await as_doctor.post(f"{FEEDS}/{feed['id']}/revocation")
    answers.append(await client.get(known))
    for answer in answers:
        assert answer.status_code == 404
        assert answer.json() == {
            "type": "/problems/not-found",
            "title": "There is nothing here by that name.",
            "status": 404,
        }
        assert "etag" not in answer.headers


async def test_a_wrong_token_leaves_no_trace_of_itself(client: Client, works: Works) -> None:
    await client.get(f"{FEEDS}/a-token-somebody-guessed.ics")
    async with works.sessions() as db:
        rows = (await db.execute(text("select t::text from audit_events t"))).scalars()
        assert "a-token-somebody-guessed" not in " ".join(rows)


async def test_nothing_is_there_any_more_once_it_was_revoked(
    as_doctor: Client, client: Client, works: Works, clock: FrozenClock
) -> None:
    feed = await a_feed(as_doctor)
    assert (await client.get(address(feed))).status_code == 200
    revoked = await as_doctor.post(f"{FEEDS}/{feed['id']}/revocation")
    assert revoked.status_code == 201
    assert revoked.json()["revoked_at"] == "2026-03-02T09:00:00Z"
    assert (await client.get(address(feed))).status_code == 404
    clock.advance(minutes=5)
    again = await as_doctor.post(f"{FEEDS}/{feed['id']}/revocation")
    assert again.json()["revoked_at"] == "2026-03-02T09:00:00Z"
    assert len(await traces(works, "calendar_feed.revoke")) == 2


async def test_the_calendar_of_somebody_who_left_is_closed(
    as_doctor: Client, client: Client, works: Works, admin: Actor
) -> None:
    feed = await a_feed(as_doctor)
    async with works.begin(admin) as uow:
        await identity.lock_user(uow, "doctor")
    assert (await client.get(address(feed))).status_code == 404


async def test_an_unchanged_calendar_is_not_sent_again(
    as_doctor: Client, client: Client, works: Works, doctor: Actor, visit_type_id: UUID
) -> None:
    patient = await a_patient(works, doctor)
    appointment_id = await an_appointment(works, doctor, patient, visit_type_id, TODAY)
    feed = await a_feed(as_doctor)
    first = await client.get(address(feed))
    etag = first.headers["etag"]
    assert first.headers["last-modified"]
    for said in (etag, f"W/{etag}", f'"other", {etag}'):
        again = await client.get(address(feed), headers={"If-None-Match": said})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == etag
    async with works.sessions.begin() as db:
        await db.execute(
            text("update appointments set version = version + 1, status = 'cancelled'")
        )
    changed = await client.get(address(feed), headers={"If-None-Match": etag})
    assert changed.status_code == 200
    [event] = Calendar.from_ical(changed.content).walk("VEVENT")
    assert (event["uid"], event["status"]) == (f"{appointment_id}@dr-assistant", "CANCELLED")


async def test_a_calendar_reaches_30_days_back_and_180_ahead(
    as_doctor: Client, client: Client, works: Works, doctor: Actor, visit_type_id: UUID
) -> None:
    patient = await a_patient(works, doctor)
    first, end = TODAY - timedelta(days=30), TODAY + timedelta(days=181)
    minute = timedelta(minutes=1)
    for at in (first - minute, first + timedelta(hours=1), end - minute, end + timedelta(hours=1)):
        await an_appointment(works, doctor, patient, visit_type_id, at)
    feed = await a_feed(as_doctor)
    events = Calendar.from_ical((await client.get(address(feed))).content).walk("VEVENT")
    assert [event.decoded("dtstart") for event in events] == [
        first + timedelta(hours=1),
        end - minute,
    ]


async def test_holds_and_others_appointments_are_not_in_it(
    *,
    as_doctor: Client,
    client: Client,
    works: Works,
    doctor: Actor,
    other_doctor: Actor,
    visit_type_id: UUID,
) -> None:
    patient = await a_patient(works, doctor)
    hour = timedelta(hours=1)
    never_booked = {"booked_at": None, "booked_by": None}
    for number, more in enumerate(
        (
            {"practitioner_id": other_doctor.id},
            {"status": AppointmentStatus.PENDING, "expires_at": TODAY, **never_booked},
            {"status": AppointmentStatus.CANCELLED, **never_booked},
        )
    ):
        at = TODAY + number * hour
        await an_appointment(works, doctor, patient, visit_type_id, at, **more)
    feed = await a_feed(as_doctor)
    assert Calendar.from_ical((await client.get(address(feed))).content).walk("VEVENT") == []


async def test_each_reading_leaves_one_trace_of_nobody(
    as_doctor: Client, client: Client, works: Works, doctor: Actor, visit_type_id: UUID
) -> None:
    patient = await a_patient(works, doctor)
    await an_appointment(works, doctor, patient, visit_type_id, TODAY)
    feed = await a_feed(as_doctor)
    first = await client.get(address(feed))
    await client.get(address(feed), headers={"If-None-Match": first.headers["etag"]})
    rows = await traces(works, "calendar_feed.read")
    assert [(row.actor_role, row.subject_id, row.detail) for row in rows] == [
        ("stranger", UUID(feed["id"]), {"appointments": 1, "patients": []}),
        ("stranger", UUID(feed["id"]), {"appointments": 0, "patients": []}),
    ]
    assert str(rows[0].request_id) == first.headers["x-request-id"]
    seen = (await as_doctor.get(FEEDS)).json()["items"][0]
    assert seen["last_read_at"] == "2026-03-02T09:00:00Z"


class TestWithInitials:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"feed_initials": True})

    async def test_they_are_shown_and_whose_they_are_is_traced(
        self,
        as_doctor: Client,
        client: Client,
        works: Works,
        doctor: Actor,
        visit_type_id: UUID,
    ) -> None:
        patient = await a_patient(works, doctor)
        await an_appointment(works, doctor, patient, visit_type_id, TODAY)
        feed = await a_feed(as_doctor)
        answer = await client.get(address(feed))
        [event] = Calendar.from_ical(answer.content).walk("VEVENT")
        assert event["summary"] == "Appointment M.O."
        assert "Okafor" not in answer.text
        [row] = await traces(works, "calendar_feed.read")
        assert row.detail == {"appointments": 1, "patients": [str(patient.id)]}

    async def test_of_restricted_patients_there_is_no_letter(
        self,
        as_admin: Client,
        client: Client,
        works: Works,
        doctor: Actor,
        visit_type_id: UUID,
    ) -> None:
        patient = await a_patient(works, doctor)
        await an_appointment(works, doctor, patient, visit_type_id, TODAY)
        feed = await a_feed(as_admin, practitioner_id=str(doctor.id))
        new = {"patient_id": str(patient.id), "reason": "works in this clinic"}
        answer = await as_admin.post("/api/v1/access/restrictions", json=new)
        assert answer.status_code == 201
        [event] = Calendar.from_ical((await client.get(address(feed))).content).walk("VEVENT")
        assert event["summary"] == "Appointment"
        [row] = await traces(works, "calendar_feed.read")
        assert row.detail == {"appointments": 1, "patients": []}


async def test_doctors_keep_their_own_and_administrators_anybodys(
    as_doctor: Client,
    as_other_doctor: Client,
    as_admin: Client,
    doctor: Actor,
    other_doctor: Actor,
) -> None:
    mine = await a_feed(as_doctor, practitioner_id=str(doctor.id))
    refused = await as_doctor.post(
        FEEDS, json={"label": "Theirs", "practitioner_id": str(other_doctor.id)}
    )
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/may-not-keep-feeds")
    theirs = await a_feed(as_admin, practitioner_id=str(other_doctor.id))
    assert [each["id"] for each in (await as_doctor.get(FEEDS)).json()["items"]] == [mine["id"]]
    listed = (await as_admin.get(FEEDS)).json()["items"]
    assert {each["id"] for each in listed} == {mine["id"], theirs["id"]}
    only = await as_admin.get(FEEDS, params={"practitioner_id": str(doctor.id)})
    assert [each["id"] for each in only.json()["items"]] == [mine["id"]]
    not_mine = await as_other_doctor.post(f"{FEEDS}/{mine['id']}/revocation")
    assert (not_mine.status_code, not_mine.json()["type"]) == (
        404,
        "/problems/calendar-feed-not-found",
    )
    assert (await as_admin.post(f"{FEEDS}/{mine['id']}/revocation")).status_code == 201
    assert (await as_other_doctor.post(f"{FEEDS}/{theirs['id']}/revocation")).status_code == 201


async def test_a_feed_needs_a_doctor_and_a_label(as_admin: Client, nurse: Actor) -> None:
    for body, at in (
        ({"label": "Phone"}, "practitioner_id"),
        ({"label": "Phone", "practitioner_id": str(nurse.id)}, "practitioner_id"),
        ({"label": "Phone", "practitioner_id": str(uuid4())}, "practitioner_id"),
        ({"label": ""}, "label"),
        ({"label": "two\nlines"}, "label"),
        ({"label": "x" * 81}, "label"),
        ({"label": "nul\x00"}, "label"),
    ):
        answer = await as_admin.post(FEEDS, json=body)
        assert answer.status_code == 422, body
        assert at in answer.json()["errors"][0]["at"], body


async def test_nurses_and_the_desk_keep_no_feeds(as_nurse: Client, as_receptionist: Client) -> None:
    for client in (as_nurse, as_receptionist):
        assert (await client.post(FEEDS, json={"label": "Phone"})).status_code == 403
        assert (await client.get(FEEDS)).status_code == 403


async def test_feeds_are_listed_in_pages(as_doctor: Client, clock: FrozenClock) -> None:
    made = []
    for _ in range(3):
        made.append((await a_feed(as_doctor))["id"])
        clock.advance(seconds=1)
    first = (await as_doctor.get(FEEDS, params={"limit": 2})).json()
    rest = (await as_doctor.get(FEEDS, params={"cursor": first["next_cursor"]})).json()
    assert [each["id"] for each in first["items"] + rest["items"]] == made[::-1]
    assert rest["next_cursor"] is None
