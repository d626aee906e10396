"""A doctor's morning without a mouse: from the first patient of the day to the last signature."""

import dataclasses
import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import expect

from app.clinical import notes, orders, problems
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.kernel.clock import SystemClock
from app.scheduling import appointments
from tests.builders.appointments import an_arrival, new_booking
from tests.builders.availability import a_clinic
from tests.builders.encounters import an_encounter, an_encounter_to_record
from tests.builders.notes import a_dictated_note, a_typed_note, signed
from tests.builders.patients import a_patient
from tests.builders.prescriptions import SPIRONOLACTONE, a_formulary, an_issued
from tests.builders.problems import a_loaded_release
from tests.builders.results import a_result, potassium
from tests.builders.work_queues_rosters import DOCTORS
from tests.builders.work_queues_tasks import a_task
from tests.journeys.person import Person

PICTURES = os.environ.get("DRA_PICTURES")  # a folder to look at afterwards
LAPTOP, TABLET = (1280, 800), (820, 1180)
SPOKEN = (
    "subjective",
    "the patient feels well",
    "objective",
    "blood pressure is high",
    "assessment",
    "hypertension",
    "plan",
    "start lisinopril 10 milligrams once daily",
    "order c b c",
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Morning:
    """Who comes, and what waits."""

    booked: list[appointments.Appointment]
    draft: notes.NoteOut

    @property
    def first(self) -> UUID:
        assert self.booked[0].patient_id is not None
        return self.booked[0].patient_id


@pytest.fixture
async def live(works: Works) -> Works:
    return dataclasses.replace(works, clock=SystemClock())


@pytest.fixture
async def morning(live: Works, works: Works, receptionist: Actor, doctor: Actor) -> Morning:
    """Three are booked and one of them is here; a draft, a result and a task have waited."""
    await a_formulary(live)
    await a_loaded_release(live)
    clinic = await a_clinic(works, receptionist, doctor)
    booked = []
    for number, name in enumerate(("Okafor-Lind", "Second", "Third")):
        who = await a_patient(live, doctor, family_name=name, allergies=[], medications=[])
        async with live.begin(receptionist) as uow:
            begins = uow.now.replace(second=0, microsecond=0)
            if (begins + timedelta(minutes=20)).date() != begins.date():
                begins -= timedelta(minutes=25)  # the day is nearly over; it must be today's
            new = new_booking(
                clinic,
                who.id,
                begins + timedelta(minutes=5 * number),
                duration_minutes=5,
                reason="blood pressure" if not number else "cough",
                override={"reason": "test"},
            )
            booked.append(await appointments.book_appointment(uow, new))
    await an_arrival(live, receptionist, booked[0].id)
    first = booked[0].patient_id
    assert first is not None
    await an_issued(works, doctor, first, SPIRONOLACTONE)
    earlier = await an_encounter(works, doctor, patient_id=first)
    await signed(works, doctor, await a_typed_note(works, doctor, encounter_id=earlier.id))
    visit = await an_encounter_to_record(live, doctor, patient_id=first)
    draft = await a_dictated_note(live, doctor, SPOKEN, encounter_id=visit.id)
    await a_result(live, doctor, potassium(5.6), patient_id=first)
    await a_task(live, by=doctor, pool_id=DOCTORS, patient_id=first, title="Call the pharmacy")
    return Morning(booked=booked, draft=draft)


async def look(person: Person, name: str) -> None:
    """Nothing for axe to complain about, nothing wider than a tablet or a laptop; a picture."""
    page = person.page
    await person.settled()
    await person.expect_accessible()
    for width, height in (TABLET, LAPTOP):
        await page.set_viewport_size({"width": width, "height": height})
        if PICTURES:
            await page.emulate_media(color_scheme="light")
            target = Path(PICTURES) / f"{name}-{width}.png"
            await page.screenshot(path=target, full_page=width < LAPTOP[0])
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await page.evaluate(overflow) <= 0, f"{name}: wider than {width}"


async def go_home(person: Person) -> None:
    await person.activate(person.link("Home"))
    await person.page.wait_for_url("**/")
    await person.settled()


async def test_a_morning_from_the_first_patient_to_the_last_signature(
    person: Person, live: Works, receptionist: Actor, doctor: Actor, morning: Morning
) -> None:
    await person.sign_in("doctor")
    await look_at_the_day(person, live, receptionist, morning)
    await read_the_chart(person)
    await take_what_was_said(person)
    await prescribe(person)
    await order(person)
    await acknowledge(person)
    await sign_what_waits(person)
    await see_the_next(person)
    async with live.begin(doctor) as uow:
        listed = await problems.problems_of(uow, morning.first)
        waiting = await orders.open_items(uow, morning.first)
    assert [each.code for each in listed] == ["I10"]
    assert [each.orderable_key for each in waiting] == ["cbc"]


async def look_at_the_day(
    person: Person, live: Works, receptionist: Actor, morning: Morning
) -> None:
    page = person.page
    await expect(page.locator(".live-chip")).to_have_text("Live")
    await expect(page.locator(".next-card")).to_contain_text("Mara Okafor-Lind")
    await expect(page.locator("#h-notes + .count")).to_have_text("1")
    await expect(page.locator("#h-results + .count")).to_have_text("1")
    await expect(person.link("Call the pharmacy")).to_be_visible()
    await page.evaluate("window.neverReloaded = true")
    async with live.begin(receptionist) as uow:
        await appointments.record_arrival(uow, morning.booked[1].id)
    await expect(page.locator("#live-polite")).to_have_text("2 patients waiting")
    assert await page.evaluate("window.neverReloaded") is True
    await look(person, "home")
    await person.press("n")
    await page.wait_for_url("**/encounters/*")
    await look(person, "encounter")


async def read_the_chart(person: Person) -> None:
    """From the visit to the record, to a note beside its history, to the draft that waits."""
    page = person.page
    await person.activate(person.link("Okafor-Lind, Mara"))
    await page.wait_for_url("**/patients/*")
    await person.settled()
    rows = page.locator("[data-row]")
    await person.activate(page.get_by_text("More", exact=True))
    await expect(person.link("Chart to print")).to_be_visible()
    await look(person, "chart-more")
    await person.press("Escape")
    await expect(person.link("Chart to print")).to_be_hidden()
    await person.press("f")
    await person.type("bronchitis")
    await person.press("Enter")
    await expect(rows).to_have_count(1)
    await person.press("ArrowDown", "Enter")
    side = page.locator("[data-side]")
    await expect(side.get_by_role("heading", name="SOAP note")).to_be_focused()
    await look(person, "chart-beside")
    await person.press("Escape")
    await expect(side).to_be_hidden()
    await person.press("f", "Control+A", "Delete", "Enter")
    await expect(rows.nth(1)).to_be_visible()
    await person.press("ArrowDown")
    draft = rows.filter(has_text="draft").get_by_role("link")
    for _ in range(await rows.count()):
        if await draft.evaluate("(link) => link === document.activeElement"):
            break
        await person.press("j")
    await person.press("Enter")
    await page.wait_for_url("**/notes/*")


async def take_what_was_said(person: Person) -> None:
    """F8 leads from one thing that waits beside the note to the next."""
    page = person.page
    await look(person, "draft")
    await person.tab_to(page.get_by_label("Treatment"))
    await person.press("F8")
    await expect(person.button("Take it")).to_be_focused()
    await person.press("Enter")
    await expect(person.link("Open the prescription")).to_be_focused()
    await person.press("F8")
    await expect(person.button("Put into the draft: CBC")).to_be_focused()
    await person.press("Enter")
    await expect(person.link("Open the orders")).to_be_visible()
    await person.press("F8")
    await expect(person.button("Add to problems: I10")).to_be_focused()
    await person.press("Enter")
    await expect(page.get_by_text("No further diagnosis is named.")).to_be_visible()


async def prescribe(person: Person) -> None:
    """Past a warning, with a reason, to a signature, and back to the note."""
    page = person.page
    await person.activate(person.link("Open the prescription"))
    await page.wait_for_url("**/prescriptions/*")
    await look(person, "prescription")
    await person.activate(person.link("Change Lisinopril"))
    await person.settled()
    await person.tab_to(page.get_by_label("Route"))
    await person.type("oral")
    await look(person, "medicine")
    await person.activate(person.button("Save this medicine"))
    await expect(page.get_by_text("Not said yet")).to_have_count(0)
    await person.settled()
    await person.tab_to(page.get_by_label("Why it is prescribed all the same"))
    await person.type("Potassium is measured on Friday.")
    await person.press("Enter")
    await expect(page.get_by_text("Prescribed all the same: Potassium")).to_be_visible()
    await person.settled()
    tick = page.get_by_label("could not be made")
    await person.tab_to(tick)
    await person.press("Space")
    await person.activate(person.button("Go on without"))
    await expect(tick).to_have_count(0)
    await person.settled()
    await person.activate(person.button("Sign and issue"))
    await expect(page.get_by_text("issued", exact=True)).to_be_visible()
    await person.settled()
    await person.activate(person.link("The note it comes from"))
    await page.wait_for_url("**/notes/*")


async def order(person: Person) -> None:
    page = person.page
    await person.settled()
    await person.activate(person.link("Open the orders"))
    await page.wait_for_url("**/orders?note=*")
    await look(person, "order")
    await person.activate(person.button("Place the order"))
    await expect(person.link("Requisition").first).to_be_visible()
    await person.settled()
    await expect(page.locator("#h-open + .count")).to_have_text("1")
    await expect(person.link("Back to the note")).to_be_visible()


async def acknowledge(person: Person) -> None:
    page = person.page
    await go_home(person)
    await person.activate(person.link("Potassium"))
    await page.wait_for_url("**/results/*")
    await look(person, "result")
    await person.activate(person.button("Acknowledge", exact=True))
    await expect(page.get_by_text("Acknowledged by Dr. Ada Winter")).to_be_visible()
    await go_home(person)
    await expect(page.get_by_text("Every result is acknowledged.")).to_be_visible()


async def sign_what_waits(person: Person) -> None:
    page = person.page
    waiting = page.get_by_role("region", name="To check and sign")
    await person.activate(waiting.get_by_role("link", name="Mara Okafor-Lind"))
    await page.wait_for_url("**/notes/*")
    await person.settled()
    await sign(person)
    await look(person, "signed")
    await go_home(person)
    await expect(page.get_by_text("Nothing is waiting for your signature.")).to_be_visible()


async def see_the_next(person: Person) -> None:
    """The first visit ends, the second is written by hand, and nothing is left to sign."""
    page = person.page
    await person.press("n")
    await end_the_visit(person)
    await go_home(person)
    await expect(page.locator(".next-card")).to_contain_text("Mara Second")
    await person.press("n")
    await page.wait_for_url("**/encounters/*")
    await expect(page.locator(".banner")).to_contain_text("Second, Mara")
    await person.activate(person.button("Write by hand"))
    await page.wait_for_url("**/notes/*")
    await person.settled()
    await person.tab_to(page.get_by_label("Chief complaint"))
    await person.type("Cough for three days.")
    await expect(page.locator(".save-state")).to_contain_text("Saved ")
    await sign(person)
    await person.activate(person.link("Back to the encounter"))
    await end_the_visit(person)
    await go_home(person)
    await expect(page.locator(".next-card")).to_contain_text("Mara Third")
    await expect(page.get_by_text("Nothing is waiting for your signature.")).to_be_visible()
    await look(person, "home-after")


async def end_the_visit(person: Person) -> None:
    await person.page.wait_for_url("**/encounters/*")
    await person.settled()
    await person.activate(person.button("Complete the encounter"))
    await expect(person.button("Complete the encounter")).to_have_count(0)
    await person.settled()


async def sign(person: Person) -> None:
    """Ctrl+Enter, what is empty stays empty, and one Enter more."""
    dialog = person.page.get_by_role("dialog", name="Sign this note")
    await person.press("Control+Enter")
    await expect(dialog).to_be_visible()
    for check in await dialog.get_by_role("checkbox").all():
        await person.tab_to(check)
        await person.press("Space")
    await person.press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(person.page.get_by_role("heading", name="Signed")).to_be_visible()
