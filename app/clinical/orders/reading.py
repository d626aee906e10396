"""How an order is put together from its rows."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from app import identity
from app.clinical.orders import repository
from app.clinical.orders.duplicates import day_of, earlier_of
from app.clinical.orders.lifecycle import OrderItemStatus
from app.clinical.orders.models import Order, OrderItem
from app.clinical.orders.schemas import (
    Clinician,
    EarlierOut,
    OrderItemMoveOut,
    OrderItemOut,
    OrderOut,
    WholeOrder,
)
from app.infra.uow import UnitOfWork

PLAIN = (
    "id", "order_id", "patient_id", "position", "orderable_key", "kind", "name", "reason",
    "instructions", "wanted_on", "specimen", "fasting_hours", "status", "status_at",
    "activated_at", "collected_at", "duplicate_reason",
)  # fmt: skip
OF_ORDER = ("id", "patient_id", "encounter_id", "priority", "version", "created_at", "placed_at")
Names = Mapping[UUID, str]


async def described(uow: UnitOfWork, orders: Sequence[Order]) -> list[OrderOut]:
    items = await repository.items_of(uow, [order.id for order in orders])
    everything = [item for each in items.values() for item in each]
    earlier = await earlier_ones(uow, everything)
    people = {order.orderer_id for order in orders}
    people |= {item.collected_by for item in everything if item.collected_by}
    names = await identity.names_of(uow, people)
    return [
        OrderOut(
            orderer=person(order.orderer_id, names),
            items=[item_out(uow, item, names, earlier) for item in items[order.id]],
            **{name: getattr(order, name) for name in OF_ORDER},
        )
        for order in orders
    ]


async def whole(uow: UnitOfWork, order: Order) -> WholeOrder:
    shown = (await described(uow, [order]))[0]
    moves = await repository.moves_of(uow, [item.id for item in shown.items])
    names = await identity.names_of(uow, {move.moved_by for move in moves})
    history = [
        OrderItemMoveOut(
            item_id=move.item_id,
            from_status=move.from_status,
            to_status=move.to_status,
            reason=move.reason,
            moved_by=person(move.moved_by, names),
            moved_at=move.moved_at,
        )
        for move in moves
    ]
    return WholeOrder(**shown.model_dump(), history=history)


async def items_out(uow: UnitOfWork, items: Sequence[OrderItem]) -> list[OrderItemOut]:
    earlier = await earlier_ones(uow, items)
    names = await identity.names_of(uow, {one.collected_by for one in items if one.collected_by})
    return [item_out(uow, item, names, earlier) for item in items]


async def earlier_ones(uow: UnitOfWork, items: Iterable[OrderItem]) -> dict[UUID, OrderItem]:
    """By item: of a draft what was ordered before as of now, of others what was known then."""
    drafts: dict[UUID, list[OrderItem]] = {}
    known: dict[UUID, UUID] = {}
    for item in items:
        if item.status is OrderItemStatus.DRAFT:
            drafts.setdefault(item.patient_id, []).append(item)
        elif item.duplicate_of is not None:
            known[item.id] = item.duplicate_of
    found: dict[UUID, OrderItem] = {}
    for patient_id, asked in drafts.items():
        found |= await earlier_of(uow, patient_id, asked)
    rows = await repository.items_by_id(uow, known.values()) if known else {}
    return found | {item_id: rows[before] for item_id, before in known.items()}


def item_out(
    uow: UnitOfWork, item: OrderItem, names: Names, earlier: Mapping[UUID, OrderItem]
) -> OrderItemOut:
    before = earlier.get(item.id)
    return OrderItemOut(
        collected_by=person(item.collected_by, names) if item.collected_by else None,
        earlier=earlier_out(uow, before) if before else None,
        **{name: getattr(item, name) for name in PLAIN},
    )


def earlier_out(uow: UnitOfWork, item: OrderItem) -> EarlierOut:
    return EarlierOut(
        item_id=item.id,
        order_id=item.order_id,
        name=item.name,
        status=item.status,
        on=day_of(uow, item),
    )


def person(user_id: UUID, names: Names) -> Clinician:
    return Clinician(id=user_id, name=names.get(user_id, ""))
