"""From a dictated sentence to a closed episode: what a clinic does when somebody is in danger."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

import pytest
from playwright.async_api import expect

from app.clinical import notes
from app.crisis import episodes, screenings
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor
from app.kernel.paging import PageRequest
from tests.builders.transcription import DICTATIONS, an_upload
from tests.journeys.person import Person
from tests.journeys.test_notes import open_note
from tests.journeys.test_reports import call_write_and_file, expect_fit, say_what_is_suspected

pytestmark = pytest.mark.speech

T = TypeVar("T")
WORK_SECONDS = 120


async def in_time(works: Works, by: Actor, look: Callable[[UnitOfWork], Awaitable[T | None]]) -> T:
    """What the worker brings about sooner or later."""
    async with asyncio.timeout(WORK_SECONDS):
        while True:
            async with works.begin(by) as uow:
                found = await look(uow)
            if found:
                return found
            await works.stores.wakeups.wait("nothing-in-particular", seconds=0.2)


@pytest.mark.usefixtures("worker")
async def test_a_patient_in_danger_is_followed_until_it_is_over(
    person: Person, works: Works, doctor: Actor
) -> None:
    sound = (DICTATIONS / "s03-depression-crisis.ogg").read_bytes()
    recording = await an_upload(works, doctor, sound)

    async def drafted(uow: UnitOfWork) -> UUID | None:
        found = await notes.list_notes_of_encounter(uow, recording.encounter_id, PageRequest())
        return next((each.id for each in found.items), None)

    await open_note(person, await in_time(works, doctor, drafted))
    await confirm_every_sign(person)

    async def due(uow: UnitOfWork) -> bool:
        return await screenings.interruption_for(uow, recording.patient_id) is not None

    await in_time(works, doctor, due)
    await person.go(f"/patients/{recording.patient_id}")
    await expect(person.page.get_by_text("A sign of danger was confirmed.")).to_be_visible()
    await answer_the_screener(person)

    async def high(uow: UnitOfWork) -> UUID | None:
        found = await episodes.open_episode_of(uow, recording.patient_id)
        steps = (await episodes.read_episode(uow, found.id)).steps if found else []
        return found.id if found and len(steps) > 1 and found.level.value == "high" else None

    episode_id = await in_time(works, doctor, high)
    await person.go("/crisis")
    await expect(person.page.get_by_text("nobody answers for it")).to_be_visible()
    await expect_fit(person, "crisis-board")
    await person.activate(person.page.locator(".crisis-rows a").first)
    await person.page.wait_for_url(f"**/crisis/{episode_id}")
    await person.settled()
    await expect_fit(person, "crisis-episode")
    await person.activate(person.button("I answer for it"))
    await expect(person.page.get_by_text("You answer for this episode now.")).to_be_visible()

    await write_a_safety_plan(person, recording.patient_id)
    await person.go(f"/patients/{recording.patient_id}/suspicion")
    await say_what_is_suspected(person)
    await person.page.wait_for_url("**/reports?saved=formed")
    await person.activate(person.link("Child abuse or neglect (California Penal Code 11166)"))
    await person.page.wait_for_url("**/reports/*-*")
    await person.settled()
    await call_write_and_file(person)

    async def planned(uow: UnitOfWork) -> bool:
        told = (await episodes.read_episode(uow, episode_id)).timeline
        return any(each.kind is episodes.EntryKind.SAFETY_PLAN for each in told)

    await in_time(works, doctor, planned)
    await work_it_off(person, episode_id)
    await close_it(person, works, doctor, episode_id)


async def confirm_every_sign(person: Person) -> None:
    panel = person.page.get_by_role("region", name="Possible danger signs")
    waiting = panel.locator("[data-signal]")
    await expect(waiting).not_to_have_count(0)
    await person.expect_accessible()
    for left in range(await waiting.count(), 0, -1):
        await person.activate(panel.get_by_role("button", name="Confirm", exact=False).first)
        await expect(waiting).to_have_count(left - 1)


async def answer_the_screener(person: Person) -> None:
    """Thoughts, no method, some intention, nothing done."""
    await person.expect_accessible()
    await person.press("y", "y", "n", "y", "n", "n")
    await expect(person.page.get_by_text("6 of 6 questions answered")).to_be_visible()
    await person.activate(person.button("Complete the screening"))
    await expect(person.page.get_by_text("rule high-intent")).to_be_visible()


async def write_a_safety_plan(person: Person, patient_id: UUID) -> None:
    await person.go(f"/patients/{patient_id}/safety-plan")
    await person.activate(person.button("Begin a safety plan"))
    await person.settled()
    await person.tab_to(person.page.locator("#warning_signs"))
    await person.type("I stop answering messages")
    await person.tab_to(person.page.locator("#alone"))
    await person.type("Walk to the river")
    await expect(person.page.locator('[data-save-state="saved"]')).to_be_visible()
    await person.activate(person.button("Publish this plan"))
    await expect(person.page.get_by_text("Version 1 is in use")).to_be_visible()


async def work_it_off(person: Person, episode_id: UUID) -> None:
    """Every step is done, and somebody was reached."""
    page = person.page
    await person.go(f"/crisis/{episode_id}")
    steps = page.locator(".crisis-steps > li")
    for left in range(await steps.count(), 0, -1):
        step = steps.first
        await step.get_by_text("Done, or not needed…").click()
        await step.get_by_label("What came of it").fill("Done with her brother.")
        await step.get_by_role("button", name="Done", exact=True).click()
        await expect(page.get_by_text("The step is written down.")).to_be_visible()
        await expect(steps).to_have_count(left - 1)
        await person.settled()
    await page.get_by_label("Who", exact=True).select_option("Patient")
    await page.get_by_label("What was said").fill("Slept, will come tomorrow.")
    await page.get_by_role("button", name="Add the contact").click()
    await expect(page.get_by_text("Patient: reached")).to_be_visible()
    await person.settled()


async def close_it(person: Person, works: Works, doctor: Actor, episode_id: UUID) -> None:
    page = person.page
    await page.get_by_label("How it ended").fill("Admitted to day care.")
    await page.get_by_role("button", name="Close the episode").click()
    await expect(page.get_by_role("alert")).to_contain_text("still to be done")
    await page.get_by_text("Judge the risk…").click()
    await page.get_by_label("Level", exact=True).select_option("Low risk")
    await page.get_by_role("button", name="Write down the level").click()
    await expect(page.get_by_text("Say why the level is lower now.")).to_be_visible()
    await page.get_by_label("Why; needed to lower it").fill("In day care, means are gone.")
    await page.get_by_role("button", name="Write down the level").click()
    await expect(page.get_by_text("The level is written down.")).to_be_visible()

    async def low(uow: UnitOfWork) -> bool:
        return (await episodes.read_episode(uow, episode_id)).level.value == "low"

    await in_time(works, doctor, low)
    await person.go(f"/crisis/{episode_id}")
    await expect_fit(person, "crisis-closable")
    await page.get_by_label("How it ended").fill("Admitted to day care.")
    await page.get_by_role("button", name="Close the episode").click()
    await expect(page.get_by_text("The episode is closed.")).to_be_visible()
    await person.expect_accessible()
