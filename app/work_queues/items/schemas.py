"""The words in which items are described, and what people see of one."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.kernel.instants import Instant
from app.kernel.text import INVISIBLE, ONE_LINE, SEVERAL_LINES


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


def text(most: int, pattern: str = ONE_LINE) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=most, pattern=pattern)


Title = Annotated[str, text(200)]
Body = Annotated[str, text(4000, SEVERAL_LINES)]
Reason = Annotated[str, text(1000, SEVERAL_LINES)]
Url = Annotated[str, text(2000, rf"^https?://[^\s{INVISIBLE}]+$")]

PERSON: dict[str, Any] = {"id": "0198b1c6-0000-7000-8000-000000000002", "name": "Nora Lindqvist"}
REASON: dict[str, Any] = {"reason": "Seen at the bedside."}


class Person(BaseModel):
    """Somebody of the staff; without a name: the system itself."""

    id: UUID
    name: str | None


class PoolNamed(BaseModel):
    id: UUID
    key: str
    name: str


class PatientNamed(BaseModel):
    id: UUID
    name: str
    mrn: str


class CommentOut(BaseModel):
    text: str
    written_by: Person
    written_at: datetime


class LinkOut(BaseModel):
    id: UUID
    url: str
    label: str
    added_by: Person
    added_at: datetime


class ItemOut(BaseModel):
    """A task or an alert, with everybody's name. `moves`: what you may do with it now."""

    id: UUID
    kind: ItemKind
    type: str
    status: str
    severity: Severity
    title: str
    body: str | None
    pool: PoolNamed
    assignee: Person | None
    holder: Person | None
    held_since: datetime | None
    lease_until: datetime | None
    patient: PatientNamed | None
    subject_type: str | None
    subject_id: UUID | None
    due_at: datetime | None
    snoozed_until: datetime | None
    acknowledged_until: datetime | None
    occurrences: int
    last_occurred_at: datetime
    cycle: int
    escalation_level: int
    created_by: Person
    created_at: datetime
    closed_at: datetime | None
    version: int
    comments: list[CommentOut]
    links: list[LinkOut]
    moves: list[str]


ITEM_EXAMPLE: dict[str, Any] = {
    "id": "3f0f8a0e-52a1-4f43-9d6e-0b6f3f4e7a01",
    "pool": {"id": "00000000-0000-4000-8000-0000000000a1", "key": "nurses", "name": "Nurses"},
    "assignee": None,
    "holder": PERSON,
    "held_since": "2026-11-30T08:05:00Z",
    "patient": {
        "id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01",
        "name": "Mara Okafor-Lind",
        "mrn": "MRN-100001",
    },
    "subject_type": None,
    "subject_id": None,
    "due_at": "2026-11-30T09:00:00Z",
    "snoozed_until": None,
    "occurrences": 1,
    "last_occurred_at": "2026-11-30T08:00:00Z",
    "cycle": 1,
    "escalation_level": 0,
    "created_by": PERSON,
    "created_at": "2026-11-30T08:00:00Z",
    "closed_at": None,
    "version": 2,
    "comments": [
        {"text": "On my way.", "written_by": PERSON, "written_at": "2026-11-30T08:06:00Z"}
    ],
    "links": [
        {
            "id": "3f0f8a0e-52a1-4f43-9d6e-0b6f3f4e7a11",
            "url": "https://lab.clinic.example/results/4711",
            "label": "Result",
            "added_by": PERSON,
            "added_at": "2026-11-30T08:06:00Z",
        }
    ],
}


class MoveOut(BaseModel):
    """One thing that happened. `passed_to`: the person or the pool it was handed to."""

    change: Change
    from_status: str | None
    to_status: str
    from_holder: Person | None
    to_holder: Person | None
    passed_to: str | None
    detail: dict[str, Any]
    reason: str | None
    moved_by: Person
    moved_at: datetime


class History(BaseModel):
    """Everything that happened to an item, in order."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "change": "claimed",
                            "from_status": "ready",
                            "to_status": "in-progress",
                            "from_holder": None,
                            "to_holder": PERSON,
                            "passed_to": None,
                            "detail": {},
                            "reason": None,
                            "moved_by": PERSON,
                            "moved_at": "2026-11-30T08:05:00Z",
                        }
                    ]
                }
            ]
        }
    )

    items: list[MoveOut]


class Because(BaseModel):
    """Why, in words; what is critical needs them."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [REASON, {}]})

    reason: Reason | None = None


class PutOff(BaseModel):
    """Until when it is out of the way."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"until": "2026-11-30T10:00:00Z"}]}
    )

    until: Instant
    reason: Reason | None = None


class PassOn(BaseModel):
    """Who takes over: a person or a pool, one of them."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"user_id": PERSON["id"], "note": "Results are back at four."}]
        },
    )

    user_id: UUID | None = None
    pool_id: UUID | None = None
    note: Reason | None = None


class NewComment(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "On my way."}]}
    )

    text: Annotated[str, text(2000, SEVERAL_LINES)]


class NewLink(BaseModel):
    """Something that lies elsewhere."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"url": "https://lab.clinic.example/results/4711", "label": "Result"}]
        },
    )

    url: Url
    label: Title


def forget_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def absent() -> Any:
    """A member that may be left out."""
    return Field(default=None, json_schema_extra=forget_default)
