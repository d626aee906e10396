"""Encounters, how they moved, and what patients said to being recorded."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Identity, text
from sqlalchemy.orm import Mapped, mapped_column

from app.clinical.encounters.errors import EncounterClosed
from app.clinical.encounters.lifecycle import ENCOUNTER, EncounterStatus
from app.clinical.encounters.schemas import ConsentDecision, ConsentMethod, EncounterKind
from app.infra.orm import Model


class Encounter(Model):
    __tablename__ = "encounters"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[EncounterKind]
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointments.id"))
    reason: Mapped[str | None]
    status: Mapped[EncounterStatus]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))

    def complete(self, *, by: UUID, at: datetime) -> "EncounterMove":
        return self._move(EncounterStatus.COMPLETED, by=by, at=at)

    def cancel(self, *, by: UUID, at: datetime, reason: str) -> "EncounterMove":
        return self._move(EncounterStatus.CANCELLED, by=by, at=at, reason=reason)

    def require_open(self) -> None:
        """Raise `EncounterClosed` unless the encounter is under way."""
        if self.status is not EncounterStatus.IN_PROGRESS:
            raise EncounterClosed(encounter_id=self.id, encounter_status=self.status)

    def _move(
        self, target: EncounterStatus, *, by: UUID, at: datetime, reason: str | None = None
    ) -> "EncounterMove":
        """Move under a row lock; returns the history row that has to be stored with it."""
        before = self.status
        self.status = ENCOUNTER.check(before, target)
        self.ended_at = at
        return EncounterMove(
            encounter_id=self.id,
            from_status=before,
            to_status=target,
            reason=reason,
            moved_by=by,
            moved_at=at,
        )


class EncounterMove(Model):
    """One change of state of an encounter."""

    __tablename__ = "encounter_moves"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    encounter_id: Mapped[UUID] = mapped_column(ForeignKey("encounters.id"))
    from_status: Mapped[EncounterStatus | None]
    to_status: Mapped[EncounterStatus]
    reason: Mapped[str | None]
    moved_by: Mapped[UUID]
    moved_at: Mapped[datetime]


class RecordingConsent(Model):
    """What the patient said to being recorded in one encounter; the latest row counts."""

    __tablename__ = "recording_consents"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    encounter_id: Mapped[UUID] = mapped_column(ForeignKey("encounters.id"))
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    decision: Mapped[ConsentDecision]
    method: Mapped[ConsentMethod]
    recorded_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    recorded_at: Mapped[datetime]
