"""Encounters as the outside world sees them; the desk does not see why somebody came."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from app.clinical.encounters.lifecycle import EncounterStatus
from app.kernel.text import SEVERAL_LINES


class EncounterKind(StrEnum):
    WALK_IN = "walk-in"
    APPOINTMENT = "appointment"


class ConsentDecision(StrEnum):
    PERMIT = "permit"
    DENY = "deny"


class ConsentMethod(StrEnum):
    VERBAL = "verbal"
    WRITTEN = "written"


Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=1000, pattern=SEVERAL_LINES),
]

CONSENT_EXAMPLE: dict[str, Any] = {
    "decision": "permit",
    "method": "verbal",
    "recorded_at": "2026-11-21T09:01:00Z",
    "recorded_by": "0198b1c6-0000-7000-8000-000000000001",
}
ENCOUNTER_EXAMPLE: dict[str, Any] = {
    "id": "3c1f7a52-93c4-4b76-8c1d-0d3a5f0b7e11",
    "patient_id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01",
    "practitioner_id": "0198b1c6-0000-7000-8000-000000000001",
    "kind": "walk-in",
    "appointment_id": None,
    "status": "in-progress",
    "started_at": "2026-11-21T09:00:00Z",
    "ended_at": None,
    "consent": CONSENT_EXAMPLE,
}


class ConsentOut(BaseModel):
    model_config = ConfigDict(
        from_attributes=True, json_schema_extra={"examples": [CONSENT_EXAMPLE]}
    )

    decision: ConsentDecision
    method: ConsentMethod
    recorded_at: datetime
    recorded_by: UUID


class EncounterAtDesk(BaseModel):
    """What the desk and administrators see of an encounter."""

    model_config = ConfigDict(
        from_attributes=True, json_schema_extra={"examples": [ENCOUNTER_EXAMPLE]}
    )

    id: UUID
    patient_id: UUID
    practitioner_id: UUID
    kind: EncounterKind
    appointment_id: UUID | None
    status: EncounterStatus
    started_at: datetime
    ended_at: datetime | None
    consent: ConsentOut | None = None


class EncounterOut(EncounterAtDesk):
    """What doctors and nurses see of an encounter."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [ENCOUNTER_EXAMPLE | {"reason": "cough for three days"}]}
    )

    reason: str | None


class EncounterPage(BaseModel):
    items: list[EncounterOut | EncounterAtDesk]
    next_cursor: str | None


class NewEncounter(BaseModel):
    """A walk-in, or the visit an appointment was made for.

    Of a walk-in the patient is named; a doctor who names nobody sees them, others name the doctor.
    Of an appointment patient, doctor and reason are those it was made for, unless named here.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "patient_id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01",
                    "reason": "cough for three days",
                },
                {"appointment_id": "77aa0c5e-6f0a-4d6e-9a51-5a2d7c1f4e77"},
            ]
        },
    )

    patient_id: UUID | None = None
    appointment_id: UUID | None = None
    practitioner_id: UUID | None = None
    kind: EncounterKind | None = None
    reason: Reason | None = None


class CancelEncounter(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "patient had to leave"}]}
    )

    reason: Reason


class RecordConsent(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"decision": "permit", "method": "verbal"}]}
    )

    decision: ConsentDecision
    method: ConsentMethod
