"""From a dictated plan to an order with a set and a reason; a nurse takes the specimens."""

from playwright.async_api import Browser, expect

from app.clinical import orders
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.notes import a_dictated_note
from tests.builders.orders import an_order
from tests.journeys.conftest import somebody
from tests.journeys.person import Person

SPOKEN = (
    "subjective",
    "the patient is tired",
    "assessment",
    "fatigue",
    "plan",
    "order c b c",
    "check hemoglobin A1c in three months",
    "no imaging needed",
)


async def take_what_was_dictated(person: Person) -> None:
    waiting = person.page.locator("dra-order-proposals li")
    await expect(waiting).to_have_count(2)
    await person.expect_accessible()
    await person.button("Put into the draft: CBC without differential").focus()
    await person.press("Enter")
    await expect(waiting).to_have_count(1)
    await person.button("Put into the draft: Hemoglobin A1c").focus()
    await person.press("Enter")
    await expect(waiting).to_have_count(0)
    await person.link("Open the orders").focus()
    await person.press("Enter")
    await person.page.wait_for_url("**/orders?note=*")
    await person.settled()
    drafted = person.page.locator(".draft-item")
    await expect(drafted).to_have_count(2)


async def order_more_and_place(person: Person) -> None:
    drafted = person.page.locator(".draft-item")
    await person.tab_to(person.page.get_by_label("What is to be done"))
    await person.type("chest x")
    await expect(person.page.get_by_role("option", name="Chest X-ray")).to_be_visible()
    await person.expect_accessible()
    await person.press("Enter")
    await expect(drafted).to_have_count(3)
    await person.page.get_by_label("Set", exact=True).select_option(label="Thyroid follow-up")
    await person.activate(person.button("Put into the order"))
    await expect(drafted).to_have_count(5)
    warned = person.page.get_by_role("group", name="TSH")
    await expect(warned.get_by_text("Ordered before")).to_be_visible()
    await person.expect_accessible()
    await person.button("Place the order").focus()
    await person.press("Enter")
    await expect(person.page.get_by_role("alert")).to_contain_text("give a reason")
    reason = warned.get_by_label("Why it is to be ordered again")
    await expect(reason).to_be_focused()
    await person.type("The tube broke.")
    await person.button("Place the order").focus()
    await person.press("Enter")
    await expect(person.page.get_by_text("again because: The tube broke.")).to_be_visible()
    await person.settled()
    await person.expect_accessible()


async def test_a_dictated_plan_becomes_an_order_and_a_nurse_takes_the_blood(
    browser: Browser, site: str, works: Works, doctor: Actor, nurse: Actor
) -> None:
    note = await a_dictated_note(works, doctor, SPOKEN)
    await an_order(works, doctor, "tsh", patient_id=note.patient_id)
    async with somebody(browser, site) as person:
        await person.sign_in("doctor")
        await person.go(f"/notes/{note.id}")
        await take_what_was_dictated(person)
        await order_more_and_place(person)
    async with somebody(browser, site) as person:
        await person.sign_in("nurse")
        await person.go(f"/patients/{note.patient_id}/orders")
        await person.button("Specimen taken CBC without differential").focus()
        await person.press("Enter")
        await expect(person.page.get_by_text("Specimen taken by Nora Lindqvist")).to_be_visible()
        await person.expect_accessible()
    async with works.begin(nurse) as uow:
        open_ones = {
            one.orderable_key: one for one in await orders.open_items(uow, note.patient_id)
        }
    assert set(open_ones) == {"tsh", "cbc", "a1c", "chest-x-ray", "free-t4"}
    assert open_ones["cbc"].collected_by == nurse.id
    assert open_ones["a1c"].wanted_on is not None
