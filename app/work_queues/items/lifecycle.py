"""How tasks and alerts move. FHIR's Task has twelve words; these five are the ones we need."""

from enum import StrEnum

from app.kernel.lifecycle import Lifecycle


class TaskStatus(StrEnum):
    READY = "ready"
    IN_PROGRESS = "in-progress"  # somebody holds it
    ON_HOLD = "on-hold"  # snoozed, or waits for something else
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class AlertStatus(StrEnum):
    TRIGGERED = "triggered"
    ACKNOWLEDGED = "acknowledged"  # somebody answers for it, and escalation stands still
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


ItemStatus = TaskStatus | AlertStatus

TASK = Lifecycle(
    "task",
    {
        TaskStatus.READY: {
            TaskStatus.IN_PROGRESS,
            TaskStatus.ON_HOLD,
            TaskStatus.COMPLETED,
            TaskStatus.CANCELLED,
        },
        TaskStatus.IN_PROGRESS: {
            TaskStatus.READY,
            TaskStatus.ON_HOLD,
            TaskStatus.COMPLETED,
            TaskStatus.CANCELLED,
        },
        TaskStatus.ON_HOLD: {TaskStatus.READY, TaskStatus.COMPLETED, TaskStatus.CANCELLED},
        TaskStatus.COMPLETED: set(),
        TaskStatus.CANCELLED: set(),
    },
)

ALERT = Lifecycle(
    "alert",
    {
        AlertStatus.TRIGGERED: {
            AlertStatus.ACKNOWLEDGED,
            AlertStatus.SNOOZED,
            AlertStatus.RESOLVED,
        },
        AlertStatus.ACKNOWLEDGED: {
            AlertStatus.TRIGGERED,
            AlertStatus.SNOOZED,
            AlertStatus.RESOLVED,
        },
        AlertStatus.SNOOZED: {AlertStatus.TRIGGERED, AlertStatus.RESOLVED},
        AlertStatus.RESOLVED: set(),
    },
)

# Where each kind waits for somebody, and where it is put aside; by the name of the kind.
WAITING: dict[str, ItemStatus] = {"task": TaskStatus.READY, "alert": AlertStatus.TRIGGERED}
ASIDE: dict[str, ItemStatus] = {"task": TaskStatus.ON_HOLD, "alert": AlertStatus.SNOOZED}
CLOSED: frozenset[str] = frozenset(
    {TaskStatus.COMPLETED, TaskStatus.CANCELLED, AlertStatus.RESOLVED}
)
CLAIMABLE: frozenset[str] = frozenset({TaskStatus.READY, AlertStatus.TRIGGERED})
