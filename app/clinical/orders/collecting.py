"""Specimens to take are tasks of the nurses, open exactly while something is to be taken."""

from collections.abc import Iterable
from datetime import date, datetime, time
from uuid import UUID

from app.clinical.orders import repository
from app.clinical.orders.models import Order
from app.clinical.orders.schemas import OrderPriority
from app.infra.uow import UnitOfWork
from app.work_queues import items, tasks
from app.work_queues.ladders import DueUnit

COLLECT = "order.collect"  # a kind of work the migration made
MORNING = time(9)
# Routine ones have the deadline of their type.
SOON: dict[OrderPriority, tuple[int, DueUnit]] = {
    OrderPriority.STAT: (15, DueUnit.MINUTES),
    OrderPriority.ASAP: (60, DueUnit.MINUTES),
    OrderPriority.URGENT: (240, DueUnit.MINUTES),
}
SEVERITY = {
    OrderPriority.STAT: items.Severity.CRITICAL,
    OrderPriority.ASAP: items.Severity.HIGH,
    OrderPriority.URGENT: items.Severity.MEDIUM,
    OrderPriority.ROUTINE: items.Severity.LOW,
}


def collection_of(order_id: UUID, day: date | None) -> str:
    """What the task is about, in a word: the same word opens and closes it."""
    return f"order:{order_id}:collect:{day.isoformat() if day else 'now'}"


async def follow_order(uow: UnitOfWork, order: Order) -> None:
    """Have one task open for each day on which something of it is to be taken, and no other.

    Under the lock of the order.
    """
    ordered = (await repository.items_of(uow, [order.id]))[order.id]
    waiting = {item.wanted_on for item in ordered if item.waits_for_specimen}
    for day in in_order({item.wanted_on for item in ordered if item.specimen}):
        cause = collection_of(order.id, day)
        if day not in waiting:
            await tasks.close_cause(uow, cause)
        elif await items.find_cause(uow, cause) is None:
            await tasks.add_task(uow, task_of(uow, order, day))


def in_order(days: Iterable[date | None]) -> list[date | None]:
    """Everybody locks in one order."""
    return sorted(days, key=lambda day: day or date.min)


def task_of(uow: UnitOfWork, order: Order, day: date | None) -> tasks.NewTask:
    later = day is not None and day > uow.today
    return tasks.NewTask(
        type=COLLECT,
        severity=SEVERITY[order.priority],
        patient_id=order.patient_id,
        subject=("order", order.id),
        due_at=morning_of(uow, day) if later and day is not None else None,
        due=None if later else SOON.get(order.priority),
        cause_key=collection_of(order.id, day),
    )


def morning_of(uow: UnitOfWork, day: date) -> datetime:
    """On the clinic's wall."""
    return datetime.combine(day, MORNING, tzinfo=uow.zone)
