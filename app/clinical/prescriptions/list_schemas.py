"""The medication of a patient as a list, and what the patient says of it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.clinical.prescriptions.schemas import (
    FINDING_EXAMPLE,
    ITEM_EXAMPLE,
    ITEM_ID,
    PATIENT_ID,
    PERSON,
    FindingOut,
    ItemOut,
    Person,
    line,
)
from app.kernel.text import SEVERAL_LINES


class Decision(StrEnum):
    """What the patient says of one medicine."""

    AS_PRESCRIBED = "as-prescribed"
    DIFFERENTLY = "differently"
    NOT_TAKING = "not-taking"
    UNKNOWN = "unknown"


RECORDED_EXAMPLE: dict[str, Any] = {
    "text": "metformin 500 mg twice daily",
    "drug_key": "metformin",
    "prescribed_as": None,
}
LINE_EXAMPLE: dict[str, Any] = {
    "item_id": None,
    "text": "metformin 500 mg twice daily",
    "decision": "differently",
    "remark": "only in the evening",
}
RECONCILIATION_EXAMPLE: dict[str, Any] = {
    "id": "0c1f6a52-52d8-4c0c-9a0e-3a4f0f6f4b21",
    "patient_id": PATIENT_ID,
    "encounter_id": None,
    "made_by": PERSON,
    "made_at": "2026-11-30T09:00:00Z",
    "lines": [LINE_EXAMPLE],
}


class RecordedOut(BaseModel):
    """An entry of the recorded medications. `prescribed_as`: the medicine here that it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [RECORDED_EXAMPLE]})

    text: str
    drug_key: str | None
    prescribed_as: UUID | None


class LineOut(BaseModel):
    """`item_id` null: an entry of the recorded medications."""

    item_id: UUID | None
    text: str
    decision: Decision
    remark: str | None


class ReconciliationOut(BaseModel):
    """What somebody heard of the whole medication, never changed."""

    model_config = ConfigDict(json_schema_extra={"examples": [RECONCILIATION_EXAMPLE]})

    id: UUID
    patient_id: UUID
    encounter_id: UUID | None
    made_by: Person
    made_at: datetime
    lines: list[LineOut]


class ReconciliationPage(BaseModel):
    """The latest first; an empty list: nobody has asked."""

    items: list[ReconciliationOut]
    next_cursor: str | None


class WarningNow(BaseModel):
    """A warning about something that is taken already, with what is known now."""

    item_id: UUID
    finding: FindingOut


class MedicationList(BaseModel):
    """All that is known of a patient's medication.

    `recorded` null: nobody has asked what else is taken. `warnings`: found just now about what is
    active, and answered by nobody. `reconciliation` null: nobody went through it with the patient.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "patient_id": PATIENT_ID,
                    "active": [ITEM_EXAMPLE],
                    "on_hold": [],
                    "ended": [],
                    "recorded": [RECORDED_EXAMPLE],
                    "warnings": [{"item_id": ITEM_ID, "finding": FINDING_EXAMPLE}],
                    "reconciliation": RECONCILIATION_EXAMPLE,
                }
            ]
        }
    )

    patient_id: UUID
    active: list[ItemOut]
    on_hold: list[ItemOut]
    ended: list[ItemOut]
    recorded: list[RecordedOut] | None
    warnings: list[WarningNow]
    reconciliation: ReconciliationOut | None


class NewLine(BaseModel):
    """One medicine of the list: prescribed here (`item_id`), or recorded (`text`)."""

    model_config = ConfigDict(extra="forbid")

    item_id: UUID | None = None
    text: Annotated[str, line(200)] | None = None
    decision: Decision
    remark: Annotated[str, line(500, SEVERAL_LINES)] | None = None

    @model_validator(mode="after")
    def _is_one_of_both(self) -> "NewLine":
        if (self.item_id is None) == (self.text is None):
            raise ValueError("name a prescribed medicine or a recorded entry")
        return self


class Reconcile(BaseModel):
    """A decision about every medicine of the list that is active, on hold or recorded."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "lines": [
                        {"item_id": ITEM_ID, "decision": "as-prescribed"},
                        {"text": "metformin 500 mg twice daily", "decision": "not-taking"},
                    ]
                }
            ]
        },
    )

    encounter_id: UUID | None = None
    lines: Annotated[list[NewLine], Field(min_length=1, max_length=300)]
