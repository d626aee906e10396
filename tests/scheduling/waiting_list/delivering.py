"""Carrying facts to their subscribers, as the worker does, until nothing is left to carry."""

from sqlalchemy import select

from app.infra import relay
from app.infra.outbox import Delivery
from app.infra.uow import Works

ENDLESS = 50


async def deliver_everything(
    works: Works, *, latest_first: bool = False, only: str = "waiting_list."
) -> int:
    """Deliver to our subscribers what they have not heard; returns how many facts they heard."""
    heard = 0
    for _ in range(ENDLESS):
        async with works.sessions() as db:
            rows = await db.scalars(
                select(Delivery)
                .where(Delivery.done_at.is_(None), Delivery.subscriber.startswith(only))
                .order_by(Delivery.seq.desc() if latest_first else Delivery.seq)
            )
            waiting = [{"seq": row.seq, "subscriber": row.subscriber} for row in rows]
        if not waiting:
            return heard
        for each in waiting:
            await relay.deliver(works, each)
            heard += 1
    raise AssertionError("facts follow facts without an end")
