"""Appointments that repeat, as the outside world asks for them and sees them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.kernel.text import ONE_LINE
from app.scheduling.appointments.calendar_schemas import ALTERNATIVE_EXAMPLE, AlternativeOut
from app.scheduling.appointments.schemas import (
    BOOKING_EXAMPLE,
    OBSTACLE_EXAMPLE,
    AppointmentOut,
    Asked,
    BookAppointment,
    ObstacleOut,
    OnConflict,
)

RuleText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=ONE_LINE),
    Field(
        description="RFC 5545: FREQ=DAILY, WEEKLY or MONTHLY, COUNT or UNTIL, and INTERVAL, BYDAY, "
        "BYMONTHDAY, BYSETPOS, WKST; at most 200 times within five years."
    ),
]
LocalTime = Annotated[
    str, Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$", examples=["2026-11-23T10:00"])
]

SERIES_EXAMPLE: dict[str, Any] = {
    "id": "1f6e2a80-5b3c-4f0d-9c3a-7d5e2b1a4c10",
    "patient_id": BOOKING_EXAMPLE["patient_id"],
    "practitioner_id": BOOKING_EXAMPLE["practitioner_id"],
    "visit_type_id": BOOKING_EXAMPLE["visit_type_id"],
    "room_id": None,
    "rrule": "FREQ=WEEKLY;COUNT=6",
    "first_local": "2026-11-23T10:00",
    "time_zone": "Europe/Vienna",
    "duration_minutes": 30,
    "reason": "physiotherapy",
    "continues": None,
    "created_at": "2026-11-21T09:00:00Z",
}
TAKEN_EXAMPLE: dict[str, Any] = {
    "local": "2026-11-23T10:00",
    "starts_at": "2026-11-23T09:00:00Z",
    "ends_at": "2026-11-23T09:30:00Z",
    "conflicts": [OBSTACLE_EXAMPLE],
    "alternatives": [ALTERNATIVE_EXAMPLE],
}


class NewSeries(Asked):
    """The first appointment, and how it repeats in the clinic's wall time."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"first": BOOKING_EXAMPLE, "rrule": "FREQ=WEEKLY;COUNT=6"}]}
    )

    first: BookAppointment
    rrule: RuleText
    on_conflict: OnConflict = OnConflict.REFUSE


class SeriesOut(BaseModel):
    """`first_local` is wall time of the clinic; `continues` the series this one was split from."""

    model_config = ConfigDict(json_schema_extra={"examples": [SERIES_EXAMPLE]})

    id: UUID
    patient_id: UUID
    practitioner_id: UUID
    visit_type_id: UUID
    room_id: UUID | None
    rrule: str
    first_local: LocalTime
    time_zone: str
    duration_minutes: int
    reason: str | None
    continues: UUID | None
    created_at: datetime


class ProposedOccurrence(BaseModel):
    """One time a rule gives, in the clinic's wall time and as an instant, and what is in the way.

    Alternatives are looked for at the first times that cannot be had.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [TAKEN_EXAMPLE]})

    local: LocalTime
    starts_at: datetime
    ends_at: datetime
    conflicts: list[ObstacleOut]
    alternatives: list[AlternativeOut]


class OccurrenceOut(ProposedOccurrence):
    """`appointment` null: it could not be had and was left out. `moved`: not where the rule says.

    What is in the way is told when the series is booked, not later.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**TAKEN_EXAMPLE, "appointment": None, "moved": False}]}
    )

    appointment: AppointmentOut | None
    moved: bool


class SeriesPreview(BaseModel):
    """What a series would be; `rrule` as it is understood. `overridable`: with a reason, by you."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "rrule": "FREQ=WEEKLY;COUNT=6",
                    "occurrences": [TAKEN_EXAMPLE],
                    "overridable": True,
                }
            ]
        }
    )

    rrule: str
    occurrences: list[ProposedOccurrence]
    overridable: bool


class SeriesWithOccurrences(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "series": SERIES_EXAMPLE,
                    "occurrences": [{**TAKEN_EXAMPLE, "appointment": None, "moved": False}],
                }
            ]
        }
    )

    series: SeriesOut
    occurrences: list[OccurrenceOut]


class SeriesChangeOut(BaseModel):
    """What a change of several appointments of a series did.

    `changed` were moved or cancelled; `kept` were left at a time that was chosen for them alone;
    `left` could not be had and stay where they were.
    """

    series_id: UUID
    changed: list[UUID]
    kept: list[UUID]
    left: list[UUID]


class ChangedAppointmentOut(AppointmentOut):
    """The appointment, and with a scope what became of the others of its series."""

    series_change: SeriesChangeOut | None = None
