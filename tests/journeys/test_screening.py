"""A screening by keyboard: begun, interrupted, gone on with by another, and high in the end."""

from playwright.async_api import Browser, expect
from sqlalchemy import select

from app.crisis import screenings
from app.crisis.risk import RiskLevel
from app.crisis.screenings import Instrument, ScreeningResult
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.encounters import an_encounter
from tests.builders.patients import a_patient
from tests.builders.screenings import a_demand
from tests.journeys.conftest import somebody
from tests.journeys.person import Person

SYSTEM = Actor.system("detection")


def group(person: Person, words: str):  # type: ignore[no-untyped-def]
    return person.page.get_by_role("group", name=words)


async def answered(person: Person, words: str) -> None:
    await expect(person.page.get_by_text(words)).to_be_visible()


async def test_begun_by_one_and_completed_by_another(
    browser: Browser, site: str, works: Works, doctor: Actor, nurse: Actor
) -> None:
    patient = await a_patient(works, doctor)
    async with somebody(browser, site) as first:
        await first.sign_in("nurse")
        await first.go(f"/patients/{patient.id}")
        await first.activate(first.link("Screenings"))
        await first.settled()
        await expect(first.page.get_by_text("Never screened here")).to_be_visible()
        await first.expect_accessible()
        await first.activate(first.button("Start", exact=True))
        await first.page.wait_for_url("**/screenings/*")
        await first.settled()
        await answered(first, "0 of 3 questions answered")
        await first.press("y", "y")
        await answered(first, "2 of 6 questions answered")
        await expect(group(first, "thinking about how")).to_be_visible()
        await expect(first.page.get_by_text("Saved", exact=True)).to_be_visible()
        await first.expect_accessible()

    async with somebody(browser, site) as second:
        await second.sign_in("doctor")
        await second.go(f"/patients/{patient.id}/screenings")
        await second.activate(second.link("C-SSRS screener (recent)"))
        await second.settled()
        await answered(second, "2 of 6 questions answered")
        third = group(second, "thinking about how").get_by_role("radio", name="Yes")
        await expect(third).to_be_focused()
        await second.press("n", "y")
        await answered(second, "4 of 6 questions answered")
        await expect(second.page.get_by_text("high risk")).to_be_visible()
        await second.activate(second.button("Complete the screening"))
        open_ones = second.page.get_by_role("alert")
        await expect(open_ones).to_contain_text("Not answered: 5, 6.")
        await second.expect_accessible()
        await second.activate(second.button("Go to the first of them"))
        await second.press("n", "n")
        await answered(second, "6 of 6 questions answered")
        await second.activate(second.button("Complete the screening"))
        await expect(second.page.get_by_role("heading", name="Result")).to_be_visible()
        await expect(second.page.get_by_text("rule high-intent")).to_be_visible()
        await expect(second.page.get_by_text("version 1, in effect since")).to_be_visible()
        await second.settled()
        await second.expect_accessible()
    async with works.sessions() as db:
        [stored] = await db.scalars(select(ScreeningResult))
    assert (stored.level, stored.decided_by) == (RiskLevel.HIGH, doctor.id)


async def test_an_answer_that_ends_questions_takes_theirs_out(
    person: Person, works: Works, doctor: Actor
) -> None:
    patient = await a_patient(works, doctor)
    async with works.begin(doctor) as uow:
        new = screenings.NewScreening(patient_id=patient.id, instrument=Instrument.C_SSRS)
        begun, _ = await screenings.start_screening(uow, new)
    await person.sign_in("doctor")
    await person.go(f"/screenings/{begun.id}")
    await person.press("n", "y", "y", "y")
    await answered(person, "4 of 6 questions answered")
    thoughts = group(person, "any thoughts about killing")
    await thoughts.get_by_role("radio", name="Yes").focus()
    await person.press("n")
    await answered(person, "2 of 3 questions answered")
    await expect(group(person, "some intention")).to_be_hidden()
    async with works.begin(doctor) as uow:
        read = await screenings.read_screening(uow, begun.id)
    assert read.answers == {"1": "no", "2": "no"}


async def test_two_windows_and_nothing_is_written_over(
    person: Person, works: Works, doctor: Actor
) -> None:
    patient = await a_patient(works, doctor)
    async with works.begin(doctor) as uow:
        new = screenings.NewScreening(patient_id=patient.id, instrument=Instrument.PHQ_9)
        begun, _ = await screenings.start_screening(uow, new)
    await person.sign_in("doctor")
    await person.go(f"/screenings/{begun.id}")
    async with works.begin(doctor) as uow:
        await screenings.save_answers(uow, begun.id, {"1": 3}, version=1)
    await person.press("0")
    await expect(person.page.get_by_role("alert")).to_contain_text("Somebody else answered")
    await person.activate(person.button("Load what they answered"))
    await person.settled()
    await answered(person, "1 of 9 questions answered")
    await person.press("1", "0", "0", "0", "0", "0", "0", "2")
    await expect(person.page.get_by_text("PHQ-9 total: 6 of 27, mild")).to_be_visible()
    await person.expect_accessible()


async def test_what_is_due_takes_the_whole_page_and_can_be_put_off(
    person: Person, works: Works, doctor: Actor
) -> None:
    encounter = await an_encounter(works, doctor)
    await a_demand(works, SYSTEM, encounter.patient_id)
    await person.sign_in("doctor")
    await person.go(f"/encounters/{encounter.id}")
    heading = person.page.get_by_role("heading", name="C-SSRS screener (recent) is due")
    await expect(heading).to_be_visible()
    await person.expect_accessible()
    await person.page.get_by_text("Put it off…").click()
    await person.activate(person.button("Put it off", exact=True))
    await expect(person.page.get_by_text("Say in a few words")).to_be_visible()
    await person.page.get_by_label("Why it cannot be done now").fill("The child is in the room.")
    await person.expect_accessible()
    await person.press("Enter")
    await expect(person.page.get_by_role("heading", name="Encounter:")).to_be_visible()


async def test_what_becomes_due_lies_over_an_open_page_and_keeps_what_was_typed(
    person: Person, works: Works, doctor: Actor
) -> None:
    patient = await a_patient(works, doctor)
    await person.sign_in("doctor")
    await person.go(f"/patients/{patient.id}")
    reason = person.page.get_by_label("Reason for the visit")
    await reason.fill("cough for three days")
    await a_demand(works, SYSTEM, patient.id)
    await person.page.evaluate("document.querySelector('dra-interruption').look()")
    panel = person.page.get_by_role("dialog", name="A screening is due")
    await expect(panel).to_be_visible()
    await person.expect_accessible()
    await person.press("Escape")
    await expect(panel).to_be_visible()
    await person.press("n", "n", "n")
    await expect(panel.get_by_text("3 of 3 questions answered")).to_be_visible()
    await person.activate(panel.get_by_role("button", name="Complete the screening"))
    await expect(panel.get_by_text("not the absence of risk")).to_be_visible()
    await person.expect_accessible()
    await person.activate(panel.get_by_role("button", name="Back to what was open"))
    await expect(panel).to_have_count(0)
    await expect(reason).to_have_value("cough for three days")
