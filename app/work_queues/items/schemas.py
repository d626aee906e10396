"""The words in which items are described."""

from enum import StrEnum


class ItemKind(StrEnum):
    TASK = "task"
    ALERT = "alert"


class Severity(StrEnum):
    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Change(StrEnum):
    """What can happen to an item; the word its history and the live pages have for it."""

    OPENED = "opened"
    OCCURRED_AGAIN = "occurred-again"
    CLAIMED = "claimed"
    RELEASED = "released"
    LEASE_ENDED = "lease-ended"
    HANDED_OVER = "handed-over"
    ACKNOWLEDGED = "acknowledged"
    TRIGGERED_AGAIN = "triggered-again"
    ESCALATED = "escalated"
    SNOOZED = "snoozed"
    HELD_BACK = "held-back"  # waits for something else
    WOKEN = "woken"
    EDITED = "edited"
    COMMENTED = "commented"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    RESOLVED = "resolved"
