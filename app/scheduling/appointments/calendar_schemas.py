"""Calendars, counts and free time as the outside world sees them."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.scheduling.appointments.errors import ObstacleKind
from app.scheduling.appointments.lifecycle import AppointmentStatus
from app.scheduling.appointments.schemas import (
    APPOINTMENT_EXAMPLE,
    OBSTACLE_EXAMPLE,
    PLACE_EXAMPLE,
    AppointmentKind,
    AppointmentOut,
    CancelledBy,
    ObstacleOut,
)
from app.scheduling.availability import Color

ROOM_ID = "5f3d2a10-1c7e-4b0a-8d53-0c6c6d1b2e01"
ALTERNATIVE_EXAMPLE: dict[str, Any] = {
    **PLACE_EXAMPLE,
    "room_id": ROOM_ID,
    "ends_at": "2026-11-23T09:30:00Z",
}
SLOT_EXAMPLE: dict[str, Any] = {
    **ALTERNATIVE_EXAMPLE,
    "practitioner_name": "Dr. Ada Winter",
    "room_name": "Room 1",
}
CARD_EXAMPLE: dict[str, Any] = {
    **PLACE_EXAMPLE,
    "id": "77aa0c5e-6f0a-4d6e-9a51-5a2d7c1f4e77",
    "status": "booked",
    "kind": "booked",
    "patient_id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01",
    "patient_name": "Mara Okafor-Lind",
    "ends_at": "2026-11-23T09:30:00Z",
    "reason": "follow-up after the cough",
    "version": 1,
}
DOCTOR_EXAMPLE = {"id": PLACE_EXAMPLE["practitioner_id"], "name": "Dr. Ada Winter"}
CALENDAR_EXAMPLE: dict[str, Any] = {
    "zone": "Europe/Vienna",
    "practitioners": [DOCTOR_EXAMPLE],
    "visit_types": [
        {"id": PLACE_EXAMPLE["visit_type_id"], "name": "Consultation", "color": "blue"}
    ],
    "rooms": [{"id": ROOM_ID, "name": "Room 1"}],
    "items": [CARD_EXAMPLE],
}
CELL_EXAMPLE: dict[str, Any] = {
    "date": "2026-11-23",
    "booked": 11,
    "finished": 3,
    "noshow": 1,
    "cancelled": 2,
    "booked_minutes": 350,
    "open_minutes": 480,
}
MONTH_EXAMPLE: dict[str, Any] = {
    "zone": "Europe/Vienna",
    "month": "2026-11",
    "days": [CELL_EXAMPLE["date"]],
    "practitioners": [DOCTOR_EXAMPLE | {"cells": [CELL_EXAMPLE]}],
    "refreshed_at": "2026-11-21T09:00:00Z",
    "behind_since": None,
}
MISPLACED_EXAMPLE: dict[str, Any] = {
    "appointment": APPOINTMENT_EXAMPLE,
    "conflicts": [OBSTACLE_EXAMPLE | {"kind": "outside-hours", "appointment_id": None}],
    "alternatives": [ALTERNATIVE_EXAMPLE],
}


def forget_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def left_out(**told: Any) -> Any:
    """A member that is not there when there is nothing to say."""
    return Field(default=None, json_schema_extra=forget_default, **told)


class AlternativeOut(BaseModel):
    """A free time near the one that is not."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_extra={"examples": [ALTERNATIVE_EXAMPLE]}
    )

    practitioner_id: UUID
    room_id: UUID | None
    visit_type_id: UUID
    starts_at: datetime
    ends_at: datetime


class SlotOut(AlternativeOut):
    """A time that can be booked now. The room is the doctor's where it has place, or the wanted."""

    model_config = ConfigDict(json_schema_extra={"examples": [SLOT_EXAMPLE]})

    practitioner_name: str
    room_name: str | None


class SlotList(BaseModel):
    """`searched_until`: on the days before it there are no others, unless the limit was reached.

    `hours_unknown`: doctors of whom nobody has said when they work, so they have no slots.
    """

    zone: str
    items: list[SlotOut]
    searched_until: date
    hours_unknown: list[UUID]


class ConflictsOut(BaseModel):
    """What a booking would be told now. `overridable`: you could book it all the same, and say why.

    No conflicts: nothing was in the way a moment ago; the booking itself decides.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "conflicts": [OBSTACLE_EXAMPLE],
                    "alternatives": [ALTERNATIVE_EXAMPLE],
                    "overridable": True,
                }
            ]
        }
    )

    conflicts: list[ObstacleOut]
    alternatives: list[AlternativeOut]
    overridable: bool


class MisplacedOut(BaseModel):
    """An appointment outside of what its doctor's hours are now, and where it could go."""

    model_config = ConfigDict(json_schema_extra={"examples": [MISPLACED_EXAMPLE]})

    appointment: AppointmentOut
    conflicts: list[ObstacleOut]
    alternatives: list[AlternativeOut]


class MisplacedPage(BaseModel):
    items: list[MisplacedOut]
    next_cursor: str | None


class CalendarCard(BaseModel):
    """An appointment as a calendar draws it. Members without a value are left out."""

    model_config = ConfigDict(json_schema_extra={"examples": [CARD_EXAMPLE]})

    id: UUID
    practitioner_id: UUID
    visit_type_id: UUID
    status: AppointmentStatus
    kind: AppointmentKind
    starts_at: datetime
    ends_at: datetime
    version: int
    patient_id: UUID = left_out()
    patient_name: str = left_out()
    room_id: UUID = left_out()
    reason: str = left_out()
    arrived_at: datetime = left_out()
    roomed_at: datetime = left_out()
    seen_at: datetime = left_out()
    expires_at: datetime = left_out(description="Of a hold.")
    held_by_name: str = left_out(description="Of a hold.")
    series_id: UUID = left_out()
    overridden: list[ObstacleKind] = left_out()
    override_reason: str = left_out()
    cancelled_by: CancelledBy = left_out()
    cancellation_reason: str = left_out()


class Named(BaseModel):
    id: UUID
    name: str


class NamedVisitType(Named):
    color: Color


class CalendarOut(BaseModel):
    """Appointments by time, and the names of what their ids stand for."""

    model_config = ConfigDict(json_schema_extra={"examples": [CALENDAR_EXAMPLE]})

    zone: str
    practitioners: list[Named]
    visit_types: list[NamedVisitType]
    rooms: list[Named]
    items: list[CalendarCard]


class DayCell(BaseModel):
    """A doctor's day. `booked`: to come, or here. `open_minutes` null: hours nobody knows."""

    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [CELL_EXAMPLE]})

    date: date
    booked: int
    finished: int
    noshow: int
    cancelled: int
    booked_minutes: int
    open_minutes: int | None


class MonthOfDoctor(BaseModel):
    """One cell for each day of the month, in order."""

    id: UUID
    name: str
    cells: list[DayCell]


class MonthOut(BaseModel):
    """A month in numbers. `refreshed_at`: when the oldest of them was counted.

    `behind_since`: something has happened since then that is not counted yet; null: it is true.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [MONTH_EXAMPLE]})

    zone: str
    month: Annotated[str, Field(examples=["2026-11"])]
    days: list[date]
    practitioners: list[MonthOfDoctor]
    refreshed_at: datetime | None
    behind_since: datetime | None


class CountsOut(BaseModel):
    """One day, counted now. `finished` includes those who have left; `late` are still booked."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "date": "2026-11-23",
                    "booked": 14,
                    "late": 1,
                    "arrived": 2,
                    "in_room": 1,
                    "with_doctor": 3,
                    "finished": 6,
                    "noshow": 1,
                    "cancelled": 2,
                    "longest_wait_minutes": 17,
                    "longest_waiting_id": CARD_EXAMPLE["id"],
                }
            ]
        }
    )

    date: date
    booked: int
    late: int
    arrived: int
    in_room: int
    with_doctor: int
    finished: int
    noshow: int
    cancelled: int
    longest_wait_minutes: int | None
    longest_waiting_id: UUID | None


class Hello(BaseModel):
    """The first event of a stream. `reload`: too much has happened to be told one by one."""

    at: datetime
    reload: bool
