"""What readers get: a transcript, complete or growing, and how far it has come."""

from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, computed_field

from app.clinical.transcription.lifecycle import HaltReason, TranscriptionStatus
from app.clinical.transcription.schemas import ModelInfo, Utterance, Word

RECORDING = "0b6f6f0e-5f0a-4d7e-9a5b-6d1f9a3b7c10"
SHA256 = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
WORDS: list[dict[str, Any]] = [
    {"index": 0, "text": "no", "start": 0.4, "end": 0.62, "probability": 0.98},
    {"index": 1, "text": "fever", "start": 0.62, "end": 1.1, "probability": 0.51},
]
MODEL: dict[str, Any] = {"name": "small.en", "version": "1.0.0", "demo": False}

EXPLANATIONS: dict[HaltReason, str] = {
    HaltReason.NOT_AUDIO: "The file is not a sound recording we can read. It is kept as it is.",
    HaltReason.EMPTY: "The recording holds no sound.",
    HaltReason.TOO_LONG: "The recording is longer than this installation allows. It is kept.",
    HaltReason.DECODE_FAILED: "The file is damaged and cannot be decoded. It is kept as it is.",
    HaltReason.DIGEST_MISMATCH: "What arrived is not what was sent. Please send the file again.",
    HaltReason.SOUND_DAMAGED: "The stored sound is no longer what was received.",
    HaltReason.WITHDRAWN: "The recording was entered in error.",
    HaltReason.TIMEOUT: "The speech engine took too long with this recording.",
    HaltReason.CRASHED: "The speech engine broke down at this recording.",
    HaltReason.MODEL_UNUSABLE: "The speech model could not be started.",
    HaltReason.WORKER_LOST: "The worker was interrupted again and again at this recording.",
    HaltReason.UTTERANCES_MISSING: "Some of the words were lost and have to be heard again.",
}


class Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class UnheardSpan(Shape):
    """A stretch without words and why: no_speech, repetition, faint, no_words or damaged."""

    start: float = Field(description="seconds from the beginning")
    end: float
    reason: str


class SpokenUtterance(Shape):
    """Speech between two pauses."""

    example: ClassVar[dict[str, Any]] = {
        "index": 0, "start": 0.3, "end": 1.3, "words": WORDS, "text": "no fever"
    }  # fmt: skip
    model_config = ConfigDict(json_schema_extra={"examples": [example]})

    index: int
    start: float = Field(description="seconds from the beginning of the recording")
    end: float
    words: tuple[Word, ...]

    @computed_field
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @classmethod
    def of(cls, utterance: Utterance) -> Self:
        return cls(
            index=utterance.index,
            start=utterance.start,
            end=utterance.end,
            words=utterance.words,
        )


class HeardBy(Shape):
    """Which model put it into words."""

    name: str
    version: str
    demo: bool = Field(description="knows a small vocabulary and computer-made voices only")


class Transcript(Shape):
    """The words of a recording. Immutable and with an id once it is complete."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "7a1c9a52-3a55-5d0c-8a3e-0f3f4f0f7d11",
                    "recording_id": RECORDING,
                    "complete": True,
                    "language": "en",
                    "model": {**MODEL, "licence": "MIT", "parameters": {}},
                    "low_confidence": 0.55,
                    "duration_seconds": 1.6,
                    "recording_sha256": SHA256,
                    "sha256": SHA256,
                    "utterances": [SpokenUtterance.example],
                    "unheard": [],
                }
            ]
        }
    )

    id: UUID | None
    recording_id: UUID
    complete: bool
    language: str | None
    model: ModelInfo | None
    low_confidence: float | None = Field(description="words less probable are marked for checking")
    duration_seconds: float | None
    recording_sha256: str | None
    sha256: str | None = Field(description="over the canonical form of all the rest")
    utterances: tuple[SpokenUtterance, ...]
    unheard: tuple[UnheardSpan, ...]

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for utterance in self.utterances for word in utterance.words)


class TranscriptionProgress(Shape):
    """How far the transcription of a recording has come."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "recording_id": RECORDING,
                    "status": "running",
                    "reason": None,
                    "explanation": None,
                    "progress": 0.4,
                    "transcribed_seconds": 48.2,
                    "utterance_count": 9,
                    "attempts": 0,
                    "next_attempt_at": None,
                    "transcript_id": None,
                    "model": MODEL,
                }
            ]
        }
    )

    recording_id: UUID
    status: TranscriptionStatus
    reason: HaltReason | None
    explanation: str | None = Field(description="the reason in plain words")
    progress: float | None = Field(ge=0, le=1, description="null while the length is unknown")
    transcribed_seconds: float
    utterance_count: int
    attempts: int = Field(description="failed tries since it last got on")
    next_attempt_at: datetime | None
    transcript_id: UUID | None
    model: HeardBy | None
