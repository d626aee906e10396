"""Reminders, how they moved, and who does not want any."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, ForeignKey, Identity, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.orm import Model
from app.scheduling.reminders.lifecycle import REMINDER, ReminderReason, ReminderStatus
from app.scheduling.rules import ReminderChannel


class Reminder(Model):
    """One message about one time of one appointment, by one channel."""

    __tablename__ = "reminders"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointments.id"))
    appointment_version: Mapped[int]
    starts_at: Mapped[datetime]
    kind: Mapped[str]
    channel: Mapped[ReminderChannel]
    status: Mapped[ReminderStatus]
    reason: Mapped[ReminderReason | None]
    send_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))

    def claim(self, *, by: UUID, at: datetime) -> "ReminderMove":
        """Begin to send it; from now on nobody else will."""
        self.claimed_at = at
        self.attempts += 1
        return self._move(ReminderStatus.SENDING, by=by, at=at)

    def mark_sent(self, *, by: UUID, at: datetime) -> "ReminderMove":
        self.sent_at = at
        return self._move(ReminderStatus.SENT, by=by, at=at)

    def postpone(self, until: datetime, *, by: UUID, at: datetime) -> "ReminderMove":
        """Nobody took it, for certain: try again."""
        self.send_at = until
        return self._move(ReminderStatus.PLANNED, by=by, at=at)

    def void(self, reason: ReminderReason, *, by: UUID, at: datetime) -> "ReminderMove":
        return self._move(ReminderStatus.VOID, by=by, at=at, reason=reason)

    def fail(self, reason: ReminderReason, *, by: UUID, at: datetime) -> "ReminderMove":
        return self._move(ReminderStatus.FAILED, by=by, at=at, reason=reason)

    def _move(
        self,
        target: ReminderStatus,
        *,
        by: UUID,
        at: datetime,
        reason: ReminderReason | None = None,
    ) -> "ReminderMove":
        """Move under a row lock; returns the history row that has to be stored with it."""
        before = self.status
        self.status, self.reason = REMINDER.check(before, target), reason
        return ReminderMove(
            reminder_id=self.id,
            from_status=before,
            to_status=target,
            reason=reason,
            moved_by=by,
            moved_at=at,
        )


class ReminderMove(Model):
    """One change of state of a reminder; the first has no state before it."""

    __tablename__ = "reminder_moves"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    reminder_id: Mapped[UUID] = mapped_column(ForeignKey("reminders.id"))
    from_status: Mapped[ReminderStatus | None]
    to_status: Mapped[ReminderStatus]
    reason: Mapped[ReminderReason | None]
    moved_by: Mapped[UUID]
    moved_at: Mapped[datetime]


class ReminderOptOut(Model):
    """A patient who does not want to be reminded."""

    __tablename__ = "reminder_opt_outs"

    patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"), primary_key=True)
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime]
