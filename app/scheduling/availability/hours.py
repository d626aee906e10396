"""Working hours, closings and open time as the outside world sees them: wall time as wall time."""

import re
from datetime import date, datetime
from itertools import pairwise
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from app.kernel.text import ONE_LINE
from app.scheduling.availability.lifecycle import ExceptionStatus
from app.scheduling.availability.schemas import ExceptionKind

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)
DAY = r"^(20|21)\d\d-\d\d-\d\d$"
WALL_TIME = r"^(20|21)\d\d-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d$"
OPENS = r"^([01]\d|2[0-3]):[0-5]\d$"
CLOSES = r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$"
MINUTES_OF_DAY = 24 * 60


def calendar_day(value: object) -> object:
    """Only 2026-03-02: numbers and instants would be read as days nobody meant."""
    if isinstance(value, str) and re.fullmatch(DAY, value, re.ASCII):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise PydanticCustomError("calendar_day", "Write the day as 2026-03-02.")


def wall_time(value: object) -> object:
    """Only 2026-03-02T08:00, without a zone: it is what the clock on the clinic's wall shows."""
    if isinstance(value, str) and re.fullmatch(WALL_TIME, value, re.ASCII):
        return value
    if isinstance(value, datetime) and value.tzinfo is None and value == whole_minute(value):
        return value
    raise PydanticCustomError("wall_time", "Write the clinic's wall time as 2026-03-02T08:00.")


def whole_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def minute_of_clock(text: str) -> int:
    """Minutes after midnight of "08:00"; "24:00" is the end of the day."""
    return int(text[:2]) * 60 + int(text[3:])


def clock_of_minute(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


Day = Annotated[
    date,
    BeforeValidator(calendar_day),
    Field(ge=FIRST_DAY, le=LAST_DAY),
    WithJsonSchema({"type": "string", "format": "date", "pattern": DAY}),
]
WallTime = Annotated[
    datetime,
    BeforeValidator(wall_time),
    Field(ge=datetime(2000, 1, 1), le=datetime(2199, 12, 31, 23, 59)),  # noqa: DTZ001 wall time
    PlainSerializer(
        lambda local: local.strftime("%Y-%m-%dT%H:%M"), return_type=str, when_used="json"
    ),
    WithJsonSchema({"type": "string", "pattern": WALL_TIME, "examples": ["2026-03-02T08:00"]}),
]
Opens = Annotated[str, StringConstraints(pattern=OPENS)]
Closes = Annotated[str, StringConstraints(pattern=CLOSES)]
Weekday = Annotated[int, Field(strict=True, ge=1, le=7, description="ISO: 1 is Monday.")]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=ONE_LINE),
]

SPAN_EXAMPLE: dict[str, Any] = {
    "weekday": 1,
    "opens": "08:00",
    "closes": "12:00",
    "room_id": None,
}
WEEK_EXAMPLE: dict[str, Any] = {
    "valid_from": "2026-03-02",
    "valid_until": None,
    "spans": [SPAN_EXAMPLE],
}
EXCEPTION_EXAMPLE: dict[str, Any] = {
    "practitioner_id": "0198b1c6-0000-7000-8000-000000000001",
    "kind": "leave",
    "starts_local": "2026-03-02T00:00",
    "ends_local": "2026-03-07T00:00",
    "room_id": None,
    "reason": "Spring holiday",
}


class WeekdaySpan(BaseModel):
    """Working time of one weekday; what lies between two of them is a break."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [SPAN_EXAMPLE]})

    weekday: Weekday
    opens: Opens
    closes: Closes
    room_id: UUID | None = None

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.opens >= self.closes:
            raise PydanticCustomError(
                "span_order", "A span closes after it opens; one over midnight is two spans."
            )
        return self

    @property
    def minutes(self) -> tuple[int, int]:
        return minute_of_clock(self.opens), minute_of_clock(self.closes)


def require_apart(spans: list[WeekdaySpan]) -> None:
    """Two spans of one weekday may touch, not overlap."""
    ordered = sorted(spans, key=lambda span: (span.weekday, span.opens))
    for one, other in pairwise(ordered):
        if one.weekday == other.weekday and other.opens < one.closes:
            raise PydanticCustomError("spans_overlap", "Two spans of one weekday overlap.")


class SetWeeklyHours(BaseModel):
    """A doctor's week, which replaces what was valid on these days. No spans: no working days."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [WEEK_EXAMPLE]})

    valid_from: Day
    valid_until: Day | None = None
    spans: Annotated[list[WeekdaySpan], Field(max_length=100)]

    @model_validator(mode="after")
    def in_order(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise PydanticCustomError("period_order", "valid_until lies before valid_from.")
        require_apart(self.spans)
        return self


class WeeklyHoursOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                WEEK_EXAMPLE
                | {
                    "id": "4a6f8f1c-5b1e-4c57-8a8e-5a5a1f9b7e01",
                    "practitioner_id": "0198b1c6-0000-7000-8000-000000000001",
                }
            ]
        }
    )

    id: UUID
    practitioner_id: UUID
    valid_from: date
    valid_until: date | None
    spans: list[WeekdaySpan]


class WeeklyHoursList(BaseModel):
    items: list[WeeklyHoursOut]


class NewException(BaseModel):
    """A closing of the whole clinic, or leave or an extra session of one doctor."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXCEPTION_EXAMPLE]})

    practitioner_id: UUID | None = None
    kind: ExceptionKind
    starts_local: WallTime
    ends_local: WallTime
    room_id: UUID | None = None
    reason: Reason | None = None

    @model_validator(mode="after")
    def coherent(self) -> Self:
        if self.starts_local >= self.ends_local:
            raise PydanticCustomError("exception_order", "ends_local must be after starts_local.")
        closed = self.kind is ExceptionKind.CLOSED
        if closed and self.practitioner_id is not None:
            raise PydanticCustomError(
                "exception_whose",
                "A closing is of the whole clinic: leave out practitioner_id, or send leave.",
            )
        if not closed and self.practitioner_id is None:
            raise PydanticCustomError("exception_whose", "Say whose it is: send practitioner_id.")
        if self.room_id is not None and self.kind is not ExceptionKind.EXTRA:
            raise PydanticCustomError(
                "exception_room", "Only an extra session is held in a room: leave out room_id."
            )
        return self


class ExceptionOut(BaseModel):
    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                EXCEPTION_EXAMPLE
                | {
                    "id": "7e1f3f2c-2f60-4c92-8a51-1d9a2f6c1e01",
                    "status": "active",
                    "created_at": "2026-02-20T09:00:00Z",
                }
            ]
        },
    )

    id: UUID
    practitioner_id: UUID | None
    kind: ExceptionKind
    starts_local: WallTime
    ends_local: WallTime
    room_id: UUID | None
    reason: str | None
    status: ExceptionStatus
    created_at: datetime


class ExceptionList(BaseModel):
    items: list[ExceptionOut]


class SpanOut(BaseModel):
    """Open time; instants in UTC."""

    model_config = ConfigDict(from_attributes=True)

    starts_at: datetime
    ends_at: datetime
    room_id: UUID | None


class OpenDay(BaseModel):
    """One day of the clinic's wall; spans over midnight are cut there."""

    date: date
    closed: bool
    spans: list[SpanOut]


class DoctorAvailability(BaseModel):
    """`hours_known` false: nobody has ever said when this doctor works."""

    practitioner_id: UUID
    hours_known: bool
    days: list[OpenDay]


class Availability(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "zone": "Europe/Vienna",
                    "items": [
                        {
                            "practitioner_id": "0198b1c6-0000-7000-8000-000000000001",
                            "hours_known": True,
                            "days": [
                                {
                                    "date": "2026-03-02",
                                    "closed": False,
                                    "spans": [
                                        {
                                            "starts_at": "2026-03-02T07:00:00Z",
                                            "ends_at": "2026-03-02T11:00:00Z",
                                            "room_id": None,
                                        }
                                    ],
                                }
                            ],
                        }
                    ],
                }
            ]
        }
    )

    zone: str
    items: list[DoctorAvailability]
