"""Carries facts from the outbox to their subscribers."""

from sqlalchemy import select, text

from app.infra.jobs import Payload, queuing
from app.infra.outbox import Delivery, OutboxRow
from app.infra.paperwork import DELIVER, DELIVERIES, in_a_row
from app.infra.prepared import Prepared
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor
from app.kernel.events import DomainEvent, Fact

RELAY = Actor.system("outbox-relay")

FORGOTTEN = (
    "select d.seq, d.subscriber from outbox_deliveries d where d.done_at is null"  # noqa: S608 - of our own words only
    " and not exists (select from pgqueuer q"
    f" where q.dedupe_key = '{DELIVER}' || ':' || d.seq || ':' || d.subscriber"
    " and q.status in ('queued', 'picked', 'failed')) order by d.seq limit 100"
)
REMEMBER = Prepared(
    text(f"with {in_a_row({'waiting': FORGOTTEN} | queuing(DELIVERIES))} select"), tuple
)


async def deliver(works: Works, payload: Payload) -> None:
    """Deliver one fact to one subscriber.

    The subscriber's writes and the record of delivery commit together, so a
    subscriber that only touches Postgres sees each fact exactly once. One that
    reaches further (Mongo, mail) must be safe to run again.
    """
    async with works.begin(RELAY) as uow:
        found = await waiting(uow, payload["seq"], payload["subscriber"])
        if found is None:
            return
        delivery, row = found
        subscriber = uow.subscriptions.to(row.name)[delivery.subscriber]
        await subscriber(uow, fact_of(row))
        delivery.done_at = uow.now


async def waiting(uow: UnitOfWork, seq: int, subscriber: str) -> tuple[Delivery, OutboxRow] | None:
    statement = (
        select(Delivery, OutboxRow)
        .join(OutboxRow, OutboxRow.seq == Delivery.seq)
        .where(Delivery.seq == seq, Delivery.subscriber == subscriber, Delivery.done_at.is_(None))
        .with_for_update(of=Delivery, skip_locked=True)
    )
    row = (await uow.db.execute(statement)).one_or_none()
    return None if row is None else (row[0], row[1])


def fact_of(row: OutboxRow) -> Fact:
    return Fact(
        id=row.id,
        event=DomainEvent.registry[row.name].model_validate(row.payload),
        occurred_at=row.occurred_at,
        actor_id=row.actor_id,
    )


async def requeue_forgotten(works: Works) -> None:
    """Queue deliveries again whose job was lost; those held for a person are left to them."""
    async with works.begin(RELAY) as uow:
        await uow.line.ask(REMEMBER, {})
