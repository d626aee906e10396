"""Suggestions as the outside world sees them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StrictBool

from app.clinical.problems.lifecycle import SuggestionStatus
from app.clinical.problems.schemas import NOTE_ID, PATIENT_ID, Sureness

SUGGESTION_EXAMPLE: dict[str, Any] = {
    "id": "3f0c3c5e-5d1b-5b0e-9a39-6a52b1d9f1a4",
    "patient_id": PATIENT_ID,
    "encounter_id": "1f6f0a4d-6e9a-4151-8a2d-7c1f4e010b9f",
    "note_id": NOTE_ID,
    "section": "assessment.diagnoses",
    "sentence_id": "s12",
    "quote": "Hypertension, well controlled.",
    "found": "Hypertension",
    "code": "I10",
    "release": "ICD-10-CM, April 2026",
    "description": "Essential (primary) hypertension",
    "certainty": "affirmed",
    "status": "suggested",
    "problem_id": None,
    "listed": False,
    "answered_at": None,
    "created_at": "2026-11-30T09:12:00Z",
}


class Certainty(StrEnum):
    """How a sentence means the diagnosis it names; what is denied is not suggested."""

    AFFIRMED = "affirmed"
    UNCERTAIN = "uncertain"


class SuggestionOut(BaseModel):
    """A diagnosis named in a note. `listed`: its code is on the patient's list already."""

    model_config = ConfigDict(json_schema_extra={"examples": [SUGGESTION_EXAMPLE]})

    id: UUID
    patient_id: UUID
    encounter_id: UUID
    note_id: UUID
    section: str
    sentence_id: str
    quote: str
    found: str
    code: str
    release: str
    description: str
    certainty: Certainty
    status: SuggestionStatus
    problem_id: UUID | None
    listed: bool
    answered_at: datetime | None
    created_at: datetime


class SuggestionList(BaseModel):
    """All of a note. `searched`: False where no release is loaded: nothing was looked for."""

    searched: bool
    items: list[SuggestionOut]


class ExamineNote(BaseModel):
    """Whose assessment is to be looked through."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"note_id": NOTE_ID}]}
    )

    note_id: UUID


class TakeSuggestion(BaseModel):
    """Onto the list, as sure as the sentence was unless it is said otherwise."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"verification_status": "provisional"}]}
    )

    verification_status: Sureness | None = None
    allow_duplicate: StrictBool = False
