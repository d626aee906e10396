"""The desk checks somebody in, and the doctor sees it without reloading; and the way back."""

import dataclasses
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import Browser, expect

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.kernel.clock import SystemClock
from app.scheduling import appointments
from tests.builders.appointments import new_booking
from tests.builders.availability import a_clinic
from tests.builders.patients import a_patient
from tests.journeys.conftest import somebody
from tests.journeys.person import Person


@pytest.fixture
async def desk(browser: Browser, site: str) -> AsyncIterator[Person]:
    async with somebody(browser, site) as one:
        yield one


@pytest.fixture
async def expected(works: Works, receptionist: Actor, doctor: Actor) -> appointments.Appointment:
    """Somebody is booked with the doctor within this very quarter of an hour."""
    clinic = await a_clinic(works, receptionist, doctor)
    patient = await a_patient(works, receptionist)
    live = dataclasses.replace(works, clock=SystemClock())
    async with live.begin(receptionist) as uow:
        begins = uow.now.replace(second=0, microsecond=0)
        if (begins + timedelta(minutes=5)).date() != begins.date():
            begins -= timedelta(minutes=10)  # the day is nearly over; it must be today's
        override = {"reason": "test"}
        new = new_booking(clinic, patient.id, begins, duration_minutes=5, override=override)
        return await appointments.book_appointment(uow, new)


async def test_the_doctor_sees_who_has_come_without_reloading(
    person: Person, desk: Person, expected: appointments.Appointment
) -> None:
    await person.sign_in("doctor")
    await expect(person.page.locator(".live-chip")).to_have_text("Live")
    await expect(person.page.locator(".today-rows")).to_contain_text("booked")
    await person.page.evaluate("window.neverReloaded = true")
    await desk.sign_in("receptionist")
    await desk.activate(desk.button("Check in: Mara Okafor-Lind"))
    await expect(desk.page.get_by_text("Mara Okafor-Lind is checked in.")).to_be_visible()
    row = person.page.locator(".today-rows > li")
    await expect(row).to_contain_text("arrived")
    await expect(row).to_contain_text("waits 0 min")
    await expect(person.page.get_by_text("1 waiting")).to_be_visible()
    await expect(person.page.locator("#live-polite")).to_have_text("1 patient waiting")
    await person.expect_accessible()
    await desk.expect_accessible()
    await desk.activate(desk.button("Undo check-in: Mara Okafor-Lind"))
    await expect(row).to_contain_text("booked")
    assert await person.page.evaluate("window.neverReloaded") is True


async def test_a_visit_is_started_from_the_list_and_the_desk_sees_it(
    person: Person, desk: Person, expected: appointments.Appointment
) -> None:
    await desk.sign_in("receptionist")
    await desk.activate(desk.button("Check in: Mara Okafor-Lind"))
    await person.sign_in("doctor")
    await person.activate(person.button("Start visit: Mara Okafor-Lind"))
    await person.page.wait_for_url("**/encounters/*")
    await expect(desk.page.locator(".today-rows")).to_contain_text("with doctor")
    await person.go("/")
    await expect(person.link("Open visit: Mara Okafor-Lind")).to_be_visible()


async def test_a_list_that_is_no_longer_live_says_so(
    person: Person, expected: appointments.Appointment
) -> None:
    await person.sign_in("doctor")
    chip = person.page.locator(".live-chip")
    await expect(chip).to_have_text("Live")
    await person.page.context.set_offline(True)
    await expect(chip).to_contain_text("Offline: as of")
    await person.page.context.set_offline(False)
    await expect(chip).to_have_text("Live")
