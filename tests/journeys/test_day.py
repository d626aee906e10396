"""A doctor's day on the first page: it changes by itself, and one key opens whoever is next."""

import dataclasses
import os
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import expect

from app.crisis import risk
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.kernel.clock import SystemClock
from app.scheduling import appointments
from tests.builders.appointments import new_booking
from tests.builders.availability import a_clinic
from tests.builders.notes import a_dictated_note, a_typed_note
from tests.builders.patients import a_patient
from tests.builders.recordings import a_recording
from tests.builders.work_queues_alerts import an_alert
from tests.builders.work_queues_rosters import DOCTORS
from tests.builders.work_queues_tasks import a_task
from tests.journeys.person import Person

PICTURES = os.environ.get("DRA_PICTURES")  # a folder to look at afterwards
SIZES = {"laptop": (1280, 800), "tablet": (820, 1180)}


@pytest.fixture
async def live(works: Works) -> Works:
    return dataclasses.replace(works, clock=SystemClock())


@pytest.fixture
async def booked(
    live: Works, works: Works, receptionist: Actor, doctor: Actor
) -> list[appointments.Appointment]:
    """Two within this quarter of an hour: nobody has come yet, one is at risk."""
    clinic = await a_clinic(works, receptionist, doctor)
    found = []
    for number, name in enumerate(("Okafor-Lind", "Second")):
        patient = await a_patient(works, receptionist, family_name=name)
        async with live.begin(receptionist) as uow:
            begins = uow.now.replace(second=0, microsecond=0)
            if (begins + timedelta(minutes=15)).date() != begins.date():
                begins -= timedelta(minutes=20)  # the day is nearly over; it must be today's
            new = new_booking(
                clinic,
                patient.id,
                begins + timedelta(minutes=5 * number),
                duration_minutes=5,
                reason="cough",
                room_id=clinic.room.id,
                override={"reason": "test"},
            )
            found.append(await appointments.book_appointment(uow, new))
        if not number:
            async with live.begin(doctor) as uow:
                said = risk.AssessRisk(level=risk.RiskLevel.MODERATE)
                await risk.assess(uow, patient.id, said)
    return found


@pytest.fixture
async def waiting(live: Works, doctor: Actor) -> None:
    """Something in every list at the side."""
    await a_dictated_note(live, doctor)
    await a_typed_note(live, doctor)
    await a_recording(live, doctor, pieces=[b"RIFFsound"])
    await a_task(live, by=doctor, pool_id=DOCTORS, title="Call the pharmacy")
    await an_alert(live, by=doctor, pool_id=DOCTORS, assignee_id=doctor.id, severity="critical")


async def test_the_day_changes_by_itself_and_one_key_opens_the_next_patient(
    person: Person,
    live: Works,
    receptionist: Actor,
    booked: list[appointments.Appointment],
    waiting: None,
) -> None:
    await person.sign_in("doctor")
    page = person.page
    await expect(page.locator(".live-chip")).to_have_text("Live")
    await expect(page.locator(".next-card")).to_contain_text("Next expected")
    await expect(page.get_by_text("Moderate risk")).to_be_visible()
    await expect(page.locator("#h-notes + .count")).to_have_text("2")
    await expect(page.get_by_text("Potassium 6.8")).to_be_visible()
    await page.evaluate("window.neverReloaded = true")
    async with live.begin(receptionist) as uow:
        await appointments.record_arrival(uow, booked[1].id)
    await expect(page.locator(".next-card")).to_contain_text("Mara Second")
    await expect(page.locator("#live-polite")).to_have_text("1 patient waiting")
    await a_task(live, pool_id=DOCTORS, title="Somebody has just asked")
    await expect(page.get_by_text("Somebody has just asked")).to_be_visible()
    assert await page.evaluate("window.neverReloaded") is True
    for name, (width, height) in SIZES.items():
        await page.set_viewport_size({"width": width, "height": height})
        await picture(person, name)
        await person.expect_accessible()
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(overflow) <= 0, f"{name}: the page is wider than the screen"
    await person.press("?")
    await expect(page.get_by_role("dialog")).to_contain_text("Open the next patient")
    await person.press("Escape")
    await person.press("n")
    await page.wait_for_url("**/encounters/*")
    await expect(page.locator(".banner")).to_contain_text("Second")
    await person.go("/")
    await expect(page.locator(".next-card")).to_contain_text("Continue with")
    await person.press("n")
    await page.wait_for_url("**/encounters/*")


async def picture(person: Person, name: str) -> None:
    if PICTURES:
        for scheme in ("light", "dark"):
            await person.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            target = Path(PICTURES) / f"day-{name}-{scheme}.png"
            await person.page.screenshot(path=target, full_page=True)
