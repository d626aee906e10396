"""A receptionist's day at the calendar: by mouse and by keyboard, told and taken back."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, ConsoleMessage, expect

from app import assembly, patients
from app.infra.embedded import StoreUrls
from app.infra.opening import open_works
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.appointments import an_appointment
from tests.builders.availability import Clinic, a_room, a_visit_type, a_week, working_hours
from tests.builders.patients import a_patient
from tests.builders.waiting_list import somebody_waiting
from tests.conftest import FrozenClock
from tests.journeys.calendar_page import CalendarPage, zone_where_it_is_nine
from tests.journeys.conftest import somebody
from tests.journeys.person import Person

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
TABLET = {"width": 820, "height": 1180}
DESK = {"width": 1280, "height": 800}


@pytest.fixture
def zone() -> ZoneInfo:
    return zone_where_it_is_nine()


@pytest.fixture
def environment(environment: dict[str, str], zone: ZoneInfo) -> dict[str, str]:
    return {**environment, "DRA_TIME_ZONE": zone.key}


@pytest.fixture
def clock(zone: ZoneInfo) -> FrozenClock:
    """The book is filled before the clinic opens, on the day it really is: browsers cannot wait."""
    frozen = FrozenClock()
    opening = datetime.combine(datetime.now(zone).date(), time(6), zone)
    frozen.at = opening.astimezone(UTC)
    return frozen


@pytest.fixture
async def works(urls: StoreUrls, clock: FrozenClock, zone: ZoneInfo) -> AsyncIterator[Works]:
    async with open_works(
        urls,
        subscriptions=assembly.subscriptions(),
        clock=clock,
        documents=assembly.DOCUMENTS,
        zone=zone,
    ) as opened:
        yield opened


@pytest.fixture
async def clinic(works: Works, receptionist: Actor, doctor: Actor, other_doctor: Actor) -> Clinic:
    visit_type = await a_visit_type(works, receptionist)
    room = await a_room(works, receptionist)
    hours = a_week((("07:00", "12:00"), ("13:00", "19:00")), EVERY_DAY)
    for each in (doctor, other_doctor):
        await working_hours(works, receptionist, each, hours)
    return Clinic(visit_type=visit_type, room=room, doctor=doctor)


@pytest.fixture
async def mara(works: Works, receptionist: Actor) -> patients.Patient:
    return await a_patient(works, receptionist)


@pytest.fixture
async def noor(works: Works, receptionist: Actor) -> patients.Patient:
    return await a_patient(works, receptionist, given_name="Noor", family_name="Haddad")


@pytest.fixture
async def desk(person: Person, zone: ZoneInfo, clinic: Clinic) -> CalendarPage:
    """A receptionist, signed in."""
    await person.sign_in("receptionist")
    return CalendarPage(person, zone)


Booking = Callable[..., Awaitable[None]]


@pytest.fixture
def booked(works: Works, receptionist: Actor, clinic: Clinic, zone: ZoneInfo) -> Booking:
    """Books a patient with the doctor, tomorrow or some days on."""

    async def book(patient: patients.Patient, clock: str, *, days: int = 1) -> None:
        day = datetime.now(zone).date() + timedelta(days=days)
        wall = datetime.combine(day, time.fromisoformat(clock), zone)
        await an_appointment(
            works, receptionist, clinic, wall.astimezone(UTC), patient_id=patient.id
        )

    return book


@pytest.fixture
def waiting(works: Works, receptionist: Actor, clinic: Clinic) -> Booking:
    """Put a patient on the waiting list for any time with anyone."""

    async def wait(patient: patients.Patient) -> None:
        await somebody_waiting(works, receptionist, clinic.visit_type.id, patient_id=patient.id)

    return wait


@pytest.fixture
async def nurses_person(browser: Browser, site: str, nurse: Actor) -> AsyncIterator[Person]:
    """Somebody else at another screen."""
    async with somebody(browser, site) as one:
        await one.sign_in("nurse")
        yield one


async def test_three_clicks_book_a_known_patient(
    desk: CalendarPage, doctor: Actor, mara: patients.Patient
) -> None:
    await desk.open()
    await desk.person.expect_accessible()
    await desk.click_time("10:15", doctor.name)
    await desk.is_held()
    await desk.find("okaf")
    await desk.person.expect_accessible()
    await desk.dialog.get_by_role("option").first.click()
    await desk.button("Book").click()
    await expect(desk.event("10:15 to 10:45, Mara")).to_be_focused()
    await desk.is_told("Undo")
    await desk.person.expect_accessible()


async def test_somebody_new_is_registered_while_booking_by_keyboard(
    desk: CalendarPage, mara: patients.Patient
) -> None:
    person, dialog = desk.person, desk.dialog
    await desk.open()
    await person.press("g")
    await expect(desk.page.get_by_role("button", name=re.compile("free. Book$"))).to_be_focused()
    await person.press("ArrowDown", "ArrowDown", "Enter")
    await expect(dialog.get_by_role("combobox", name="Patient")).to_be_focused()
    await person.type("Mara Lindqvist")
    await expect(dialog).to_contain_text("No patient matches.")
    await person.activate(desk.button("Register a new patient"))
    await expect(dialog.get_by_label("Birth date")).to_be_focused()
    await person.expect_accessible()
    await person.press("Shift+Tab")
    await person.type("Okafor-Lind")
    await dialog.get_by_label("Birth date").fill("1945-07-14")
    await person.activate(desk.button("Register the patient"))
    await expect(dialog).to_contain_text("This may be somebody we already have")
    await expect(desk.button("Use this patient")).to_be_focused()
    await person.expect_accessible()
    await person.activate(desk.button("Another person: register all the same"))
    await expect(desk.button("Book")).to_be_focused()
    await person.press("Enter")
    await expect(desk.event("Mara Okafor-Lind, booked")).to_be_focused()


async def test_all_that_is_in_the_way_is_told_and_overbooked_with_a_reason(
    desk: CalendarPage,
    booked: Booking,
    doctor: Actor,
    mara: patients.Patient,
    noor: patients.Patient,
) -> None:
    await booked(mara, "10:00")
    await desk.open()
    dialog = desk.dialog
    await desk.click_time("10:45", doctor.name)
    await desk.find("haddad")
    await desk.person.press("Enter")
    await dialog.get_by_label("Reason").fill("a cough")
    await dialog.get_by_label("Time", exact=True).fill("10:15")
    conflicts = dialog.locator(".cal-conflicts")
    await expect(conflicts).to_contain_text(f"{doctor.name} is taken, 10:00 to 10:30.")
    await expect(conflicts.locator(".cal-slot")).to_have_count(3)
    await expect(dialog.get_by_label("Reason")).to_have_value("a cough")
    await desk.person.expect_accessible()
    await conflicts.locator(".cal-slot", has_text="10:30").click()
    await desk.is_held()
    await expect(conflicts).to_be_hidden()
    await dialog.get_by_label("Time", exact=True).fill("10:15")
    await conflicts.get_by_label("Or book all the same").fill("in pain")
    await conflicts.get_by_role("button", name="Book anyway").click()
    over = desk.event("10:15 to 10:45, Noor Haddad, booked, overbooked")
    await expect(over).to_be_focused()
    await desk.person.press("Enter")
    await expect(desk.panel).to_contain_text("in pain")
    await desk.person.expect_accessible()
    await desk.person.press("Escape")
    await expect(over).to_be_focused()


async def test_dragging_moves_and_undo_takes_it_back(
    desk: CalendarPage, booked: Booking, other_doctor: Actor, mara: patients.Patient
) -> None:
    await booked(mara, "08:00")
    await desk.open()
    await desk.drag("08:00 to 08:30, Mara", "10:00", other_doctor.name)
    moved = desk.event("10:00 to 10:30, Mara")
    await expect(moved).to_have_accessible_name(re.compile(other_doctor.name))
    await desk.is_told("moved to")
    await desk.page.locator("#toasts").get_by_role("button", name="Undo").click()
    await expect(desk.event("08:00 to 08:30, Mara")).to_be_focused()


async def test_a_drag_onto_taken_time_is_explained_in_the_move_dialog(
    desk: CalendarPage,
    booked: Booking,
    doctor: Actor,
    mara: patients.Patient,
    noor: patients.Patient,
) -> None:
    await booked(mara, "08:00")
    await booked(noor, "10:00")
    await desk.open()
    await desk.drag("08:00 to 08:30, Mara", "10:00", doctor.name)
    await expect(desk.dialog).to_contain_text(f"{doctor.name} is taken, 10:00 to 10:30.")
    await expect(desk.event("08:00 to 08:30, Mara")).to_have_count(1)
    await desk.person.expect_accessible()
    await desk.dialog.locator(".cal-conflicts .cal-slot", has_text="10:30").click()
    await desk.button("Move").click()
    await expect(desk.event("10:30 to 11:00, Mara")).to_be_focused()


async def test_the_keyboard_takes_up_moves_and_puts_down(
    desk: CalendarPage, booked: Booking, mara: patients.Patient
) -> None:
    await booked(mara, "09:00")
    person = desk.person
    await desk.open()
    await person.press("g", "Home", "PageDown", "PageDown")
    await expect(desk.event("09:00 to 09:30, Mara")).to_be_focused()
    await person.press("Alt+ArrowDown", "ArrowDown")
    await expect(desk.page.locator(".cal-hint")).to_contain_text("09:30 to 10:00")
    await person.expect_accessible()
    await person.press("Escape")
    await expect(desk.event("09:00 to 09:30, Mara")).to_be_focused()
    await person.press("Alt+ArrowDown", "Alt+Shift+ArrowDown", "Enter")
    await expect(desk.event("09:15 to 10:00, Mara")).to_be_focused()
    await person.press("m")
    await expect(desk.dialog.get_by_label("Day", exact=True)).to_be_focused()
    await desk.dialog.get_by_label("Time", exact=True).fill("11:00")
    await person.activate(desk.button("Move"))
    await expect(desk.event("11:00 to 11:45, Mara")).to_be_focused()
    await person.press("z")
    await expect(desk.event("09:15 to 10:00, Mara")).to_be_focused()
    await person.press("?")
    await expect(desk.dialog).to_contain_text("Take the appointment up and move it")
    await person.expect_accessible()


async def test_who_waits_is_offered_the_time_of_a_cancellation(
    desk: CalendarPage,
    booked: Booking,
    waiting: Booking,
    mara: patients.Patient,
    noor: patients.Patient,
) -> None:
    await booked(mara, "09:00")
    await waiting(noor)
    await desk.open()
    await desk.event("09:00 to 09:30, Mara").click()
    await desk.panel.get_by_role("button", name="Cancel…").click()
    await desk.person.expect_accessible()
    await desk.dialog.get_by_label("Reason").fill("caught a cold")
    await desk.button("Cancel the appointment").click()
    await expect(desk.dialog).to_contain_text("1 person is waiting for a time like this")
    await desk.person.expect_accessible()
    await desk.button("Offer it to Noor Haddad").click()
    await expect(desk.dialog).to_contain_text("Held for Noor Haddad")
    await desk.button("Accepted").click()
    await expect(desk.dialog).to_contain_text("Booked for Noor Haddad")
    await desk.button("Done").click()
    await expect(desk.event("09:00 to 09:30, Noor Haddad, booked")).to_be_visible()


async def test_a_repeating_visit_is_moved_and_cancelled_in_part(
    desk: CalendarPage, doctor: Actor, mara: patients.Patient
) -> None:
    dialog = desk.dialog
    await desk.open()
    await desk.click_time("08:00", doctor.name)
    await desk.find("okaf")
    await desk.person.press("Enter")
    await dialog.get_by_label("Repeat").select_option("Every week")
    await dialog.get_by_label("Times in all").fill("4")
    await dialog.get_by_label("Times in all").press("Tab")
    await expect(dialog).to_contain_text("All 4 can be booked")
    await desk.person.expect_accessible()
    await desk.button("Book").click()
    await desk.is_told("4 appointments booked")
    await desk.open(desk.in_weeks(1))
    await desk.event("08:00 to 08:30, Mara").press("m")
    await dialog.get_by_label("Time", exact=True).fill("09:30")
    await dialog.get_by_label("This and the following ones").check()
    await desk.person.expect_accessible()
    await desk.button("Move").click()
    await expect(desk.event("09:30 to 10:00, Mara")).to_be_visible()
    await desk.open()
    await expect(desk.event("08:00 to 08:30, Mara")).to_be_visible()
    await desk.open(desk.in_weeks(2))
    await desk.event("09:30 to 10:00, Mara").click()
    await desk.panel.get_by_role("button", name="Cancel…").click()
    await dialog.get_by_label("Reason").fill("no longer needed")
    await dialog.get_by_label("Only this one").check()
    await desk.button("Cancel the appointment").click()
    await expect(desk.event("09:30 to 10:00, Mara")).to_have_count(0)
    await desk.open(desk.in_weeks(3))
    await expect(desk.event("09:30 to 10:00, Mara")).to_be_visible()


async def test_the_doctor_sees_an_arrival_at_once_and_a_step_is_taken_back(
    desk: CalendarPage, booked: Booking, browser: Browser, site: str, mara: patients.Patient
) -> None:
    await booked(mara, "11:00", days=0)
    await desk.open(desk.today)
    async with somebody(browser, site) as colleague:
        await colleague.sign_in("doctor")
        home = colleague.page.locator("main")
        await expect(home).to_contain_text("Mara Okafor-Lind")
        await desk.event("11:00 to 11:30, Mara").press("Enter")
        await desk.panel.get_by_role("button", name="Arrived").click()
        await expect(desk.panel.locator(".cal-status")).to_have_text("arrived")
        await expect(home.locator(".live-chip")).to_have_attribute("data-state", "live")
        await expect(home).to_contain_text("arrived")
        await expect(desk.page.locator(".cal-counts")).to_contain_text("Longest wait")
        await desk.person.expect_accessible()
        await desk.panel.get_by_role("button", name="In room").click()
        await expect(desk.panel.locator(".cal-status")).to_have_text("in room")
        await desk.panel.get_by_role("button", name="Undo").click()
        await expect(desk.panel.locator(".cal-status")).to_have_text("arrived")


async def test_a_no_show_is_noted_and_taken_back(
    desk: CalendarPage, booked: Booking, mara: patients.Patient
) -> None:
    await booked(mara, "08:00", days=0)
    await desk.open(desk.today)
    late = desk.event("08:00 to 08:30, Mara Okafor-Lind, booked, late")
    await late.press("Enter")
    await desk.panel.get_by_role("button", name="No-show").click()
    await expect(desk.panel.locator(".cal-status")).to_have_text("no-show")
    await desk.person.expect_accessible()
    await desk.panel.get_by_role("button", name="Undo").click()
    await expect(desk.panel.locator(".cal-status")).to_have_text("booked")
    await desk.person.press("Escape")
    await expect(late).to_be_focused()


async def test_two_people_see_each_others_holds_and_bookings(
    desk: CalendarPage, nurses_person: Person, doctor: Actor, mara: patients.Patient
) -> None:
    theirs = CalendarPage(nurses_person, desk.zone)
    await desk.open()
    await theirs.open()
    await desk.click_time("10:15", doctor.name)
    await desk.is_held()
    await expect(theirs.event("10:15 to 10:45, Held by")).to_be_visible()
    await theirs.person.expect_accessible()
    await theirs.click_time("10:00", doctor.name)
    await expect(theirs.dialog).to_contain_text(f"{doctor.name} is held by")
    await theirs.person.press("Escape")
    await desk.find("okaf")
    await desk.person.press("Enter")
    await expect(desk.button("Book")).to_be_focused()
    await desk.person.press("Enter")
    await expect(theirs.event("10:15 to 10:45, Mara Okafor-Lind, booked")).to_be_visible()


async def test_a_hold_is_given_back_when_the_dialog_closes(
    desk: CalendarPage, doctor: Actor
) -> None:
    await desk.open()
    await desk.click_time("10:15", doctor.name)
    await desk.is_held()
    await expect(desk.event("Held for you")).to_have_count(1)
    await desk.person.press("Escape")
    await expect(desk.event("Held for you")).to_have_count(0)
    await desk.open()
    await expect(desk.page.locator(".cal-event")).to_have_count(0)


async def test_somebody_without_an_appointment_is_put_on_the_list(
    desk: CalendarPage, doctor: Actor, mara: patients.Patient
) -> None:
    await desk.open(desk.today)
    await desk.person.press("i")
    await desk.find("okaf")
    await desk.person.press("Enter")
    await desk.dialog.get_by_label("Doctor", exact=True).select_option(doctor.name)
    await desk.person.expect_accessible()
    await desk.button("Record the arrival").click()
    await expect(desk.event("Mara Okafor-Lind, arrived")).to_be_focused()


async def test_a_patient_is_found_and_shown_when_they_come(
    desk: CalendarPage, booked: Booking, mara: patients.Patient
) -> None:
    await booked(mara, "09:00", days=3)
    await desk.open()
    await desk.person.press("/")
    await desk.person.type("okafor")
    await expect(desk.page.get_by_role("option").first).to_be_visible()
    await desk.person.press("Enter")
    await expect(desk.dialog).to_contain_text("born 14-Jul-1945")
    await desk.person.expect_accessible()
    await desk.button("Show", exact=False).click()
    await expect(desk.panel).to_contain_text("Mara Okafor-Lind")
    await expect(desk.event("09:00 to 09:30, Mara")).to_be_visible()


async def test_the_agenda_does_what_the_grid_does(
    desk: CalendarPage, booked: Booking, mara: patients.Patient
) -> None:
    await booked(mara, "11:00", days=0)
    person = desk.person
    await desk.open(desk.today, "agenda")
    await person.expect_accessible()
    row = desk.page.get_by_role("row", name=re.compile("Mara"))
    await person.activate(row.get_by_role("button", name="Arrived"))
    await expect(row).to_contain_text("arrived")
    await person.activate(row.get_by_role("button", name="Move…"))
    await desk.dialog.get_by_label("Time", exact=True).fill("11:30")
    await person.activate(desk.button("Move"))
    await expect(row).to_contain_text(re.compile("11:30.12:00"))
    await expect(row.get_by_role("button", name="Mara Okafor-Lind", exact=True)).to_be_focused()


async def test_every_view_is_accessible_and_fits_a_tablet(
    desk: CalendarPage, booked: Booking, mara: patients.Patient
) -> None:
    await booked(mara, "11:00")
    for view in ("day", "week", "agenda"):
        await desk.open(view=view)
        await desk.person.expect_accessible()
        await desk.page.set_viewport_size(TABLET)  # type: ignore[arg-type]
        width = await desk.page.evaluate("document.documentElement.scrollWidth")
        assert width <= TABLET["width"], view
        await desk.page.set_viewport_size(DESK)  # type: ignore[arg-type]
    await desk.person.go(f"/calendar/print?date={desk.tomorrow}")
    await desk.person.expect_accessible()


async def test_the_calendar_keeps_to_the_security_policy_and_to_the_clinics_time(
    browser: Browser, site: str, clinic: Clinic, zone: ZoneInfo, mara: patients.Patient
) -> None:
    """In a browser half a day away; without axe, which the policy itself would refuse."""
    context = await browser.new_context(base_url=site, timezone_id="Pacific/Chatham")
    page = await context.new_page()
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            said.append(message.text)

    page.on("console", listen)
    desk = CalendarPage(Person(page), zone)
    await desk.person.sign_in("receptionist")
    await desk.open()
    await desk.click_time("10:15", clinic.doctor.name)
    await desk.find("okaf")
    await desk.person.press("Enter")
    await desk.is_held()
    await desk.button("Book").click()
    await expect(desk.event("10:15 to 10:45, Mara")).to_be_visible()
    await desk.drag("10:15 to 10:45, Mara", "08:00", clinic.doctor.name)
    await expect(desk.event("08:00 to 08:30, Mara")).to_be_visible()
    await desk.is_told("08:00")
    await context.close()
    assert said == []
