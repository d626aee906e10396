"""What people do with alerts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from app.infra.uow import UnitOfWork
from app.kernel.errors import DomainError
from app.work_queues import items
from app.work_queues.alerts.climbing import climb_on
from app.work_queues.alerts.errors import AlertNotLow
from app.work_queues.alerts.intentions import AboutToResolve
from app.work_queues.escalations import climb_by_hand, stop_climb
from app.work_queues.items import (
    AlertStatus,
    Before,
    Change,
    ItemKind,
    Receiver,
    Severity,
    WorkItem,
    changed,
    require_reason,
    trace,
    workable_item,
)
from app.work_queues.ladders import get_type


async def acknowledge(uow: UnitOfWork, alert_id: UUID, *, reason: str | None = None) -> WorkItem:
    """The actor answers for it from now on: nobody else is told, until the type's time is up.

    Raises `ItemNotFound`, `NotInThisPool`, `ItemHeld`, `ReasonMissing`, `IllegalMove`.
    """
    item = await workable_item(uow, alert_id, kind=ItemKind.ALERT)
    require_reason(item, reason)
    await put_into_hands(uow, item, reason)
    return item


async def put_into_hands(uow: UnitOfWork, item: WorkItem, reason: str | None) -> None:
    minutes = (await get_type(uow, item.type)).acknowledged_minutes
    assert minutes is not None  # alerts have one, by a rule of the table
    before = Before.of(item)
    item.move_to(AlertStatus.ACKNOWLEDGED, at=uow.now)
    until = uow.now + timedelta(minutes=minutes)
    item.acknowledged_until = until
    held_since = item.held_since or uow.now
    item.take(uow.actor.id, at=held_since, until=until)
    await stop_climb(uow, item)
    changed(uow, item, Change.ACKNOWLEDGED, before, reason=reason)
    await trace(uow, "acknowledge", item)


async def acknowledge_low(
    uow: UnitOfWork, alert_ids: Sequence[UUID]
) -> dict[UUID, WorkItem | DomainError]:
    """Acknowledge many that are low; what became of each: the alert, or why not."""
    items.require_worker(uow)
    found: dict[UUID, WorkItem | DomainError] = {}
    for alert_id in sorted(set(alert_ids)):  # everybody locks in one order
        try:
            found[alert_id] = await acknowledge_one_low(uow, alert_id)
        except DomainError as refusal:  # each is refused before anything of it is written
            found[alert_id] = refusal
    return {alert_id: found[alert_id] for alert_id in alert_ids}


async def acknowledge_one_low(uow: UnitOfWork, alert_id: UUID) -> WorkItem:
    item = await workable_item(uow, alert_id, kind=ItemKind.ALERT)
    if item.severity is not Severity.LOW:
        raise AlertNotLow(item_id=item.id)
    await put_into_hands(uow, item, None)
    return item


async def resolve(uow: UnitOfWork, alert_id: UUID, *, reason: str | None = None) -> WorkItem:
    """There is nothing left to do about it.

    Raises `ItemNotFound`, `NotInThisPool`, `ItemHeld`, `ReasonMissing`, `IllegalMove`, and what
    those refuse with who know what there is left to do.
    """
    item = await workable_item(uow, alert_id, kind=ItemKind.ALERT)
    require_reason(item, reason)
    await uow.ask_guards(
        AboutToResolve(
            alert_id=item.id,
            type=item.type,
            subject_type=item.subject_type,
            subject_id=item.subject_id,
        )
    )
    await end(uow, item, reason)
    return item


async def resolve_cause(
    uow: UnitOfWork, cause_key: str, *, reason: str | None = None
) -> WorkItem | None:
    """Its cause is gone: whoever holds it is told. None: there was no open alert of that cause."""
    item = await items.find_cause(uow, cause_key)
    if item is None or item.kind is not ItemKind.ALERT:
        return None
    await end(uow, item, reason)
    return item


async def end(uow: UnitOfWork, item: WorkItem, reason: str | None) -> None:
    await items.close(uow, item, AlertStatus.RESOLVED, reason=reason)
    await stop_climb(uow, item)
    await trace(uow, "resolve", item)


async def release(uow: UnitOfWork, alert_id: UUID, *, reason: str | None = None) -> WorkItem:
    """Give it back; one that was acknowledged is triggered again and climbs from the bottom.

    Raises `ItemNotFound`, `ItemNotHeld`.
    """
    item = await items.release(uow, alert_id, kind=ItemKind.ALERT, reason=reason)
    await climb_on(uow, item)
    return item


async def hand_over(
    uow: UnitOfWork, alert_id: UUID, to: Receiver, *, note: str | None = None
) -> WorkItem:
    """Give it to somebody else, for whom it is triggered; raises what `items.hand_over` does."""
    item = await items.hand_over(uow, alert_id, to, kind=ItemKind.ALERT, note=note)
    await climb_on(uow, item)
    return item


async def hand_over_shift(uow: UnitOfWork, to: Receiver, *, note: str) -> list[WorkItem]:
    """Everything the actor holds, tasks too, to somebody else, for whom the alerts are triggered.

    Raises `ReceiverUnfit`.
    """
    passed = await items.hand_over_shift(uow, to, note=note)
    for item in passed:
        await climb_on(uow, item)
    return passed


async def snooze(
    uow: UnitOfWork, alert_id: UUID, until: datetime, *, reason: str | None = None
) -> WorkItem:
    """Put it off: until then nobody is told. Raises what `items.snooze` does."""
    item = await items.snooze(uow, alert_id, until, kind=ItemKind.ALERT, reason=reason)
    await stop_climb(uow, item)
    return item


async def end_snooze(uow: UnitOfWork, alert_id: UUID) -> WorkItem:
    """Bring it back before its time: it climbs from the bottom.

    Raises `ItemNotFound`, `NotInThisPool`, `ItemNotSnoozed`.
    """
    item = await items.end_snooze(uow, alert_id, kind=ItemKind.ALERT)
    await climb_on(uow, item)
    return item


async def escalate(uow: UnitOfWork, alert_id: UUID) -> WorkItem:
    """Tell the next ones now, whoever sees it may; raises `ItemNotFound`, `NothingToClimb`."""
    item = await items.find_item(uow, alert_id, kind=ItemKind.ALERT, lock=True)
    await climb_by_hand(uow, item)
    return item
