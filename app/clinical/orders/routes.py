"""Orders over HTTP."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import Response

from app.clinical.orders import (
    catalogue_routes,
    drafting,
    item_routes,
    placing,
    proposal_routes,
    queries,
    sets,
)
from app.clinical.orders.lifecycle import OrderItemStatus
from app.clinical.orders.policies import CLINICIANS
from app.clinical.orders.schemas import (
    AddItems,
    NewOrder,
    OrderOut,
    OrderPage,
    PlaceOrder,
    WholeOrder,
)
from app.clinical.orders.set_schemas import ApplySet
from app.infra.http.access import allow
from app.infra.http.deps import Paging, Uow
from app.infra.http.problems import described
from app.infra.http.routing import api_router
from app.kernel.actors import Role

router = api_router("/orders", "orders")
READERS = [allow(*CLINICIANS)]
DOCTORS = [allow(Role.DOCTOR)]
CHANGED: dict[int | str, dict[str, Any]] = {
    412: described(HTTPStatus.PRECONDITION_FAILED, "order-changed: this order is not what you saw"),
}


@router.get("", dependencies=READERS)
async def list_orders(
    patient_id: UUID, uow: Uow, page: Paging, status: OrderItemStatus | None = None
) -> OrderPage:
    """A patient's orders, newest first; with a status, those that hold such items."""
    return await queries.list_orders(uow, patient_id, status=status, page=page)


@router.post("", status_code=201, dependencies=DOCTORS)
async def create_order(body: NewOrder, uow: Uow, response: Response) -> OrderOut:
    """Begin a draft, or order at once.

    What was ordered before and is open, or was done shortly before, needs a `duplicate_reason`.
    """
    order = await drafting.draft_order(uow, body)
    response.headers["Location"] = f"/api/v1/orders/{order.id}"
    return await queries.describe_order(uow, order.id)


@router.get("/{order_id}", dependencies=READERS)
async def get_order(order_id: UUID, uow: Uow) -> WholeOrder:
    """An order with everything that happened to what it asks for."""
    return await queries.read_order(uow, order_id)


@router.post("/{order_id}/items", status_code=201, dependencies=DOCTORS)
async def add_order_items(order_id: UUID, body: AddItems, uow: Uow) -> OrderOut:
    """Put more into a draft; what is in it already stays as it is."""
    await drafting.add_items(uow, order_id, body.items)
    return await queries.describe_order(uow, order_id)


@router.post("/{order_id}/sets", status_code=201, dependencies=DOCTORS)
async def apply_order_set(order_id: UUID, body: ApplySet, uow: Uow) -> OrderOut:
    """Put an order set, or some of it, into a draft."""
    await sets.apply_set(uow, order_id, body)
    return await queries.describe_order(uow, order_id)


@router.post("/{order_id}/placement", status_code=201, dependencies=DOCTORS, responses=CHANGED)
async def place_order(order_id: UUID, body: PlaceOrder, uow: Uow) -> OrderOut:
    """Order exactly the version that was seen."""
    await placing.place_order(uow, order_id, version=body.version, priority=body.priority)
    return await queries.describe_order(uow, order_id)


ROUTERS = (
    router,
    item_routes.router,
    catalogue_routes.orderables,
    catalogue_routes.order_sets,
    proposal_routes.router,
)
