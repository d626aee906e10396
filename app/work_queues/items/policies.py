"""Who may work what waits."""

from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.work_queues.items.errors import (
    Fault,
    ItemHeld,
    MayNotWorkQueues,
    NotInThisPool,
    ReasonMissing,
)
from app.work_queues.items.models import WorkItem
from app.work_queues.items.reach import Reach
from app.work_queues.items.schemas import Severity

WORKERS = (Role.DOCTOR, Role.NURSE, Role.RECEPTIONIST, Role.ADMIN)


def require_worker(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(*WORKERS, Role.SYSTEM):
        raise MayNotWorkQueues


def require_may_work(reach: Reach, item: WorkItem) -> None:
    if not reach.may_work(item):
        raise NotInThisPool(item_id=item.id)


def require_free_hands(reach: Reach, item: WorkItem) -> None:
    """Nobody but a supervisor does anything with what somebody else works on."""
    if item.holder_id is None or item.holder_id == reach.actor_id or reach.everything:
        return
    assert item.held_since is not None
    raise ItemHeld(item_id=item.id, holder_id=item.holder_id, held_since=item.held_since)


def require_reason(item: WorkItem, reason: str | None) -> None:
    """What is critical is not put aside without a word."""
    if item.severity is Severity.CRITICAL and not reason:
        why = "Say why: this is critical."
        fault: Fault = {"at": ["body", "reason"], "why": why, "rule": "reason_required"}
        raise ReasonMissing(errors=[fault])
