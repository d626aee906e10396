"""The same, ordered before: open now, or done too short a time ago to be worth repeating."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from uuid import UUID

from app.clinical.orders import repository
from app.clinical.orders.errors import EarlierOrder, OrderedBefore
from app.clinical.orders.lifecycle import OrderItemStatus
from app.clinical.orders.models import Orderable, OrderItem
from app.infra.uow import UnitOfWork


async def earlier_of(
    uow: UnitOfWork, patient_id: UUID, items: Iterable[OrderItem]
) -> dict[UUID, OrderItem]:
    """What was ordered before of the same, by item; an open one before a completed one."""
    asked = list(items)
    if not asked:
        return {}
    keys = {item.orderable_key for item in asked if item.orderable_key is not None}
    names = {item.name.lower() for item in asked if item.orderable_key is None}
    stored = await repository.same_as(uow, patient_id, keys, names)
    catalogue = await repository.orderables(uow, keys)
    found: dict[UUID, OrderItem] = {}
    for item in asked:
        others = [
            one for one in stored if is_same(item, one) and is_near(uow, item, one, catalogue)
        ]
        others.sort(key=lambda one: one.status is OrderItemStatus.COMPLETED)
        if others:
            found[item.id] = others[0]
    return found


def is_same(item: OrderItem, other: OrderItem) -> bool:
    if item.id == other.id:
        return False
    if item.orderable_key is None or other.orderable_key is None:
        unlisted = item.orderable_key is other.orderable_key is None
        return unlisted and item.name.lower() == other.name.lower()
    return item.orderable_key == other.orderable_key


def is_near(
    uow: UnitOfWork, item: OrderItem, other: OrderItem, catalogue: Mapping[str, Orderable]
) -> bool:
    """Whether the two are closer in time than `repeat_days`; without it, while one is open."""
    orderable = catalogue.get(item.orderable_key or "")
    days = orderable.repeat_days if orderable else None
    if days is None:
        return other.status is not OrderItemStatus.COMPLETED
    planned = item.wanted_on is not None or other.wanted_on is not None
    if other.status is not OrderItemStatus.COMPLETED and not planned:
        return True
    apart = (item.wanted_on or uow.today) - day_of(uow, other)
    return abs(apart) < timedelta(days=days)


def day_of(uow: UnitOfWork, item: OrderItem) -> date:
    """When it was done, is to be done, or was placed, on the clinic's wall."""
    if item.status is not OrderItemStatus.COMPLETED and item.wanted_on is not None:
        return item.wanted_on
    moment = item.status_at
    if item.status is not OrderItemStatus.COMPLETED and item.activated_at is not None:
        moment = item.activated_at
    return moment.astimezone(uow.zone).date()


async def require_reasons(uow: UnitOfWork, patient_id: UUID, items: list[OrderItem]) -> None:
    """Write down what was ordered before; raises `OrderedBefore` where no reason was given.

    Under a lock of the patient, or two would not see each other.
    """
    earlier = await earlier_of(uow, patient_id, items)
    missing: list[EarlierOrder] = []
    for place, item in enumerate(items, start=1):
        before = earlier.get(item.id)
        item.duplicate_of = before.id if before and item.duplicate_reason else None
        if before is not None and item.duplicate_reason is None:
            missing.append(
                EarlierOrder(
                    position=place,
                    item_id=before.id,
                    order_id=before.order_id,
                    state=before.status,
                    on=day_of(uow, before),
                )
            )
    if missing:
        raise OrderedBefore(earlier=missing)
