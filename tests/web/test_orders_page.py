"""The pages of orders: what is open, what is being ordered, a requisition, a history."""

from app.clinical import orders
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.orders import a_draft, an_order
from tests.builders.patients import a_patient
from tests.conftest import Client, FrozenClock
from tests.web.conftest import browsing
from tests.web.page import Page


async def test_open_orders_stand_by_priority_with_their_age_and_what_to_do(
    client: Client, works: Works, doctor: Actor, clock: FrozenClock
) -> None:
    routine = await an_order(works, doctor, "lipid-panel")
    clock.advance(days=3)
    await an_order(works, doctor, "ekg", patient_id=routine.patient_id, priority="stat")
    async with browsing(client, "doctor") as browser:
        answer = await browser.get(f"/patients/{routine.patient_id}/orders")
    assert answer.status_code == 200
    page = answer.text
    assert (
        page.index("At once (stat)") < page.index("Electrocardiogram") < page.index("Lipid panel")
    )
    for words in ("3 days ago", "Specimen: serum", "Fasting for 9 hours", "New order"):
        assert words in page, words
    assert Page(page).inline == []


async def test_a_nurse_sees_what_to_take_and_orders_nothing(
    nurses_browser: Client, works: Works, doctor: Actor
) -> None:
    order = await an_order(works, doctor, "cbc")
    page = (await nurses_browser.get(f"/patients/{order.patient_id}/orders")).text
    assert "Specimen taken" in page
    for words in ("New order", "Revoke", "Put on hold"):
        assert words not in page
    found = await nurses_browser.get(f"/orders/{order.id}")
    assert found.headers["location"] == f"/patients/{order.patient_id}/orders#order-{order.id}"


async def test_a_requisition_says_for_whom_what_and_how(
    doctors_browser: Client, works: Works, doctor: Actor
) -> None:
    order = await an_order(works, doctor, "lipid-panel", "refer-cardiology")
    page = (await doctors_browser.get(f"/orders/{order.id}/print")).text
    for words in ("Okafor-Lind, Mara", "14-Jul-1945", "LOINC 24331-1", "Specimen: serum",
                  "Cardiology", "Ordered by Dr. Ada Winter", "MRN-"):  # fmt: skip
        assert words in page, words
    draft = await a_draft(works, doctor, "tsh", patient_id=order.patient_id)
    assert "This is a draft" in (await doctors_browser.get(f"/orders/{draft.id}/print")).text
    async with works.begin(doctor) as uow:
        await orders.revoke_item(uow, order.items[0].id, reason="Done elsewhere.")
    history = (await doctors_browser.get(f"/orders/{order.id}/history")).text
    assert "Done elsewhere." in history


async def test_it_is_for_clinicians(desk_browser: Client, works: Works, doctor: Actor) -> None:
    patient = await a_patient(works, doctor)
    assert (await desk_browser.get(f"/patients/{patient.id}/orders")).status_code == 403
    assert "/orders" not in (await desk_browser.get(f"/patients/{patient.id}")).text
