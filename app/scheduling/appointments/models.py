"""Appointments, and everything that happened to them."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Computed, DateTime, ForeignKey, Identity, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, INT4RANGE, JSONB, TSTZRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.orm import Model
from app.scheduling.appointments.errors import AppointmentChanged
from app.scheduling.appointments.lifecycle import APPOINTMENT, AppointmentStatus
from app.scheduling.appointments.schemas import AppointmentKind, CancelledBy
from app.scheduling.appointments.shares import FULL, Share

S = AppointmentStatus

# Which of its moments an appointment has in which state; going back takes the later ones away.
MOMENTS = {
    "arrived_at": {S.ARRIVED, S.IN_ROOM, S.WITH_DOCTOR, S.FINISHED, S.CHECKED_OUT},
    "roomed_at": {S.IN_ROOM, S.WITH_DOCTOR, S.FINISHED, S.CHECKED_OUT},
    "seen_at": {S.WITH_DOCTOR, S.FINISHED, S.CHECKED_OUT},
    "finished_at": {S.FINISHED, S.CHECKED_OUT},
}
# An appointment called off keeps what had happened until then.
KEEPS_MOMENTS = {S.CANCELLED, S.ENTERED_IN_ERROR}


def range_of(share: Share) -> Range[int]:
    return Range(share.lower, share.upper)


def share_of(stored: Range[int]) -> Share:
    """As it was written: bounded on both sides."""
    assert stored.lower is not None
    assert stored.upper is not None
    return Share(stored.lower, stored.upper)


class Appointment(Model):
    """A planned visit, or a hold: time that somebody who is just booking keeps for a moment."""

    __tablename__ = "appointments"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    status: Mapped[AppointmentStatus]
    kind: Mapped[AppointmentKind] = mapped_column(default=AppointmentKind.BOOKED)
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patients.id"))
    patient_name: Mapped[str | None]
    visit_type_id: Mapped[UUID] = mapped_column(ForeignKey("visit_types.id"))
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("rooms.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    during: Mapped[Range[datetime]] = mapped_column(
        TSTZRANGE, Computed("tstzrange(starts_at, ends_at, '[)')", persisted=True), deferred=True
    )
    practitioner_share: Mapped[Range[int]] = mapped_column(INT4RANGE)
    patient_share: Mapped[Range[int]] = mapped_column(INT4RANGE, default=Range(0, FULL))
    room_share: Mapped[Range[int]] = mapped_column(INT4RANGE, default=Range(0, FULL))
    reason: Mapped[str | None]
    expires_at: Mapped[datetime | None]
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment_series.id"))
    occurrence_local: Mapped[datetime | None] = mapped_column(DateTime())
    override_reason: Mapped[str | None]
    overridden: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    cancelled_by: Mapped[CancelledBy | None]
    cancellation_reason: Mapped[str | None]
    arrived_at: Mapped[datetime | None]
    roomed_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    created_by: Mapped[UUID]
    booked_by: Mapped[UUID | None]
    booked_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))

    def require(self, version: int | None) -> None:
        """Raise `AppointmentChanged` unless this is the version somebody read, if they said."""
        if version is not None and version != self.version:
            raise AppointmentChanged(
                appointment_id=self.id, expected_version=version, current_version=self.version
            )

    def stamps(self, target: AppointmentStatus, at: datetime) -> dict[str, Any]:
        """The moments this appointment has once it is in that state, now being `at`."""
        if target in KEEPS_MOMENTS:
            return {}
        new = {
            S.ARRIVED: {"arrived_at"},
            S.IN_ROOM: {"arrived_at", "roomed_at"},
            S.WITH_DOCTOR: {"arrived_at", "seen_at"},
            S.FINISHED: {"finished_at"},
            S.CHECKED_OUT: {"finished_at"},
        }.get(target, set())
        return {
            name: (getattr(self, name) or (at if name in new else None))
            if target in states
            else None
            for name, states in MOMENTS.items()
        }

    def move(
        self,
        target: AppointmentStatus,
        *,
        by: UUID,
        at: datetime,
        reason: str | None = None,
        change: dict[str, Any] | None = None,
        undoes: int | None = None,
    ) -> "AppointmentMove":
        """Move under a row lock; returns the history row that has to be stored with it."""
        before = self.status
        self.status = APPOINTMENT.check(before, target)
        for name, moment in self.stamps(target, at).items():
            setattr(self, name, moment)
        self.changed(at)
        return AppointmentMove(
            appointment_id=self.id,
            from_status=before,
            to_status=target,
            change=change,
            reason=reason,
            undoes=undoes,
            moved_by=by,
            moved_at=at,
        )

    def changed(self, at: datetime) -> None:
        self.version += 1
        self.updated_at = at

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def place(self) -> dict[str, Any]:
        """When, with whom, where and for what, as the history keeps it."""
        return {
            "starts_at": self.starts_at.isoformat(),
            "ends_at": self.ends_at.isoformat(),
            "practitioner_id": str(self.practitioner_id),
            "room_id": None if self.room_id is None else str(self.room_id),
            "visit_type_id": str(self.visit_type_id),
            "overridden": self.overridden,
            "override_reason": self.override_reason,
        }


class AppointmentMove(Model):
    """One change of state, time, doctor or room of an appointment."""

    __tablename__ = "appointment_moves"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointments.id"))
    from_status: Mapped[AppointmentStatus | None]
    to_status: Mapped[AppointmentStatus]
    change: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    reason: Mapped[str | None]
    undoes: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("appointment_moves.seq"))
    moved_by: Mapped[UUID]
    moved_at: Mapped[datetime]


class AppointmentRepointing(Model):
    """That an appointment followed a merge of two patient records, so that it can go back."""

    __tablename__ = "appointment_repointings"

    merge_id: Mapped[UUID] = mapped_column(primary_key=True)
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointments.id"), primary_key=True)
    from_patient_id: Mapped[UUID] = mapped_column(ForeignKey("patients.id"))
    patient_share: Mapped[Range[int]] = mapped_column(INT4RANGE)
