"""What goes in and out over HTTP, and the limits it must keep."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from app.clinical.recordings.lifecycle import RecordingStatus
from app.kernel.paging import Page
from app.kernel.text import SEVERAL_LINES

MAX_CHUNKS = 100_000
MAX_GAPS = 1000
MISSING_SHOWN = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingLimits:
    """What a site accepts; the length in hours is the transcription's to judge."""

    max_bytes: int = 500_000_000
    max_chunk_bytes: int = 8 * 1024 * 1024
    abandoned_after: timedelta = timedelta(minutes=120)
    orphaned_after: timedelta = timedelta(days=1)


DEFAULT_LIMITS = RecordingLimits()


class MediaType(StrEnum):
    WAV = "audio/wav"
    FLAC = "audio/flac"
    MPEG = "audio/mpeg"
    MP4 = "audio/mp4"
    OGG = "audio/ogg"
    WEBM = "audio/webm"
    UNKNOWN = "application/octet-stream"


ALIASES = {
    "audio/x-wav": MediaType.WAV,
    "audio/wave": MediaType.WAV,
    "audio/vnd.wave": MediaType.WAV,
    "audio/x-flac": MediaType.FLAC,
    "audio/mp3": MediaType.MPEG,
    "audio/m4a": MediaType.MP4,
    "audio/x-m4a": MediaType.MP4,
    "audio/opus": MediaType.OGG,
    "application/ogg": MediaType.OGG,
    "video/mp4": MediaType.MP4,
    "video/webm": MediaType.WEBM,
}


def plain_media_type(value: object) -> object:
    """The type alone, under its usual name: browsers add codecs and use older spellings."""
    if not isinstance(value, str):
        return value
    bare = value.partition(";")[0].strip().lower()
    return ALIASES.get(bare, bare)


class RecordingOrigin(StrEnum):
    MICROPHONE = "microphone"
    UPLOAD = "upload"


class CompletedBy(StrEnum):
    CLIENT = "client"
    SWEEPER = "sweeper"


class GapReason(StrEnum):
    NETWORK = "network"
    DEVICE = "device"
    PAUSED = "paused"
    LOST_CHUNKS = "lost_chunks"
    ASLEEP = "asleep"
    RELOAD = "reload"


Seq = Annotated[int, Field(ge=0, lt=MAX_CHUNKS)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Reason = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=SEVERAL_LINES),
]


def iso_instant(value: object) -> object:
    """Only 2026-03-02T09:14:03Z: a number would be read as seconds since 1970."""
    if isinstance(value, datetime) or (isinstance(value, str) and "T" in value.upper()):
        return value
    raise ValueError("write the instant as 2026-03-02T09:14:03Z")


Instant = Annotated[
    AwareDatetime,
    BeforeValidator(iso_instant),
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC)),
]


class NewRecording(BaseModel):
    """What is about to be sent, and whether it goes on where another recording stopped."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"media_type": "audio/wav", "origin": "microphone", "continues": None}]
        },
    )

    media_type: Annotated[MediaType, BeforeValidator(plain_media_type)]
    origin: RecordingOrigin
    continues: UUID | None = None


class NewGap(BaseModel):
    """A stretch of time in which nothing was captured; without an end it still lasts."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "gap_start": "2026-03-02T09:14:03Z",
                    "gap_end": "2026-03-02T09:14:41Z",
                    "reason": "network",
                }
            ]
        },
    )

    gap_start: Instant
    gap_end: Instant | None = None
    reason: GapReason

    @model_validator(mode="after")
    def ends_after_it_began(self) -> Self:
        if self.gap_end is not None and self.gap_end < self.gap_start:
            raise ValueError("gap_end is before gap_start")
        return self


class Completion(BaseModel):
    """How many chunks there are; `sha256` over the whole is compared once it is computed."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"chunk_count": 41}]},
    )

    chunk_count: Annotated[int, Field(strict=True, ge=0, le=MAX_CHUNKS)]
    sha256: Sha256 | None = None


class Withdrawal(BaseModel):
    """Why this recording should not exist."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "Recorded for another visit."}]}
    )

    reason: Reason


class Received(BaseModel):
    """What has arrived; `highest_contiguous` is -1 before chunk 0, `missing` names 1000 at most."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"highest_contiguous": 6, "missing": [7], "missing_count": 1, "received": 8}
            ]
        }
    )

    highest_contiguous: int
    missing: list[int]
    missing_count: int
    received: int


class ChunkReceived(Received):
    """The receipt for one chunk: it is durable."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "seq": 8,
                    "highest_contiguous": 6,
                    "missing": [7],
                    "missing_count": 1,
                    "received": 8,
                }
            ]
        }
    )

    seq: int


class GapOut(BaseModel):
    """A stretch of time in which nothing was captured."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "gap_start": "2026-03-02T09:14:03Z",
                    "gap_end": "2026-03-02T09:14:41Z",
                    "reason": "network",
                }
            ]
        },
    )

    gap_start: datetime
    gap_end: datetime | None
    reason: GapReason


class RecordingOut(BaseModel):
    """A recording: what has arrived of it, and what it became."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "id": "0b8f8f5e-6f52-4d0e-9a55-3f0d6f9f2a11",
                    "encounter_id": "5f7c2a2e-51a0-4b43-8f0a-1f6f7c0d9b22",
                    "patient_id": "9a1d5c3b-7a64-4a1e-b1de-2c9e8a7f6d33",
                    "status": "completed",
                    "media_type": "audio/wav",
                    "origin": "microphone",
                    "continues": None,
                    "chunk_count": 41,
                    "highest_contiguous": 40,
                    "missing": [],
                    "missing_count": 0,
                    "byte_count": 3_888_044,
                    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                    "duration_seconds": 121.5,
                    "gaps": [],
                    "completed_by": "client",
                    "started_by": "3c4e5f60-1b2a-4c3d-8e9f-0a1b2c3d4e44",
                    "started_at": "2026-03-02T09:12:00Z",
                    "last_chunk_at": "2026-03-02T09:14:02Z",
                    "completed_at": "2026-03-02T09:14:02Z",
                }
            ]
        },
    )

    id: UUID
    encounter_id: UUID
    patient_id: UUID
    status: RecordingStatus
    media_type: str
    origin: RecordingOrigin
    continues: UUID | None
    chunk_count: int
    highest_contiguous: int
    missing: list[int]
    missing_count: int
    byte_count: int
    sha256: str | None
    duration_seconds: float | None
    gaps: list[GapOut]
    completed_by: CompletedBy | None
    started_by: UUID
    started_at: datetime
    last_chunk_at: datetime | None
    completed_at: datetime | None


class RecordingPage(Page[RecordingOut]):
    """Some recordings, newest first."""
