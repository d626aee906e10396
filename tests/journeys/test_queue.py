"""Two nurses at one queue: one sees what the other takes, and nothing moves under their hands."""

import dataclasses
import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Locator, expect

from app.infra.uow import Works
from app.kernel.actors import Actor, Role
from app.kernel.clock import SystemClock
from app.work_queues import alerts, tasks
from app.work_queues.items import Severity, WorkItem
from tests.builders.identity import a_user
from tests.builders.patients import a_patient
from tests.journeys.conftest import somebody
from tests.journeys.person import Person


@pytest.fixture
def live(works: Works) -> Works:
    """Deadlines count from now: browsers cannot wait for a day of the past."""
    return dataclasses.replace(works, clock=SystemClock())


@pytest.fixture
async def nora(person: Person, nurse: Actor) -> Person:
    await person.sign_in("nurse")
    return person


@pytest.fixture
async def olaf(works: Works, browser: Browser, site: str) -> AsyncIterator[Person]:
    await a_user(works, Role.NURSE, username="olaf", full_name="Olaf Brandner")
    async with somebody(browser, site) as one:
        await one.sign_in("olaf")
        yield one


@pytest.fixture
async def dressing(live: Works, doctor: Actor) -> WorkItem:
    async with live.begin(doctor) as uow:
        new = tasks.NewTask(title="Change the dressing", severity=Severity.HIGH)
        return await tasks.add_task(uow, new)


@pytest.fixture
async def gauze(live: Works, doctor: Actor) -> WorkItem:
    """Comes after the dressing."""
    async with live.begin(doctor) as uow:
        return await tasks.add_task(uow, tasks.NewTask(title="Order gauze"))


@pytest.fixture
async def potassium(live: Works, doctor: Actor) -> WorkItem:
    patient = await a_patient(live, doctor)
    async with live.begin(doctor) as uow:
        new = alerts.NewAlert(
            title="Potassium 6.8", severity=Severity.CRITICAL, patient_id=patient.id
        )
        return await alerts.raise_alert(uow, new)


async def open_queue(one: Person) -> None:
    await one.go("/queue")
    await expect(one.page.locator(".q-live")).to_have_text(re.compile("Live|Not live"))


def row(one: Person, title: str) -> Locator:
    return one.page.locator("[data-rows] > [data-row]").filter(has_text=title)


def title_of(one: Person, title: str) -> Locator:
    return row(one, title).locator("[data-open]")


async def tops(one: Person, title: str) -> float:
    box = await row(one, title).bounding_box()
    assert box is not None
    return box["y"]


async def test_what_one_nurse_claims_the_other_sees_taken(
    nora: Person, olaf: Person, dressing: WorkItem, gauze: WorkItem
) -> None:
    await open_queue(nora)
    await open_queue(olaf)
    await expect(row(olaf, "Change the dressing")).to_contain_text("nobody has it")
    await olaf.press("j", "j")
    await nora.press("j", "c")
    await expect(row(nora, "Change the dressing")).to_contain_text("You since")
    await expect(title_of(nora, "Change the dressing")).to_be_focused()
    taken = row(olaf, "Change the dressing")
    await expect(taken.locator(".q-gone")).to_have_text(re.compile("^taken by "))
    await expect(taken).to_have_count(1)
    await olaf.press("j")
    await expect(title_of(olaf, "Order gauze")).to_be_focused()


async def test_a_task_is_changed_beside_the_list(nora: Person, dressing: WorkItem) -> None:
    await open_queue(nora)
    await title_of(nora, "Change the dressing").click()
    panel = nora.page.locator(".q-panel")
    await panel.get_by_text("Change this task").click()
    await panel.get_by_label("Title").fill("")
    await panel.get_by_role("button", name="Save the change").click()
    await expect(panel.get_by_label("Title")).to_have_attribute("aria-invalid", "true")
    await panel.get_by_label("Title").fill("Change the left dressing")
    await panel.get_by_label("Severity").select_option("high")
    await panel.get_by_label("Due").fill("2031-03-04T15:30")
    await nora.expect_accessible()
    await panel.get_by_role("button", name="Save the change").click()
    await expect(panel.locator("[data-title]")).to_have_text("Change the left dressing")
    await expect(panel).to_contain_text("04-Mar")
    await expect(row(nora, "Change the left dressing")).to_contain_text("high")


async def test_what_was_claimed_can_be_taken_back_from_the_corner(
    nora: Person, dressing: WorkItem
) -> None:
    await open_queue(nora)
    await nora.press("j", "c")
    await expect(row(nora, "Change the dressing")).to_contain_text("You since")
    await nora.press("z")
    await expect(row(nora, "Change the dressing")).to_contain_text("nobody has it")
    await expect(nora.page.locator("#toasts")).to_contain_text("Released: Change the dressing")


async def test_new_rows_wait_until_they_are_asked_for_and_move_nothing(
    nora: Person, live: Works, doctor: Actor, dressing: WorkItem, gauze: WorkItem
) -> None:
    await open_queue(nora)
    await nora.press("j", "j")
    await expect(title_of(nora, "Order gauze")).to_be_focused()
    before = await tops(nora, "Order gauze")
    async with live.begin(doctor) as uow:
        new = alerts.NewAlert(title="Peak flow too low", severity=Severity.CRITICAL)
        await alerts.raise_alert(uow, new)
    waiting = nora.page.locator("[data-fresh]")
    await expect(waiting).to_have_text(re.compile("^1 new"))
    await expect(nora.page.locator("#live-assertive")).to_have_text("1 new, critical")
    await expect(row(nora, "Peak flow too low")).to_have_count(0)
    assert await tops(nora, "Order gauze") == before
    await expect(title_of(nora, "Order gauze")).to_be_focused()
    await nora.press(".")
    await expect(title_of(nora, "Peak flow too low")).to_be_focused()
    await expect(nora.page.locator("[data-row]").first).to_contain_text("Peak flow too low")
    await expect(waiting).to_be_hidden()
    await nora.expect_accessible()


async def test_what_is_critical_is_acknowledged_with_a_reason_and_the_chart_at_hand(
    nora: Person, potassium: WorkItem
) -> None:
    await open_queue(nora)
    await nora.press("j", "a")
    dialog = nora.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("This is critical")
    await expect(dialog.get_by_role("link", name="Open the chart")).to_be_visible()
    await expect(dialog.get_by_label("Reason")).to_be_focused()
    await nora.expect_accessible()
    await nora.activate(dialog.get_by_role("button", name="Acknowledge"))
    await expect(dialog).to_contain_text("A reason is needed.")
    await nora.type("ECG is being written")
    await nora.activate(dialog.get_by_role("button", name="Acknowledge"))
    await expect(row(nora, "Potassium 6.8")).to_contain_text("acknowledged until")
    await expect(title_of(nora, "Potassium 6.8")).to_be_focused()


async def test_a_task_is_handed_to_another_nurse_with_a_note(
    nora: Person, olaf: Person, dressing: WorkItem
) -> None:
    await open_queue(nora)
    await open_queue(olaf)
    await nora.press("j", "c")
    await expect(row(nora, "Change the dressing")).to_contain_text("You since")
    await nora.press("h")
    dialog = nora.page.get_by_role("dialog")
    await dialog.get_by_label("To").select_option(label="Olaf Brandner")
    await dialog.get_by_label("Note").fill("Left heel, tape is in room 2")
    await nora.expect_accessible()
    await dialog.get_by_role("button", name="Hand over").click()
    await expect(nora.page.locator("#toasts")).to_contain_text("Handed to Olaf Brandner")
    shown = olaf.page.locator("[data-row]").filter(has_text="Change the dressing")
    await expect(shown.filter(has_text="waits for you")).to_have_count(1)
    await olaf.press("j", "Enter")
    panel = olaf.page.locator("[data-panel]")
    await expect(panel).to_contain_text("Left heel, tape is in room 2")
    await olaf.expect_accessible()


async def test_a_task_is_put_off_by_keyboard_and_says_until_when(
    nora: Person, gauze: WorkItem
) -> None:
    await open_queue(nora)
    await nora.press("j", "s")
    dialog = nora.page.get_by_role("dialog")
    await expect(dialog.get_by_role("button", name="30 min")).to_be_focused()
    await nora.expect_accessible()
    await nora.press("Enter")
    await expect(nora.page.locator("#toasts")).to_contain_text("Snoozed until")
    await expect(row(nora, "Order gauze").locator(".q-gone")).to_contain_text("snoozed until")
    await nora.press("z")
    await expect(row(nora, "Order gauze").locator(".q-gone")).to_have_count(0)


async def test_a_whole_task_without_touching_the_mouse(
    nora: Person, live: Works, doctor: Actor
) -> None:
    async with live.begin(doctor) as uow:
        new = tasks.NewTask(title="Teach the inhaler", checklist=("Shown", "Done alone"))
        await tasks.add_task(uow, new)
    await open_queue(nora)
    await nora.press("n")
    panel = nora.page.locator("[data-panel]")
    await expect(panel.locator("[data-title]")).to_be_focused()
    await expect(panel).to_contain_text("You since")
    step = panel.get_by_label("Shown")
    await nora.tab_to(step)
    await nora.press("Space")
    await expect(row(nora, "Teach the inhaler")).to_contain_text("1 of 2")
    await nora.press("Escape")
    await expect(title_of(nora, "Teach the inhaler")).to_be_focused()
    await nora.press("d")
    dialog = nora.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Some steps are not ticked off")
    await nora.type("Knows it already")
    await nora.activate(dialog.get_by_role("button", name="Done"))
    await expect(nora.page.locator("#toasts")).to_contain_text("Done: Teach the inhaler")
    await expect(row(nora, "Teach the inhaler").locator(".q-gone")).to_contain_text("done")
    await nora.press("?")
    await expect(nora.page.get_by_role("dialog")).to_contain_text("Hand over the whole shift")
    await nora.expect_accessible()


async def test_a_new_task_is_made_and_comes_into_hand(nora: Person, dressing: WorkItem) -> None:
    await open_queue(nora)
    await nora.press("t")
    dialog = nora.page.get_by_role("dialog")
    await dialog.get_by_label("What is to be done").fill("Call the eye clinic")
    await dialog.get_by_label("Steps").fill("Called\nLetter is here")
    await nora.expect_accessible()
    await dialog.get_by_role("button", name="Add the task").click()
    await expect(title_of(nora, "Call the eye clinic")).to_be_focused()
    await expect(row(nora, "Call the eye clinic")).to_contain_text("0 of 2")


async def test_filters_stand_in_the_address_and_can_be_kept(
    nora: Person, dressing: WorkItem, gauze: WorkItem
) -> None:
    await open_queue(nora)
    await nora.page.get_by_label("high").check(force=True)
    await expect(row(nora, "Order gauze")).to_have_count(0)
    await expect(row(nora, "Change the dressing")).to_be_visible()
    await expect(nora.page).to_have_url(re.compile(r"/queue\?severity=high$"))
    await nora.activate(nora.button("Save this view"))
    await nora.type("Only high")
    await nora.press("Enter")
    view = nora.page.locator("a.q-chip", has_text="Only high")
    await expect(view).to_have_attribute("aria-current", "true")
    await nora.activate(nora.page.locator("a.q-chip", has_text="To do"))
    await nora.settled()
    await expect(row(nora, "Order gauze")).to_be_visible()
    await nora.expect_accessible()


async def test_a_page_that_is_no_longer_live_says_so(nora: Person, dressing: WorkItem) -> None:
    await open_queue(nora)
    chip = nora.page.locator(".q-live")
    await nora.page.context.set_offline(True)
    await expect(chip).to_have_text(re.compile(r"^Reconnecting \d+ s$"))
    await expect(nora.page.locator("#live-assertive")).to_have_text("The queue is no longer live")
    await nora.page.context.set_offline(False)
    await expect(chip).to_have_text(re.compile("^Live|^Not live"))


async def test_supervisors_have_a_board_a_roster_and_ladders(
    person: Person, works: Works, dressing: WorkItem, potassium: WorkItem
) -> None:
    await a_user(works, Role.ADMIN)
    await person.sign_in("admin")
    await person.go("/queue/board")
    await expect(person.page.get_by_text("will breach within the hour").first).to_be_visible()
    await person.expect_accessible()
    await person.go("/queue/roster")
    await expect(person.page.get_by_text("On duty now")).to_be_visible()
    privacy = person.page.locator("li", has=person.page.get_by_label("Add to Privacy"))
    await expect(privacy).to_contain_text("nobody")
    await privacy.get_by_label("Add to Privacy").select_option(label="Dr. Ada Winter")
    await privacy.get_by_role("button", name="Add").click()
    await expect(person.page.get_by_text("They belong to the pool now.")).to_be_visible()
    await expect(privacy).to_contain_text("Dr. Ada Winter")
    await person.expect_accessible()
    await privacy.get_by_role("button", name="Take Dr. Ada Winter out of Privacy").click()
    await expect(privacy).to_contain_text("nobody")
    await person.go("/queue/ladders")
    await expect(person.page.get_by_text("after 15 min: Doctors on duty")).to_be_visible()
    await person.expect_accessible()
