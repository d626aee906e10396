"""The calendar before any script runs, and a doctor's day on paper."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app import audit
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from tests.builders.appointments import a_cancellation, a_hold, an_appointment, at
from tests.builders.availability import Clinic, a_clinic, a_visit_type
from tests.builders.identity import a_user
from tests.builders.patients import a_patient
from tests.conftest import Client
from tests.web.conftest import browsing
from tests.web.page import Page

VENDORED = Path(__file__).parents[2] / "app" / "web" / "static" / "vendor"


@pytest.fixture
async def clinic(works: Works, receptionist: Actor, doctor: Actor, other_doctor: Actor) -> Clinic:
    return await a_clinic(works, receptionist, doctor, other_doctor)


def data_of(html: str) -> dict[str, Any]:
    """What the page tells its script."""
    block = html.partition('id="calendar-data">')[2].partition("</script>")[0]
    told: dict[str, Any] = json.loads(block)
    return told


async def test_the_page_knows_the_clinic_and_nothing_of_patients(
    desk_browser: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    await an_appointment(works, receptionist, clinic)
    await a_visit_type(works, receptionist, "Group", 60, offered_by=[clinic.doctor.id])
    html = (await desk_browser.get("/calendar")).text
    data = data_of(html)
    assert data["zone"] == "UTC"
    assert data["date"] == "2026-03-02"
    assert [one["name"] for one in data["rooms"]] == ["Room 1"]
    assert {one["id"] for one in data["practitioners"]} >= {str(clinic.doctor.id)}
    offered = {one["name"]: one["offered_by"] for one in data["visit_types"]}
    assert offered == {"Consultation": [], "Group": [str(clinic.doctor.id)]}
    assert "Okafor" not in html
    assert Page(html).inline == []


async def test_the_day_in_the_address_is_the_one_shown(
    desk_browser: Client, clinic: Clinic
) -> None:
    html = (await desk_browser.get("/calendar?date=2026-03-29")).text
    assert data_of(html)["date"] == "2026-03-29"
    assert "Sun 29-Mar-2026" in html
    assert (await desk_browser.get("/calendar?date=yesterday")).status_code == 422


async def test_doctors_begin_with_their_own_column_and_the_desk_with_all(
    doctors_browser: Client, desk_browser: Client, clinic: Clinic
) -> None:
    doctors = data_of((await doctors_browser.get("/calendar")).text)
    desks = data_of((await desk_browser.get("/calendar")).text)
    assert doctors["default_doctors"] == [str(clinic.doctor.id)]
    assert desks["default_doctors"] is None
    assert doctors["may"] == {"book": True, "override": True, "start": True}
    assert desks["may"] == {"book": True, "override": True, "start": False}


async def test_administrators_look_and_do_not_book(
    client: Client, works: Works, admin: Actor, clinic: Clinic
) -> None:
    async with browsing(client, "admin") as browser:
        html = (await browser.get("/calendar")).text
    assert data_of(html)["may"] == {"book": False, "override": False, "start": False}
    assert 'data-do="new"' not in html


async def test_patients_have_no_calendar(client: Client, works: Works, clinic: Clinic) -> None:
    await a_user(works, Role.PATIENT)
    async with browsing(client, "patient") as browser:
        assert (await browser.get("/calendar")).status_code == 403
        assert (await browser.get("/calendar/print")).status_code == 403


async def test_a_day_on_paper_has_a_sheet_for_each_doctor(
    desk_browser: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    noor = await a_patient(works, receptionist, given_name="Noor", family_name="Haddad")
    kenji = await a_patient(works, receptionist, given_name="Kenji", family_name="Sato")
    await an_appointment(
        works, receptionist, clinic, at("10:00"), patient_id=noor.id, reason="a cough"
    )
    off = await an_appointment(works, receptionist, clinic, at("11:00"), patient_id=kenji.id)
    await a_cancellation(works, receptionist, off.id)
    await a_hold(works, receptionist, clinic, at("15:00"))
    html = (await desk_browser.get("/calendar/print?date=2026-03-02")).text
    assert "10:00 to 10:30" in html
    assert "Haddad" in html
    assert "a cough" in html
    assert "Sato" not in html
    assert "15:00" not in html
    assert html.count('class="print-sheet printed-day"') == 2
    assert "Nothing is booked." in html
    assert Page(html).inline == []


async def test_only_the_doctors_asked_for_are_printed(
    desk_browser: Client, clinic: Clinic, other_doctor: Actor
) -> None:
    path = f"/calendar/print?date=2026-03-02&practitioner_id={other_doctor.id}"
    html = (await desk_browser.get(path)).text
    assert html.count('class="print-sheet printed-day"') == 1
    assert other_doctor.name in html


async def test_who_was_printed_is_on_record(
    desk_browser: Client, works: Works, receptionist: Actor, clinic: Clinic
) -> None:
    booked = await an_appointment(works, receptionist, clinic)
    await desk_browser.get("/calendar/print?date=2026-03-02")
    async with works.begin(receptionist) as uow:
        statement = select(audit.AuditEvent).order_by(audit.AuditEvent.seq.desc()).limit(1)
        latest = (await uow.db.scalars(statement)).one()
    assert latest.action == "appointment.list"
    assert latest.detail == {"patients": [str(booked.patient_id)]}


@pytest.mark.parametrize("entry", json.loads((VENDORED / "VENDOR.lock.json").read_text()))
def test_vendored_files_are_the_ones_that_were_checked(entry: dict[str, Any]) -> None:
    for name, digest in entry["files"].items():
        assert hashlib.sha256((VENDORED / name).read_bytes()).hexdigest() == digest, name
    assert any(name.endswith(".LICENSE") for name in entry["files"])
