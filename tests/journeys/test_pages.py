"""Pages for everybody: accessible in light and dark, reachable by keyboard, true to the policy."""

import re
from datetime import date

import pytest
from playwright.async_api import Browser, ConsoleMessage, expect

from app import patients
from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from tests.builders.encounters import an_encounter, an_encounter_to_record
from tests.builders.formulary import the_starter
from tests.builders.identity import a_user
from tests.builders.notes import a_dictated_note, a_signed_note, with_addendum
from tests.builders.patients import a_patient
from tests.journeys.person import Person

TABLET = {"width": 820, "height": 1180}


async def test_a_doctors_pages_are_accessible(person: Person, works: Works, doctor: Actor) -> None:
    draft = await a_dictated_note(works, doctor, doubtful=("bronchitis",))
    note = await a_signed_note(works, doctor)
    await with_addendum(works, doctor, note.id)
    await the_starter(works)
    encounter = await an_encounter_to_record(works, doctor)
    await person.go("/login")
    await person.expect_accessible()
    await person.sign_in("doctor")
    for path in (
        "/",
        "/patients",
        "/patients/new",
        f"/patients/{note.patient_id}",
        f"/patients/{note.patient_id}/edit",
        f"/encounters/{encounter.id}",
        f"/recordings/{draft.recording_id}",
        f"/notes/{draft.id}",
        f"/notes/{note.id}",
        f"/notes/{note.id}/print",
        f"/notes/{note.id}/provenance",
        "/notes",
        "/formulary?q=amox",
        "/account",
        "/nothing-here",
    ):
        await person.go(path)
        await person.expect_accessible()
        await person.page.set_viewport_size(TABLET)  # type: ignore[arg-type]
        width = await person.page.evaluate("document.documentElement.scrollWidth")
        assert width <= TABLET["width"], f"{path} is wider than a tablet"
        await person.page.set_viewport_size({"width": 1280, "height": 800})


@pytest.mark.parametrize("role", [Role.NURSE, Role.RECEPTIONIST, Role.ADMIN])
async def test_pages_of_other_staff_are_accessible(
    person: Person, works: Works, doctor: Actor, role: Role
) -> None:
    await a_user(works, role)
    encounter = await an_encounter(works, doctor)
    await person.sign_in(role.value)
    for path in ("/", "/patients", f"/patients/{encounter.patient_id}", "/account"):
        await person.go(path)
        await person.expect_accessible()


async def test_a_patient_is_registered_and_a_namesake_is_asked_about(
    person: Person, works: Works, doctor: Actor
) -> None:
    await a_patient(works, doctor)
    page = person.page
    await person.sign_in("doctor")
    await person.go("/patients/new")
    await person.activate(person.button("Register"))
    await expect(page.get_by_label("Given name")).to_be_focused()
    await expect(page.get_by_text("Write the given name.")).to_be_visible()
    await person.expect_accessible()
    await person.type("Mara")
    await person.press("Tab")
    await person.type("Okafor-Lind")
    await page.get_by_label("Birth date").fill("1945-07-14")
    await person.tab_to(page.get_by_label("Allergies", exact=True))
    await person.type("penicillin")
    await person.activate(person.button("Register", exact=True))
    another = page.get_by_label("This is another person")
    await expect(another).to_be_visible()
    await person.expect_accessible()
    await another.check()
    await person.activate(person.button("Register", exact=True))
    await page.wait_for_url(re.compile(r"/patients/[0-9a-f-]{36}$"))
    await expect(page.get_by_role("region", name="Patient", exact=True)).to_contain_text(
        "penicillin"
    )
    async with works.begin(doctor) as uow:
        found, _ = await patients.find_patients(uow, "Okafor-Lind")
    assert sorted(len(one.allergies or []) for one in found) == [0, 1]
    assert {one.birth_date for one in found} == {date(1945, 7, 14)}


async def test_a_wrong_detail_is_told_at_its_field(
    person: Person, works: Works, doctor: Actor
) -> None:
    patient = await a_patient(works, doctor)
    await person.sign_in("doctor")
    await person.go(f"/patients/{patient.id}/edit")
    phone = person.page.get_by_label("Phone", exact=False).first
    await person.tab_to(phone)
    await person.press("Control+A")
    await person.type("call me")
    await person.activate(person.button("Save"))
    await expect(phone).to_have_attribute("aria-invalid", "true")
    await expect(phone).to_be_focused()
    await person.expect_accessible()


async def test_the_keys_are_listed_under_a_question_mark(
    person: Person, works: Works, doctor: Actor
) -> None:
    encounter = await an_encounter_to_record(works, doctor)
    await person.sign_in("doctor")
    await person.go(f"/encounters/{encounter.id}")
    await person.press("?")
    keys = person.page.get_by_role("dialog", name="Keys")
    await expect(keys).to_contain_text("Start, pause or continue dictation")
    await person.expect_accessible()
    await person.press("Escape")
    await expect(keys).to_be_hidden()


async def test_nothing_on_any_page_breaks_the_security_policy(
    browser: Browser, site: str, works: Works, doctor: Actor
) -> None:
    """Without axe, which would itself be refused: pages, microphone, editor, player."""
    draft = await a_dictated_note(works, doctor, doubtful=("bronchitis",))
    encounter = await an_encounter_to_record(works, doctor)
    context = await browser.new_context(base_url=site, permissions=["microphone"])
    page = await context.new_page()
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            said.append(message.text)

    page.on("console", listen)
    page.on("dialog", lambda dialog: dialog.accept())
    person = Person(page)
    await person.sign_in("doctor")
    await person.press("/")
    await person.type("okafor")
    await expect(page.locator(".results a").first).to_be_visible()
    await person.go(f"/notes/{draft.id}")
    await page.get_by_label("Treatment", exact=True).fill("Rest.")
    await expect(page.locator(".save-state")).to_have_text(re.compile(r"^Saved \d"))
    await person.go(f"/encounters/{encounter.id}")
    await person.press("F2")
    await expect(page.locator("dra-recorder")).to_have_attribute("data-state", "recording")
    await expect(page.locator(".rec-safe")).to_contain_text("safe", timeout=20_000)
    await context.close()
    assert said == []
