"""Ladders and kinds of work as the outside world sees them."""

from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from app.kernel.text import ONE_LINE
from app.work_queues.calendars import DueUnit

KEY = r"^[a-z][a-z0-9-]{0,49}$"
CODE = r"^[a-z][a-z0-9.-]{0,59}$"
MOST_STEPS = 20
LONGEST_DAYS = 1000

Severity = Literal["critical", "high", "medium", "low"]
Kind = Literal["task", "alert"]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=ONE_LINE),
]
Amount = Annotated[int, Field(strict=True, ge=1, le=100_000)]


class Target(StrEnum):
    """Whom a step tells."""

    HOLDER = "holder"  # who holds it, else whom it is for, else whoever is on duty for its pool
    PERSON = "person"
    ON_DUTY = "on-duty"  # those of a pool who are on duty then
    POOL = "pool"  # all of a pool, and the item goes to its queue
    EVERYBODY = "everybody"  # all who work queues


class Channel(StrEnum):
    PAGE = "page"
    EMAIL = "email"


STEP_EXAMPLE: dict[str, Any] = {
    "after_minutes": 15,
    "target": "on-duty",
    "user_id": None,
    "pool_id": "00000000-0000-4000-8000-0000000000a2",
    "channel": "page",
}
LADDER_EXAMPLE: dict[str, Any] = {
    "name": "At once, day and night",
    "calendar_id": "00000000-0000-4000-8000-00000000ca01",
    "steps": [STEP_EXAMPLE],
}
TYPE_EXAMPLE: dict[str, Any] = {
    "code": "alert",
    "kind": "alert",
    "title": "Alert",
    "severity": "high",
    "pool_id": "00000000-0000-4000-8000-0000000000a1",
    "calendar_id": "00000000-0000-4000-8000-00000000ca01",
    "ladder_id": "00000000-0000-4000-8000-00000000ad01",
    "due": {"amount": 60, "unit": "minutes"},
    "acknowledged_minutes": 30,
    "version": 1,
}


class Step(BaseModel):
    """Whom to tell when nobody has acted for so many minutes of the ladder's calendar."""

    model_config = ConfigDict(
        extra="forbid", from_attributes=True, json_schema_extra={"examples": [STEP_EXAMPLE]}
    )

    after_minutes: Annotated[int, Field(strict=True, ge=0, le=100_000)]
    target: Target
    user_id: UUID | None = None
    pool_id: UUID | None = None
    channel: Channel = Channel.PAGE

    @model_validator(mode="after")
    def aimed(self) -> Self:
        if (self.user_id is not None) != (self.target is Target.PERSON):
            raise PydanticCustomError(
                "step_person", "user_id says who is told: send it with person, and only then."
            )
        if (self.pool_id is not None) != (self.target in {Target.ON_DUTY, Target.POOL}):
            raise PydanticCustomError(
                "step_pool", "pool_id says which pool: send it with on-duty and pool, only then."
            )
        return self


class SaveLadder(BaseModel):
    """A ladder from the lowest step up; what climbs already keeps the steps it began with."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [LADDER_EXAMPLE]})

    name: Name
    calendar_id: UUID
    steps: Annotated[list[Step], Field(min_length=1, max_length=MOST_STEPS)]

    @model_validator(mode="after")
    def rising(self) -> Self:
        if any(low.after_minutes > high.after_minutes for low, high in pairwise(self.steps)):
            raise PydanticCustomError("steps_rise", "No step comes before the one below it.")
        return self


class LadderOut(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                LADDER_EXAMPLE
                | {"id": "00000000-0000-4000-8000-00000000ad01", "key": "urgent", "version": 1}
            ]
        }
    )

    id: UUID
    key: str
    name: str
    calendar_id: UUID
    steps: list[Step]
    version: int


class LadderList(BaseModel):
    items: list[LadderOut]


class Due(BaseModel):
    """So long after it began."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"amount": 2, "unit": "working-days"}]}
    )

    amount: Amount
    unit: DueUnit

    @model_validator(mode="after")
    def within_reach(self) -> Self:
        in_days = self.unit in {DueUnit.DAYS, DueUnit.WORKING_DAYS}
        if in_days and self.amount > LONGEST_DAYS:
            raise PydanticCustomError("due_reach", "A deadline is at most 1000 days away.")
        return self


def forget_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def absent(**told: Any) -> Any:
    """A member that may be left out."""
    return Field(default=None, json_schema_extra=forget_default, **told)


class ChangeWorkType(BaseModel):
    """What is to change for work that begins from now on; null: no ladder, or no deadline."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"severity": "high", "due": {"amount": 2, "unit": "days"}}]
        },
    )

    title: Name = absent()
    severity: Severity = absent()
    pool_id: UUID = absent()
    calendar_id: UUID = absent()
    ladder_id: UUID | None = absent()
    due: Due | None = absent()
    acknowledged_minutes: Annotated[int, Field(strict=True, ge=1, le=10_080)] = absent(
        description="Alerts only: so long an acknowledgement holds."
    )

    @property
    def changes(self) -> dict[str, Any]:
        """Only what was said, by the names of columns."""
        said = self.model_dump(exclude_unset=True, exclude={"due"})
        if "due" in self.model_fields_set:
            said["due_amount"] = self.due.amount if self.due else None
            said["due_unit"] = self.due.unit if self.due else None
        return said


class WorkTypeOut(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [TYPE_EXAMPLE]})

    code: str
    kind: Kind
    title: str
    severity: Severity
    pool_id: UUID
    calendar_id: UUID
    ladder_id: UUID | None
    due: Due | None
    acknowledged_minutes: int | None
    version: int


class WorkTypeList(BaseModel):
    items: list[WorkTypeOut]
