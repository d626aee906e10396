"""The words of prescriptions: what is prescribed, what its check found, how that was answered."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)

from app.clinical.formulary import CheckKind, Outcome, Severity
from app.clinical.prescriptions.lifecycle import ItemStatus
from app.clinical.prescriptions.sig import Sig, as_written, plainly
from app.kernel.text import ONE_LINE, SEVERAL_LINES

SHORTEST_REASON = 5


def line(most: int, pattern: str = ONE_LINE) -> Any:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=most, pattern=pattern)


Key = Annotated[str, line(120)]
Name = Annotated[str, line(200)]
Reason = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=SHORTEST_REASON, max_length=500, pattern=SEVERAL_LINES
    ),
]
Quantity = Annotated[
    Decimal,
    BeforeValidator(as_written),
    Field(gt=0, le=100_000, max_digits=9, decimal_places=3),
    PlainSerializer(plainly, return_type=str, when_used="json"),
]
Version = Annotated[int, Field(strict=True, ge=1, le=2**31 - 1)]

PATIENT_ID = "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01"
ITEM_ID = "7d2e9a10-41c7-4d0a-9f57-63b1c2e08f90"
PRESCRIPTION_ID = "5b1d8f60-2f3a-4d1e-8a43-0c9b7a1e6d23"
FINDING_ID = "3f0c3c5e-5d1b-5b0e-9a39-6a52b1d9f1a4"
PERSON = {"id": "0198b1c6-0000-7000-8000-000000000001", "name": "Dr. Ada Winter"}
SIG_EXAMPLE: dict[str, Any] = {
    "amount": "1",
    "unit": "{tbl}",
    "route": "oral",
    "times_a_day": 1,
    "when": ["morning"],
}
CONTENT_EXAMPLE: dict[str, Any] = {
    "drug_key": "lisinopril",
    "name": "Lisinopril",
    "strength": "10 mg",
    "form": "tablet",
    "sig": SIG_EXAMPLE,
    "quantity": "30",
    "quantity_unit": "tablets",
    "refills": 2,
    "reason": "high blood pressure",
}
FINDING_EXAMPLE: dict[str, Any] = {
    "id": FINDING_ID,
    "kind": "interaction",
    "outcome": "warning",
    "severity": "major",
    "because": "With spironolactone potassium may rise dangerously.",
    "about": "spironolactone",
    "rule": "ace-inhibitor-potassium",
    "source": "FDA label",
    "as_of": "2026-11-01",
    "answer": {
        "reason": "Potassium is measured on Friday.",
        "by": PERSON,
        "at": "2026-11-30T09:00:00Z",
    },
}
CHECK_EXAMPLE: dict[str, Any] = {
    "release": "starter 2026-11-01",
    "checked_at": "2026-11-30T08:59:00Z",
    "stale": False,
    "findings": [FINDING_EXAMPLE],
}


class ItemContent(BaseModel):
    """One medicine as it is prescribed. `drug_key` null: the formulary does not know it.

    `continues`: the entry of the patient's recorded medications that this takes over.
    `renews_id`: the earlier medicine whose place this takes when it is issued.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [CONTENT_EXAMPLE]}
    )

    drug_key: Key | None = None
    name: Name
    strength: Annotated[str, line(100)] | None = None
    form: Annotated[str, line(100)] | None = None
    sig: Sig = Sig()
    quantity: Quantity | None = None
    quantity_unit: Annotated[str, line(40)] | None = None
    refills: Annotated[int, Field(strict=True, ge=0, le=24)] = 0
    reason: Annotated[str, line(500, SEVERAL_LINES)] | None = None
    continues: Annotated[str, line(200)] | None = None
    renews_id: UUID | None = None


class Person(BaseModel):
    id: UUID
    name: str


class AnswerOut(BaseModel):
    """Why a warning was overridden; `reason` null: known to be not checked."""

    reason: str | None
    by: Person
    at: datetime


class FindingOut(BaseModel):
    """What one check came to. Not checked is never fine."""

    model_config = ConfigDict(json_schema_extra={"examples": [FINDING_EXAMPLE]})

    id: UUID
    kind: CheckKind
    outcome: Outcome
    severity: Severity | None
    because: str
    about: str | None
    rule: str | None
    source: str | None
    as_of: date | None
    answer: AnswerOut | None = None


class CheckOut(BaseModel):
    """The last check of a medicine. `stale`: the patient's facts have changed since."""

    model_config = ConfigDict(json_schema_extra={"examples": [CHECK_EXAMPLE]})

    release: str | None
    checked_at: datetime
    stale: bool
    findings: list[FindingOut]


ITEM_EXAMPLE: dict[str, Any] = CONTENT_EXAMPLE | {
    "id": ITEM_ID,
    "prescription_id": PRESCRIPTION_ID,
    "patient_id": PATIENT_ID,
    "position": 1,
    "continues": None,
    "renews_id": None,
    "sig_text": "Take 1 tablet by mouth once a day in the morning.",
    "missing": [],
    "status": "active",
    "status_at": "2026-11-30T09:00:00Z",
    "status_reason": None,
    "issued_at": "2026-11-30T09:00:00Z",
    "prescriber": PERSON,
    "check": CHECK_EXAMPLE,
}


class ItemOut(ItemContent):
    """A prescribed medicine: the structure of how it is taken, and the sentence made from it."""

    model_config = ConfigDict(json_schema_extra={"examples": [ITEM_EXAMPLE]})

    id: UUID
    prescription_id: UUID
    patient_id: UUID
    position: int
    sig_text: str
    missing: list[str]
    status: ItemStatus
    status_at: datetime
    status_reason: str | None
    issued_at: datetime | None
    prescriber: Person
    check: CheckOut | None


MOVE_EXAMPLE: dict[str, Any] = {
    "from_status": "draft",
    "to_status": "active",
    "reason": None,
    "by": PERSON,
    "at": "2026-11-30T09:00:00Z",
}


class MoveOut(BaseModel):
    from_status: ItemStatus | None
    to_status: ItemStatus
    reason: str | None
    by: Person
    at: datetime


class ItemHistory(BaseModel):
    """A medicine with every change of its state, the first one first."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"item": ITEM_EXAMPLE, "moves": [MOVE_EXAMPLE]}]}
    )

    item: ItemOut
    moves: list[MoveOut]


PRESCRIPTION_EXAMPLE: dict[str, Any] = {
    "id": PRESCRIPTION_ID,
    "patient_id": PATIENT_ID,
    "encounter_id": None,
    "note_id": None,
    "prescriber": PERSON,
    "version": 3,
    "created_at": "2026-11-30T08:55:00Z",
    "issued_at": "2026-11-30T09:00:00Z",
    "content_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "items": [ITEM_EXAMPLE],
}


class PrescriptionOut(BaseModel):
    """A prescription: a draft until `issued_at`. `version` is the ETag."""

    model_config = ConfigDict(json_schema_extra={"examples": [PRESCRIPTION_EXAMPLE]})

    id: UUID
    patient_id: UUID
    encounter_id: UUID | None
    note_id: UUID | None
    prescriber: Person
    version: int
    created_at: datetime
    issued_at: datetime | None
    content_sha256: str | None
    items: list[ItemOut]


class PrescriptionPage(BaseModel):
    """Prescriptions, the newest first."""

    items: list[PrescriptionOut]
    next_cursor: str | None


DRY_EXAMPLE: dict[str, Any] = {
    "drug_key": "lisinopril",
    "sig_text": "Take 1 tablet by mouth once a day in the morning.",
    "missing": [],
    "items": [FINDING_EXAMPLE | {"answer": None}],
}


class DryCheckOut(BaseModel):
    """What a check that is not kept finds, how it would read, and what was not said."""

    model_config = ConfigDict(json_schema_extra={"examples": [DRY_EXAMPLE]})

    drug_key: str | None
    sig_text: str
    missing: list[str]
    items: list[FindingOut]
