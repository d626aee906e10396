"""What becomes of things ordered, over HTTP."""

from uuid import UUID

from app.clinical.orders import drafting, moving, queries
from app.clinical.orders.models import OrderItem
from app.clinical.orders.policies import CLINICIANS
from app.clinical.orders.schemas import (
    Collected,
    ItemDetails,
    OrderItemOut,
    OrderMoveReason,
    OrderOut,
)
from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.routing import api_router
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role

router = api_router("/order-items", "orders")
DOERS = [allow(*CLINICIANS)]
DOCTORS = [allow(Role.DOCTOR)]


async def shown(uow: UnitOfWork, item: OrderItem) -> OrderItemOut:
    return await queries.describe_item(uow, item)


@router.get("/{item_id}", dependencies=DOERS)
async def get_order_item(item_id: UUID, uow: Uow) -> OrderItemOut:
    """One thing ordered."""
    return await shown(uow, await queries.look_at_item(uow, item_id))


@router.put("/{item_id}/details", dependencies=DOCTORS)
async def describe_order_item(item_id: UUID, body: ItemDetails, uow: Uow) -> OrderOut:
    """Say what is to be said about a thing in a draft; what is left out is not said."""
    order = await drafting.describe_item(uow, item_id, body)
    return await queries.describe_order(uow, order.id)


@router.post("/{item_id}/hold", status_code=201, dependencies=DOCTORS)
async def hold_order_item(item_id: UUID, body: OrderMoveReason, uow: Uow) -> OrderItemOut:
    """It waits, and why."""
    return await shown(uow, await moving.hold_item(uow, item_id, reason=body.reason))


@router.post("/{item_id}/resumption", status_code=201, dependencies=DOCTORS)
async def resume_order_item(item_id: UUID, uow: Uow) -> OrderItemOut:
    """What was on hold goes on."""
    return await shown(uow, await moving.resume_item(uow, item_id))


@router.post("/{item_id}/revocation", status_code=201, dependencies=DOCTORS)
async def revoke_order_item(item_id: UUID, body: OrderMoveReason, uow: Uow) -> OrderItemOut:
    """It is not to be done after all, and why; out of a draft it is taken."""
    return await shown(uow, await moving.revoke_item(uow, item_id, reason=body.reason))


@router.post("/{item_id}/collection", status_code=201, dependencies=DOERS)
async def collect_specimen(item_id: UUID, body: Collected, uow: Uow) -> OrderItemOut:
    """The specimen was taken, by whoever says so."""
    taken = await moving.collect_specimen(uow, item_id, collected_at=body.collected_at)
    return await shown(uow, taken)


@router.post("/{item_id}/completion", status_code=201, dependencies=DOERS)
async def complete_order_item(item_id: UUID, uow: Uow) -> OrderItemOut:
    """It was done."""
    return await shown(uow, await moving.complete_item(uow, item_id))


@router.post("/{item_id}/entered-in-error", status_code=201, dependencies=DOCTORS)
async def enter_order_item_in_error(item_id: UUID, body: OrderMoveReason, uow: Uow) -> OrderItemOut:
    """It should never have been ordered: it counts nowhere."""
    return await shown(uow, await moving.enter_item_in_error(uow, item_id, reason=body.reason))
