"""Every statement that touches orders."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, func, or_, select, tuple_

from app.clinical.orders.errors import OrderItemNotFound, OrderNotFound
from app.clinical.orders.lifecycle import OrderItemStatus
from app.clinical.orders.models import Order, Orderable, OrderItem, OrderItemMove
from app.infra.uow import UnitOfWork
from app.kernel.paging import PageRequest
from app.patients import joined_to_patient, records_of, visible_patients

OPEN = (OrderItemStatus.ACTIVE, OrderItemStatus.ON_HOLD)


def visible(uow: UnitOfWork) -> Select[Order]:
    joined = joined_to_patient(select(Order), Order.patient_id)
    return joined.where(visible_patients(uow))


async def get(uow: UnitOfWork, order_id: UUID, *, lock: bool = False) -> Order:
    statement = visible(uow).where(Order.id == order_id)
    if lock:
        statement = statement.with_for_update(of=Order, key_share=True)
        statement = statement.execution_options(populate_existing=True)
    order = (await uow.db.execute(statement)).scalar_one_or_none()
    if order is None:
        raise OrderNotFound(order_id=order_id)
    return order


async def get_item(uow: UnitOfWork, item_id: UUID) -> OrderItem:
    joined = joined_to_patient(select(OrderItem), OrderItem.patient_id)
    statement = joined.where(visible_patients(uow), OrderItem.id == item_id)
    item = (await uow.db.execute(statement)).scalar_one_or_none()
    if item is None:
        raise OrderItemNotFound(item_id=item_id)
    return item


async def locked_item(uow: UnitOfWork, item_id: UUID) -> tuple[Order, OrderItem]:
    """A thing ordered with its order, which is locked: both as they are now."""
    item = await get_item(uow, item_id)
    order = await get(uow, item.order_id, lock=True)
    await uow.db.refresh(item)
    return order, item


async def items_of(uow: UnitOfWork, order_ids: Collection[UUID]) -> dict[UUID, list[OrderItem]]:
    """What these orders ask for, in order; but for what was taken off a draft."""
    statement = select(OrderItem).where(OrderItem.order_id.in_(order_ids))
    statement = statement.order_by(OrderItem.order_id, OrderItem.position)
    statement = statement.execution_options(populate_existing=True)
    found: dict[UUID, list[OrderItem]] = {order_id: [] for order_id in order_ids}
    for item in await uow.db.scalars(statement):
        if not item.is_removed:
            found[item.order_id].append(item)
    return found


async def last_position(uow: UnitOfWork, order_id: UUID) -> int:
    last = select(func.max(OrderItem.position)).where(OrderItem.order_id == order_id)
    return (await uow.db.execute(last)).scalar_one() or 0


async def moves_of(uow: UnitOfWork, item_ids: Collection[UUID]) -> Sequence[OrderItemMove]:
    statement = select(OrderItemMove).where(OrderItemMove.item_id.in_(item_ids))
    return (await uow.db.scalars(statement.order_by(OrderItemMove.seq))).all()


async def page(
    uow: UnitOfWork, patient_id: UUID, status: OrderItemStatus | None, request: PageRequest
) -> Sequence[Order]:
    """One row more than the page holds, newest first; with a status, those that have such items."""
    statement = visible(uow).where(Order.patient_id.in_(records_of(patient_id)))
    if status is not None:
        like_that = select(OrderItem.id).where(
            OrderItem.order_id == Order.id, OrderItem.status == status
        )
        statement = statement.where(like_that.exists())
    if request.cursor is not None:
        last = (request.cursor.at, request.cursor.id)
        statement = statement.where(tuple_(Order.created_at, Order.id) < tuple_(*last))
    newest_first = (Order.created_at.desc(), Order.id.desc())
    return (await uow.db.scalars(statement.order_by(*newest_first).limit(request.limit + 1))).all()


async def open_items(uow: UnitOfWork, patient_id: UUID) -> Sequence[OrderItem]:
    """What this person waits for, what was ordered first before the rest."""
    joined = joined_to_patient(select(OrderItem), OrderItem.patient_id)
    statement = joined.where(
        visible_patients(uow),
        OrderItem.patient_id.in_(records_of(patient_id)),
        OrderItem.status.in_(OPEN),
    )
    statement = statement.order_by(OrderItem.activated_at, OrderItem.order_id, OrderItem.position)
    return (await uow.db.scalars(statement)).all()


async def with_open_items(uow: UnitOfWork, patient_id: UUID) -> Sequence[Order]:
    """Orders of which something is still to be done, the oldest first."""
    still = select(OrderItem.order_id).where(
        OrderItem.patient_id.in_(records_of(patient_id)), OrderItem.status.in_(OPEN)
    )
    statement = visible(uow).where(Order.id.in_(still))
    return (await uow.db.scalars(statement.order_by(Order.placed_at, Order.id))).all()


async def drafts(uow: UnitOfWork, patient_id: UUID, orderer_id: UUID) -> Sequence[Order]:
    """Somebody's drafts for this person that hold something, the latest first."""
    holds = select(OrderItem.id).where(
        OrderItem.order_id == Order.id, OrderItem.status == OrderItemStatus.DRAFT
    )
    statement = (
        visible(uow)
        .where(Order.patient_id.in_(records_of(patient_id)))
        .where(Order.orderer_id == orderer_id, Order.placed_at.is_(None), holds.exists())
        .order_by(Order.created_at.desc(), Order.id.desc())
    )
    return (await uow.db.scalars(statement)).all()


async def same_as(
    uow: UnitOfWork, patient_id: UUID, keys: Collection[str], names: Collection[str]
) -> Sequence[OrderItem]:
    """What this person has of the same, open or completed; the latest first."""
    unlisted = OrderItem.orderable_key.is_(None) & func.lower(OrderItem.name).in_(names)
    statement = select(OrderItem).where(
        OrderItem.patient_id.in_(records_of(patient_id)),
        OrderItem.status.in_((*OPEN, OrderItemStatus.COMPLETED)),
        or_(OrderItem.orderable_key.in_(keys), unlisted),
    )
    statement = statement.order_by(OrderItem.status_at.desc(), OrderItem.id)
    statement = statement.execution_options(populate_existing=True)
    return (await uow.db.scalars(statement)).all()


async def items_by_id(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, OrderItem]:
    found = await uow.db.scalars(select(OrderItem).where(OrderItem.id.in_(ids)))
    return {item.id: item for item in found}


async def orderables(uow: UnitOfWork, keys: Collection[str]) -> dict[str, Orderable]:
    """Of the catalogue, by key; what is not ordered any more as well."""
    found = await uow.db.scalars(select(Orderable).where(Orderable.key.in_(keys)))
    return {one.key: one for one in found}


async def catalogue(uow: UnitOfWork, on: date) -> Sequence[Orderable]:
    """All that may be ordered that day, by name."""
    statement = (
        select(Orderable)
        .where(Orderable.effective_from <= on)
        .where(or_(Orderable.effective_to.is_(None), Orderable.effective_to >= on))
        .order_by(Orderable.name, Orderable.key)
    )
    return (await uow.db.scalars(statement)).all()
