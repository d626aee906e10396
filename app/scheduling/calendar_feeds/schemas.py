"""Calendar feeds as the outside world sees them; the token is in one answer only."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from app.kernel.text import ONE_LINE

Label = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=ONE_LINE)
]

FEED_EXAMPLE: dict[str, Any] = {
    "id": "5f0a7f52-53c4-4b76-8c1d-0d3a5f0b7e21",
    "practitioner_id": "0198b1c6-0000-7000-8000-000000000001",
    "practitioner_name": "Dr. Ada Winter",
    "label": "Phone",
    "created_at": "2026-11-21T09:00:00Z",
    "last_read_at": None,
    "revoked_at": None,
}


class NewCalendarFeed(BaseModel):
    """A feed of a doctor's appointments. A doctor who names nobody means their own."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"label": "Phone"}]})

    practitioner_id: UUID | None = None
    label: Label


class CalendarFeedOut(BaseModel):
    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [FEED_EXAMPLE]})

    id: UUID
    practitioner_id: UUID
    practitioner_name: str
    label: str
    created_at: datetime
    last_read_at: datetime | None
    revoked_at: datetime | None


class CalendarFeedMade(CalendarFeedOut):
    """With what is shown this once: the token, and the address that holds it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                FEED_EXAMPLE
                | {
                    "token": "an-invented-token",
                    "url": "https://clinic.example/api/v1/calendar-feeds/an-invented-token.ics",
                }
            ]
        }
    )

    token: str
    url: str


class CalendarFeedPage(BaseModel):
    items: list[CalendarFeedOut]
    next_cursor: str | None
