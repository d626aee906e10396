"""The waiting list as the outside world sees it; times of day are wall time of the clinic."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.kernel.text import ONE_LINE, SEVERAL_LINES
from app.scheduling.appointments import AppointmentOut, Moment, Override
from app.scheduling.availability import Closes, Day, Opens, Weekday, minute_of_clock
from app.scheduling.waiting_list.lifecycle import TimeOfferStatus, WaitingStatus


class Urgency(StrEnum):
    """How soon somebody should come; the order in which they are asked."""

    URGENT = "urgent"
    SOON = "soon"
    ROUTINE = "routine"


def text(most: int, pattern: str = ONE_LINE) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=most, pattern=pattern)


Specialty = Annotated[str, text(100)]
Note = Annotated[str, text(500, SEVERAL_LINES)]
Reason = Annotated[str, text(500, SEVERAL_LINES)]
Weekdays = Annotated[list[Weekday], Field(max_length=7, description="Empty: any day.")]

OFFER_EXAMPLE: dict[str, Any] = {
    "id": "7b1f7a52-93c4-4b76-8c1d-0d3a5f0b7e31",
    "entry_id": "7b1f7a52-93c4-4b76-8c1d-0d3a5f0b7e30",
    "status": "open",
    "appointment_id": "7b1f7a52-93c4-4b76-8c1d-0d3a5f0b7e32",
    "practitioner_id": "0198b1c6-0000-7000-8000-000000000001",
    "practitioner_name": "Dr. Ada Winter",
    "room_id": None,
    "starts_at": "2026-11-24T08:30:00Z",
    "ends_at": "2026-11-24T09:00:00Z",
    "offered_at": "2026-11-21T09:00:00Z",
    "expires_at": "2026-11-21T11:00:00Z",
    "answered_at": None,
}
APPOINTMENT_EXAMPLE: dict[str, Any] = AppointmentOut.model_json_schema()["examples"][0]
ENTRY_EXAMPLE: dict[str, Any] = {
    "id": "7b1f7a52-93c4-4b76-8c1d-0d3a5f0b7e30",
    "status": "offered",
    "patient_id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01",
    "patient_name": "Mara Okafor-Lind",
    "patient_mrn": "MRN-100001",
    "patient_phone": "+1 555 010 2030",
    "visit_type_id": "9d8f7c60-77a1-4f0e-9b1d-3f2f8d5a4c01",
    "visit_type_name": "Consultation",
    "duration_minutes": 30,
    "practitioner_id": None,
    "practitioner_name": None,
    "specialty": "Cardiology",
    "urgency": "soon",
    "weekdays": [1, 2],
    "from_time": "08:00",
    "until_time": "12:00",
    "not_before": None,
    "not_after": "2026-12-24",
    "note": "Has to come by bus.",
    "offer": OFFER_EXAMPLE,
    "version": 2,
    "created_at": "2026-11-20T09:00:00Z",
    "updated_at": "2026-11-21T09:00:00Z",
}


class OfferOut(BaseModel):
    """A time held for somebody who waits, until they answer or it expires."""

    model_config = ConfigDict(json_schema_extra={"examples": [OFFER_EXAMPLE]})

    id: UUID
    entry_id: UUID
    status: TimeOfferStatus
    appointment_id: UUID
    practitioner_id: UUID
    practitioner_name: str
    room_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    offered_at: datetime
    expires_at: datetime
    answered_at: datetime | None


class EntryOut(BaseModel):
    """Who waits for what; `offer` is the one that is open."""

    model_config = ConfigDict(json_schema_extra={"examples": [ENTRY_EXAMPLE]})

    id: UUID
    status: WaitingStatus
    patient_id: UUID
    patient_name: str
    patient_mrn: str
    patient_phone: str | None
    visit_type_id: UUID
    visit_type_name: str
    duration_minutes: int
    practitioner_id: UUID | None
    practitioner_name: str | None
    specialty: str | None
    urgency: Urgency
    weekdays: list[int]
    from_time: str | None
    until_time: str | None
    not_before: date | None
    not_after: date | None
    note: str | None
    offer: OfferOut | None
    version: int
    created_at: datetime
    updated_at: datetime


class EntryPage(BaseModel):
    items: list[EntryOut]
    next_cursor: str | None


class Matches(BaseModel):
    """Who would like a time, in the order in which they are asked."""

    items: list[EntryOut]


class Accepted(BaseModel):
    """The time is booked. `kept`: later appointments of this kind, perhaps needless now."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "entry": ENTRY_EXAMPLE | {"status": "booked", "offer": None},
                    "offer": OFFER_EXAMPLE | {"status": "accepted"},
                    "appointment": APPOINTMENT_EXAMPLE,
                    "kept": [],
                }
            ]
        }
    )

    entry: EntryOut
    offer: OfferOut
    appointment: AppointmentOut
    kept: list[AppointmentOut]


class Refused(BaseModel):
    """The patient goes on waiting, and the time goes on to the next one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "entry": ENTRY_EXAMPLE | {"status": "waiting", "offer": None},
                    "offer": OFFER_EXAMPLE | {"status": "declined"},
                }
            ]
        }
    )

    entry: EntryOut
    offer: OfferOut


def forget_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def absent() -> Any:
    """A member that may be left out."""
    return Field(default=None, json_schema_extra=forget_default)


# What the table calls a wish's clock times, and what the API calls them.
MINUTES = {"from_time": "from_minute", "until_time": "until_minute"}


def columns_of(said: dict[str, Any]) -> dict[str, Any]:
    """What was said, in the words of the table: "08:30" as minutes, each weekday once."""
    told = {MINUTES.get(name, name): value for name, value in said.items()}
    for name in MINUTES.values():
        if told.get(name) is not None:
            told[name] = minute_of_clock(told[name])
    if told.get("weekdays") is not None:
        told["weekdays"] = sorted(set(told["weekdays"]))
    return told


class NewEntry(BaseModel):
    """Somebody who would come. What is left blank suits them whatever it is.

    Name a doctor or a specialty or neither, never both.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "patient_id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01",
                    "visit_type_id": "9d8f7c60-77a1-4f0e-9b1d-3f2f8d5a4c01",
                    "urgency": "soon",
                    "weekdays": [1, 2],
                    "from_time": "08:00",
                    "until_time": "12:00",
                }
            ]
        },
    )

    patient_id: UUID
    visit_type_id: UUID
    practitioner_id: UUID | None = None
    specialty: Specialty | None = None
    urgency: Urgency = Urgency.ROUTINE
    weekdays: Weekdays = []
    from_time: Opens | None = None
    until_time: Closes | None = None
    not_before: Day | None = None
    not_after: Day | None = None
    note: Note | None = None

    @property
    def columns(self) -> dict[str, Any]:
        return columns_of(self.model_dump())


class ChangeEntry(BaseModel):
    """What is to change. A member left out stays; null clears it where it may be empty."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"urgency": "urgent", "not_after": None}]}
    )

    visit_type_id: UUID = absent()
    practitioner_id: UUID | None = absent()
    specialty: Specialty | None = absent()
    urgency: Urgency = absent()
    weekdays: Weekdays = absent()
    from_time: Opens | None = absent()
    until_time: Closes | None = absent()
    not_before: Day | None = absent()
    not_after: Day | None = absent()
    note: Note | None = absent()

    @property
    def columns(self) -> dict[str, Any]:
        """Only what was said."""
        return columns_of(self.model_dump(exclude_unset=True))


class WithdrawEntry(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "found help elsewhere"}]}
    )

    reason: Reason | None = None


class NewOffer(BaseModel):
    """A time for somebody who waits, chosen by hand; it is held until the offer expires."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "practitioner_id": "0198b1c6-0000-7000-8000-000000000001",
                    "starts_at": "2026-11-24T08:30:00Z",
                }
            ]
        },
    )

    practitioner_id: UUID
    starts_at: Moment
    duration_minutes: Annotated[int, Field(strict=True, ge=5, le=480)] | None = None
    room_id: UUID | None = None
    override: Override | None = None
