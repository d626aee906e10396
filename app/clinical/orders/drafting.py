"""Drafts: what a doctor is about to order."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from app import audit, patients
from app.clinical import encounters
from app.clinical.orders import policies, repository
from app.clinical.orders.errors import Fault, OrderPlacedAlready, OrderUnfit
from app.clinical.orders.lifecycle import OrderItemStatus
from app.clinical.orders.models import Order, Orderable, OrderItem, OrderItemMove
from app.clinical.orders.placing import place
from app.clinical.orders.schemas import MOST_ITEMS, ItemDetails, NewOrder, NewOrderItem
from app.infra.uow import UnitOfWork

LATEST = timedelta(days=3 * 366)


async def draft_order(uow: UnitOfWork, new: NewOrder) -> Order:
    """A draft, or an order placed at once.

    Raises `PatientNotFound`, `EncounterNotFound`, `OrderUnfit`; placed what `place_order` does.
    """
    policies.require_doctor(uow)
    patient = await patients.get_patient(uow, new.patient_id, lock=new.placed)
    if new.encounter_id is not None:
        await require_same_patient(uow, new.encounter_id, patient.id)
    order = await begin_draft(uow, patient.id, new)
    await put_items(uow, order, new.items)
    if new.placed:
        await place(uow, order)
    await trace(uow, "place" if new.placed else "draft", order)
    return order


async def begin_draft(uow: UnitOfWork, patient_id: UUID, new: NewOrder) -> Order:
    """A draft with nothing in it; the verb that begins it leaves the trace."""
    order = Order(
        id=uuid4(),
        patient_id=patient_id,
        encounter_id=new.encounter_id,
        orderer_id=uow.actor.id,
        priority=new.priority,
        version=1,
        created_by=uow.actor.id,
        created_at=uow.now,
        updated_at=uow.now,
    )
    uow.db.add(order)
    await uow.db.flush()
    return order


async def require_same_patient(uow: UnitOfWork, encounter_id: UUID, patient_id: UUID) -> None:
    encounter = await encounters.get_encounter(uow, encounter_id)
    whose = await patients.get_patient(uow, encounter.patient_id)
    if whose.id != patient_id:
        why = "That encounter is with somebody else."
        raise unfit(fault(["body", "encounter_id"], why, "encounter_of_patient"))


async def add_items(uow: UnitOfWork, order_id: UUID, new: Sequence[NewOrderItem]) -> Order:
    """Put more into a draft; what is in it already stays as it is. Raises `OrderUnfit`."""
    order = await own_draft(uow, order_id)
    await put_items(uow, order, new)
    order.version += 1
    await uow.db.flush()
    await trace(uow, "add-items", order)
    return order


async def describe_item(uow: UnitOfWork, item_id: UUID, said: ItemDetails) -> Order:
    """What is said about a thing in a draft; raises `OrderPlacedAlready`, `OrderUnfit`."""
    item = await repository.get_item(uow, item_id)
    order = await own_draft(uow, item.order_id)
    await uow.db.refresh(item)
    faults = faults_of_day(uow, said.wanted_on, ["body", "wanted_on"])
    if faults:
        raise unfit(*faults)
    item.reason, item.instructions = said.reason, said.instructions
    item.wanted_on, item.duplicate_reason = said.wanted_on, said.duplicate_reason
    order.version += 1
    await uow.db.flush()
    await trace(uow, "describe-item", order)
    return order


async def own_draft(uow: UnitOfWork, order_id: UUID) -> Order:
    policies.require_doctor(uow)
    order = await repository.get(uow, order_id, lock=True)
    policies.require_own_draft(uow, order)
    if order.placed_at is not None:
        raise OrderPlacedAlready(order_id=order.id)
    return order


async def put_items(uow: UnitOfWork, order: Order, new: Sequence[NewOrderItem]) -> list[OrderItem]:
    """Those that are not in the draft yet; raises `OrderUnfit`."""
    there = (await repository.items_of(uow, [order.id]))[order.id]
    catalogue = await repository.orderables(
        uow, {one.orderable_key for one in new if one.orderable_key}
    )
    faults = [each for at, one in enumerate(new) for each in faults_of(uow, at, one, catalogue)]
    if len(there) + len(new) > MOST_ITEMS:
        faults.append(fault(["body", "items"], f"At most {MOST_ITEMS} in one order.", "most_items"))
    if faults:
        raise unfit(*faults)
    names = {(item.orderable_key, item.name.lower()) for item in there}
    position = await repository.last_position(uow, order.id)
    added: list[OrderItem] = []
    for one in new:
        fields = fields_of(one, catalogue)
        name = (fields["orderable_key"], fields["name"].lower())
        if name in names:
            continue
        names.add(name)
        position += 1
        item = OrderItem(
            id=uuid4(),
            order_id=order.id,
            patient_id=order.patient_id,
            position=position,
            status=OrderItemStatus.DRAFT,
            status_at=uow.now,
            **fields,
        )
        uow.db.add(item)
        added.append(item)
    await uow.db.flush()
    uow.db.add_all(first_move(uow, item) for item in added)
    await uow.db.flush()
    return added


def fields_of(one: NewOrderItem, catalogue: dict[str, Orderable]) -> dict[str, Any]:
    known = catalogue[one.orderable_key] if one.orderable_key else None
    return {
        "orderable_key": one.orderable_key,
        "kind": known.kind if known else one.kind,
        "name": known.name if known else one.name,
        "specimen": known.specimen if known else None,
        "fasting_hours": known.fasting_hours if known else None,
        "reason": one.reason,
        "instructions": one.instructions,
        "wanted_on": one.wanted_on,
        "duplicate_reason": one.duplicate_reason,
    }


def faults_of(
    uow: UnitOfWork, place: int, one: NewOrderItem, catalogue: dict[str, Orderable]
) -> list[Fault]:
    at = ["body", "items", str(place)]
    faults: list[Fault] = []
    if one.orderable_key is None:
        if one.kind is None or one.name is None:
            faults.append(fault([*at, "name"], "Say what, and of which kind it is.", "named"))
    elif one.kind is not None or one.name is not None:
        why = "The catalogue says the kind and the name."
        faults.append(fault([*at, "name"], why, "named_once"))
    elif not is_orderable(uow, catalogue.get(one.orderable_key)):
        why = "The catalogue does not have that, or not any more."
        faults.append(fault([*at, "orderable_key"], why, "orderable_known"))
    return faults + faults_of_day(uow, one.wanted_on, [*at, "wanted_on"])


def is_orderable(uow: UnitOfWork, one: Orderable | None) -> bool:
    if one is None or one.effective_from > uow.today:
        return False
    return one.effective_to is None or one.effective_to >= uow.today


def faults_of_day(uow: UnitOfWork, day: date | None, at: list[str]) -> list[Fault]:
    if day is None:
        return []
    if day < uow.today:
        return [fault(at, "That day is over.", "not_in_past")]
    if day > uow.today + LATEST:
        return [fault(at, "Nobody plans that far ahead: three years at most.", "not_too_late")]
    return []


def fault(at: list[str], why: str, rule: str) -> Fault:
    return Fault(at=at, why=why, rule=rule)


def unfit(*faults: Fault) -> OrderUnfit:
    return OrderUnfit(errors=list(faults))


def first_move(uow: UnitOfWork, item: OrderItem) -> OrderItemMove:
    return OrderItemMove(
        item_id=item.id,
        from_status=None,
        to_status=item.status,
        reason=None,
        moved_by=uow.actor.id,
        moved_at=uow.now,
    )


async def trace(uow: UnitOfWork, verb: str, order: Order, **detail: Any) -> None:
    await audit.record(
        uow,
        f"order.{verb}",
        patient_id=order.patient_id,
        subject=("order", order.id),
        detail={"version": order.version, **detail},
    )
