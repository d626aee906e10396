"""What may be ordered, and what is often ordered together, over HTTP."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from app.clinical.orders import catalogue, sets
from app.clinical.orders.policies import CLINICIANS
from app.clinical.orders.schemas import OrderableList, OrderableOut, OrderKind
from app.clinical.orders.set_schemas import OrderSetList, OrderSetOut, SaveOrderSet
from app.infra.http.access import allow
from app.infra.http.deps import Uow
from app.infra.http.problems import described
from app.infra.http.routing import api_router
from app.kernel.actors import Role

orderables = api_router("/orderables", "orders")
order_sets = api_router("/order-sets", "orders")
READERS = [allow(*CLINICIANS)]
DOCTORS = [allow(Role.DOCTOR)]
CHANGED: dict[int | str, dict[str, Any]] = {
    412: described(
        HTTPStatus.PRECONDITION_FAILED,
        "order-set-changed: somebody changed this order set since you read it",
    ),
}


@orderables.get("", dependencies=READERS)
async def find_orderables(
    uow: Uow,
    q: Annotated[str, Query(max_length=200)] = "",
    kind: OrderKind | None = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> OrderableList:
    """What may be ordered, by any words of its name or of a synonym; the best match first."""
    found = await catalogue.find_orderables(uow, q, kind=kind, limit=limit)
    return OrderableList(items=[OrderableOut.model_validate(one) for one in found])


@order_sets.get("", dependencies=READERS)
async def list_order_sets(uow: Uow) -> OrderSetList:
    """My order sets, then the clinic's."""
    return OrderSetList(items=await sets.list_sets(uow))


@order_sets.post("", status_code=201, dependencies=DOCTORS)
async def create_order_set(body: SaveOrderSet, uow: Uow, response: Response) -> OrderSetOut:
    """Keep an order set of my own."""
    saved = await sets.save_set(uow, body)
    response.headers["Location"] = f"/api/v1/order-sets/{saved.id}"
    return saved


@order_sets.put("/{set_id}", dependencies=DOCTORS, responses=CHANGED)
async def change_order_set(set_id: UUID, body: SaveOrderSet, uow: Uow) -> OrderSetOut:
    """The next version of a set of mine."""
    return await sets.save_set(uow, body, set_id=set_id)


@order_sets.post("/{set_id}/retirement", status_code=204, dependencies=DOCTORS)
async def retire_order_set(set_id: UUID, uow: Uow) -> None:
    """A set of mine is offered no more."""
    await sets.retire_set(uow, set_id)
