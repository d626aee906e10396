"""A receptionist plans: a week with a break, leave, a closing day, and who has to be moved."""

import re

from playwright.async_api import expect

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling import appointments, availability
from tests.builders.appointments import new_booking
from tests.builders.availability import a_clinic
from tests.builders.patients import a_patient
from tests.journeys.clock import next_weekday
from tests.journeys.person import Person


async def test_a_week_with_a_break_is_planned_by_keyboard(
    person: Person, works: Works, receptionist: Actor, doctor: Actor
) -> None:
    page = person.page
    await person.sign_in("receptionist")
    await person.go("/schedule")
    await expect(page.get_by_text("Until the first week is saved")).to_be_visible()
    await person.expect_accessible()
    add = page.get_by_role("button", name="Add hours on Monday")
    await person.activate(add)
    await expect(page.get_by_label("Monday, from")).to_be_focused()
    await person.press("Control+A")
    await person.type("8")
    await person.press("Tab")
    await person.press("Control+A")
    await person.type("1230")
    await person.activate(add)
    await expect(page.get_by_label("Monday, from").last).to_have_value("13:30")
    await expect(page.get_by_label("Monday, until").first).to_have_value("12:30")
    await person.activate(page.get_by_role("button", name="Copy until Friday"))
    await expect(page.get_by_label("Friday, from")).to_have_count(2)
    await expect(page.locator("dra-week dra-week-picture rect")).to_have_count(10)
    await person.activate(page.get_by_role("button", name="Save the working hours"))
    await expect(page.get_by_text("The working hours are saved.")).to_be_visible()
    await expect(page.get_by_text("40 h a week")).to_be_visible()
    await person.expect_accessible()
    async with works.begin(receptionist) as uow:
        [(_, spans)] = await availability.list_weekly_hours(uow, doctor.id)
    assert sorted((each.weekday, each.opens_minute, each.closes_minute) for each in spans) == [
        (weekday, opens, closes)
        for weekday in range(1, 6)
        for opens, closes in ((480, 750), (810, 1020))
    ]


async def test_hours_that_overlap_are_refused_at_their_place(
    person: Person, works: Works, receptionist: Actor, doctor: Actor
) -> None:
    await a_clinic(works, receptionist, doctor)
    page = person.page
    await person.sign_in("receptionist")
    await person.go("/schedule")
    second = page.get_by_label("Monday, from").last
    await second.fill("11:00")
    await person.activate(page.get_by_role("button", name="Save the working hours"))
    await expect(second).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_text("These hours overlap the ones before.")).to_be_visible()
    await expect(second).to_be_focused()
    await person.expect_accessible()


async def test_closing_the_clinic_tells_who_has_to_be_moved_and_moves_them(
    person: Person, works: Works, receptionist: Actor, doctor: Actor
) -> None:
    clinic = await a_clinic(works, receptionist, doctor)
    monday = next_weekday(1)
    for family_name, hour in (("First", 9), ("Second", 10)):
        patient = await a_patient(works, receptionist, family_name=family_name)
        async with works.begin(receptionist) as uow:
            starts_at = monday.replace(hour=hour)
            await appointments.book_appointment(uow, new_booking(clinic, patient.id, starts_at))
    page = person.page
    await person.sign_in("receptionist")
    await person.go("/schedule/clinic")
    await person.activate(page.get_by_text("Close the clinic", exact=True))
    await page.get_by_label("First day", exact=True).fill(monday.date().isoformat())
    await page.get_by_label("Last day", exact=True).fill(monday.date().isoformat())
    await person.activate(page.get_by_role("button", name="Close the clinic then"))
    await expect(page.get_by_text("2 appointments no longer fit")).to_be_visible()
    await expect(page.get_by_text("the clinic is closed").first).to_be_visible()
    await person.expect_accessible()
    one = page.get_by_role("group", name=re.compile("Move .* First to")).get_by_role("button").first
    await person.activate(one)
    await expect(page.get_by_text("1 appointment no longer fits")).to_be_visible()
    await person.activate(page.get_by_role("button", name="Move all to the next free time"))
    await expect(page.get_by_text("1 of 1 moved.")).to_be_visible()
    await expect(page.get_by_text("no longer fit")).to_have_count(0)


async def test_visit_types_and_rooms_are_kept_by_keyboard(
    person: Person, works: Works, receptionist: Actor, doctor: Actor
) -> None:
    page = person.page
    await person.sign_in("receptionist")
    await person.go("/schedule/clinic")
    await person.tab_to(page.get_by_label("Name", exact=True))
    await person.type("Group")
    await page.get_by_label("Patients at a time").fill("8")
    await page.get_by_label("Dr. Ada Winter").check()
    await person.activate(page.get_by_role("button", name="Add the visit type"))
    await expect(page.get_by_text("30 min, 8 patients at a time · Dr. Ada Winter")).to_be_visible()
    await person.settled()
    await page.get_by_label("Name of the new room").fill("Room 1")
    await person.press("Enter")
    await expect(page.get_by_text("The rooms are saved.")).to_be_visible()
    await person.activate(page.get_by_role("button", name="Retire: Room 1"))
    await expect(page.get_by_role("button", name="Use again: Room 1")).to_be_visible()
    await person.expect_accessible()
