"""Patients seen by few: who restricted them, who is named, who broke the glass."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.orm import Model


class PatientRestriction(Model):
    """Open until it is lifted. The database refuses every other change."""

    __tablename__ = "patient_restrictions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    reason: Mapped[str]
    restricted_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    restricted_at: Mapped[datetime]
    lifted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    lifted_at: Mapped[datetime | None]
    lift_reason: Mapped[str | None]

    def lift(self, *, by: UUID, at: datetime, reason: str) -> None:
        self.lifted_by, self.lifted_at, self.lift_reason = by, at, reason


class RestrictionException(Model):
    """Somebody who sees the patient all the same."""

    __tablename__ = "restriction_exceptions"

    restriction_id: Mapped[UUID] = mapped_column(
        ForeignKey("patient_restrictions.id"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    named_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    named_at: Mapped[datetime]


class BreakGlassGrant(Model):
    """Somebody sees a restricted patient for a while. `expires_at` alone decides how long."""

    __tablename__ = "break_glass_grants"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str]
    granted_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]

    def is_running(self, at: datetime) -> bool:
        return self.ended_at is None and self.expires_at > at

    def end(self, *, by: UUID, at: datetime) -> None:
        """Early, or written down late: never later than it expired."""
        self.ended_at, self.ended_by = min(at, self.expires_at), by
