"""The queues as the outside world sees them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.kernel.paging import MAX_PAGE
from app.kernel.text import ONE_LINE, SEVERAL_LINES
from app.work_queues.items import ItemKind, Severity

COUNTED_UP_TO = 1000  # more than that is said as that many "or more": nobody reads further
POOL = "00000000-0000-4000-8000-0000000000a1"
PATIENT = "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01"
NURSE = "0198b1c6-0000-7000-8000-000000000002"

Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=ONE_LINE),
]
HandoverNote = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=1000, pattern=SEVERAL_LINES),
]
TypeCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9._-]{0,59}$")]


class QueueState(StrEnum):
    """What an item is doing, whichever kind it is."""

    WAITING = "waiting"  # anybody it is for may take it
    HELD = "held"
    SNOOZED = "snoozed"
    BLOCKED = "blocked"  # waits for something else
    CLOSED = "closed"  # of the last day


class Due(StrEnum):
    """By when; what is overdue is due within the hour and today as well."""

    OVERDUE = "overdue"
    HOUR = "hour"
    TODAY = "today"


class QueueFilter(BaseModel):
    """Which items; what is left out does not matter. Without a state: whatever is not closed."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"pool": [POOL], "due": "hour"}]},
    )

    mine: bool = Field(default=False, description="Only what you hold or is for you by name.")
    pool: Annotated[list[UUID], Field(max_length=20)] = []
    patient_id: UUID | None = None
    kind: ItemKind | None = None
    type: TypeCode | None = None
    severity: Annotated[list[Severity], Field(max_length=4)] = []
    state: QueueState | None = None
    due: Due | None = None


class QueueAsked(QueueFilter):
    """A filter, and which page of it."""

    cursor: Annotated[str | None, Field(max_length=300, description="From next_cursor.")] = None
    limit: Annotated[int, Field(ge=1, le=MAX_PAGE)] = 25

    @property
    def wanted(self) -> QueueFilter:
        return QueueFilter.model_validate(self.model_dump(exclude={"cursor", "limit"}))


ROW_EXAMPLE: dict[str, Any] = {
    "id": "5b0f7a52-93c4-4b76-8c1d-0d3a5f0b7e31",
    "kind": "alert",
    "type": "alert",
    "status": "triggered",
    "severity": "high",
    "title": "Call back about the new dressing",
    "pool_id": POOL,
    "pool_name": "Nurses",
    "assignee_id": None,
    "assignee_name": None,
    "holder_id": NURSE,
    "holder_name": "Nora Lindqvist",
    "held_since": "2026-11-30T09:02:00Z",
    "lease_until": "2026-11-30T09:17:00Z",
    "called": False,
    "patient_id": PATIENT,
    "patient_name": "Mara Okafor-Lind",
    "patient_mrn": "MRN-100001",
    "subject_type": None,
    "subject_id": None,
    "due_at": "2026-11-30T09:30:00Z",
    "snoozed_until": None,
    "acknowledged_until": None,
    "blocked": False,
    "occurrences": 2,
    "last_occurred_at": "2026-11-30T08:55:00Z",
    "escalation_level": 1,
    "comments": 1,
    "checklist_done": 0,
    "checklist_total": 0,
    "version": 4,
    "created_at": "2026-11-30T08:30:00Z",
    "closed_at": None,
}


class QueueRow(BaseModel):
    """Everything a line of the queue shows. The patient is the record that counts."""

    model_config = ConfigDict(json_schema_extra={"examples": [ROW_EXAMPLE]})

    id: UUID
    kind: ItemKind
    type: str
    status: str
    severity: Severity
    title: str
    pool_id: UUID
    pool_name: str
    assignee_id: UUID | None
    assignee_name: str | None
    holder_id: UUID | None
    holder_name: str | None
    held_since: datetime | None
    lease_until: datetime | None
    called: bool = Field(description="Whether you were called to it when nobody acted.")
    patient_id: UUID | None
    patient_name: str | None
    patient_mrn: str | None
    subject_type: str | None
    subject_id: UUID | None
    due_at: datetime | None
    snoozed_until: datetime | None
    acknowledged_until: datetime | None
    blocked: bool
    occurrences: int
    last_occurred_at: datetime
    escalation_level: int
    comments: int
    checklist_done: int
    checklist_total: int
    version: int
    created_at: datetime
    closed_at: datetime | None


class QueuePage(BaseModel):
    items: list[QueueRow]
    next_cursor: str | None


class MyCounts(BaseModel):
    """What is in somebody's hands, and what waits for them by name."""

    held: int
    waiting: int
    overdue: int
    critical: int


class PoolCounts(BaseModel):
    """What a pool has open. Counted up to `counted_up_to`: that many means "or more"."""

    pool_id: UUID
    key: str
    name: str
    waiting: int
    held: int
    overdue: int
    critical: int


class QueueCounts(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "mine": {"held": 2, "waiting": 1, "overdue": 0, "critical": 0},
                    "pools": [
                        {
                            "pool_id": POOL,
                            "key": "nurses",
                            "name": "Nurses",
                            "waiting": 12,
                            "held": 3,
                            "overdue": 1,
                            "critical": 0,
                        }
                    ],
                    "counted_up_to": COUNTED_UP_TO,
                }
            ]
        }
    )

    mine: MyCounts
    pools: list[PoolCounts]
    counted_up_to: int = COUNTED_UP_TO


class ShiftHandover(BaseModel):
    """To whom everything goes that you hold: a person or a pool, one of them."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"user_id": NURSE, "note": "Room 3 waits for the ambulance."}]
        },
    )

    user_id: UUID | None = None
    pool_id: UUID | None = None
    note: HandoverNote


class ShiftHandedOver(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"item_ids": [ROW_EXAMPLE["id"]]}]})

    item_ids: list[UUID]


class LeasesRenewed(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"renewed": 2}]})

    renewed: int


class NewQueueView(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "Before noon", "filter": {"due": "today"}}]},
    )

    name: Name
    filter: QueueFilter


VIEW_EXAMPLE: dict[str, Any] = {
    "id": "6b0f7a52-93c4-4b76-8c1d-0d3a5f0b7e31",
    "name": "Before noon",
    "filter": {"due": "today"},
    "created_at": "2026-11-30T08:30:00Z",
}


class QueueViewOut(BaseModel):
    """A filter with a name; nobody else sees it."""

    model_config = ConfigDict(json_schema_extra={"examples": [VIEW_EXAMPLE]})

    id: UUID
    name: str
    filter: QueueFilter
    created_at: datetime


class QueueViews(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [VIEW_EXAMPLE]}]})

    items: list[QueueViewOut]
