"""Looking at orders."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app import audit, patients
from app.clinical.orders import policies, reading, repository
from app.clinical.orders.lifecycle import OrderItemStatus
from app.clinical.orders.models import OrderItem
from app.clinical.orders.schemas import OrderItemOut, OrderOut, OrderPage, WholeOrder
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor, PageRequest, page_of

FIRST_PAGE = PageRequest()


@dataclass(frozen=True, slots=True)
class OrderBoard:
    """All that a page about a patient's orders shows."""

    waiting: list[OrderOut]
    drafts: list[OrderOut]
    page: OrderPage


async def read_order(uow: UnitOfWork, order_id: UUID) -> WholeOrder:
    """An order with its history; raises `OrderNotFound`."""
    policies.require_reader(uow)
    order = await repository.get(uow, order_id)
    await audit.record(uow, "order.read", patient_id=order.patient_id, subject=("order", order.id))
    return await reading.whole(uow, order)


async def list_orders(
    uow: UnitOfWork,
    patient_id: UUID,
    *,
    status: OrderItemStatus | None = None,
    page: PageRequest = FIRST_PAGE,
) -> OrderPage:
    """A patient's orders, newest first; with a status those with such items.

    Raises `PatientNotFound`.
    """
    policies.require_reader(uow)
    patient = await patients.get_patient(uow, patient_id)
    rows = await repository.page(uow, patient.id, status, page)
    found, next_cursor = page_of(rows, page, key=lambda o: Cursor(at=o.created_at, id=o.id))
    detail = {"orders": [str(order.id) for order in found]}
    await audit.record(uow, "order.list", patient_id=patient.id, detail=detail)
    return OrderPage(items=await reading.described(uow, found), next_cursor=next_cursor)


async def board_of(uow: UnitOfWork, patient_id: UUID, page: PageRequest = FIRST_PAGE) -> OrderBoard:
    """What a patient waits for, my drafts, and all orders by page. Raises `PatientNotFound`."""
    policies.require_reader(uow)
    patient = await patients.get_patient(uow, patient_id)
    waiting = await repository.with_open_items(uow, patient.id)
    drafts = await repository.drafts(uow, patient.id, uow.actor.id)
    rows = await repository.page(uow, patient.id, None, page)
    found, next_cursor = page_of(rows, page, key=lambda o: Cursor(at=o.created_at, id=o.id))
    seen = {order.id: order for order in (*waiting, *drafts, *found)}
    detail = {"orders": [str(order_id) for order_id in seen]}
    await audit.record(uow, "order.list", patient_id=patient.id, detail=detail)
    shown = {one.id: one for one in await reading.described(uow, list(seen.values()))}
    return OrderBoard(
        waiting=[shown[order.id] for order in waiting],
        drafts=[shown[order.id] for order in drafts],
        page=OrderPage(items=[shown[order.id] for order in found], next_cursor=next_cursor),
    )


async def describe_order(uow: UnitOfWork, order_id: UUID) -> OrderOut:
    """An order for whoever has just changed it; leaves no trace: the verb that changed it did."""
    return (await reading.described(uow, [await repository.get(uow, order_id)]))[0]


async def describe_item(uow: UnitOfWork, item: OrderItem) -> OrderItemOut:
    """The same for one thing ordered."""
    return (await reading.items_out(uow, [item]))[0]


async def look_at_item(uow: UnitOfWork, item_id: UUID) -> OrderItem:
    """Somebody looks at one thing ordered; raises `OrderItemNotFound`."""
    item = await read_item(uow, item_id)
    await audit.record(
        uow, "order-item.read", patient_id=item.patient_id, subject=("order_item", item.id)
    )
    return item


async def read_item(uow: UnitOfWork, item_id: UUID) -> OrderItem:
    """A thing ordered, for other verbs to build on; raises `OrderItemNotFound`.

    Leaves no trace in the audit trail: the verb that uses it does.
    """
    policies.require_reader(uow)
    return await repository.get_item(uow, item_id)


async def open_items(uow: UnitOfWork, patient_id: UUID) -> Sequence[OrderItem]:
    """What is active or on hold, of all records of this person, for other verbs to build on.

    Leaves no trace in the audit trail: the verb that uses it does.
    """
    policies.require_reader(uow)
    return await repository.open_items(uow, patient_id)
