"""Rooms, visit types and ways of booking as the outside world sees them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.kernel.text import ONE_LINE
from app.scheduling.availability.lifecycle import OfferStatus


class Color(StrEnum):
    """Of a visit type in the calendar; the pages say how each one looks."""

    BLUE = "blue"
    TEAL = "teal"
    GREEN = "green"
    OLIVE = "olive"
    AMBER = "amber"
    RED = "red"
    PINK = "pink"
    VIOLET = "violet"
    SLATE = "slate"


class ExceptionKind(StrEnum):
    """What makes a day unlike the others."""

    CLOSED = "closed"
    LEAVE = "leave"
    EXTRA = "extra"


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=ONE_LINE),
]
Duration = Annotated[int, Field(strict=True, ge=5, le=480)]
Parallel = Annotated[int, Field(strict=True, ge=1, le=12)]
Lanes = Annotated[int, Field(strict=True, ge=1, le=6)]
SlotMinutes = Literal[5, 10, 15, 20, 30, 60]
OfferedBy = Annotated[
    list[UUID],
    Field(max_length=200, description="The doctors who offer it; null or empty: everybody."),
]

ROOM_EXAMPLE: dict[str, Any] = {
    "id": "5f3d2a10-1c7e-4b0a-8d53-0c6c6d1b2e01",
    "name": "Room 1",
    "status": "active",
    "version": 1,
    "created_at": "2026-11-21T09:00:00Z",
    "updated_at": "2026-11-21T09:00:00Z",
}
VISIT_TYPE_EXAMPLE: dict[str, Any] = {
    "id": "9d8f7c60-77a1-4f0e-9b1d-3f2f8d5a4c01",
    "name": "Consultation",
    "duration_minutes": 30,
    "color": "blue",
    "parallel": 1,
    "offered_by": None,
    "status": "active",
    "version": 1,
    "created_at": "2026-11-21T09:00:00Z",
    "updated_at": "2026-11-21T09:00:00Z",
}
SCHEDULE_EXAMPLE: dict[str, Any] = {
    "practitioner_id": "0198b1c6-0000-7000-8000-000000000001",
    "lanes": 1,
    "slot_minutes": 15,
    "version": 1,
}


def forget_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def absent(**told: Any) -> Any:
    """A member that may be left out."""
    return Field(default=None, json_schema_extra=forget_default, **told)


class NewRoom(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"name": "Room 1"}]})

    name: Name


class ChangeRoom(NewRoom):
    """A room's new name."""


class RoomOut(BaseModel):
    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [ROOM_EXAMPLE]})

    id: UUID
    name: str
    status: OfferStatus
    version: int
    created_at: datetime
    updated_at: datetime


class RoomList(BaseModel):
    items: list[RoomOut]


class NewVisitType(BaseModel):
    """A reason to come, with how long it takes. `parallel`: so many patients at the same time."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"name": "Consultation", "duration_minutes": 30, "color": "blue"}]
        },
    )

    name: Name
    duration_minutes: Duration
    color: Color = Color.BLUE
    parallel: Parallel = 1
    offered_by: OfferedBy | None = None


class ChangeVisitType(BaseModel):
    """What is to change; appointments already booked keep the time they have."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"duration_minutes": 20}]}
    )

    name: Name = absent()
    duration_minutes: Duration = absent()
    color: Color = absent()
    parallel: Parallel = absent()
    offered_by: OfferedBy | None = absent()

    @property
    def changes(self) -> dict[str, Any]:
        """Only what was said."""
        return self.model_dump(exclude_unset=True)


class VisitTypeOut(BaseModel):
    """`offered_by` null: every doctor offers it."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_extra={"examples": [VISIT_TYPE_EXAMPLE]}
    )

    id: UUID
    name: str
    duration_minutes: int
    color: Color
    parallel: int
    offered_by: list[UUID] | None = None
    status: OfferStatus
    version: int
    created_at: datetime
    updated_at: datetime


class VisitTypeList(BaseModel):
    items: list[VisitTypeOut]


class SetSchedule(BaseModel):
    """How a doctor books: patients in parallel without a reason, and the step of the grid."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"lanes": 1, "slot_minutes": 15}]}
    )

    lanes: Lanes = 1
    slot_minutes: SlotMinutes = 15


class ScheduleOut(BaseModel):
    """Version 0: nobody has set anything yet, these are the defaults."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_extra={"examples": [SCHEDULE_EXAMPLE]}
    )

    practitioner_id: UUID
    lanes: int
    slot_minutes: int
    version: int
