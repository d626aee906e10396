"""Notices as the outside world sees them: who is called to what, and nothing about a patient."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.work_queues.items import ItemKind, Severity
from app.work_queues.ladders import Channel

NOTICE_EXAMPLE: dict[str, Any] = {
    "id": "5b1f0f1e-6d7d-4a0b-9a57-3c1a52d1c001",
    "item_id": "9c0f8f1c-5b1e-4c57-8a8e-5a5a1f9b7e01",
    "kind": "alert",
    "type": "note.unsigned",
    "severity": "high",
    "status": "triggered",
    "due_at": "2026-11-30T10:00:00Z",
    "cycle": 1,
    "position": 2,
    "in_place_of": None,
    "channel": "page",
    "told_at": "2026-11-30T09:15:00Z",
    "seen_at": None,
}


class NoticeOut(BaseModel):
    """Somebody was called to a task or an alert. `status`, `due_at`: how it stands with it now.

    `position`: which step of its ladder that was; `in_place_of`: who is away.
    """

    model_config = ConfigDict(
        from_attributes=True, json_schema_extra={"examples": [NOTICE_EXAMPLE]}
    )

    id: UUID
    item_id: UUID
    kind: ItemKind
    type: str
    severity: Severity
    status: str
    due_at: datetime | None
    cycle: int
    position: int
    in_place_of: UUID | None
    channel: Channel
    told_at: datetime
    seen_at: datetime | None


class NoticePage(BaseModel):
    """`unseen`: how many there are that nobody has looked at, on this page or not."""

    items: list[NoticeOut]
    next_cursor: str | None
    unseen: int
