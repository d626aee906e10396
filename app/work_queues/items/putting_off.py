"""Later, please: an item that is out of the way until a moment, and comes back by itself."""

from datetime import datetime
from uuid import UUID

from app.infra.uow import UnitOfWork
from app.work_queues.items.claiming import trace
from app.work_queues.items.errors import CannotWait, Fault, ItemNotSnoozed, SnoozeUnfit
from app.work_queues.items.lifecycle import ASIDE, WAITING
from app.work_queues.items.models import WorkItem
from app.work_queues.items.queries import workable_item
from app.work_queues.items.schemas import Change, ItemKind, Severity
from app.work_queues.items.telling import Before, changed


async def snooze(
    uow: UnitOfWork,
    item_id: UUID,
    until: datetime,
    *,
    kind: ItemKind | None = None,
    reason: str | None = None,
) -> WorkItem:
    """Put an item off; its deadline stays what it is.

    Raises `ItemNotFound`, `NotInThisPool`, `ItemHeld`, `CannotWait` for what is critical,
    `SnoozeUnfit` for a moment that has passed or lies behind its deadline, `IllegalMove`.
    """
    item = await workable_item(uow, item_id, kind=kind)
    if item.severity is Severity.CRITICAL:
        raise CannotWait(item_id=item.id)
    require_sense(uow, item, until)
    before = Before.of(item)
    item.move_to(ASIDE[item.kind], at=uow.now)
    item.snoozed_until = until
    detail = {"until": until.isoformat()}
    changed(uow, item, Change.SNOOZED, before, reason=reason, detail=detail)
    await trace(uow, "snooze", item)
    return item


def require_sense(uow: UnitOfWork, item: WorkItem, until: datetime) -> None:
    why = None
    if until <= uow.now:
        why = "That moment has passed."
    elif item.due_at is not None and item.due_at > uow.now and until > item.due_at:
        why = "That is later than its deadline."
    if why is not None:
        fault: Fault = {"at": ["body", "until"], "why": why, "rule": "snooze_sensible"}
        raise SnoozeUnfit(errors=[fault])


async def end_snooze(uow: UnitOfWork, item_id: UUID, *, kind: ItemKind | None = None) -> WorkItem:
    """Bring back what was put off, before its time.

    Raises `ItemNotFound`, `NotInThisPool`, `ItemNotSnoozed`.
    """
    item = await workable_item(uow, item_id, kind=kind)
    if item.snoozed_until is None:
        raise ItemNotSnoozed(item_id=item.id, item_status=item.status)
    wake(uow, item)
    await trace(uow, "wake", item)
    return item


def wake(uow: UnitOfWork, item: WorkItem) -> None:
    """Back into its queue, under a lock."""
    before = Before.of(item)
    item.move_to(WAITING[item.kind], at=uow.now)
    changed(uow, item, Change.WOKEN, before)
