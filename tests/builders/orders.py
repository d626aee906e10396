"""Orders for tests."""

from typing import Any
from uuid import UUID

from app.clinical import orders
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.patients import a_patient


async def a_draft(
    works: Works, doctor: Actor, *keys: str, patient_id: UUID | None = None, **fields: Any
) -> orders.OrderOut:
    """A draft of these orderables; with `placed=True` an order."""
    if patient_id is None:
        patient_id = (await a_patient(works, doctor)).id
    items = [
        {"orderable_key": key, "duplicate_reason": fields.pop("because", None)} for key in keys
    ]
    new = orders.NewOrder.model_validate({"patient_id": patient_id, "items": items} | fields)
    async with works.begin(doctor) as uow:
        order = await orders.draft_order(uow, new)
        return await orders.describe_order(uow, order.id)


async def an_order(
    works: Works, doctor: Actor, *keys: str, patient_id: UUID | None = None, **fields: Any
) -> orders.OrderOut:
    return await a_draft(works, doctor, *keys, patient_id=patient_id, placed=True, **fields)
