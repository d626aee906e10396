"""Signals as the outside world sees them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.crisis.detection import Assertion, Concept
from app.crisis.signals.lifecycle import SignalStatus
from app.kernel.text import SEVERAL_LINES

LONGEST_QUOTE = 500


class SignalSource(StrEnum):
    """Where it comes from."""

    DICTATION = "dictation"
    NOTE = "note"
    QUESTIONNAIRE = "questionnaire"
    CLINICIAN = "clinician"
    PATIENT = "patient"


def text(most: int) -> Any:
    return StringConstraints(
        strip_whitespace=True, min_length=1, max_length=most, pattern=SEVERAL_LINES
    )


SIGNAL_ID = "3f0c3c5e-5d1b-5b0e-9a39-6a52b1d9f1a4"
PATIENT_ID = "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01"
SIGNAL_EXAMPLE: dict[str, Any] = {
    "id": SIGNAL_ID,
    "patient_id": PATIENT_ID,
    "encounter_id": "1f6f0a4d-6e9a-4151-8a2d-7c1f4e010b9f",
    "note_id": "5d0c7a1c-9a52-5d0c-8a3e-0f3f4f0f7d11",
    "recording_id": "9b2f6f34-6c2e-4a7b-8f0c-5b0d3f1f9c21",
    "concept": "suicidal_ideation",
    "assertion": "affirmed",
    "critical": True,
    "quote": "Patient reports suicidal ideation.",
    "section": "subjective.history_of_present_illness",
    "sentence_index": 3,
    "start_ms": 12400,
    "end_ms": 15100,
    "source": "dictation",
    "status": "dismissed",
    "reason": "Read from the referral of another patient.",
    "answered_by": {"id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e09", "name": "Dr. Ines Marlow"},
    "answered_at": "2026-11-30T09:14:00Z",
    "lexicon_version": "2026-11-30.1",
    "created_at": "2026-11-30T09:12:00Z",
}


class Person(BaseModel):
    id: UUID
    name: str


class SignalOut(BaseModel):
    """Something that may mean danger. `section`, `sentence_index`: where it stood when found."""

    model_config = ConfigDict(json_schema_extra={"examples": [SIGNAL_EXAMPLE]})

    id: UUID
    patient_id: UUID
    encounter_id: UUID | None
    note_id: UUID | None
    recording_id: UUID | None
    concept: Concept
    assertion: Assertion
    critical: Annotated[bool, Field(description="A note holding it is not signed unanswered.")]
    quote: str
    section: str | None
    sentence_index: int | None
    start_ms: Annotated[int | None, Field(description="In the recording.")]
    end_ms: int | None
    source: SignalSource
    status: SignalStatus
    reason: Annotated[str | None, Field(description="Why it was dismissed.")]
    answered_by: Person | None
    answered_at: datetime | None
    lexicon_version: str | None
    created_at: datetime


class SignalPage(BaseModel):
    """Signals, the newest first."""

    items: list[SignalOut]
    next_cursor: str | None


class SignalList(BaseModel):
    """All signals of a note that somebody has to know, the newest first."""

    items: list[SignalOut]


class RaiseSignal(BaseModel):
    """A concern of your own, in words; it is confirmed at once."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "patient_id": PATIENT_ID,
                    "concept": "suicidal_ideation",
                    "words": "Told me in the corridor that he does not want to go on.",
                }
            ]
        },
    )

    patient_id: UUID
    encounter_id: UUID | None = None
    concept: Concept
    words: Annotated[str, text(LONGEST_QUOTE)]


class DismissSignal(BaseModel):
    """Why it is no sign of danger."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"reason": "The patient's mother is meant."}]},
    )

    reason: Annotated[str, text(500)]


class ExamineNote(BaseModel):
    """Whose text is to be looked through."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"note_id": "5d0c7a1c-9a52-5d0c-8a3e-0f3f4f0f7d11"}]},
    )

    note_id: UUID
