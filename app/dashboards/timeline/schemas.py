"""A timeline as the outside world sees it."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class EntryKind(StrEnum):
    """Every kind of entry there is; `sources.py` says where each comes from."""

    APPOINTMENT = "appointment"
    ENCOUNTER = "encounter"
    NOTE = "note"
    PRESCRIPTION = "prescription"
    ORDER = "order"
    RESULT = "result"
    PROBLEM = "problem"
    ALERT = "alert"
    SCREENING = "screening"
    SIGNAL = "signal"
    RISK = "risk"
    EPISODE = "episode"
    SAFETY_PLAN = "safety-plan"


ENTRY_EXAMPLE: dict[str, Any] = {
    "id": "5d3f6f10-35b4-5c1f-8a10-0f2c7be3a001",
    "kind": "note",
    "source_id": "3c1f7a52-93c4-4b76-8c1d-0d3a5f0b7e11",
    "part": "signed",
    "at": "2026-11-21T09:20:00Z",
    "encounter_id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01",
    "title": "SOAP note",
    "detail": "Dr. Anna Winter",
    "clinical": "Acute bronchitis.",
    "status": "signed",
    "flag": None,
}


class EntryOut(BaseModel):
    """One thing that happened; `clinical` is left out for those who may not read it."""

    model_config = ConfigDict(json_schema_extra={"examples": [ENTRY_EXAMPLE]})

    id: UUID
    kind: EntryKind
    source_id: UUID
    part: str
    at: datetime
    encounter_id: UUID | None
    title: str
    detail: str | None
    clinical: str | None
    status: str
    flag: Literal["warn", "bad"] | None


class TimelineOut(BaseModel):
    """Newest first.

    `next_cursor`: where older entries begin; where words are looked for, a page may hold few or
    none and still have one, for it looks through so many entries at a time. `newer_cursor`: for
    `after`, what is newer than this page.
    """

    items: list[EntryOut]
    next_cursor: str | None
    newer_cursor: str | None
