"""Correcting a draft in two windows, without a network, and after the session has ended."""

import re
from uuid import UUID

import pytest
from playwright.async_api import BrowserContext, Page, expect

from app import identity
from app.clinical.notes import SectionKey
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.identity import PASSWORD
from tests.builders.notes import a_dictated_note, a_typed_note, amended, shown, signed
from tests.journeys.person import Person

SAVED = re.compile(r"^Saved \d")


async def open_note(person: Person, note_id: UUID) -> None:
    await person.sign_in("doctor")
    await person.go(f"/notes/{note_id}")


async def second_window(context: BrowserContext, note_id: UUID) -> Person:
    page: Page = await context.new_page()
    other = Person(page)
    await other.go(f"/notes/{note_id}")
    return other


async def replace(person: Person, label: str, text: str) -> None:
    await person.tab_to(person.page.get_by_label(label, exact=True))
    await person.press("Control+A")
    await person.type(text)


async def is_saved(person: Person) -> None:
    await expect(person.page.locator(".save-state")).to_have_text(SAVED)


async def test_two_windows_in_different_sections_keep_both(
    person: Person, works: Works, doctor: Actor
) -> None:
    note = await a_typed_note(works, doctor)
    await open_note(person, note.id)
    other = await second_window(person.page.context, note.id)
    await replace(other, "Follow up", "In two weeks.")
    await is_saved(other)
    await replace(person, "Treatment", "Rest.")
    await expect(person.page.get_by_label("Follow up", exact=True)).to_have_value("In two weeks.")
    await is_saved(person)
    stored = await shown(works, doctor, note.id)
    assert stored.body.sections[SectionKey.FOLLOW_UP].text == "In two weeks."
    assert stored.body.sections[SectionKey.TREATMENT].text == "Rest."


async def test_two_windows_in_the_same_section_ask_and_keep_both_texts(
    person: Person, works: Works, doctor: Actor
) -> None:
    note = await a_typed_note(works, doctor)
    await open_note(person, note.id)
    other = await second_window(person.page.context, note.id)
    await replace(other, "Treatment", "Fluids.")
    await is_saved(other)
    await replace(person, "Treatment", "Rest.")
    dialog = person.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Fluids.")
    await expect(dialog).to_contain_text("Rest.")
    await person.expect_accessible()
    await person.tab_to(dialog.get_by_label("Keep mine"))
    await person.press("ArrowDown", "ArrowDown")
    await person.activate(dialog.get_by_role("button", name="Save the result"))
    await is_saved(person)
    stored = await shown(works, doctor, note.id)
    assert stored.body.sections[SectionKey.TREATMENT].text == "Fluids.\nRest."


async def test_what_is_typed_without_a_network_outlives_a_reload(
    person: Person, works: Works, doctor: Actor
) -> None:
    note = await a_typed_note(works, doctor)
    await open_note(person, note.id)
    page = person.page
    page.on("dialog", lambda dialog: dialog.accept())
    await page.route("**/api/v1/notes/*/draft", lambda route: route.abort())
    await replace(person, "Treatment", "Rest and paracetamol.")
    await expect(page.locator(".save-state")).to_contain_text("cannot be reached")
    await person.expect_accessible()
    await page.reload()
    await person.settled()
    await expect(page.get_by_label("Treatment", exact=True)).to_have_value("Rest and paracetamol.")
    await page.unroute("**/api/v1/notes/*/draft")
    await is_saved(person)
    stored = await shown(works, doctor, note.id)
    assert stored.body.sections[SectionKey.TREATMENT].text == "Rest and paracetamol."


async def test_a_session_that_ends_while_typing_asks_for_the_password_and_loses_nothing(
    person: Person, works: Works, doctor: Actor
) -> None:
    note = await a_typed_note(works, doctor)
    await open_note(person, note.id)
    async with works.begin(doctor) as uow:
        for session in await identity.list_sessions(uow):
            await identity.sign_out(uow, session.id)
    await replace(person, "Treatment", "Rest at home.")
    dialog = person.page.get_by_role("dialog", name="Sign in again")
    await expect(dialog).to_be_visible()
    await person.expect_accessible()
    await person.type(PASSWORD)
    await person.press("Enter")
    await is_saved(person)
    await expect(person.page.get_by_label("Treatment", exact=True)).to_be_focused()
    stored = await shown(works, doctor, note.id)
    assert stored.body.sections[SectionKey.TREATMENT].text == "Rest at home."


async def test_uncertain_words_are_heard_accepted_and_corrected(
    person: Person, works: Works, doctor: Actor
) -> None:
    note = await a_dictated_note(works, doctor, doubtful=("bronchitis", "dry"))
    await open_note(person, note.id)
    doubts = person.page.get_by_role("region", name="Uncertain words")
    await expect(doubts.get_by_role("listitem")).to_have_count(2)
    await person.expect_accessible()
    await person.activate(person.button("Accept “bronchitis”"))
    await expect(doubts.get_by_role("listitem")).to_have_count(1)
    await person.activate(person.button("Edit “dry”"))
    await person.type("wet")
    await expect(doubts).to_contain_text("None left")
    await is_saved(person)


async def test_an_amendment_is_compared_with_what_was_signed_first(
    person: Person, works: Works, doctor: Actor
) -> None:
    first = await signed(works, doctor, await a_typed_note(works, doctor))
    await amended(works, doctor, first.id, {SectionKey.TREATMENT: "Amoxicillin 500 mg daily."})
    await open_note(person, first.id)
    page = person.page
    await expect(page.get_by_text("I amended this note")).to_be_visible()
    await person.activate(person.button("Show the difference"))
    await expect(page.get_by_role("heading", name="Changes that may matter")).to_be_visible()
    await expect(page.locator("ins").first).to_be_visible()
    await person.expect_accessible()
    await person.activate(person.link("Back to the note"))
    await person.activate(person.link("Revision 1"))
    await expect(page.get_by_text("the latest is revision 2")).to_be_visible()
    await expect(page.locator(".signed-note")).to_contain_text("Rest and fluids.")
    await expect(person.button("Sign the addendum")).to_have_count(0)
    await person.expect_accessible()


@pytest.mark.parametrize("answer", ["wrong-password-entirely"])
async def test_a_wrong_password_signs_nothing(
    person: Person, works: Works, doctor: Actor, answer: str
) -> None:
    note = await a_typed_note(works, doctor)
    await open_note(person, note.id)
    await person.press("Control+Enter")
    dialog = person.page.get_by_role("dialog", name="Sign this note")
    await expect(dialog).to_be_visible()
    await person.tab_to(dialog.get_by_label("Your password"))
    await person.type(answer)
    await person.press("Enter")
    await expect(dialog.get_by_role("alert")).to_contain_text("not your password")
    await person.expect_accessible()
    assert (await shown(works, doctor, note.id)).revision == 0
