"""Appointments as the outside world asks for them and sees them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from app.kernel.instants import Instant
from app.kernel.text import SEVERAL_LINES
from app.scheduling.appointments.errors import ObstacleKind
from app.scheduling.appointments.lifecycle import AppointmentStatus
from app.scheduling.availability import Color


class AppointmentKind(StrEnum):
    BOOKED = "booked"
    WALK_IN = "walk-in"


class CancelledBy(StrEnum):
    """On whose account an appointment is called off; the system lets holds expire."""

    PATIENT = "patient"
    CLINIC = "clinic"
    SYSTEM = "system"


class Canceller(StrEnum):
    """Whom a person may name."""

    PATIENT = "patient"
    CLINIC = "clinic"


class Scope(StrEnum):
    """Of a repeating appointment: how much of it a change is for."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


class OnConflict(StrEnum):
    """What to do when some of a series cannot be had: nothing at all, or all the others."""

    REFUSE = "refuse"
    SKIP = "skip"


class MoveName(StrEnum):
    """What may be done with an appointment now, as the nouns of its addresses."""

    ARRIVAL = "arrival"
    ROOMING = "rooming"
    DEPARTURE = "departure"
    NO_SHOW = "no-show"
    RESCHEDULE = "reschedule"
    CANCELLATION = "cancellation"
    ENTERED_IN_ERROR = "entered-in-error"


def whole_minute(moment: datetime) -> datetime:
    if moment.second or moment.microsecond:
        raise PydanticCustomError("whole_minute", "Appointments begin on a whole minute.")
    return moment


Moment = Annotated[Instant, AfterValidator(whole_minute)]
Duration = Annotated[int, Field(strict=True, ge=5, le=480)]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=SEVERAL_LINES),
]
Version = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]

PLACE_EXAMPLE: dict[str, Any] = {
    "practitioner_id": "0198b1c6-0000-7000-8000-000000000001",
    "visit_type_id": "9d8f7c60-77a1-4f0e-9b1d-3f2f8d5a4c01",
    "starts_at": "2026-11-23T09:00:00Z",
}
BOOKING_EXAMPLE: dict[str, Any] = {
    **PLACE_EXAMPLE,
    "patient_id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01",
    "reason": "follow-up after the cough",
}
OBSTACLE_EXAMPLE: dict[str, Any] = {
    "kind": "practitioner",
    "appointment_id": "77aa0c5e-6f0a-4d6e-9a51-5a2d7c1f4e77",
    "starts_at": "2026-11-23T09:00:00Z",
    "ends_at": "2026-11-23T09:30:00Z",
    "status": "booked",
    "held": False,
    "practitioner_id": "0198b1c6-0000-7000-8000-000000000001",
    "room_id": None,
}


APPOINTMENT_EXAMPLE: dict[str, Any] = {
    **BOOKING_EXAMPLE,
    "id": "77aa0c5e-6f0a-4d6e-9a51-5a2d7c1f4e77",
    "status": "booked",
    "fhir_status": "booked",
    "kind": "booked",
    "practitioner_name": "Dr. Ada Winter",
    "patient_name": "Mara Okafor-Lind",
    "patient_mrn": "MRN-100234",
    "visit_type_name": "Consultation",
    "color": "blue",
    "room_id": None,
    "room_name": None,
    "ends_at": "2026-11-23T09:30:00Z",
    "duration_minutes": 30,
    "late": False,
    "arrived_at": None,
    "roomed_at": None,
    "seen_at": None,
    "finished_at": None,
    "waiting_minutes": None,
    "expires_at": None,
    "held_by_name": None,
    "series_id": None,
    "override_reason": None,
    "overridden": [],
    "cancelled_by": None,
    "cancellation_reason": None,
    "booked_by_name": "Rosa Keller",
    "version": 1,
    "moves_allowed": ["arrival", "rooming", "reschedule", "cancellation"],
    "undoable": False,
    "created_at": "2026-11-21T09:00:00Z",
    "updated_at": "2026-11-21T09:00:00Z",
}


class Asked(BaseModel):
    """Every request of this slice refuses members it does not know."""

    model_config = ConfigDict(extra="forbid")


class Override(Asked):
    """Why somebody books over what is in the way."""

    reason: Reason


class HoldSlot(Asked):
    """Keep a time for some minutes. `replaces`: a hold of yours that this one takes the place of.

    `duration_minutes` left out: as long as the visit type says.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [PLACE_EXAMPLE]})

    practitioner_id: UUID
    visit_type_id: UUID
    starts_at: Moment
    duration_minutes: Duration | None = None
    room_id: UUID | None = None
    patient_id: UUID | None = None
    override: Override | None = None
    replaces: UUID | None = None


class BookAppointment(Asked):
    """Book a time. With `hold_id` the held time becomes the appointment, or makes room for it."""

    model_config = ConfigDict(json_schema_extra={"examples": [BOOKING_EXAMPLE]})

    hold_id: UUID | None = None
    practitioner_id: UUID
    patient_id: UUID
    visit_type_id: UUID
    starts_at: Moment
    duration_minutes: Duration | None = None
    room_id: UUID | None = None
    reason: Reason | None = None
    override: Override | None = None


class WalkIn(Asked):
    """Somebody came without an appointment and waits. What is in the way is overridden and told.

    `beside_booked`: although they have an appointment with somebody today.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{k: v for k, v in BOOKING_EXAMPLE.items() if k != "starts_at"}]
        }
    )

    practitioner_id: UUID
    patient_id: UUID
    visit_type_id: UUID
    duration_minutes: Duration | None = None
    room_id: UUID | None = None
    reason: Reason | None = None
    beside_booked: Annotated[bool, Field(strict=True)] = False


def forget_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def absent() -> Any:
    """A member that may be left out, which is not the same as null."""
    return Field(default=None, json_schema_extra=forget_default)


class Reschedule(Asked):
    """Another time, length, doctor or room; what is left out stays, a null room is none.

    `version`: the one you read; somebody else's change since then refuses yours. `on_conflict`
    is for a scope of several: with skip those that cannot be had stay where they are.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"starts_at": "2026-11-23T10:00:00Z", "version": 1}]}
    )

    starts_at: Moment = absent()
    duration_minutes: Duration = absent()
    practitioner_id: UUID = absent()
    room_id: UUID | None = absent()
    override: Override | None = None
    version: Version | None = None
    scope: Scope | None = None
    on_conflict: OnConflict = OnConflict.REFUSE


class CancelAppointment(Asked):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"reason": "caught a cold", "by": "patient"}]}
    )

    reason: Reason
    by: Canceller
    scope: Scope | None = None


class ChangeAppointment(Asked):
    """What is to change beside the time; a member left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "cough again"}]})

    reason: Reason | None = absent()
    visit_type_id: UUID = absent()


class RecordRooming(Asked):
    """`room_id` left out: the room stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})

    room_id: UUID | None = absent()


class EnterInError(Asked):
    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "wrong patient"}]})

    reason: Reason


class ObstacleOut(BaseModel):
    """One thing in the way: an appointment or a hold, or a rule of the clinic."""

    model_config = ConfigDict(json_schema_extra={"examples": [OBSTACLE_EXAMPLE]})

    kind: ObstacleKind
    appointment_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    status: AppointmentStatus | None
    held: bool
    practitioner_id: UUID | None
    room_id: UUID | None


class AppointmentOut(BaseModel):
    """An appointment or a hold. `late`: it has begun and nobody has come. Times are in UTC."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_extra={"examples": [APPOINTMENT_EXAMPLE]}
    )

    id: UUID
    status: AppointmentStatus
    fhir_status: str
    kind: AppointmentKind
    practitioner_id: UUID
    practitioner_name: str
    patient_id: UUID | None
    patient_name: str | None
    patient_mrn: str | None
    visit_type_id: UUID
    visit_type_name: str
    color: Color
    room_id: UUID | None
    room_name: str | None
    starts_at: datetime
    ends_at: datetime
    duration_minutes: int
    reason: str | None
    late: bool
    arrived_at: datetime | None
    roomed_at: datetime | None
    seen_at: datetime | None
    finished_at: datetime | None
    waiting_minutes: int | None
    expires_at: datetime | None
    held_by_name: str | None
    series_id: UUID | None
    override_reason: str | None
    overridden: list[ObstacleKind]
    cancelled_by: CancelledBy | None
    cancellation_reason: str | None
    booked_by_name: str | None
    version: int
    moves_allowed: list[MoveName]
    undoable: bool
    created_at: datetime
    updated_at: datetime


class AppointmentPage(BaseModel):
    items: list[AppointmentOut]
    next_cursor: str | None
