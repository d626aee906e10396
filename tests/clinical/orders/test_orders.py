"""What is ordered is drafted, placed, taken, held, revoked, done; nothing twice without a reason."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.clinical import orders
from app.clinical.orders.models import OrderItemMove
from app.infra.uow import Works
from app.kernel.actors import Actor
from app.kernel.lifecycle import IllegalMove
from app.work_queues.items import WorkItem
from tests.builders.orders import a_draft, an_order
from tests.builders.patients import a_patient
from tests.conftest import FrozenClock


async def specimens(works: Works) -> list[tuple[str, str]]:
    """Tasks to take something, the oldest first: whose severity, and how far they are."""
    async with works.sessions() as db:
        found = await db.scalars(
            select(WorkItem).where(WorkItem.type == "order.collect").order_by(WorkItem.created_at)
        )
        return [(item.severity, item.status) for item in found]


async def moves(works: Works, item_id: UUID) -> list[str]:
    async with works.sessions() as db:
        rows = await db.scalars(
            select(OrderItemMove)
            .where(OrderItemMove.item_id == item_id)
            .order_by(OrderItemMove.seq)
        )
        return [row.to_status for row in rows]


async def test_a_draft_is_placed_taken_and_completed(
    works: Works, doctor: Actor, nurse: Actor
) -> None:
    draft = await a_draft(works, doctor, "cbc", "chest-x-ray")
    assert await specimens(works) == []
    async with works.begin(doctor) as uow:
        await orders.place_order(
            uow, draft.id, version=draft.version, priority=orders.OrderPriority.STAT
        )
    assert await specimens(works) == [("critical", "ready")]
    blood, picture = draft.items
    async with works.begin(nurse) as uow:
        taken = await orders.collect_specimen(uow, blood.id)
        assert (taken.collected_by, taken.collected_at) == (nurse.id, uow.now)
    assert await specimens(works) == [("critical", "completed")]
    async with works.begin(nurse) as uow:
        with pytest.raises(orders.NothingToCollect):
            await orders.collect_specimen(uow, blood.id)
    for item in (blood, blood, picture):  # twice is a success
        async with works.begin(nurse) as uow:
            await orders.complete_item(uow, item.id)
    assert await moves(works, blood.id) == ["draft", "active", "completed"]
    async with works.begin(nurse) as uow:
        assert await orders.open_items(uow, draft.patient_id) == []
