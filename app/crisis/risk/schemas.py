"""A risk level as it is asked for and shown."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints

from app.crisis.risk.levels import RiskLevel

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
PERSON = "3f0f8a0e-52a1-4f43-9d6e-0b6f3f4e7a04"
PATIENT = "2f6f0a4d-6e9a-4151-8a2d-7c1f4e010b9f"


class RiskChange(StrEnum):
    """`computed`: by rule, from a finding. The others: by a clinician."""

    COMPUTED = "computed"
    RAISED = "raised"
    KEPT = "kept"
    LOWERED = "lowered"


class AssessRisk(BaseModel):
    """What a clinician judges. Lower than what counts now needs a reason."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "level": "moderate",
                    "reason": "Means are out of the house, sister stays with him.",
                    "next_review_at": "2026-12-02T09:00:00Z",
                }
            ]
        },
    )

    level: RiskLevel
    reason: Reason | None = None
    next_review_at: AwareDatetime | None = None


MOVE_EXAMPLE: dict[str, Any] = {
    "from_level": None,
    "to_level": "high",
    "floor": "high",
    "change": "computed",
    "reasons": [{"rule": "c-ssrs.2026.high-intent", "why": "Some intention of acting."}],
    "reason": None,
    "source_type": "screening",
    "source_id": "9a1c0f5e-3a44-4b8e-8a43-52a7a0f0c001",
    "next_review_at": None,
    "moved_by": PERSON,
    "moved_at": "2026-11-30T09:00:00Z",
}


class RiskMoveOut(BaseModel):
    model_config = ConfigDict(from_attributes=True, json_schema_extra={"examples": [MOVE_EXAMPLE]})

    from_level: RiskLevel | None
    to_level: RiskLevel
    floor: RiskLevel
    change: RiskChange
    reasons: list[dict[str, Any]]
    reason: str | None
    source_type: str | None
    source_id: UUID | None
    next_review_at: datetime | None
    moved_by: UUID
    moved_at: datetime


class RiskOut(BaseModel):
    """`level` null: nobody has assessed it, which is not "no risk"."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "patient_id": PATIENT,
                    "level": "high",
                    "floor": "high",
                    "decided_by": PERSON,
                    "decided_at": "2026-11-30T09:00:00Z",
                    "next_review_at": None,
                    "version": 1,
                    "history": [MOVE_EXAMPLE],
                }
            ]
        }
    )

    patient_id: UUID
    level: RiskLevel | None
    floor: RiskLevel | None
    decided_by: UUID | None
    decided_at: datetime | None
    next_review_at: datetime | None
    version: int
    history: list[RiskMoveOut]
