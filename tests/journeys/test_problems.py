"""A doctor keeps the list of problems by keyboard: from the record, from a search, from a note."""

from uuid import UUID

from playwright.async_api import expect

from app.clinical import problems
from app.clinical.notes.body import SectionKey
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.encounters import an_encounter
from tests.builders.notes import a_typed_note
from tests.builders.patients import a_patient
from tests.builders.problems import a_loaded_release
from tests.journeys.person import Person

ASSESSMENT = "Acute bronchitis. No pneumonia. Hypertension, well controlled."


async def test_problems_are_taken_over_searched_and_named_by_a_note(
    person: Person, works: Works, doctor: Actor
) -> None:
    await a_loaded_release(works)
    patient = await a_patient(works, doctor, problems=["diabetes type 2"])
    encounter = await an_encounter(works, doctor, patient_id=patient.id)
    note = await a_typed_note(
        works, doctor, {SectionKey.DIAGNOSES: ASSESSMENT}, encounter_id=encounter.id
    )
    page = person.page
    await person.sign_in("doctor")
    await person.go(f"/patients/{patient.id}")
    await person.activate(page.get_by_role("link", name="Problems", exact=True).first)
    await person.settled()
    await expect(page.get_by_text("No problem is on the list")).to_be_visible()
    await person.expect_accessible()
    await person.activate(person.button("Take over as E11.9: diabetes type 2"))
    await expect(page.get_by_text("Every line of the record was taken over")).to_be_visible()
    await person.settled()
    await person.tab_to(page.get_by_label("Problem", exact=True).last)
    await person.type("high bl")
    await expect(page.get_by_role("option", name="I10")).to_be_visible()
    await person.expect_accessible()
    await person.press("Enter")
    await expect(
        page.get_by_text("I10 Essential (primary) hypertension", exact=True)
    ).to_be_visible()
    await person.activate(person.button("Add to the list"))
    await expect(page.get_by_text("I10 (ICD-10-CM, for tests)")).to_be_visible()
    await person.settled()
    change = page.get_by_text("Change Essential (primary) hypertension…")
    await person.activate(change)
    await person.activate(person.button("Resolved: Essential (primary) hypertension"))
    await expect(page.get_by_role("heading", name="Over or resting")).to_be_visible()
    await person.settled()
    await person.expect_accessible()

    await person.go(f"/notes/{note.id}")
    panel = page.get_by_role("region", name="Diagnoses named here")
    await expect(panel.get_by_text("J20.9 Acute bronchitis, unspecified")).to_be_visible()
    await expect(panel.get_by_text("Pneumonia")).to_have_count(0)
    await person.expect_accessible()
    await person.activate(person.button("Add to problems: J20.9 Acute bronchitis, unspecified"))
    await expect(panel.get_by_text("J20.9 Acute bronchitis, unspecified")).to_have_count(0)
    await person.activate(person.button("Not this one: I10 Essential (primary) hypertension"))
    await expect(panel.get_by_text("No further diagnosis is named.")).to_be_visible()
    async with works.begin(doctor) as uow:
        listed = {each.code: each for each in await problems.problems_of(uow, patient.id)}
    assert {code: each.clinical_status.value for code, each in listed.items()} == {
        "E11.9": "active",
        "I10": "resolved",
        "J20.9": "active",
    }
    assert listed["J20.9"].encounter_id == encounter.id
    assert listed["E11.9"].written_as == "diabetes type 2"
    await print_the_chart(person, patient.id)


async def print_the_chart(person: Person, patient_id: UUID) -> None:
    await person.go(f"/patients/{patient_id}")
    await person.activate(person.page.get_by_text("More", exact=True))
    await person.activate(person.link("Chart to print"))
    await person.settled()
    await expect(person.page.get_by_role("heading", name="Patient chart")).to_be_visible()
    await expect(person.page.get_by_text("Acute bronchitis, unspecified")).to_be_visible()
    await expect(person.page.get_by_text("No signed note.")).to_be_visible()
    await person.expect_accessible()
