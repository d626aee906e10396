"""Recordings, their chunks, their gaps, and how they moved."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Float, ForeignKey, Identity, text
from sqlalchemy.orm import Mapped, mapped_column

from app.clinical.recordings.errors import (
    DeclaredSoundDiffers,
    RecordingCompleted,
    RecordingEnteredInError,
    RecordingUnfinished,
    SoundDamaged,
)
from app.clinical.recordings.lifecycle import RECORDING, RecordingStatus
from app.clinical.recordings.schemas import CompletedBy, GapReason, MediaType, RecordingOrigin
from app.infra.orm import Model


class Recording(Model):
    """A dictation: its ordered chunks are the sound, which lives in GridFS."""

    __tablename__ = "recordings"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    encounter_id: Mapped[UUID] = mapped_column(ForeignKey("encounters.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    continues: Mapped[UUID | None] = mapped_column(ForeignKey("recordings.id"))
    status: Mapped[RecordingStatus] = mapped_column(default=RecordingStatus.RECEIVING)
    origin: Mapped[RecordingOrigin]
    media_type: Mapped[str]
    contiguous: Mapped[int] = mapped_column(default=0)
    chunk_count: Mapped[int] = mapped_column(default=0)
    byte_count: Mapped[int] = mapped_column(BigInteger, default=0)
    declared_chunks: Mapped[int | None]
    declared_sha256: Mapped[str | None]
    sha256: Mapped[str | None]
    duration_seconds: Mapped[float | None] = mapped_column(Float(53))
    completed_by: Mapped[CompletedBy | None]
    started_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    started_at: Mapped[datetime]
    last_chunk_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    sealed_at: Mapped[datetime | None]
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))

    @property
    def highest_contiguous(self) -> int:
        """The last chunk before the first hole; -1 before chunk 0."""
        return self.contiguous - 1

    @property
    def is_streamed(self) -> bool:
        """Whether it can be heard while it arrives: PCM slices from our own recorder."""
        is_wav = self.media_type == MediaType.WAV
        return is_wav and self.origin is RecordingOrigin.MICROPHONE

    def require_receiving(self) -> None:
        match self.status:
            case RecordingStatus.RECEIVING:
                return
            case RecordingStatus.COMPLETED:
                raise RecordingCompleted(recording_id=self.id)
            case RecordingStatus.ENTERED_IN_ERROR:
                raise RecordingEnteredInError(recording_id=self.id)

    def take(self, chunk: "Chunk", *, contiguous: int) -> None:
        """Count a chunk that has just been stored."""
        self.chunk_count += 1
        self.byte_count += chunk.byte_count
        self.contiguous = contiguous
        self.last_chunk_at = chunk.received_at

    def complete(
        self, count: int, sha256: str | None, *, by: UUID, whose: CompletedBy, at: datetime
    ) -> "RecordingMove":
        move = self._move(RecordingStatus.COMPLETED, by=by, at=at)
        self.declared_chunks, self.declared_sha256 = count, sha256
        self.completed_by, self.completed_at = whose, at
        return move

    def withdraw(self, reason: str, *, by: UUID, at: datetime) -> "RecordingMove":
        return self._move(RecordingStatus.ENTERED_IN_ERROR, by=by, at=at, reason=reason)

    def seal(self, *, sha256: str, duration_seconds: float | None, at: datetime) -> None:
        """Keep the checksum of the whole for good; sealing again must find the same."""
        if self.status is RecordingStatus.RECEIVING:
            raise RecordingUnfinished(recording_id=self.id)
        if self.declared_sha256 not in {None, sha256}:
            raise DeclaredSoundDiffers(recording_id=self.id)
        if self.sha256 not in {None, sha256}:
            raise SoundDamaged(recording_id=self.id)
        self.sha256 = sha256
        self.sealed_at = self.sealed_at or at
        if duration_seconds is not None:
            self.duration_seconds = duration_seconds

    def _move(
        self, target: RecordingStatus, *, by: UUID, at: datetime, reason: str | None = None
    ) -> "RecordingMove":
        """Move under a row lock; returns the history row that has to be stored with it."""
        before = self.status
        self.status = RECORDING.check(before, target)
        return RecordingMove(
            recording_id=self.id,
            from_status=before,
            to_status=target,
            reason=reason,
            moved_by=by,
            moved_at=at,
        )


class Chunk(Model):
    """An acknowledged piece of a recording; its bytes were durable before this row was."""

    __tablename__ = "recording_chunks"

    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    byte_count: Mapped[int]
    sha256: Mapped[str]
    blob_id: Mapped[UUID] = mapped_column(unique=True)
    received_at: Mapped[datetime]


class RecordingGap(Model):
    """A stretch of time in which nothing was captured, told honestly."""

    __tablename__ = "recording_gaps"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id"))
    gap_start: Mapped[datetime]
    gap_end: Mapped[datetime | None]
    reason: Mapped[GapReason]
    reported_at: Mapped[datetime]


class RecordingMove(Model):
    """One change of state of a recording; the first has no state before it."""

    __tablename__ = "recording_moves"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id"))
    from_status: Mapped[RecordingStatus | None]
    to_status: Mapped[RecordingStatus]
    reason: Mapped[str | None]
    moved_by: Mapped[UUID]
    moved_at: Mapped[datetime]
