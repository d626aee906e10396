"""The words in which working time is described."""

import re
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from app.kernel.text import ONE_LINE

KEY = r"^[a-z][a-z0-9-]{0,49}$"
DAY = r"^(20|21)\d\d-\d\d-\d\d$"
OPENS = r"^([01]\d|2[0-3]):[0-5]\d$"
CLOSES = r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$"


class DueUnit(StrEnum):
    MINUTES = "minutes"
    WORKING_MINUTES = "working-minutes"
    DAYS = "days"
    WORKING_DAYS = "working-days"


def calendar_day(value: object) -> object:
    """Only 2026-12-25: numbers and instants would be read as days nobody meant."""
    if isinstance(value, str) and re.fullmatch(DAY, value, re.ASCII):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise PydanticCustomError("calendar_day", "Write the day as 2026-12-25.")


def minute_of_clock(text: str) -> int:
    """Minutes after midnight of "08:00"; "24:00" is the end of the day."""
    return int(text[:2]) * 60 + int(text[3:])


def clock_of_minute(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


Key = Annotated[str, StringConstraints(pattern=KEY)]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=ONE_LINE),
]
Day = Annotated[
    date,
    BeforeValidator(calendar_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": DAY}),
]

SPAN_EXAMPLE: dict[str, Any] = {"weekday": 1, "opens": "08:00", "closes": "17:00"}
CLOSURE_EXAMPLE: dict[str, Any] = {"closed_on": "2026-12-25", "name": "Christmas Day"}
CALENDAR_EXAMPLE: dict[str, Any] = {"name": "Office hours", "spans": [SPAN_EXAMPLE]}


class OpenSpan(BaseModel):
    """Hours of one weekday in which minutes count, on the clinic's wall clock."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [SPAN_EXAMPLE]})

    weekday: Annotated[int, Field(strict=True, ge=1, le=7, description="ISO: 1 is Monday.")]
    opens: Annotated[str, StringConstraints(pattern=OPENS)]
    closes: Annotated[str, StringConstraints(pattern=CLOSES)]

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


class SaveCalendar(BaseModel):
    """A calendar's name and week, which replace what it said; closed days stay."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [CALENDAR_EXAMPLE]})

    name: Name
    spans: Annotated[list[OpenSpan], Field(max_length=100)]

    @model_validator(mode="after")
    def apart(self) -> Self:
        ordered = sorted(self.spans, key=lambda span: (span.weekday, span.opens))
        for one, other in pairwise(ordered):
            if one.weekday == other.weekday and other.opens < one.closes:
                raise PydanticCustomError("spans_overlap", "Two spans of one weekday overlap.")
        return self


class Closure(BaseModel):
    """A day on which no minute counts."""

    model_config = ConfigDict(
        extra="forbid", from_attributes=True, json_schema_extra={"examples": [CLOSURE_EXAMPLE]}
    )

    closed_on: Day
    name: Name


class CalendarOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                CALENDAR_EXAMPLE
                | {
                    "id": "00000000-0000-4000-8000-00000000ca02",
                    "key": "office-hours",
                    "closures": [CLOSURE_EXAMPLE],
                    "version": 1,
                }
            ]
        }
    )

    id: UUID
    key: str
    name: str
    spans: list[OpenSpan]
    closures: list[Closure]
    version: int


class CalendarList(BaseModel):
    items: list[CalendarOut]
