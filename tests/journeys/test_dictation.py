"""A doctor dictates, is interrupted in every way, checks, signs, and finds the note again."""

import re

import pytest
from playwright.async_api import expect

from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.identity import PASSWORD
from tests.builders.patients import a_patient
from tests.journeys.person import Person

pytestmark = pytest.mark.speech

TRANSCRIBED_WITHIN = 90_000
SENT_WITHIN = 30_000


async def start_encounter(person: Person) -> None:
    await person.press("/")
    await person.type("okafor 14-Jul-1945")
    await expect(person.page.get_by_role("link", name="Okafor-Lind, Mara")).to_be_visible()
    await person.press("ArrowDown", "Enter")
    await person.page.wait_for_url(re.compile("/patients/"))
    await person.settled()
    await person.tab_to(person.page.get_by_label("Reason for the visit"))
    await person.type("headache for five days")
    await person.press("Enter")
    await person.page.wait_for_url(re.compile("/encounters/"))
    await person.settled()


async def state_is(person: Person, state: str, *, within: float = 10_000) -> None:
    recorder = person.page.locator("dra-recorder")
    await expect(recorder).to_have_attribute("data-state", state, timeout=within)


async def dictated_seconds_reach(person: Person, seconds: int) -> None:
    """The time shown is that of the sound, not of the wall."""
    await person.page.wait_for_function(
        """(seconds) => {
            const [minutes, rest] = document.querySelector(".rec-time").textContent.split(":");
            return Number(minutes) * 60 + Number(rest) >= seconds;
        }""",
        arg=seconds,
        timeout=60_000,
    )


async def test_dictate_reload_lose_the_network_sign_add_print_and_find_again(
    person: Person, works: Works, doctor: Actor, worker: None
) -> None:
    await a_patient(works, doctor)
    await person.sign_in("doctor")
    await start_encounter(person)
    await dictate_with_a_reload_and_without_network(person)
    await open_the_draft(person)
    await edit_and_sign(person)
    await add_an_addendum(person)
    await look_where_it_comes_from_and_print(person)
    await find_it_again(person)


async def dictate_with_a_reload_and_without_network(person: Person) -> None:
    page = person.page
    page.on("dialog", lambda dialog: dialog.accept())
    kept = page.locator(".rec-safe")
    await state_is(person, "locked")
    await person.activate(person.button("Patient agrees to recording"))
    await state_is(person, "idle")
    await person.press("F2")
    await state_is(person, "recording")
    await dictated_seconds_reach(person, 5)

    await page.reload()
    await person.settled()
    await state_is(person, "interrupted")
    await person.press("F2")
    await state_is(person, "recording")

    await page.context.set_offline(True)
    await expect(kept).to_contain_text("kept in this browser", timeout=20_000)
    await dictated_seconds_reach(person, 14)
    await page.context.set_offline(False)
    await expect(kept).to_contain_text("safe on the server", timeout=25_000)

    await person.press("F2")
    await state_is(person, "paused")
    await person.press("F2")
    await state_is(person, "recording")
    await dictated_seconds_reach(person, 20)
    await person.press("F9")
    await state_is(person, "done", within=SENT_WITHIN)


async def open_the_draft(person: Person) -> None:
    page = person.page
    await expect(page.locator("dra-transcript")).to_contain_text("headache", timeout=60_000)
    await person.expect_accessible()
    to_draft = person.link("Open the draft")
    await expect(to_draft).to_be_visible(timeout=TRANSCRIBED_WITHIN)
    await person.activate(to_draft)
    await page.wait_for_url(re.compile("/notes/"))
    await person.settled()
    await expect(page.get_by_text("a demo model")).to_be_visible()
    await person.expect_accessible()


async def edit_and_sign(person: Person) -> None:
    page = person.page
    follow_up = page.get_by_label("Follow up")
    await person.tab_to(follow_up)
    await person.press("Control+End")
    await person.type(" Recheck blood pressure in 3 weeks.")
    await expect(page.locator(".save-state")).to_have_text(re.compile("^Saved \\d"))
    await page.reload()
    await person.settled()
    await expect(follow_up).to_have_value(re.compile("in 3 weeks"))
    await person.press("Control+Enter")
    await sign(person)
    await expect(page.get_by_role("heading", name="Signed")).to_be_visible()
    await expect(page.get_by_text("I wrote this note")).to_be_visible()
    await person.expect_accessible()


async def add_an_addendum(person: Person) -> None:
    await person.tab_to(person.page.get_by_label("Addendum", exact=True))
    await person.type("Laboratory called: potassium 4.1.")
    await person.activate(person.button("Sign the addendum"))
    added = person.page.get_by_role("region", name="Addendum 1")
    await expect(added).to_contain_text("potassium 4.1")


async def look_where_it_comes_from_and_print(person: Person) -> None:
    page = person.page
    await person.activate(person.link("Provenance"))
    await expect(page.get_by_text("Everything matches")).to_be_visible()
    await person.expect_accessible()
    await person.activate(person.link("Back to the note"))
    await person.activate(person.link("Print view"))
    await expect(page.locator(".print-sheet")).to_contain_text("potassium 4.1")
    await person.expect_accessible()


async def find_it_again(person: Person) -> None:
    await person.go("/notes")
    await person.press("/")
    await person.type("potass")
    await person.press("Enter")
    await expect(person.link("Mara Okafor-Lind")).to_be_visible()
    await person.expect_accessible()


async def sign(person: Person) -> None:
    """Accept what is uncertain, leave empty what is empty, and sign."""
    dialog = person.page.get_by_role("dialog", name="Sign this note")
    await expect(dialog).to_be_visible()
    await person.expect_accessible()
    for check in await dialog.get_by_role("checkbox").all():
        await person.tab_to(check)
        if not await check.is_checked():
            await person.press("Space")
    await person.tab_to(dialog.get_by_label("Your password"))
    await person.type(PASSWORD)
    await person.press("Enter")
    await expect(dialog).to_be_hidden()
    await person.settled()
