"""A nurse writes a safety plan with a patient, by keyboard, and prints it for them."""

import os
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.patients import a_patient
from tests.builders.safety_plans import a_begun_plan
from tests.journeys.conftest import somebody
from tests.journeys.person import Person

SIZES = ({"width": 820, "height": 1180}, {"width": 1280, "height": 800})


async def expect_fit(person: Person, name: str) -> None:
    """Accessible, and no wider than a tablet."""
    await person.expect_accessible()
    for size in SIZES:
        await person.page.set_viewport_size(size)  # type: ignore[arg-type]
        width = await person.page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], person.page.url
        await picture(person.page, f"{name}-{size['width']}")


async def picture(page: Page, name: str) -> None:
    """Only when somebody wants to look: DRA_PICTURES names the folder."""
    if folder := os.environ.get("DRA_PICTURES"):
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            await page.screenshot(path=Path(folder) / f"{name}-{scheme}.png", full_page=True)


async def test_a_plan_is_written_published_and_printed(
    person: Person, works: Works, nurse: Actor
) -> None:
    patient = await a_patient(works, nurse)
    page = person.page
    saved = page.locator('[data-save-state="saved"]')
    await person.sign_in("nurse")
    await person.go(f"/patients/{patient.id}")
    await person.activate(person.link("Safety plan"))
    await page.wait_for_url("**/safety-plan")
    await person.settled()
    await expect_fit(person, "plan-none")
    await person.activate(person.button("Begin a safety plan"))
    await expect(
        page.get_by_role("textbox", name="How I notice that it is starting")
    ).to_be_visible()
    await person.settled()

    await person.activate(person.button("Publish this plan"))
    await expect(page.get_by_role("alert")).to_contain_text("Step 1 is empty.")
    await expect(page.locator("#warning_signs")).to_be_focused()
    await person.type("I stop answering messages")
    await person.tab_to(page.locator("#alone"))
    await person.type("Walk to the river")
    helpers = page.get_by_role("group", name="People I can ask for help")
    await person.activate(helpers.get_by_role("button", name="Add a line"))
    await person.type("My sister")
    await person.press("Tab")
    await person.type("555-0101")
    await expect(saved).to_be_visible()
    await page.reload()
    await person.settled()
    await expect(page.locator("#alone")).to_have_value("Walk to the river")
    await expect(helpers.get_by_label("Phone")).to_have_value("555-0101")
    await expect_fit(person, "plan-edit")

    await person.activate(person.button("Publish this plan"))
    await expect(page.get_by_text("Version 1 is in use")).to_be_visible()
    await person.settled()
    await person.tab_to(page.locator("#alone"))
    await person.press("Control+End")
    await person.type(" and back")
    await expect(saved).to_contain_text("Saved ")
    await person.go(f"/patients/{patient.id}/safety-plan/compare?number=1")
    await expect(page.locator("ins")).to_have_text("Walk to the river and back")
    await expect_fit(person, "plan-compare")
    await person.go(f"/patients/{patient.id}/safety-plan")
    await expect_fit(person, "plan-published")
    await person.activate(person.link("Copy for the patient"))
    await expect(page.get_by_role("heading", name="My safety plan")).to_be_visible()
    await expect(page.get_by_text("My sister: 555-0101")).to_be_visible()
    await expect_fit(person, "plan-print")
    pages = await page.pdf(format="Letter")
    assert pages.count(b"/Type /Page\n") == 1


async def test_two_windows_lose_nothing(
    person: Person, browser: Browser, site: str, works: Works, *, nurse: Actor, doctor: Actor
) -> None:
    plan = await a_begun_plan(works, nurse)
    await person.sign_in("nurse")
    await person.go(f"/patients/{plan.patient_id}/safety-plan")
    async with somebody(browser, site) as other:
        await other.sign_in("doctor")
        await other.go(f"/patients/{plan.patient_id}/safety-plan")
        await other.page.locator("#alone").fill("Ring the bell")
        await expect(other.page.locator('[data-save-state="saved"]')).to_contain_text("Saved ")
        await person.page.locator("#warning_signs").fill("I lie awake")
        await expect(person.page.locator("#alone")).to_have_value("Ring the bell")
        await expect(person.page.locator('[data-save-state="saved"]')).to_contain_text("Saved ")
        await other.page.locator("#warning_signs").fill("I count what went wrong")
        dialog = other.page.get_by_role("dialog")
        await expect(dialog).to_contain_text("This plan was changed in another window")
        await other.expect_accessible()
        await dialog.get_by_label("Combine both").check()
        await dialog.get_by_role("button", name="Save the result").click()
        await expect(other.page.locator('[data-save-state="saved"]')).to_contain_text("Saved ")
        await other.page.reload()
        await expect(other.page.locator("#warning_signs")).to_have_value(
            "I lie awake\nI count what went wrong"
        )
