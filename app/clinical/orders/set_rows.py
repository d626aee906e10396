"""Every statement that touches order sets."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, or_, select, text, tuple_

from app.clinical.orders.errors import OrderSetNotFound
from app.clinical.orders.models import OrderSet, OrderSetItem
from app.infra.uow import UnitOfWork

ONE_OWNER_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended(:key, 0))")


async def one_at_a_time(uow: UnitOfWork, owner_id: UUID) -> None:
    """Of two sets of one name saved at once, the second sees the first."""
    await uow.db.execute(ONE_OWNER_AT_A_TIME, {"key": f"order_sets:{owner_id}"})


async def seen_by(uow: UnitOfWork, owner_id: UUID) -> Sequence[OrderSet]:
    """In use, mine first, by name."""
    statement = (
        select(OrderSet)
        .where(or_(OrderSet.owner_id == owner_id, OrderSet.owner_id.is_(None)))
        .where(OrderSet.retired_at.is_(None))
        .order_by(OrderSet.owner_id.is_(None), func.lower(OrderSet.name), OrderSet.id)
    )
    return (await uow.db.scalars(statement)).all()


async def get(uow: UnitOfWork, set_id: UUID, owner_id: UUID, *, lock: bool = False) -> OrderSet:
    statement = select(OrderSet).where(
        OrderSet.id == set_id, or_(OrderSet.owner_id == owner_id, OrderSet.owner_id.is_(None))
    )
    if lock:
        statement = statement.with_for_update(key_share=True)
        statement = statement.execution_options(populate_existing=True)
    found = (await uow.db.execute(statement)).scalar_one_or_none()
    if found is None:
        raise OrderSetNotFound(set_id=set_id)
    return found


async def of_name(uow: UnitOfWork, owner_id: UUID, name: str) -> OrderSet | None:
    statement = select(OrderSet).where(
        OrderSet.owner_id == owner_id,
        func.lower(OrderSet.name) == name.lower(),
        OrderSet.retired_at.is_(None),
    )
    return (await uow.db.execute(statement)).scalar_one_or_none()


async def items_of(uow: UnitOfWork, sets: Sequence[OrderSet]) -> dict[UUID, list[OrderSetItem]]:
    """What the current version of each holds, in order."""
    wanted = [(row.id, row.version) for row in sets]
    statement = select(OrderSetItem).where(
        tuple_(OrderSetItem.set_id, OrderSetItem.version).in_(wanted)
    )
    found: dict[UUID, list[OrderSetItem]] = {row.id: [] for row in sets}
    for item in await uow.db.scalars(statement.order_by(OrderSetItem.position)):
        found[item.set_id].append(item)
    return found


async def put_items(uow: UnitOfWork, row: OrderSet, items: Sequence[tuple[str, bool]]) -> None:
    """Of this version."""
    uow.db.add_all(
        OrderSetItem(
            set_id=row.id, version=row.version, position=place, orderable_key=key, ticked=ticked
        )
        for place, (key, ticked) in enumerate(items, start=1)
    )
    await uow.db.flush()
