"""How far each transcription has come; the words themselves live in Mongo."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, text
from sqlalchemy.orm import Mapped, mapped_column

from app.clinical.transcription.lifecycle import (
    TRANSCRIPTION,
    WORTH_ANOTHER_TRY,
    HaltReason,
    TranscriptionStatus,
)
from app.infra.orm import Model

MAX_ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=5)


class TranscriptionMove(Model):
    __tablename__ = "transcription_moves"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    recording_id: Mapped[UUID] = mapped_column(ForeignKey("transcriptions.recording_id"))
    from_status: Mapped[TranscriptionStatus | None]
    to_status: Mapped[TranscriptionStatus]
    reason: Mapped[HaltReason | None]
    moved_by: Mapped[UUID]
    moved_at: Mapped[datetime]


class Transcription(Model):
    __tablename__ = "transcriptions"

    recording_id: Mapped[UUID] = mapped_column(ForeignKey("recordings.id"), primary_key=True)
    encounter_id: Mapped[UUID] = mapped_column(ForeignKey("encounters.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    status: Mapped[TranscriptionStatus] = mapped_column(default=TranscriptionStatus.QUEUED)
    reason: Mapped[HaltReason | None]
    attempts: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    next_attempt_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    position_samples: Mapped[int] = mapped_column(BigInteger, default=0)
    total_samples: Mapped[int | None] = mapped_column(BigInteger)
    utterance_count: Mapped[int] = mapped_column(default=0)
    word_count: Mapped[int] = mapped_column(default=0)
    unheard: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'"))
    model_name: Mapped[str | None]
    model_version: Mapped[str | None]
    model_demo: Mapped[bool | None]
    low_confidence: Mapped[float | None]
    transcript_id: Mapped[UUID | None]
    transcript_sha256: Mapped[str | None]
    finished_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))

    def begin(self, *, by: UUID, at: datetime) -> TranscriptionMove | None:
        """Start or go on; waiting for more sound in between is still running."""
        self.next_attempt_at = None
        if self.status is TranscriptionStatus.RUNNING:
            return None
        return self._move(TranscriptionStatus.RUNNING, None, by=by, at=at)

    def complete(
        self, transcript_id: UUID, sha256: str, *, by: UUID, at: datetime
    ) -> TranscriptionMove:
        move = self._move(TranscriptionStatus.DONE, None, by=by, at=at)
        self.transcript_id, self.transcript_sha256 = transcript_id, sha256
        self._end(at)
        return move

    def find_no_speech(self, *, by: UUID, at: datetime) -> TranscriptionMove:
        """Nothing was said: the sound is kept, and there will be no note."""
        move = self._move(TranscriptionStatus.NO_SPEECH, None, by=by, at=at)
        self._end(at)
        return move

    def fail(self, reason: HaltReason, *, by: UUID, at: datetime) -> TranscriptionMove:
        """Try again later when that may help; hold it after the last try."""
        if reason not in WORTH_ANOTHER_TRY:
            move = self._move(TranscriptionStatus.FAILED, reason, by=by, at=at)
            self._end(at)
            return move
        self.attempts += 1
        if self.attempts >= MAX_ATTEMPTS:
            move = self._move(TranscriptionStatus.HELD, reason, by=by, at=at)
            self._end(at)
            return move
        move = self._move(TranscriptionStatus.QUEUED, reason, by=by, at=at)
        self.next_attempt_at = at + FIRST_PAUSE * 2 ** (self.attempts - 1)
        self.lease_until = None
        return move

    def repeat(self, *, by: UUID, at: datetime) -> TranscriptionMove:
        """A person wants it tried again, from the last checkpoint."""
        move = self._move(TranscriptionStatus.QUEUED, None, by=by, at=at)
        self.attempts, self.next_attempt_at, self.finished_at = 0, None, None
        return move

    def forget_words(self) -> None:
        """Hear everything again from the beginning."""
        self.position_samples = self.utterance_count = self.word_count = 0
        self.total_samples = None
        self.unheard = []

    def _end(self, at: datetime) -> None:
        self.finished_at, self.lease_until, self.next_attempt_at = at, None, None

    def _move(
        self, target: TranscriptionStatus, reason: HaltReason | None, *, by: UUID, at: datetime
    ) -> TranscriptionMove:
        before = self.status
        self.status = TRANSCRIPTION.check(before, target)
        self.reason = reason
        return TranscriptionMove(
            recording_id=self.recording_id,
            from_status=before,
            to_status=target,
            reason=reason,
            moved_by=by,
            moved_at=at,
        )
