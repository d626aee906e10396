"""Notes as the outside world sees them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.clinical.notes.body import NoteBody, SectionKey, Sentence
from app.clinical.notes.lifecycle import NoteStatus
from app.clinical.notes.structuring import Command

NOTE_ID = "5d0c7a1c-9a52-5d0c-8a3e-0f3f4f0f7d11"
DOCTOR: dict[str, Any] = {"id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e09", "name": "Dr. Ines Marlow"}
SHA = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"
SENTENCE: dict[str, Any] = {
    "id": "s4",
    "text": "No fever.",
    "words": [4, 5],
    "start": 2.4,
    "end": 3.1,
    "confidence": 0.98,
    "origin": "dictated",
    "annotations": [{"kind": "negation", "cue": "no", "finding": "fever", "words": [4, 5]}],
}
BODY: dict[str, Any] = {
    "sections": {
        "subjective.history_of_present_illness": {"text": "No fever.", "sentences": [SENTENCE]}
    }
}


class NoteType(StrEnum):
    SOAP = "soap"
    PROGRESS = "progress"
    PROCEDURE = "procedure"
    DISCHARGE = "discharge"
    REFERRAL = "referral"
    CONSULTATION = "consultation"


class SignatureMeaning(StrEnum):
    """What the signer says by signing."""

    AUTHORSHIP = "authorship"
    AMENDMENT = "amendment"


class Doubt(StrEnum):
    """Why a word has to be looked at before signing."""

    LOW_CONFIDENCE = "low_confidence"  # the recogniser was unsure that this was said
    UNPLACED = "unplaced"  # it was said, and no rule knew where it belongs


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Person(Shape):
    id: UUID
    name: str


class DraftOrigin(Shape):
    """What wrote the first draft."""

    transcript_id: UUID
    model: str
    model_version: str
    demo: bool = Field(description="the model knows a small vocabulary and synthetic voices only")
    structurer: str
    structurer_version: str


class SetAside(Shape):
    """What was said and is not in the text: commands that were obeyed, sentences taken back."""

    commands: tuple[Command, ...] = ()
    retracted: tuple[Sentence, ...] = ()


class DoubtfulWord(Shape):
    """A word of the transcript that somebody has to look at; times are seconds."""

    index: int
    text: str
    start: float
    end: float
    probability: float
    doubt: Doubt


class OpenWord(DoubtfulWord):
    """A doubtful word that still stands in the text."""

    section: SectionKey
    sentence_id: str
    accepted: bool


class OpenPoints(Shape):
    """What has to be looked at before the note can be signed."""

    low_confidence_words: tuple[OpenWord, ...] = ()
    empty_sections: tuple[str, ...] = Field(default=(), description="parts that are wholly empty")

    @property
    def words(self) -> list[int]:
        return [word.index for word in self.low_confidence_words if not word.accepted]


class AddendumOut(Shape):
    sequence: int
    revision: int = Field(description="the revision it was added to")
    text: str
    signed_by: Person
    signed_at: datetime
    sha256: str


class NoteHeader(Shape):
    """What is known of a note without its text."""

    id: UUID
    encounter_id: UUID
    patient_id: UUID
    recording_id: UUID | None
    type: NoteType
    status: NoteStatus
    author: Person
    version: int | None = Field(description="of the working copy; null when none is open to you")
    revision: int = Field(description="the last signed one; 0 before the first signature")
    signed_by: Person | None
    signed_at: datetime | None
    content_sha256: str | None
    created_at: datetime
    updated_at: datetime


class NoteOut(NoteHeader):
    """A note as its reader may see it: the author's open working copy, else what was signed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": NOTE_ID,
                    "encounter_id": "1f6f0a4d-6e9a-4151-8a2d-7c1f4e010b9f",
                    "patient_id": "2f6f0a4d-6e9a-4151-8a2d-7c1f4e010b9f",
                    "recording_id": None,
                    "type": "soap",
                    "status": "draft",
                    "author": DOCTOR,
                    "version": 1,
                    "revision": 0,
                    "signed_by": None,
                    "signed_at": None,
                    "content_sha256": None,
                    "created_at": "2026-11-21T09:00:00Z",
                    "updated_at": "2026-11-21T09:00:00Z",
                    "body": BODY,
                    "addenda": [],
                    "draft_origin": None,
                    "summary": None,
                    "confidence": None,
                    "set_aside": {"commands": [], "retracted": []},
                    "amendment_reason": None,
                    "error_reason": None,
                    "open": {"low_confidence_words": [], "empty_sections": ["plan"]},
                }
            ]
        }
    )

    body: NoteBody
    addenda: tuple[AddendumOut, ...]
    draft_origin: DraftOrigin | None
    summary: str | None
    confidence: float | None
    set_aside: SetAside
    amendment_reason: str | None = Field(description="of the amendment that is open")
    error_reason: str | None = Field(description="why the note was entered in error")
    open: OpenPoints


class EncounterNotes(Shape):
    """The notes of an encounter, newest first, without their text."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [], "next_cursor": None}]})

    items: tuple[NoteHeader, ...]
    next_cursor: str | None


class WaitingDraft(NoteHeader):
    """A working copy that waits for its author."""

    patient_name: str
    open_words: int = Field(description="doubtful words that are neither accepted nor edited")


class WaitingDrafts(Shape):
    items: tuple[WaitingDraft, ...]
    next_cursor: str | None


class FoundNote(NoteHeader):
    """A note a search found, with the text around the first hit."""

    patient_name: str
    date: datetime = Field(description="when the note was begun; the order of the list")
    snippet: str
    hits: tuple[tuple[int, int], ...] = Field(description="where the words stand in the snippet")


class FoundNotes(Shape):
    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [], "next_cursor": None}]})

    items: tuple[FoundNote, ...]
    next_cursor: str | None


REVISION: dict[str, Any] = {
    "revision": 1,
    "reason": None,
    "meaning": "authorship",
    "signed_by": DOCTOR,
    "signed_at": "2026-11-21T09:20:00Z",
    "content_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "chain_sha256": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
}


class RevisionHeader(Shape):
    """One signature."""

    model_config = ConfigDict(json_schema_extra={"examples": [REVISION]})

    revision: int
    reason: str | None = Field(description="why it was amended; null for the first")
    meaning: SignatureMeaning
    signed_by: Person
    signed_at: datetime
    content_sha256: str
    chain_sha256: str


class RevisionOut(RevisionHeader):
    """One signed revision, whole; its hash was recomputed for this answer."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                REVISION
                | {
                    "note_id": NOTE_ID,
                    "patient_id": "2f6f0a4d-6e9a-4151-8a2d-7c1f4e010b9f",
                    "type": "soap",
                    "body": BODY,
                    "draft_origin": None,
                    "summary": None,
                    "confidence": None,
                    "set_aside": {"commands": [], "retracted": []},
                }
            ]
        }
    )

    note_id: UUID
    patient_id: UUID
    type: NoteType
    body: NoteBody
    draft_origin: DraftOrigin | None
    summary: str | None
    confidence: float | None
    set_aside: SetAside


class RevisionList(Shape):
    items: tuple[RevisionHeader, ...]
    next_cursor: str | None = None
