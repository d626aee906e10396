"""What happened to an appointment, as the outside world sees it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.scheduling.appointments.lifecycle import AppointmentStatus


class MoveOut(BaseModel):
    """One thing that happened. `change`: from and to of a move in time, doctor or room."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "seq": 12,
                    "from_status": "booked",
                    "to_status": "arrived",
                    "change": None,
                    "reason": None,
                    "undoes": None,
                    "moved_by": "0198b1c6-0000-7000-8000-000000000003",
                    "moved_by_name": "Rosa Keller",
                    "moved_at": "2026-11-23T08:55:00Z",
                }
            ]
        },
    )

    seq: int
    from_status: AppointmentStatus | None
    to_status: AppointmentStatus
    change: dict[str, Any] | None
    reason: str | None
    undoes: int | None
    moved_by: UUID
    moved_by_name: str | None = None
    moved_at: datetime


class AppointmentHistory(BaseModel):
    items: list[MoveOut]
