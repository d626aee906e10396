"""A chart by keyboard: the history filtered, a day gone to, a note read beside it, what is new."""

import re
from uuid import UUID

from playwright.async_api import Locator, expect

from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.availability import a_clinic
from tests.builders.work_queues_alerts import an_alert
from tests.builders.work_queues_rosters import DOCTORS
from tests.conftest import FrozenClock
from tests.dashboards.timeline.history import a_history
from tests.journeys.person import Person

MORE = range(60)


async def long_ago(works: Works, doctor: Actor, patient_id: UUID) -> None:
    """Alerts, one after the other, before everything else."""
    for number in MORE:
        await an_alert(
            works, by=doctor, pool_id=DOCTORS, patient_id=patient_id, title=f"Long ago {number}"
        )


def rows(person: Person) -> Locator:
    return person.page.locator("[data-row]")


async def leave_the_field(person: Person) -> None:
    """To the list, so that letters are keys again."""
    await person.page.evaluate("document.activeElement.blur()")


async def test_a_chart_is_read_without_a_mouse(
    person: Person, works: Works, doctor: Actor, receptionist: Actor, clock: FrozenClock
) -> None:
    clinic = await a_clinic(works, receptionist, doctor)
    patient_id = await a_history(works, doctor, receptionist, clinic)
    await long_ago(works, doctor, patient_id)
    page, side = person.page, person.page.locator("[data-side]")
    await person.sign_in("doctor")
    await person.go(f"/patients/{patient_id}")
    await expect(rows(person)).to_have_count(25)
    await expect(page.get_by_text("138/86")).to_be_visible()
    await person.expect_accessible()

    await person.press("f")
    await person.type("hypertension")
    await person.press("Enter")
    await expect(rows(person)).to_have_count(4)  # the words of the notes themselves
    await leave_the_field(person)
    await person.press("j", "j", "Enter")
    await expect(side.get_by_role("heading", name="SOAP note")).to_be_focused()
    await expect(side.get_by_text("Lisinopril 10 milligrams once daily.")).to_be_visible()
    await person.expect_accessible()
    await person.press("j")
    third = rows(person).nth(2)
    await expect(third.get_by_role("link")).to_be_focused()
    await expect(third).to_have_class(re.compile("is-open"))
    await page.set_viewport_size({"width": 820, "height": 1180})
    await person.expect_accessible()
    await person.press("Escape")
    await expect(side).to_be_hidden()
    await expect(third.get_by_role("link")).to_be_focused()
    await page.set_viewport_size({"width": 1280, "height": 800})

    await person.activate(person.link("Alerts"))
    await person.press("f")
    await page.keyboard.press("Control+A")
    await person.press("Delete", "Enter")
    await expect(page.get_by_role("link", name="Alert:")).to_have_count(25)
    older = person.link("Older entries")
    await person.activate(older)
    await expect(rows(person).nth(25).get_by_role("link")).to_be_focused()
    await older.scroll_into_view_if_needed()
    await expect(rows(person)).to_have_count(len(MORE) + 4)  # from then on by itself
    await person.go(f"/patients/{patient_id}?show=alerts&on=2020-01-01")
    await expect(page.get_by_text("No entry fits.")).to_be_visible()
    await person.activate(person.link("Show everything"))
    await expect(rows(person)).to_have_count(25)

    clock.advance(minutes=1)
    await an_alert(works, by=doctor, pool_id=DOCTORS, patient_id=patient_id, title="Just now")
    await page.evaluate("document.querySelector('dra-chart').news.look()")
    await expect(person.button("1 new entry")).to_be_visible()
    await leave_the_field(person)
    await person.press(".")
    await expect(person.button("1 new entry")).to_be_hidden()
    await expect(page.get_by_role("link", name="Alert: Just now")).to_be_visible()


async def test_the_desk_sees_who_comes_and_not_why(
    person: Person, works: Works, doctor: Actor, receptionist: Actor
) -> None:
    clinic = await a_clinic(works, receptionist, doctor)
    patient_id = await a_history(works, doctor, receptionist, clinic)
    await person.sign_in("receptionist")
    await person.go(f"/patients/{patient_id}")
    await expect(rows(person)).to_have_count(6)
    for words in ("Essential hypertension", "cough", "Vital signs", "SOAP note", "Danger signs"):
        await expect(person.page.get_by_text(words)).to_have_count(0)
    await person.expect_accessible()
