"""The words: utterances while they come in, and the finished transcript."""

import hashlib
import json
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid5

from beanie import Document
from pydantic import Field

from app.clinical.transcription.schemas import ModelInfo, Utterance, Word
from app.clinical.transcription.shapes import SpokenUtterance, Transcript, UnheardSpan


class UtteranceDocument(Document):
    """One utterance as soon as it is heard; nobody reads it before the checkpoint passes it."""

    id: str  # type: ignore[assignment]  # ours, so that writing it twice is writing it once
    recording_id: UUID
    index: int
    fence: int = Field(description="the claim under which it was written")
    start: float
    end: float
    words: list[Word]

    class Settings:
        name = "transcript_utterances"

    @classmethod
    def of(cls, recording_id: UUID, utterance: Utterance, *, fence: int) -> "UtteranceDocument":
        return cls(
            id=f"{recording_id}:{utterance.index}",
            recording_id=recording_id,
            fence=fence,
            index=utterance.index,
            start=utterance.start,
            end=utterance.end,
            words=list(utterance.words),
        )

    def as_utterance(self) -> Utterance:
        return Utterance(index=self.index, start=self.start, end=self.end, words=tuple(self.words))


class TranscriptDocument(Document):
    """All words of a recording: written once, never changed."""

    HASHED: ClassVar[frozenset[str]] = frozenset(
        {
            "recording_id", "recording_sha256", "language", "model", "low_confidence",
            "duration_seconds", "utterances", "unheard",
        }
    )  # fmt: skip

    id: UUID  # type: ignore[assignment]
    recording_id: UUID
    recording_sha256: str
    encounter_id: UUID
    patient_id: UUID
    language: str
    model: ModelInfo
    low_confidence: float
    duration_seconds: float
    utterances: list[Utterance]
    unheard: list[UnheardSpan]
    sha256: str = ""
    created_at: datetime

    class Settings:
        name = "transcripts"

    def content_sha256(self) -> str:
        """The digest of what was heard, over its canonical JSON; computed afresh."""
        content = self.model_dump(mode="json", include=set(self.HASHED))
        canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def as_transcript(self) -> Transcript:
        return Transcript(
            id=self.id,
            recording_id=self.recording_id,
            complete=True,
            language=self.language,
            model=self.model,
            low_confidence=self.low_confidence,
            duration_seconds=self.duration_seconds,
            recording_sha256=self.recording_sha256,
            sha256=self.sha256,
            utterances=tuple(SpokenUtterance.of(each) for each in self.utterances),
            unheard=tuple(self.unheard),
        )


def transcript_id_of(recording_id: UUID) -> UUID:
    """A recording has one transcript, however often it is tried."""
    return uuid5(recording_id, "transcript")


def stored(document: Document) -> dict[str, Any]:
    """As Mongo keeps it, under our own id."""
    fields = document.model_dump(exclude={"id", "revision_id"})
    return {"_id": document.id, **fields}
