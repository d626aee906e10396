"""Order sets: what is often ordered together, the clinic's and a doctor's own."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from app import audit
from app.clinical.orders import policies, repository, set_rows
from app.clinical.orders.drafting import fault, is_orderable, own_draft, put_items, trace, unfit
from app.clinical.orders.errors import (
    OrderSetChanged,
    OrderSetNameTaken,
    OrderSetNotFound,
    OrderSetNotYours,
)
from app.clinical.orders.models import Order, OrderSet
from app.clinical.orders.schemas import NewOrderItem, OrderableOut
from app.clinical.orders.set_schemas import ApplySet, OrderSetItemOut, OrderSetOut, SaveOrderSet
from app.infra.uow import UnitOfWork

OWN = "Kept by a doctor"


async def list_sets(uow: UnitOfWork) -> list[OrderSetOut]:
    """Mine first, then the clinic's; nothing about a patient, so it leaves no trace."""
    policies.require_reader(uow)
    return await described(uow, await set_rows.seen_by(uow, uow.actor.id))


async def save_set(
    uow: UnitOfWork, said: SaveOrderSet, *, set_id: UUID | None = None
) -> OrderSetOut:
    """A new set of mine, or the next version of one; what was in the earlier one stays.

    Raises `OrderUnfit`, `OrderSetNameTaken`, `OrderSetNotFound`, `OrderSetNotYours`,
    `OrderSetChanged`.
    """
    policies.require_doctor(uow)
    await require_orderables(uow, said)
    await set_rows.one_at_a_time(uow, uow.actor.id)
    row = await own_set(uow, set_id, said.version) if set_id else None
    other = await set_rows.of_name(uow, uow.actor.id, said.name)
    if other is not None and other.id != set_id:
        raise OrderSetNameTaken(set_id=other.id)
    if row is None:
        row = OrderSet(id=uuid4(), owner_id=uow.actor.id, version=0, source=OWN, created_at=uow.now)
        uow.db.add(row)
    row.name, row.version, row.updated_at = said.name, row.version + 1, uow.now
    await uow.db.flush()
    await set_rows.put_items(uow, row, [(one.orderable_key, one.ticked) for one in said.items])
    await note(uow, "save", row)
    return (await described(uow, [row]))[0]


async def retire_set(uow: UnitOfWork, set_id: UUID) -> None:
    """It is offered no more. Raises `OrderSetNotFound`, `OrderSetNotYours`."""
    policies.require_doctor(uow)
    row = await own_set(uow, set_id, None)
    row.retired_at = row.updated_at = uow.now
    await note(uow, "retire", row)


async def apply_set(uow: UnitOfWork, order_id: UUID, said: ApplySet) -> Order:
    """Put what is ticked, or what was chosen, into a draft.

    Raises `OrderSetNotFound`, `OrderUnfit`, and what `add_items` does.
    """
    order = await own_draft(uow, order_id)
    row = await set_rows.get(uow, said.set_id, uow.actor.id)
    items = (await set_rows.items_of(uow, [row]))[row.id]
    known = {item.orderable_key for item in items}
    if said.keys is not None and not known.issuperset(said.keys):
        why = "The set does not hold all of these."
        raise unfit(fault(["body", "keys"], why, "keys_of_set"))
    chosen = [
        item.orderable_key
        for item in items
        if (item.ticked if said.keys is None else item.orderable_key in said.keys)
    ]
    catalogue = await repository.orderables(uow, chosen)
    await put_items(
        uow,
        order,
        [NewOrderItem(orderable_key=key) for key in chosen if is_orderable(uow, catalogue[key])],
    )
    order.version += 1
    await uow.db.flush()
    await trace(uow, "apply-set", order, set=str(row.id), set_version=row.version)
    return order


async def own_set(uow: UnitOfWork, set_id: UUID, version: int | None) -> OrderSet:
    row = await set_rows.get(uow, set_id, uow.actor.id, lock=True)
    if row.owner_id != uow.actor.id:
        raise OrderSetNotYours(set_id=row.id)
    if row.retired_at is not None:
        raise OrderSetNotFound(set_id=row.id)
    if version is not None and version != row.version:
        raise OrderSetChanged(set_id=row.id, expected_version=version, current_version=row.version)
    return row


async def require_orderables(uow: UnitOfWork, said: SaveOrderSet) -> None:
    keys = [one.orderable_key for one in said.items]
    known = await repository.orderables(uow, keys)
    faults = [
        fault(
            ["body", "items", str(place), "orderable_key"],
            "The catalogue does not have that, or it is there twice.",
            "orderable_known",
        )
        for place, key in enumerate(keys)
        if not is_orderable(uow, known.get(key)) or key in keys[:place]
    ]
    if faults:
        raise unfit(*faults)


async def described(uow: UnitOfWork, sets: Sequence[OrderSet]) -> list[OrderSetOut]:
    items = await set_rows.items_of(uow, sets)
    keys = {item.orderable_key for each in items.values() for item in each}
    known = await repository.orderables(uow, keys)
    return [
        OrderSetOut(
            id=row.id,
            name=row.name,
            mine=row.owner_id is not None,
            version=row.version,
            source=row.source,
            items=[
                OrderSetItemOut(
                    orderable=OrderableOut.model_validate(known[item.orderable_key]),
                    ticked=item.ticked,
                )
                for item in items[row.id]
            ],
        )
        for row in sets
    ]


async def note(uow: UnitOfWork, verb: str, row: OrderSet) -> None:
    await audit.record(
        uow, f"order-set.{verb}", subject=("order_set", row.id), detail={"version": row.version}
    )
