"""A suspicion becomes reports, a call is logged, the report is filed: all of it by keyboard."""

import os
from pathlib import Path

from playwright.async_api import expect

from app import patients
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.patients import a_patient
from tests.journeys.person import Person

SIZES = ({"width": 1280, "height": 800}, {"width": 820, "height": 1180})
PICTURES = os.environ.get("DRA_PICTURES")  # a folder to look at every page in


async def expect_fit(person: Person, name: str) -> None:
    """Accessible in light and dark, and no wider than a desk or a tablet."""
    await person.expect_accessible()
    for size in SIZES:
        await person.page.set_viewport_size(size)  # type: ignore[arg-type]
        width = await person.page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], person.page.url
        if PICTURES:
            for scheme in ("light", "dark"):
                await person.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                file = Path(PICTURES) / f"{name}-{size['width']}-{scheme}.png"
                await person.page.screenshot(path=file, full_page=True)
    await person.page.set_viewport_size(SIZES[0])  # type: ignore[arg-type]


async def a_known_patient(works: Works, doctor: Actor) -> patients.Patient:
    return await a_patient(works, doctor, address="4 Invented Lane", allergies=[])


async def test_from_a_suspicion_to_a_filed_report(
    person: Person, works: Works, doctor: Actor
) -> None:
    page = person.page
    patient = await a_known_patient(works, doctor)
    await person.sign_in("doctor")
    await person.go(f"/patients/{patient.id}")
    await person.activate(person.page.get_by_text("More", exact=True))
    await person.activate(person.link("Report a suspicion"))
    await page.wait_for_url("**/suspicion")
    await person.settled()
    await expect(page.get_by_text("what is due then is shown here")).to_be_visible()

    await say_what_is_suspected(person)
    await page.wait_for_url("**/reports?saved=formed")
    await expect(page.get_by_text("now, as soon as practicable")).to_be_visible()
    await expect_fit(person, "list")
    await person.activate(person.link("Child abuse or neglect (California Penal Code 11166)"))
    await page.wait_for_url("**/reports/*-*")
    await person.settled()
    await expect_fit(person, "report")
    await call_write_and_file(person)
    await person.activate(person.link("Printable form"))
    await expect(page.get_by_text("Seen together with the nurse on duty.")).to_be_visible()
    await expect(page.get_by_text("Filed: sent")).to_be_visible()
    await expect_fit(person, "print")
    await person.go("/reports")
    await expect(page.get_by_text("Nothing is due.")).to_be_visible()


async def say_what_is_suspected(person: Person) -> None:
    """What is due follows what is chosen."""
    page = person.page
    await person.activate(person.button("Open these reports"))
    await expect(page.get_by_text("Choose what you suspect.", exact=True)).to_be_visible()
    await expect(page.get_by_label("What do you suspect?")).to_be_focused()
    await person.type("Serious threat to")
    await person.press("Tab")
    await expect(page.locator(".proposal")).to_have_count(3)
    await page.get_by_label("What do you suspect?").focus()
    await person.type("Child")
    await person.press("Tab")
    await expect(page.get_by_text("One report is due")).to_be_visible()
    await expect(page.locator(".proposal")).to_have_count(1)
    proposal = page.locator(".proposal")
    await expect(proposal.get_by_text("within 36 hours", exact=False).first).to_be_visible()
    await person.tab_to(page.get_by_label("What did you observe or hear?"))
    await person.type("Bruises of different ages on both forearms.")
    await expect_fit(person, "suspicion")
    await person.activate(person.button("Open these reports"))


async def call_write_and_file(person: Person) -> None:
    page = person.page
    await person.tab_to(page.get_by_label("Whom did you call?"))
    await person.type("County welfare department")
    await person.tab_to(page.get_by_label("Their reference").first)
    await person.type("26-1130-7")
    await person.activate(person.button("Log the call"))
    await expect(page.get_by_text("reported by telephone").first).to_be_visible()
    await expect(page.get_by_text("reference 26-1130-7", exact=True)).to_be_visible()
    await person.settled()

    text = page.get_by_label("Text", exact=True)
    await person.tab_to(text)
    await person.press("Control+End")
    await person.type("Seen together with the nurse on duty.")
    promise = page.get_by_label("as it was last saved, is what was sent")
    await promise.check()
    await person.activate(person.button("File the report"))
    await expect(page.get_by_text("Save the text first")).to_be_visible()
    await page.get_by_label("Text", exact=True).focus()
    await person.activate(person.button("Save the text"))
    await expect(page.get_by_text("Version 1, Dr. Ada Winter")).to_be_visible()
    await person.settled()
    await expect(page.get_by_label("Sent to, one a line")).to_have_value(
        "County welfare department"
    )
    await person.tab_to(promise)
    await person.press("Space")
    await person.activate(person.button("File the report"))
    await expect(page.get_by_role("heading", name="As it was filed")).to_be_visible()
    await expect(page.get_by_text("as filed", exact=True)).to_be_visible()
    await expect(person.button("File the report")).to_have_count(0)
    await expect_fit(person, "filed")


async def test_what_is_not_required_is_said_with_a_reason(
    person: Person, works: Works, doctor: Actor
) -> None:
    page = person.page
    patient = await a_known_patient(works, doctor)
    await person.sign_in("doctor")
    await person.go(f"/patients/{patient.id}/suspicion")
    await person.tab_to(page.get_by_label("What do you suspect?"))
    await person.type("Serious threat to")
    await person.press("Tab")
    await expect(page.locator(".proposal")).to_have_count(3)
    first = page.get_by_label("I hold this report not to be required").first
    await person.tab_to(first)
    await person.press("Space")
    reason = page.get_by_label("Why? Compliance sees this.").first
    await expect(reason).to_be_focused()
    await page.get_by_label("What did you observe or hear?").fill("Said it twice.")
    await person.activate(person.button("Open these reports"))
    await expect(page.get_by_text("Say why it is not required.")).to_be_visible()
    await expect(reason).to_be_focused()
    await expect_fit(person, "declining")
    await person.type("The police heard it themselves.")
    await person.activate(person.button("Open these reports"))
    await page.wait_for_url("**/reports?saved=formed")
    await expect(page.locator(".rows > li")).to_have_count(2)
    await person.activate(person.link("Closed"))
    await expect(page.get_by_text("The police heard it themselves.")).to_be_visible()
    await expect_fit(person, "closed")
