"""A draft with a dangerous sentence: not signed, answered in place, signed."""

from playwright.async_api import expect

from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.notes import a_typed_note, shown
from tests.builders.patients import a_patient
from tests.crisis.signals.test_signals import TYPED
from tests.journeys.person import Person
from tests.journeys.test_notes import is_saved, open_note, replace


async def sign(person: Person) -> None:
    await person.press("Control+Enter")
    dialog = person.page.get_by_role("dialog", name="Sign this note")
    leave = dialog.get_by_label("Leave them empty")
    if await leave.count():
        await person.tab_to(leave)
        await person.press("Space")
    await person.activate(dialog.get_by_role("button", name="Sign the note"))


async def test_a_note_is_signed_after_its_danger_signs_are_answered(
    person: Person, works: Works, doctor: Actor
) -> None:
    note = await a_typed_note(works, doctor, TYPED)
    await open_note(person, note.id)
    page = person.page
    panel = page.get_by_role("region", name="Possible danger signs")
    waiting = panel.locator("[data-signal]")
    await expect(waiting).to_have_count(1)
    await expect(page.locator(".mirror .danger")).to_have_count(1)
    await expect(page.get_by_role("button", name="Possible danger sign:")).to_be_visible()
    await person.expect_accessible()
    await replace(person, "Treatment", "He bought a gun to kill himself.")
    await is_saved(person)
    await expect(waiting).to_have_count(2)
    await sign(person)
    await expect(page.get_by_role("heading", name="Possible danger signs")).to_be_focused()
    await expect(page.get_by_text("Not signed: confirm or dismiss")).to_be_visible()
    await person.expect_accessible()
    await person.activate(panel.get_by_role("button", name="Confirm", exact=False).first)
    await expect(waiting).to_have_count(1)
    await person.activate(panel.get_by_role("button", name="Not a danger sign", exact=False).first)
    dialog = page.get_by_role("dialog", name="Not a danger sign")
    await expect(dialog).to_be_visible()
    await person.expect_accessible()
    await person.type("A line of a play.")
    await person.activate(dialog.get_by_role("button", name="Not a danger sign"))
    await expect(waiting).to_have_count(0)
    await sign(person)
    await expect(page.get_by_text("I wrote this note")).to_be_visible()
    assert (await shown(works, doctor, note.id)).revision == 1
    await person.go(f"/patients/{note.patient_id}")
    card = page.get_by_role("region", name="Danger signs")
    await expect(card).to_contain_text("not a danger sign")
    await person.expect_accessible()


async def test_a_concern_is_raised_from_the_record(
    person: Person, works: Works, doctor: Actor
) -> None:
    patient = await a_patient(works, doctor)
    await person.sign_in("doctor")
    await person.go(f"/patients/{patient.id}")
    page = person.page
    await person.activate(page.get_by_text("Something you saw or heard"))
    await page.get_by_label("What it is about").select_option("Self-harm")
    await person.tab_to(page.get_by_label("In words"))
    await person.type("Fresh cuts on the left arm.")
    await person.expect_accessible()
    await person.activate(person.button("Raise the concern"))
    card = page.get_by_role("region", name="Danger signs")
    await expect(card).to_contain_text("Fresh cuts on the left arm.")
    await expect(card).to_contain_text("confirmed")
