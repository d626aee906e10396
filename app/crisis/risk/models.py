"""The level that counts, and how it came about."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from app.crisis.risk.levels import RiskLevel
from app.crisis.risk.schemas import RiskChange
from app.infra.orm import Model


class RiskState(Model):
    __tablename__ = "risk_states"

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), primary_key=True)
    level: Mapped[RiskLevel]
    floor: Mapped[RiskLevel]
    decided_by: Mapped[UUID]
    decided_at: Mapped[datetime]
    next_review_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    def decide(
        self, level: RiskLevel, *, floor: RiskLevel, by: UUID, at: datetime, review: datetime | None
    ) -> None:
        self.level, self.floor = level, floor
        self.decided_by, self.decided_at, self.next_review_at = by, at, review
        self.version += 1


class RiskMove(Model):
    __tablename__ = "risk_moves"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    from_level: Mapped[RiskLevel | None]
    to_level: Mapped[RiskLevel]
    floor: Mapped[RiskLevel]
    change: Mapped[RiskChange]
    reasons: Mapped[list[dict[str, Any]]]
    reason: Mapped[str | None]
    source_type: Mapped[str | None]
    source_id: Mapped[UUID | None]
    next_review_at: Mapped[datetime | None]
    moved_by: Mapped[UUID]
    moved_at: Mapped[datetime]
