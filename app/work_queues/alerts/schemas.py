"""Alerts as the outside world sees them."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.work_queues.escalations import PlannedStep
from app.work_queues.items import (
    ITEM_EXAMPLE,
    AlertStatus,
    Body,
    ItemOut,
    Severity,
    Title,
)

STEP_EXAMPLE: dict[str, Any] = PlannedStep.model_json_schema()["examples"][0]
ALERT_EXAMPLE: dict[str, Any] = ITEM_EXAMPLE | {
    "kind": "alert",
    "type": "alert",
    "status": "acknowledged",
    "severity": "high",
    "title": "Potassium 6.8",
    "body": "Called in by the laboratory.",
    "lease_until": "2026-11-30T08:35:00Z",
    "acknowledged_until": "2026-11-30T08:35:00Z",
    "escalations": [STEP_EXAMPLE],
    "moves": ["comments", "links", "escalation", "handover", "release", "snooze", "resolution"],
}


class AlertOut(ItemOut):
    """An alert with everybody's name. `escalations`: what happens when nobody acts."""

    model_config = ConfigDict(json_schema_extra={"examples": [ALERT_EXAMPLE]})

    status: AlertStatus
    escalations: list[PlannedStep]


class RaiseAlert(BaseModel):
    """Something somebody has to look at. What is left out comes from the type."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "title": "Potassium 6.8",
                    "body": "Called in by the laboratory.",
                    "severity": "critical",
                    "patient_id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01",
                }
            ]
        },
    )

    type: Annotated[str, Field(pattern=r"^[a-z][a-z0-9.-]{0,59}$")] = "alert"
    title: Title
    body: Body | None = None
    severity: Severity | None = None
    pool_id: UUID | None = None
    assignee_id: Annotated[UUID | None, Field(description="The one person it is for.")] = None
    patient_id: UUID | None = None


class AcknowledgeAlerts(BaseModel):
    """Which alerts, each once."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"ids": [ITEM_EXAMPLE["id"]]}]}
    )

    ids: Annotated[list[UUID], Field(min_length=1, max_length=100)]


class Outcome(BaseModel):
    """What became of one of them. `problem`: the code of the refusal, `title`: in words."""

    id: UUID
    acknowledged: bool
    version: int | None = None
    problem: str | None = None
    title: str | None = None


class Outcomes(BaseModel):
    """In the order in which they were asked for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "id": ITEM_EXAMPLE["id"],
                            "acknowledged": False,
                            "version": None,
                            "problem": "alert-not-low",
                            "title": "Only what is low is acknowledged together with others.",
                        }
                    ]
                }
            ]
        }
    )

    items: list[Outcome]
