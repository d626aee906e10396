"""Reminders as the outside world sees them: that and when one went out, not to which address."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StrictBool

from app.scheduling.reminders.lifecycle import ReminderReason, ReminderStatus
from app.scheduling.rules import ReminderChannel

REMINDER_EXAMPLE: dict[str, Any] = {
    "id": "7d0a3c52-5b1e-4c55-9b57-2f6f1f0c9a10",
    "appointment_id": "5a1c3c5e-0f63-4e0b-8f0e-7d5d7a3f1b20",
    "kind": "48h",
    "channel": "email",
    "status": "sent",
    "reason": None,
    "starts_at": "2026-11-26T08:00:00Z",
    "send_at": "2026-11-24T08:00:00Z",
    "sent_at": "2026-11-24T08:00:03Z",
    "attempts": 1,
}
PREFERENCE_EXAMPLE: dict[str, Any] = {
    "patient_id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01",
    "opted_out": False,
}


class ReminderOut(BaseModel):
    """`reason` says why a void one was not sent, or why a failed one may not have arrived."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_extra={"examples": [REMINDER_EXAMPLE]}
    )

    id: UUID
    appointment_id: UUID
    kind: str
    channel: ReminderChannel
    status: ReminderStatus
    reason: ReminderReason | None
    starts_at: datetime
    send_at: datetime
    sent_at: datetime | None
    attempts: int


class AppointmentReminders(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [REMINDER_EXAMPLE]}]})

    items: list[ReminderOut]


class ReminderPage(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [REMINDER_EXAMPLE], "next_cursor": None}]}
    )

    items: list[ReminderOut]
    next_cursor: str | None


class ReminderPreferenceOut(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [PREFERENCE_EXAMPLE]})

    patient_id: UUID
    opted_out: bool


class ReminderPreference(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"opted_out": True}]})

    opted_out: StrictBool
