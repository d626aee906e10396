"""Later, please: an item that is out of the way until a moment, and comes back by itself."""

from datetime import datetime
from uuid import UUID

from app.infra.uow import UnitOfWork
from app.work_queues.items import repository
from app.work_queues.items.claiming import trace
from app.work_queues.items.errors import CannotWait, Fault, SnoozeUnfit
from app.work_queues.items.lifecycle import ASIDE, WAITING
from app.work_queues.items.models import WorkItem
from app.work_queues.items.policies import require_may_work, require_worker
from app.work_queues.items.reach import reach_of
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

    Raises `ItemNotFound`, `NotInThisPool`, `CannotWait` for what is critical, `SnoozeUnfit` for a
    moment that has passed or lies behind its deadline, `IllegalMove`.
    """
    require_worker(uow)
    reach = await reach_of(uow)
    item = await repository.get(uow, reach, item_id, kind=kind, lock=True)
    require_may_work(reach, item)
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


def wake(uow: UnitOfWork, item: WorkItem) -> None:
    """Back into its queue, under a lock."""
    before = Before.of(item)
    item.move_to(WAITING[item.kind], at=uow.now)
    changed(uow, item, Change.WOKEN, before)
