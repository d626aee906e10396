"""Today's list on the home page: whose it is, what it says, and what can be done next."""

from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app import audit
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling import appointments
from app.web.presenters.today import Onlooker, doctors_day
from tests.builders.appointments import an_appointment, an_arrival, at
from tests.builders.availability import Clinic, a_clinic
from tests.builders.patients import a_patient
from tests.conftest import Client, FrozenClock
from tests.web.conftest import browsing
from tests.web.page import Page

VIENNA = ZoneInfo("Europe/Vienna")


@pytest.fixture
async def clinic(works: Works, receptionist: Actor, doctor: Actor, other_doctor: Actor) -> Clinic:
    return await a_clinic(works, receptionist, doctor, other_doctor)


async def booked(
    works: Works, by: Actor, clinic: Clinic, clock: str, name: str, **fields: object
) -> UUID:
    patient = await a_patient(works, by, given_name="Mara", family_name=name)
    made = await an_appointment(works, by, clinic, at(clock), patient_id=patient.id, **fields)
    return made.id


async def test_a_doctor_sees_only_their_own_patients(
    doctors_browser: Client, works: Works, receptionist: Actor, clinic: Clinic, other_doctor: Actor
) -> None:
    await booked(works, receptionist, clinic, "10:00", "Mine", reason="cough")
    theirs = {"practitioner_id": other_doctor.id}
    await booked(works, receptionist, clinic, "10:00", "Theirs", **theirs)
    html = (await doctors_browser.get("/")).text
    assert "Mara Mine" in html
    assert "cough" in html
    assert "Mara Theirs" not in html
    assert "Start visit" in html


async def test_the_desk_sees_everybody_by_where_they_are(
    desk_browser: Client, works: Works, receptionist: Actor, clinic: Clinic, other_doctor: Actor
) -> None:
    first = await booked(works, receptionist, clinic, "10:00", "First")
    await booked(works, receptionist, clinic, "09:30", "Second", practitioner_id=other_doctor.id)
    await an_arrival(works, receptionist, first)
    html = (await desk_browser.get("/")).text
    assert html.index("Waiting <") < html.index("Mara First") < html.index("Expected <")
    assert html.index("Expected <") < html.index("Mara Second")
    assert "Dr. Berta Summer" in html
    assert "Start visit" not in html


async def test_the_fragment_is_the_list_and_nothing_else(
    desk_browser: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    await booked(works, receptionist, clinic, "10:00", "First")
    answer = await desk_browser.get("/fragments/today")
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "Mara First" in answer.text
    assert Page(answer.text).inline == []


async def test_waiting_lateness_and_the_way_back_are_told(
    desk_browser: Client,
    works: Works,
    receptionist: Actor,
    clinic: Clinic,
    clock: FrozenClock,
) -> None:
    here = await booked(works, receptionist, clinic, "10:00", "Here")
    late = await booked(works, receptionist, clinic, "09:15", "Late")
    await an_arrival(works, receptionist, here)
    clock.advance(minutes=20)
    html = (await desk_browser.get("/fragments/today")).text
    assert '<span data-waited="20">20 min</span>' in html
    assert 'late <span data-waited="5">5 min</span>' in html
    assert f'data-post="/appointments/{here}/undo"' in html
    assert f'data-post="/appointments/{late}/arrival"' in html
    assert f'data-post="/appointments/{late}/no-show"' in html
    assert "<strong>1</strong> waiting" in html


async def test_a_visit_that_goes_on_can_be_opened(
    doctors_browser: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    here = await booked(works, receptionist, clinic, "09:00", "Here")
    await an_arrival(works, receptionist, here)
    headers = {"X-CSRF-Token": Page((await doctors_browser.get("/")).text).metas["csrf-token"]}
    started = await doctors_browser.post(
        "/api/v1/encounters", json={"appointment_id": str(here)}, headers=headers
    )
    assert started.status_code == 201, started.text
    html = (await doctors_browser.get("/fragments/today")).text
    assert f'href="/encounters/{started.json()["id"]}"' in html
    assert "Start visit" not in html
    assert "with doctor" in html


async def test_an_administrator_looks_and_moves_nobody(
    client: Client, admin: Actor, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    await booked(works, receptionist, clinic, "10:00", "First")
    async with browsing(client, "admin") as browser:
        html = (await browser.get("/fragments/today")).text
    assert "Mara First" in html
    assert "data-post" not in html


async def test_an_empty_day_says_so(doctors_browser: Client) -> None:
    assert "No appointments today." in (await doctors_browser.get("/")).text


async def test_who_looked_at_the_list_is_in_the_trail(
    desk_browser: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    patient = await a_patient(works, receptionist)
    await an_appointment(works, receptionist, clinic, patient_id=patient.id)
    await desk_browser.get("/fragments/today")
    async with works.sessions() as db:
        rows = (
            await db.scalars(
                select(audit.AuditEvent).where(audit.AuditEvent.action == "appointment.list")
            )
        ).all()
    assert [each.detail["patients"] for each in rows] == [[str(patient.id)]]


async def test_times_are_those_of_the_clinics_wall(
    works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    made = await an_appointment(works, receptionist, clinic, at("10:00"))
    async with works.begin(receptionist) as uow:
        [shown] = await appointments.shown(uow, [made])
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    onlooker = Onlooker(zone=VIENNA, now=now, starts=True, moves=True, names_doctor=False)
    view = doctors_day([shown], {}, onlooker, now.date())
    [row] = view.groups[0].rows
    assert (row.begins.text, row.ends) == ("11:00", "11:30")
