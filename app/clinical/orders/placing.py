"""A draft becomes an order."""

from uuid import UUID

from app import audit, patients
from app.clinical.orders import policies, repository
from app.clinical.orders.collecting import follow_order
from app.clinical.orders.duplicates import require_reasons
from app.clinical.orders.errors import OrderChanged, OrderEmpty, OrderPlacedAlready
from app.clinical.orders.events import OrderPlaced
from app.clinical.orders.lifecycle import OrderItemStatus
from app.clinical.orders.models import Order
from app.clinical.orders.schemas import OrderPriority
from app.infra.uow import UnitOfWork


async def place_order(
    uow: UnitOfWork, order_id: UUID, *, version: int, priority: OrderPriority | None = None
) -> Order:
    """Order exactly what was seen.

    Raises `OrderNotFound`, `OrderOfAnother`, `OrderPlacedAlready`, `OrderChanged`, `OrderEmpty`,
    and `OrderedBefore` when the same is open or was done shortly before and no reason was given.
    """
    policies.require_doctor(uow)
    seen = await repository.get(uow, order_id)
    await patients.get_patient(uow, seen.patient_id, lock=True)  # two who order the same see it
    order = await repository.get(uow, order_id, lock=True)
    policies.require_own_draft(uow, order)
    if order.placed_at is not None:
        raise OrderPlacedAlready(order_id=order.id)
    if order.version != version:
        raise OrderChanged(
            order_id=order.id, expected_version=version, current_version=order.version
        )
    order.priority = priority or order.priority
    await place(uow, order)
    await audit.record(
        uow,
        "order.place",
        patient_id=order.patient_id,
        subject=("order", order.id),
        detail={"version": order.version},
    )
    return order


async def place(uow: UnitOfWork, order: Order) -> None:
    """Under locks of the patient and of the order. Raises `OrderEmpty`, `OrderedBefore`."""
    items = (await repository.items_of(uow, [order.id]))[order.id]
    if not items:
        raise OrderEmpty(order_id=order.id)
    await require_reasons(uow, order.patient_id, items)
    for item in items:
        uow.db.add(item.move_to(OrderItemStatus.ACTIVE, by=uow.actor.id, at=uow.now))
        item.activated_at = uow.now
    order.placed_at = uow.now
    order.version += 1
    await uow.db.flush()
    await follow_order(uow, order)
    await uow.publish(
        OrderPlaced(
            order_id=order.id,
            patient_id=order.patient_id,
            encounter_id=order.encounter_id,
            orderer_id=order.orderer_id,
        )
    )
