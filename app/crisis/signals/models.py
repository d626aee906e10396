"""Signals and how they were answered."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from app.crisis.detection import Assertion, Concept
from app.crisis.signals.errors import SignalAnswered
from app.crisis.signals.lifecycle import SIGNAL, SignalStatus
from app.crisis.signals.schemas import SignalSource
from app.infra.orm import Model

ANSWERS = frozenset({SignalStatus.CONFIRMED, SignalStatus.DISMISSED})


class Signal(Model):
    __tablename__ = "signals"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    encounter_id: Mapped[UUID | None] = mapped_column(ForeignKey("encounters.id"))
    note_id: Mapped[UUID | None] = mapped_column(ForeignKey("notes.id"))
    recording_id: Mapped[UUID | None] = mapped_column(ForeignKey("recordings.id"))
    concept: Mapped[Concept]
    assertion: Mapped[Assertion]
    critical: Mapped[bool]
    quote: Mapped[str]
    section: Mapped[str | None]
    sentence_index: Mapped[int | None]
    start_ms: Mapped[int | None]
    end_ms: Mapped[int | None]
    source: Mapped[SignalSource]
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    rule: Mapped[str | None]
    lexicon_version: Mapped[str | None]
    status: Mapped[SignalStatus]
    reason: Mapped[str | None]
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def waits(self) -> bool:
        return self.status is SignalStatus.PROPOSED

    def answer(
        self, target: SignalStatus, *, by: UUID, at: datetime, reason: str | None = None
    ) -> "SignalMove":
        """Answer it, under a lock of its row; raises `SignalAnswered`."""
        if not self.waits:
            raise SignalAnswered(signal_id=self.id, current=self.status)
        move = self.move(target, by=by, at=at, reason=reason)
        self.reason, self.answered_by, self.answered_at = reason, by, at
        return move

    def move(
        self, target: SignalStatus, *, by: UUID, at: datetime, reason: str | None = None
    ) -> "SignalMove":
        """Move under a row lock; returns the history row that has to be stored with it."""
        before = self.status
        self.status = SIGNAL.check(before, target)
        self.updated_at = at
        return SignalMove(
            signal_id=self.id,
            from_status=before,
            to_status=target,
            reason=reason,
            moved_by=by,
            moved_at=at,
        )


class SignalMove(Model):
    """One change of state, for the record."""

    __tablename__ = "signal_moves"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    signal_id: Mapped[UUID] = mapped_column(ForeignKey("signals.id"))
    from_status: Mapped[SignalStatus | None]
    to_status: Mapped[SignalStatus]
    reason: Mapped[str | None]
    moved_by: Mapped[UUID]
    moved_at: Mapped[datetime]
