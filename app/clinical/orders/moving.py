"""What becomes of one thing that was ordered."""

from datetime import datetime, timedelta
from uuid import UUID

from app import audit
from app.clinical.orders import policies, repository
from app.clinical.orders.collecting import follow_order
from app.clinical.orders.errors import NothingToCollect, OrderUnfit
from app.clinical.orders.events import OrderItemMoved, SpecimenCollected
from app.clinical.orders.lifecycle import ORDER_ITEM, OrderItemStatus
from app.clinical.orders.models import Order, OrderItem
from app.infra.uow import UnitOfWork
from app.kernel.lifecycle import IllegalMove

OLDEST = timedelta(days=31)


async def hold_item(uow: UnitOfWork, item_id: UUID, *, reason: str) -> OrderItem:
    """It waits, and why. Raises `OrderItemNotFound`, `IllegalMove`."""
    policies.require_doctor(uow)
    return await moved(uow, item_id, OrderItemStatus.ON_HOLD, "hold", reason=reason)


async def resume_item(uow: UnitOfWork, item_id: UUID) -> OrderItem:
    """It goes on. Raises `OrderItemNotFound`, `IllegalMove` unless it was on hold."""
    policies.require_doctor(uow)
    order, item = await repository.locked_item(uow, item_id)
    target = OrderItemStatus.ACTIVE
    if item.status is not OrderItemStatus.ON_HOLD:  # a draft is placed, with its order
        raise IllegalMove(lifecycle=ORDER_ITEM.name, current=item.status, target=target)
    await move(uow, order, item, target, "resume")
    return item


async def revoke_item(uow: UnitOfWork, item_id: UUID, *, reason: str) -> OrderItem:
    """It is not to be done after all, and why; out of a draft it is taken.

    Raises `OrderItemNotFound`, `IllegalMove`, `OrderOfAnother` for somebody else's draft.
    """
    policies.require_doctor(uow)
    order, item = await repository.locked_item(uow, item_id)
    if order.placed_at is None:
        policies.require_own_draft(uow, order)
    await move(uow, order, item, OrderItemStatus.REVOKED, "revoke", reason=reason)
    return item


async def enter_item_in_error(uow: UnitOfWork, item_id: UUID, *, reason: str) -> OrderItem:
    """It should never have been ordered: it counts nowhere. Raises what `revoke_item` does."""
    policies.require_doctor(uow)
    order, item = await repository.locked_item(uow, item_id)
    if order.placed_at is None:
        policies.require_own_draft(uow, order)
    target = OrderItemStatus.ENTERED_IN_ERROR
    await move(uow, order, item, target, "enter-in-error", reason=reason)
    return item


async def complete_item(uow: UnitOfWork, item_id: UUID) -> OrderItem:
    """It was done, or its results are there; what is completed stays so, what was held goes on.

    Raises `OrderItemNotFound`; `IllegalMove` for a draft and for what was revoked.
    """
    policies.require_doer(uow)
    order, item = await repository.locked_item(uow, item_id)
    if item.status is OrderItemStatus.COMPLETED:
        await trace(uow, "complete", item)
        return item
    if item.status is OrderItemStatus.ON_HOLD:
        uow.db.add(item.move_to(OrderItemStatus.ACTIVE, by=uow.actor.id, at=uow.now))
    await move(uow, order, item, OrderItemStatus.COMPLETED, "complete")
    return item


async def collect_specimen(
    uow: UnitOfWork, item_id: UUID, *, collected_at: datetime | None = None
) -> OrderItem:
    """The specimen was taken, by whoever says so. Raises `NothingToCollect`, `OrderUnfit`."""
    policies.require_doer(uow)
    order, item = await repository.locked_item(uow, item_id)
    if not item.waits_for_specimen:
        raise NothingToCollect(item_id=item_id)
    if collected_at is not None and not uow.now - OLDEST <= collected_at <= uow.now:
        why = "A specimen was taken in the last month, and not in time to come."
        at = ["body", "collected_at"]
        raise OrderUnfit(errors=[{"at": at, "why": why, "rule": "taken_lately"}])
    item.collected_by, item.collected_at = uow.actor.id, collected_at or uow.now
    await uow.db.flush()
    await uow.publish(
        SpecimenCollected(
            item_id=item.id,
            order_id=order.id,
            patient_id=item.patient_id,
            encounter_id=order.encounter_id,
        )
    )
    await follow_order(uow, order)
    await trace(uow, "collect", item)
    return item


async def moved(
    uow: UnitOfWork, item_id: UUID, target: OrderItemStatus, verb: str, *, reason: str | None = None
) -> OrderItem:
    order, item = await repository.locked_item(uow, item_id)
    await move(uow, order, item, target, verb, reason=reason)
    return item


async def move(
    uow: UnitOfWork,
    order: Order,
    item: OrderItem,
    target: OrderItemStatus,
    verb: str,
    *,
    reason: str | None = None,
) -> None:
    """One move under the lock of the order: its history, its trace, its fact, what waits for it."""
    uow.db.add(item.move_to(target, by=uow.actor.id, at=uow.now, reason=reason))
    order.version += 1
    await uow.db.flush()
    if order.placed_at is not None:
        await uow.publish(
            OrderItemMoved(
                item_id=item.id,
                order_id=order.id,
                patient_id=item.patient_id,
                encounter_id=order.encounter_id,
                status=target,
            )
        )
        await follow_order(uow, order)
    await trace(uow, verb, item)


async def trace(uow: UnitOfWork, verb: str, item: OrderItem) -> None:
    await audit.record(
        uow,
        f"order-item.{verb}",
        patient_id=item.patient_id,
        subject=("order_item", item.id),
        detail={"status": item.status, "kind": item.kind},
    )
