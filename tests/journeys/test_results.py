"""A critical result by keyboard: entered, called, acknowledged, and the alert is gone."""

from playwright.async_api import Browser, expect
from sqlalchemy import select

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.work_queues.items import WorkItem
from tests.builders.results import a_result, an_ordered_item, an_outside_result, potassium
from tests.journeys.conftest import somebody
from tests.journeys.person import Person


async def alert_status(works: Works) -> str:
    async with works.sessions() as db:
        statement = select(WorkItem.status).where(WorkItem.type == "result.critical")
        return (await db.execute(statement)).scalar_one()


async def test_a_critical_result_is_entered_called_and_acknowledged(
    browser: Browser, site: str, works: Works, doctor: Actor, nurse: Actor
) -> None:
    usual = await a_result(works, doctor, potassium(4.2, collected_at="2026-02-01T08:00:00Z"))
    await an_outside_result(
        works,
        doctor,
        potassium(4.6, collected_at="2026-02-14T08:00:00Z"),
        patient_id=usual.patient_id,
    )
    await an_ordered_item(works, doctor, patient_id=usual.patient_id, key="bmp")

    async with somebody(browser, site) as first:
        await first.sign_in("nurse")
        await first.go(f"/patients/{usual.patient_id}/results")
        await first.expect_accessible()
        await first.activate(first.link("Enter the result"))
        await first.settled()
        await first.expect_accessible()
        await enter_potassium(first)
        await first.activate(first.button("Store the report"))
        await first.page.wait_for_url("**/results/*")
        await first.settled()
        await expect(first.page.get_by_text("critical high").first).to_be_visible()
        await first.tab_to(first.page.get_by_label("Name, when not on the list"))
        await first.type("Dr. Winter, by telephone")
        await first.tab_to(first.page.get_by_label("They read it back"))
        await first.press("Space")
        await first.activate(first.button("Record the call"))
        await first.settled()
        await expect(first.page.get_by_text("The call was read back.")).to_be_visible()
        await first.expect_accessible()
    assert await alert_status(works) == "triggered"

    async with somebody(browser, site) as second:
        await second.sign_in("doctor")
        await second.go("/results")
        await second.expect_accessible()
        rows = second.page.locator("[data-result]")
        await expect(rows).to_have_count(3)
        await second.press("k")
        await expect(rows.last).to_be_focused()
        await second.press("a")
        await expect(rows.last.get_by_label("What follows")).to_be_focused()
        await second.press("r")
        await second.activate(rows.last.get_by_role("button", name="Acknowledge"))
        await expect(rows).to_have_count(2)
        assert await alert_status(works) == "resolved"
        await second.press("o")
        await second.page.wait_for_url("**/results/*-*")
        await second.settled()
        await second.activate(second.button("Acknowledge", exact=True))
        await expect(second.page.get_by_text("Acknowledged by Dr. Ada Winter")).to_be_visible()
        await second.settled()
        await second.expect_accessible()


async def enter_potassium(nurse: Person) -> None:
    value = nurse.page.get_by_role("group", name="Potassium").get_by_label("Value")
    await nurse.tab_to(value)
    await nurse.type("6,800")
    doubt = await value.evaluate("input => input.validationMessage")
    assert doubt == "Type it without the comma: 1200, or 1.2 with a point."
    await value.fill("")
    await nurse.type("6.8")
