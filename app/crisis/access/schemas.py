"""Access to restricted patients as the outside world sees it: ids, reasons, times."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.kernel.text import SEVERAL_LINES


class GrantState(StrEnum):
    RUNNING = "running"
    ENDED = "ended"  # early, by whoever broke the glass or by privacy
    EXPIRED = "expired"


class Verdict(StrEnum):
    APPROPRIATE = "appropriate"
    NOT_APPROPRIATE = "not-appropriate"


def words(least: int, most: int) -> Any:
    return StringConstraints(
        strip_whitespace=True, min_length=least, max_length=most, pattern=SEVERAL_LINES
    )


GlassReason = Annotated[str, words(15, 1000)]
Reason = Annotated[str, words(1, 1000)]
Remark = Annotated[str, words(1, 2000)]
Password = Annotated[str, Field(min_length=1, max_length=1000)]

REVIEW_EXAMPLE: dict[str, Any] = {
    "verdict": "appropriate",
    "remark": None,
    "reviewed_by": "0198b1c6-0000-7000-8000-000000000003",
    "reviewed_at": "2026-11-30T11:00:00Z",
}
GRANT_EXAMPLE: dict[str, Any] = {
    "id": "5b1d8f60-2f3a-4d1e-8a43-0c9b7a1e6d24",
    "patient_id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01",
    "user_id": "0198b1c6-0000-7000-8000-000000000001",
    "user_name": "Dr. Ada Winter",
    "reason": "unconscious in the emergency department",
    "state": "running",
    "granted_at": "2026-11-30T09:00:00Z",
    "expires_at": "2026-11-30T10:00:00Z",
    "ended_at": None,
    "review": None,
}
RESTRICTION_EXAMPLE: dict[str, Any] = {
    "id": "5b1d8f60-2f3a-4d1e-8a43-0c9b7a1e6d25",
    "patient_id": GRANT_EXAMPLE["patient_id"],
    "reason": "works in this clinic",
    "restricted_by": "0198b1c6-0000-7000-8000-000000000003",
    "restricted_at": "2026-11-30T08:00:00Z",
    "lifted_by": None,
    "lifted_at": None,
    "lift_reason": None,
    "exceptions": [{"user_id": GRANT_EXAMPLE["user_id"], "user_name": "Dr. Ada Winter"}],
}


class BreakGlass(BaseModel):
    """Why, in fifteen letters at least; the password, unless you have just signed in."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"patient_id": GRANT_EXAMPLE["patient_id"], "reason": GRANT_EXAMPLE["reason"]}
            ]
        },
    )

    patient_id: UUID
    reason: GlassReason
    password: Annotated[Password | None, Field(repr=False)] = None


class ReviewOut(BaseModel):
    model_config = ConfigDict(
        from_attributes=True, json_schema_extra={"examples": [REVIEW_EXAMPLE]}
    )

    verdict: Verdict
    remark: str | None
    reviewed_by: UUID
    reviewed_at: datetime


class GrantOut(BaseModel):
    """Somebody saw a restricted patient, or sees them now. `review`: null, nobody has yet."""

    model_config = ConfigDict(json_schema_extra={"examples": [GRANT_EXAMPLE]})

    id: UUID
    patient_id: UUID
    user_id: UUID
    user_name: str | None
    reason: str
    state: GrantState
    granted_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    review: ReviewOut | None


class GrantPage(BaseModel):
    """The latest first."""

    items: list[GrantOut]
    next_cursor: str | None


class ReviewGrant(BaseModel):
    """A remark is needed where it was not appropriate."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"verdict": "appropriate"}]}
    )

    verdict: Verdict
    remark: Remark | None = None


class RestrictPatient(BaseModel):
    """Why, and who sees the patient all the same beside privacy."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "patient_id": GRANT_EXAMPLE["patient_id"],
                    "reason": "works in this clinic",
                    "exceptions": [GRANT_EXAMPLE["user_id"]],
                }
            ]
        },
    )

    patient_id: UUID
    reason: Reason
    exceptions: Annotated[list[UUID], Field(max_length=50)] = []


class LiftRestriction(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "left the clinic"}]}
    )

    reason: Reason


class NameException(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"user_id": GRANT_EXAMPLE["user_id"]}]}
    )

    user_id: UUID


class NamedOut(BaseModel):
    """Somebody who sees the patient all the same."""

    user_id: UUID
    user_name: str | None


class RestrictionOut(BaseModel):
    """A restriction, and who is named; open until `lifted_at`."""

    model_config = ConfigDict(json_schema_extra={"examples": [RESTRICTION_EXAMPLE]})

    id: UUID
    patient_id: UUID
    reason: str
    restricted_by: UUID
    restricted_at: datetime
    lifted_by: UUID | None
    lifted_at: datetime | None
    lift_reason: str | None
    exceptions: list[NamedOut]


class RestrictionPage(BaseModel):
    """The latest first."""

    items: list[RestrictionOut]
    next_cursor: str | None
