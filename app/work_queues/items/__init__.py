"""What waits for a person: tasks and alerts in one table, taken by one person at a time."""

from app.work_queues.items.claiming import (
    LEASE,
    claim,
    claim_next,
    give_back,
    held_item,
    release,
    renew_leases,
    trace,
)
from app.work_queues.items.errors import (
    CannotWait,
    Fault,
    ItemChanged,
    ItemHeld,
    ItemNotFound,
    ItemNotHeld,
    ItemNotWaiting,
    MayNotWorkQueues,
    NotInThisPool,
    PoolNotYours,
    ReasonMissing,
    ReceiverUnfit,
    SnoozeUnfit,
)
from app.work_queues.items.events import WorkItemClosed, WorkItemOpened
from app.work_queues.items.handing_over import Receiver, hand_over, hand_over_shift
from app.work_queues.items.lifecycle import (
    ALERT,
    CLAIMABLE,
    CLOSED,
    TASK,
    AlertStatus,
    TaskStatus,
)
from app.work_queues.items.models import QueueEvent, WorkItem, WorkItemMove
from app.work_queues.items.opening import NewItem, open_item
from app.work_queues.items.policies import WORKERS, require_may_work, require_reason, require_worker
from app.work_queues.items.putting_off import snooze, wake
from app.work_queues.items.queries import find_item, find_items, moves_of
from app.work_queues.items.reach import Reach, reach_of
from app.work_queues.items.repository import IN_TURN, acknowledgements_over, visible
from app.work_queues.items.schemas import Change, ItemKind, Severity
from app.work_queues.items.settling import close, find_cause
from app.work_queues.items.telling import QUEUES, Before, changed, tell

__all__ = [
    "ALERT",
    "CLAIMABLE",
    "CLOSED",
    "IN_TURN",
    "LEASE",
    "QUEUES",
    "TASK",
    "WORKERS",
    "AlertStatus",
    "Before",
    "CannotWait",
    "Change",
    "Fault",
    "ItemChanged",
    "ItemHeld",
    "ItemKind",
    "ItemNotFound",
    "ItemNotHeld",
    "ItemNotWaiting",
    "MayNotWorkQueues",
    "NewItem",
    "NotInThisPool",
    "PoolNotYours",
    "QueueEvent",
    "Reach",
    "ReasonMissing",
    "Receiver",
    "ReceiverUnfit",
    "Severity",
    "SnoozeUnfit",
    "TaskStatus",
    "WorkItem",
    "WorkItemClosed",
    "WorkItemMove",
    "WorkItemOpened",
    "acknowledgements_over",
    "changed",
    "claim",
    "claim_next",
    "close",
    "find_cause",
    "find_item",
    "find_items",
    "give_back",
    "hand_over",
    "hand_over_shift",
    "held_item",
    "moves_of",
    "open_item",
    "reach_of",
    "release",
    "renew_leases",
    "require_may_work",
    "require_reason",
    "require_worker",
    "snooze",
    "tell",
    "trace",
    "visible",
    "wake",
]
