"""Why the queue may refuse."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale


class Fault(TypedDict):
    """One thing wrong with a request, in the shape of every problem document."""

    at: list[str]
    why: str
    rule: str


class ItemNotFound(NotFound):
    """There is no such task or alert, or you may not see it."""

    item_id: UUID


class ItemChanged(Stale):
    """Somebody changed this task or alert since you read it."""

    item_id: UUID
    expected_version: int
    current_version: int


class ItemHeld(Conflict):
    """Somebody else works on this already."""

    item_id: UUID
    holder_id: UUID
    held_since: datetime


class ItemNotHeld(Conflict):
    """You do not hold this: claim it first."""

    item_id: UUID
    holder_id: UUID | None


class ItemNotWaiting(Conflict):
    """This does not wait to be claimed: it is closed, snoozed or held back."""

    item_id: UUID
    item_status: str


class ReasonMissing(Invalid):
    """What is critical needs a reason in words."""

    errors: list[Fault]


class CannotWait(Conflict):
    """What is critical cannot be put off."""

    item_id: UUID


class MayNotWorkQueues(Forbidden):
    """Only staff work the queues."""


class NotInThisPool(Forbidden):
    """This is for people of another pool, or for somebody else."""

    item_id: UUID


class ReceiverUnfit(Invalid):
    """Nobody here by that id can take this over."""

    errors: list[Fault]


class PoolNotYours(Forbidden):
    """This queue is worked by people of another pool."""

    pool_id: UUID


class SnoozeUnfit(Invalid):
    """Put it off to a moment to come, before its deadline."""

    errors: list[Fault]


class ItemNotSnoozed(Conflict):
    """This was not put off, so it cannot be brought back."""

    item_id: UUID
    item_status: str
