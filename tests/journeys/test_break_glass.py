"""A doctor breaks the glass of a restricted record by keyboard, and privacy reviews it."""

import os
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.access import REASON, a_privacy_member, restricted
from tests.builders.identity import PASSWORD
from tests.builders.patients import a_patient
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


async def test_the_glass_is_broken_seen_closed_and_reviewed(
    person: Person, browser: Browser, site: str, works: Works, *, doctor: Actor, admin: Actor
) -> None:
    patient = await a_patient(works, doctor)
    await a_privacy_member(works, admin)
    await restricted(works, admin, patient.id)
    page = person.page
    await person.sign_in("doctor")
    await person.go(f"/patients/{patient.id}")
    await expect(page.get_by_role("heading", name="This record is restricted")).to_be_visible()
    await expect(page.get_by_text("Okafor")).to_be_hidden()
    await expect_fit(person, "glass-before")
    await person.activate(person.button("Break the glass"))
    await expect(page.get_by_text("Say why you need it now.")).to_be_visible()
    await person.tab_to(page.get_by_label("Why do you need it now?"))
    await person.type(REASON)
    await person.tab_to(page.get_by_label("Your password"))
    await person.type(PASSWORD)
    await person.press("Enter")

    banner = page.get_by_role("region", name=f"Restricted record {patient.mrn}")
    await expect(banner).to_contain_text("Closes in 59:")
    await person.settled()
    await expect(page.get_by_role("heading", name="Patient record")).to_be_visible()
    await expect_fit(person, "glass-open")
    async with somebody(browser, site) as other:
        await other.sign_in("privacy")
        await other.activate(other.link("Access"))
        await other.settled()
        await expect(other.page.get_by_text(REASON)).to_be_visible()
        await expect_fit(other, "glass-list")
        await other.activate(other.page.locator("summary").filter(has_text="Review"))
        await other.activate(other.button("Save the review"))
        await expect(other.page.get_by_text("Say whether it was.").first).to_be_visible()
        await other.page.get_by_label("Not appropriate").check()
        await other.activate(other.button("Save the review"))
        await expect(other.page.get_by_text("Say what was not appropriate")).to_be_visible()
        await expect_fit(other, "glass-review")
        await other.page.get_by_label("Remark").fill("They are not on the ward.")
        await other.activate(other.button("Save the review"))
        await expect(other.page.get_by_text("Nothing to review.")).to_be_visible()
        await other.activate(other.link("Show reviewed ones too"))
        await expect(other.page.get_by_text("Not appropriate")).to_be_visible()

    await person.go("/patients")
    await person.activate(person.button("Close it now"))
    await expect(banner).to_be_hidden()
    await person.go(f"/patients/{patient.id}")
    await expect(page.get_by_role("heading", name="This record is restricted")).to_be_visible()


async def test_an_administrator_restricts_names_somebody_and_lifts(
    person: Person, works: Works, doctor: Actor, admin: Actor
) -> None:
    patient = await a_patient(works, doctor)
    page = person.page
    await person.sign_in("admin")
    await person.go(f"/patients/{patient.id}")
    await person.tab_to(page.locator("#restrict-reason"))
    await person.type("works in this clinic")
    await person.activate(person.button("Restrict it"))
    await page.wait_for_url("**/access")
    await person.settled()
    await expect(page.get_by_text("nobody but privacy")).to_be_visible()
    await expect(page.get_by_text("Okafor")).to_be_hidden()
    await person.activate(page.locator("summary").filter(has_text="Change"))
    await expect_fit(person, "restrictions")
    await page.get_by_label("Who may see it all the same").select_option("Dr. Ada Winter")
    await person.activate(person.button("Name them"))
    await expect(page.get_by_text("Sees it all the same: Dr. Ada Winter")).to_be_visible()
    await person.settled()
    await person.activate(page.locator("summary").filter(has_text="Change"))
    await person.tab_to(page.get_by_label("Why it is lifted"))
    await person.type("left the clinic")
    await person.activate(person.button("Lift the restriction"))
    await expect(page.get_by_text("Lifted: left the clinic")).to_be_visible()
