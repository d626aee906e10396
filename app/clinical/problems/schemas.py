"""Codes, problems and suggestions as the outside world sees them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import (
    BaseModel,
    ConfigDict,
    StrictBool,
    StringConstraints,
    field_validator,
    model_validator,
)

from app.clinical.problems.code_schemas import CodeOut
from app.clinical.problems.lifecycle import ClinicalStatus, VerificationStatus
from app.kernel.text import ONE_LINE, SEVERAL_LINES

DAY_OF_MONTH = {"year": 4, "month": 7, "day": 10}
FIRST_YEAR = 1870
PATIENT_ID = "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01"
DOCTOR_ID = "0198b1c6-0000-7000-8000-000000000001"
PROBLEM_ID = "5a1f7a52-93c4-4b76-8c1d-0d3a5f0b7e50"
NOTE_ID = "5d0c7a1c-9a52-5d0c-8a3e-0f3f4f0f7d11"


class Precision(StrEnum):
    """How much of a day is known."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


class Severity(StrEnum):
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


class Begins(StrEnum):
    """With which clinical status a problem is recorded."""

    ACTIVE = "active"
    RECURRENCE = "recurrence"
    REMISSION = "remission"
    RESOLVED = "resolved"
    INACTIVE = "inactive"


class Sureness(StrEnum):
    """What may be said of a problem that is on the list; the rest are moves of their own."""

    UNCONFIRMED = "unconfirmed"
    PROVISIONAL = "provisional"
    DIFFERENTIAL = "differential"
    CONFIRMED = "confirmed"


def line(most: int, *, least: int = 1, pattern: str = ONE_LINE) -> Any:
    return StringConstraints(
        strip_whitespace=True, min_length=least, max_length=most, pattern=pattern
    )


Code = Annotated[str, line(8, least=3, pattern=r"^[A-Z][0-9A-Z][0-9A-Z](\.[0-9A-Z]{1,4})?$")]
Onset = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]
Reason = Annotated[str, line(500, least=3, pattern=SEVERAL_LINES)]

PROBLEM_EXAMPLE: dict[str, Any] = {
    "id": PROBLEM_ID,
    "patient_id": PATIENT_ID,
    "encounter_id": None,
    "code": "I10",
    "release": "ICD-10-CM, April 2026",
    "description": "Essential (primary) hypertension",
    "clinical_status": "active",
    "verification_status": "confirmed",
    "onset": "2019-05",
    "abated_on": None,
    "severity": None,
    "note": None,
    "written_as": "high blood pressure",
    "version": 1,
    "recorded_by": {"id": DOCTOR_ID, "name": "Dr. Ines Marlow"},
    "recorded_at": "2026-11-30T09:00:00Z",
}
MOVE_EXAMPLE: dict[str, Any] = {
    "from_clinical": "active",
    "to_clinical": "resolved",
    "from_verification": "confirmed",
    "to_verification": "confirmed",
    "reason": None,
    "moved_by": {"id": DOCTOR_ID, "name": "Dr. Ines Marlow"},
    "moved_at": "2026-11-30T09:00:00Z",
}
CARD_EXAMPLE: dict[str, Any] = {
    "recorded": True,
    "items": [{"line": "bad knees", "problem_id": None, "suggestion": None}],
}
NEW_EXAMPLE: dict[str, Any] = {
    "patient_id": PATIENT_ID,
    "code": "I10",
    "onset": "2019-05",
    "written_as": "high blood pressure",
}


class Person(BaseModel):
    id: UUID
    name: str


class ProblemOut(BaseModel):
    """`onset`: a year, a month or a day, as much as is known. `written_as`: see `NewProblem`."""

    model_config = ConfigDict(json_schema_extra={"examples": [PROBLEM_EXAMPLE]})

    id: UUID
    patient_id: UUID
    encounter_id: UUID | None
    code: str | None
    release: str | None
    description: str
    clinical_status: ClinicalStatus
    verification_status: VerificationStatus
    onset: str | None
    abated_on: date | None
    severity: Severity | None
    note: str | None
    written_as: str | None
    version: int
    recorded_by: Person
    recorded_at: datetime


class ProblemPage(BaseModel):
    """Problems, the one recorded last first."""

    items: list[ProblemOut]
    next_cursor: str | None


class MoveOut(BaseModel):
    from_clinical: ClinicalStatus | None
    to_clinical: ClinicalStatus
    from_verification: VerificationStatus | None
    to_verification: VerificationStatus
    reason: str | None
    moved_by: Person
    moved_at: datetime


class ProblemHistory(BaseModel):
    """Every change of either state, the first one first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [MOVE_EXAMPLE]}]})

    items: list[MoveOut]


def real_onset(said: str | None) -> str | None:
    """A day there is; the calendar knows, a pattern does not."""
    if said is not None:
        try:
            found = first_day(said)
        except ValueError:
            found = None
        if found is None or found.year < FIRST_YEAR:
            raise ValueError(
                "write a year, a month or a day that there was: 2019, 2019-05, 2019-05-14"
            )
    return said


def first_day(onset: str) -> date:
    return date.fromisoformat(f"{onset}-01-01"[:10] if len(onset) < DAY_OF_MONTH["day"] else onset)


class Details(BaseModel):
    """What is said about a problem. Without a code it has to be described in words."""

    model_config = ConfigDict(extra="forbid")

    code: Code | None = None
    description: Annotated[str, line(500)] | None = None
    onset: Onset | None = None
    severity: Severity | None = None
    note: Annotated[str, line(2000, pattern=SEVERAL_LINES)] | None = None

    @field_validator("onset")
    @classmethod
    def _onset_is_a_day(cls, said: str | None) -> str | None:
        return real_onset(said)

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if self.code is None and self.description is None:
            raise ValueError("choose a code or describe the problem in words")
        return self


class NewProblem(Details):
    """`written_as`: the line of the patient's free-text list that it is taken over from.

    `allow_duplicate`: it is meant, though the code is on the list already.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [NEW_EXAMPLE]})

    patient_id: UUID
    encounter_id: UUID | None = None
    clinical_status: Begins = Begins.ACTIVE
    verification_status: Sureness = Sureness.CONFIRMED
    abated_on: date | None = None
    written_as: Annotated[str, line(200)] | None = None
    allow_duplicate: StrictBool = False


class ChangeProblem(Details):
    """Every detail there is now; what is left out is not known."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"code": "I10", "onset": "2019", "severity": "mild"}]},
    )

    allow_duplicate: StrictBool = False


class Resolve(BaseModel):
    """It is over, or rests; since when, where that is known."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"abated_on": "2026-11-02"}]}
    )

    abated_on: date | None = None
    reason: Reason | None = None


class Reactivate(BaseModel):
    """`recurrence`: it had gone and came back; else it had never gone."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"recurrence": True}]}
    )

    recurrence: StrictBool = False
    reason: Reason | None = None
    allow_duplicate: StrictBool = False


class Verify(BaseModel):
    """How sure it is now."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"verification_status": "confirmed"}]}
    )

    verification_status: Sureness
    reason: Reason | None = None
    allow_duplicate: StrictBool = False


class GiveReason(BaseModel):
    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "The biopsy was clear."}]}
    )

    reason: Reason


class CardLine(BaseModel):
    """A line of the free-text list, what it may mean, and which problem it became."""

    line: str
    problem_id: UUID | None
    suggestion: CodeOut | None


class CardLines(BaseModel):
    """`recorded`: False where nobody has asked for problems; that is not the same as none."""

    model_config = ConfigDict(json_schema_extra={"examples": [CARD_EXAMPLE]})

    recorded: bool
    items: list[CardLine]
