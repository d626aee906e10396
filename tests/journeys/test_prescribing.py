"""By keyboard: from a dictated plan to a printed prescription, past a warning, never by itself."""

from uuid import UUID

from playwright.async_api import expect

from app.clinical import notes
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.notes import a_transcribed_recording, drafted
from tests.builders.prescriptions import SPIRONOLACTONE, a_formulary, an_issued
from tests.journeys.person import Person

PLAN = (
    "subjective",
    "the patient feels well",
    "objective",
    "blood pressure is high",
    "assessment",
    "hypertension",
    "plan",
    "start lisinopril 10 milligrams once daily",
    "stop warfarin",
)


async def test_a_dictated_plan_becomes_a_printed_prescription(
    person: Person, works: Works, doctor: Actor
) -> None:
    await a_formulary(works)
    recording = await a_transcribed_recording(works, doctor, PLAN)
    note = await drafted(works, doctor, recording.id)
    await an_issued(works, doctor, note.patient_id, SPIRONOLACTONE)
    await person.sign_in("doctor")
    await take_what_was_said(person, note)
    await say_what_was_not(person)
    await issue_past_a_warning(person)
    await put_another_on_and_off(person, note.patient_id)
    await go_through_it(person, note.patient_id)


async def take_what_was_said(person: Person, note: notes.NoteOut) -> None:
    page = person.page
    await person.go(f"/notes/{note.id}")
    panel = page.get_by_role("region", name="Medicines in the plan")
    await expect(panel.locator("[data-proposal]")).to_have_count(2)
    await expect(panel).to_contain_text("To be asked: the route.")
    await expect(panel).to_contain_text("there is nothing to stop")
    await person.expect_accessible()
    await person.activate(panel.get_by_role("button", name="Take it"))
    await person.activate(panel.get_by_role("link", name="Open the prescription"))
    await page.wait_for_url("**/prescriptions/*")
    await person.settled()
    await expect(page.get_by_text("Not said yet: the route.")).to_be_visible()
    await expect(page.get_by_text("Potassium may rise dangerously").first).to_be_visible()
    await person.expect_accessible()


async def say_what_was_not(person: Person) -> None:
    page = person.page
    await person.activate(page.get_by_role("link", name="Change Lisinopril"))
    await person.settled()
    check = page.get_by_role("region", name="Check", exact=True)
    await expect(check.get_by_text("1 warning,")).to_be_visible()
    await person.tab_to(page.get_by_label("Route"))
    await person.type("oral")
    await expect(page.get_by_text("Take 10 mg by mouth once a day.").last).to_be_visible()
    await person.expect_accessible()
    length = page.get_by_label("For how long")
    await person.tab_to(length)
    await person.type("ten")
    await person.activate(person.button("Save this medicine"))
    await expect(length).to_have_attribute("aria-invalid", "true")
    await length.fill("")
    await person.activate(person.button("Save this medicine"))
    await expect(page.get_by_text("Not said yet")).to_have_count(0)
    await person.settled()


async def issue_past_a_warning(person: Person) -> None:
    page = person.page
    await person.activate(person.button("Sign and issue"))
    await expect(page.get_by_role("alert").filter(has_text="There are warnings")).to_be_visible()
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
    await person.expect_accessible()
    await person.activate(person.link("Print view"))
    await expect(page.get_by_text("Take 10 mg by mouth once a day.")).to_be_visible()
    await expect(page.get_by_text("I prescribe this.")).to_be_visible()
    await person.expect_accessible()


async def put_another_on_and_off(person: Person, patient_id: UUID) -> None:
    """Found as one types, chosen with the arrow keys; taken off with a reason."""
    page = person.page
    await person.go(f"/patients/{patient_id}/medication")
    await person.activate(person.button("Prescribe…"))
    await page.wait_for_url("**/prescriptions/*")
    await person.settled()
    await person.tab_to(page.get_by_role("combobox", name="Medicine"))
    await person.type("coum")
    await expect(page.get_by_role("option", name="warfarin")).to_be_visible()
    await person.press("Enter")
    check = page.get_by_role("region", name="Check", exact=True)
    await expect(check.get_by_text("not checked,")).to_be_visible()
    await person.expect_accessible()
    await person.activate(person.button("Put it on the prescription"))
    await expect(page.get_by_text("Not said yet: how much")).to_be_visible()
    await person.settled()
    await person.activate(page.get_by_text("Take it off…"))
    await person.tab_to(page.get_by_label("Why it is taken off"))
    await person.type("Only looked.")
    await person.press("Enter")
    await expect(page.get_by_text("There is no medicine on it.")).to_be_visible()


async def go_through_it(person: Person, patient_id: UUID) -> None:
    page = person.page
    await person.go(f"/patients/{patient_id}/medication")
    taken = page.get_by_role("region", name="Taken now")
    await expect(taken).to_contain_text("Potassium is measured on Friday.")
    await expect(page.get_by_text("Nobody has asked yet what else")).to_be_visible()
    await person.expect_accessible()
    await person.activate(person.link("Go through it with the patient"))
    await person.settled()
    await person.tab_to(page.get_by_role("radio", name="takes it as written").first)
    await person.press("Space")
    await person.activate(person.button("Write it down"))
    await expect(page.get_by_text("Say what the patient told")).to_have_count(1)
    await person.expect_accessible()
    await page.get_by_role("group", name="Spironolactone").get_by_role("radio").last.focus()
    await person.press("Space")
    await person.activate(person.button("Write it down"))
    await expect(page.get_by_text("Patient: takes it as written")).to_be_visible()
