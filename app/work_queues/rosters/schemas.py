"""Pools, duty and absences as the outside world sees them."""

import re
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from app.kernel.actors import Role
from app.kernel.instants import Instant
from app.kernel.text import ONE_LINE
from app.work_queues.rosters.lifecycle import PoolStatus

LONGEST_SHIFT = timedelta(days=7)
DAY = r"^(20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"
MOST_WEEKS = 52

POOL_ID = "00000000-0000-4000-8000-0000000000a1"
NURSE_ID = "0198b1c6-0000-7000-8000-000000000002"
OTHER_ID = "0198b1c6-0000-7000-8000-000000000003"


def calendar_day(value: object) -> object:
    """Only 2026-03-02: numbers and instants would be read as days nobody meant."""
    if isinstance(value, str) and re.fullmatch(DAY, value, re.ASCII):
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise PydanticCustomError("calendar_day", "Write the day as 2026-03-02.")


Moment = Instant
Day = Annotated[
    date,
    BeforeValidator(calendar_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": DAY}),
]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,49}$")]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100, pattern=ONE_LINE),
]
PoolRole = Literal[Role.DOCTOR, Role.NURSE, Role.RECEPTIONIST, Role.ADMIN]

POOL_EXAMPLE: dict[str, Any] = {
    "id": POOL_ID,
    "key": "nurses",
    "name": "Nurses",
    "role": "nurse",
    "status": "active",
    "version": 1,
}
MEMBER_EXAMPLE: dict[str, Any] = {
    "user_id": NURSE_ID,
    "full_name": "Nora Lindqvist",
    "by_name": False,
}
SHIFT_EXAMPLE: dict[str, Any] = {
    "pool_id": POOL_ID,
    "user_id": NURSE_ID,
    "starts_at": "2026-11-23T07:00:00Z",
    "ends_at": "2026-11-23T15:00:00Z",
}
STRETCH_EXAMPLE: dict[str, Any] = {
    "starts_at": "2026-11-23T07:00:00Z",
    "ends_at": "2026-11-23T15:00:00Z",
    "user_id": OTHER_ID,
    "full_name": "Olaf Brandt",
    "in_place_of": NURSE_ID,
}
ABSENCE_EXAMPLE: dict[str, Any] = {
    "user_id": NURSE_ID,
    "substitute_id": OTHER_ID,
    "starts_at": "2026-11-23T00:00:00Z",
    "ends_at": "2026-11-28T00:00:00Z",
}


def described(example: dict[str, Any], *, from_rows: bool = False) -> ConfigDict:
    return ConfigDict(from_attributes=from_rows, json_schema_extra={"examples": [example]})


def asked(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [example]})


class PoolOut(BaseModel):
    """People who share a queue: everybody with `role`, and those added by name."""

    model_config = described(POOL_EXAMPLE, from_rows=True)

    id: UUID
    key: str
    name: str
    role: Role | None
    status: PoolStatus
    version: int


class PoolList(BaseModel):
    items: list[PoolOut]


class MemberOut(BaseModel):
    """`by_name`: added, and not because of their role."""

    model_config = described(MEMBER_EXAMPLE)

    user_id: UUID
    full_name: str
    by_name: bool


class MemberList(BaseModel):
    items: list[MemberOut]


class NewPool(BaseModel):
    """`key` is for addresses and never changes."""

    model_config = asked({"key": "night-team", "name": "Night team", "role": None})

    key: Key
    name: Name
    role: PoolRole | None = None


class ChangePool(BaseModel):
    model_config = asked({"name": "Night nurses"})

    name: Name


class NewShift(BaseModel):
    """Somebody is there for a pool, for seven days at most."""

    model_config = asked(SHIFT_EXAMPLE)

    pool_id: UUID
    user_id: UUID
    starts_at: Moment
    ends_at: Moment


class ShiftOut(BaseModel):
    model_config = described(
        {"id": "3d0c3c0e-6f0a-4d6e-9a51-5a2d7c1f4e02", **SHIFT_EXAMPLE, "cancelled_at": None},
        from_rows=True,
    )

    id: UUID
    pool_id: UUID
    user_id: UUID
    starts_at: datetime
    ends_at: datetime
    cancelled_at: datetime | None


class RepeatWeek(BaseModel):
    """The shifts that begin within seven days from a day on, again in each week that follows."""

    model_config = asked({"pool_id": POOL_ID, "first_day": "2026-11-23", "weeks": 4})

    pool_id: UUID
    first_day: Day
    weeks: Annotated[int, Field(strict=True, ge=1, le=MOST_WEEKS)]


class ShiftList(BaseModel):
    items: list[ShiftOut]


class NewAbsence(BaseModel):
    """Somebody is out of office; left out: you are."""

    model_config = asked(ABSENCE_EXAMPLE)

    user_id: UUID | None = None
    substitute_id: UUID | None = None
    starts_at: Moment
    ends_at: Moment


class AbsenceOut(BaseModel):
    model_config = described(
        {
            "id": "3d0c3c0e-6f0a-4d6e-9a51-5a2d7c1f4e03",
            **ABSENCE_EXAMPLE,
            "full_name": "Nora Lindqvist",
            "substitute_name": "Olaf Brandt",
            "cancelled_at": None,
        }
    )

    id: UUID
    user_id: UUID
    full_name: str
    substitute_id: UUID | None
    substitute_name: str | None
    starts_at: datetime
    ends_at: datetime
    cancelled_at: datetime | None


class AbsenceList(BaseModel):
    items: list[AbsenceOut]


class StretchOut(BaseModel):
    """Who is there from when to when. No `user_id`: nobody stands in for whose shift it is."""

    model_config = described(STRETCH_EXAMPLE)

    starts_at: datetime
    ends_at: datetime
    user_id: UUID | None
    full_name: str | None
    in_place_of: UUID | None


class RosterShift(BaseModel):
    """A shift as planned, and who is really there."""

    model_config = described(
        {
            "id": "3d0c3c0e-6f0a-4d6e-9a51-5a2d7c1f4e02",
            **SHIFT_EXAMPLE,
            "full_name": "Nora Lindqvist",
            "there": [STRETCH_EXAMPLE],
        }
    )

    id: UUID
    pool_id: UUID
    user_id: UUID
    full_name: str
    starts_at: datetime
    ends_at: datetime
    there: list[StretchOut]


class Roster(BaseModel):
    items: list[RosterShift]


class StandOut(BaseModel):
    """Somebody who is there. `in_place_of`: whose duty it was, when not their own."""

    model_config = described(
        {
            "user_id": OTHER_ID,
            "full_name": "Olaf Brandt",
            "in_place_of": NURSE_ID,
            "in_place_of_name": "Nora Lindqvist",
        }
    )

    user_id: UUID
    full_name: str
    in_place_of: UUID | None
    in_place_of_name: str | None


class PoolNow(BaseModel):
    """Who is there for a pool. Not `planned`: it has no roster, so all its members are."""

    pool: PoolOut
    planned: bool
    people: list[StandOut]


class RosterNow(BaseModel):
    """Who is there now, pool by pool."""

    model_config = described({"at": "2026-03-02T09:00:00Z", "items": []})

    at: datetime
    items: list[PoolNow]
