"""One person, two records: a receptionist merges them by keyboard and takes it back."""

import re
from datetime import date
from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from app import patients
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.encounters import an_encounter
from tests.builders.patients import a_patient
from tests.journeys.person import Person

TABLET = {"width": 820, "height": 1180}
DESK = {"width": 1280, "height": 800}


@pytest.fixture
async def mara(works: Works, doctor: Actor) -> patients.Patient:
    return await a_patient(
        works, doctor, birth_date=date(1945, 7, 4), allergies=["latex"], phone=None
    )


@pytest.fixture
async def maria(works: Works, doctor: Actor) -> patients.Patient:
    """The same woman: day and month of her birth the other way round."""
    maria = await a_patient(
        works, doctor, given_name="Maria", birth_date=date(1945, 4, 7), allergies=["penicillin"]
    )
    await an_encounter(works, doctor, patient_id=maria.id)
    return maria


async def visits_of(page: Page, patient_id: UUID) -> int:
    await page.wait_for_url(f"**/patients/{patient_id}*")
    timeline = page.get_by_role("region", name="Timeline")
    await expect(timeline).to_be_visible()
    return await timeline.locator(".kind-encounter").count()


async def expect_fit(person: Person) -> None:
    """Accessible, and no wider than a tablet."""
    await person.expect_accessible()
    await person.page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    width = await person.page.evaluate("document.documentElement.scrollWidth")
    assert width <= TABLET["width"], person.page.url
    await person.page.set_viewport_size(DESK)  # type: ignore[arg-type]


async def test_two_records_become_one_and_two_again(
    person: Person,
    works: Works,
    receptionist: Actor,
    mara: patients.Patient,
    maria: patients.Patient,
) -> None:
    page = person.page
    await person.sign_in("receptionist")
    await person.go(f"/patients/{mara.id}")
    await expect_fit(person)
    await person.activate(person.link("Merge with another record"))
    await expect(page.get_by_label("Any part of name")).to_be_focused()
    await expect(page.locator(".results a")).to_have_count(1)
    await expect_fit(person)
    await person.type("maria")
    await expect(page.get_by_text("A name in common and the same birth date")).to_be_hidden()
    await person.press("ArrowDown", "Enter")

    await page.wait_for_url(f"**/merge/{maria.id}")
    await person.settled()
    await expect(page.get_by_text("They were born on different days.")).to_be_visible()
    await expect_fit(person)
    await person.activate(person.button("Merge the records"))
    await expect(page.get_by_text("Say how you know that this is one person.")).to_be_visible()
    await expect(page.get_by_text("Confirm that both are the same person.")).to_be_visible()
    await expect(page.get_by_label("How do you know?")).to_be_focused()
    await person.expect_accessible()
    await person.type("identity card checked")
    await person.tab_to(page.get_by_label("I have compared both records"))
    await person.press("Space")
    await person.activate(person.button("Merge the records"))

    assert await visits_of(page, mara.id) == 1
    await person.settled()
    merged = page.get_by_role("region", name=f"Merged record {maria.mrn}")
    await expect(merged).to_contain_text("Okafor-Lind, Maria")
    await expect_fit(person)
    await person.go(f"/patients/{maria.id}")
    assert await visits_of(page, mara.id) == 1

    await person.activate(person.button("Take the merge back"))
    await expect(merged).to_be_hidden()
    assert await visits_of(page, mara.id) == 0
    await person.go(f"/patients/{maria.id}")
    assert await visits_of(page, maria.id) == 1


async def test_a_record_changed_meanwhile_is_not_merged_unseen(
    person: Person,
    works: Works,
    doctor: Actor,
    mara: patients.Patient,
    maria: patients.Patient,
) -> None:
    page = person.page
    await person.sign_in("doctor")
    await person.go(f"/patients/{mara.id}/merge/{maria.id}")
    await expect(page.get_by_role("cell", name="penicillin").first).to_be_visible()
    await person.expect_accessible()
    async with works.begin(doctor) as uow:
        update = patients.UpdatePatient(phone="555-0142")
        await patients.update_patient(uow, maria.id, update, version=1)
    await page.get_by_label("How do you know?").fill("identity card checked")
    await page.get_by_label("I have compared both records").check()
    await person.activate(person.button("Merge the records"))
    await expect(page.get_by_role("alert")).to_contain_text("Somebody changed this record")
    await person.go(f"/patients/{mara.id}/merge/{maria.id}")
    await expect(page.get_by_text("555-0142").first).to_be_visible()
    await person.activate(person.link(f"Keep {maria.mrn} instead"))
    await page.wait_for_url(re.compile(f"/patients/{maria.id}/merge/{mara.id}$"))
    await expect(page.locator("thead th").first).to_contain_text(maria.mrn)
