"""Rooms, visit types, working hours, and the days unlike the others."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import DateTime, ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.orm import Model
from app.scheduling.availability.errors import RoomChanged, VisitTypeChanged
from app.scheduling.availability.lifecycle import (
    AVAILABILITY_EXCEPTION,
    ROOM,
    VISIT_TYPE,
    ExceptionStatus,
    OfferStatus,
)
from app.scheduling.availability.schemas import Color, ExceptionKind


class Room(Model):
    __tablename__ = "rooms"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str]
    status: Mapped[OfferStatus] = mapped_column(default=OfferStatus.ACTIVE)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def require(self, version: int) -> None:
        """Raise `RoomChanged` unless this is the version somebody read."""
        if version != self.version:
            raise RoomChanged(
                room_id=self.id, expected_version=version, current_version=self.version
            )

    def rename(self, name: str, *, at: datetime) -> None:
        self.name, self.version, self.updated_at = name, self.version + 1, at

    def move(self, target: OfferStatus, *, at: datetime) -> None:
        self.status = ROOM.check(self.status, target)
        self.version, self.updated_at = self.version + 1, at


class VisitType(Model):
    __tablename__ = "visit_types"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str]
    duration_minutes: Mapped[int]
    color: Mapped[Color]
    parallel: Mapped[int] = mapped_column(default=1)
    status: Mapped[OfferStatus] = mapped_column(default=OfferStatus.ACTIVE)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def require(self, version: int) -> None:
        """Raise `VisitTypeChanged` unless this is the version somebody read."""
        if version != self.version:
            raise VisitTypeChanged(
                visit_type_id=self.id, expected_version=version, current_version=self.version
            )

    def change(self, changes: dict[str, object], *, at: datetime) -> None:
        for name, value in changes.items():
            setattr(self, name, value)
        self.version, self.updated_at = self.version + 1, at

    def move(self, target: OfferStatus, *, at: datetime) -> None:
        self.status = VISIT_TYPE.check(self.status, target)
        self.version, self.updated_at = self.version + 1, at


class VisitTypePractitioner(Model):
    """That a doctor offers a visit type; a type without any such row is offered by everybody."""

    __tablename__ = "visit_type_practitioners"

    visit_type_id: Mapped[UUID] = mapped_column(ForeignKey("visit_types.id"), primary_key=True)
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)


class PractitionerSchedule(Model):
    """How a doctor books; version 0 is what counts for a doctor without a row."""

    __tablename__ = "practitioner_schedules"

    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    lanes: Mapped[int] = mapped_column(default=1)
    slot_minutes: Mapped[int] = mapped_column(default=15)
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(server_default=text("now()"))


class WeeklyHours(Model):
    """A doctor's week for as long as it is valid, both days included."""

    __tablename__ = "weekly_hours"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    practitioner_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]


class WeeklyHourSpan(Model):
    """Working time of one ISO weekday in minutes after midnight, wall time of the clinic."""

    __tablename__ = "weekly_hour_spans"

    weekly_hours_id: Mapped[UUID] = mapped_column(
        ForeignKey("weekly_hours.id", ondelete="CASCADE"), primary_key=True
    )
    weekday: Mapped[int] = mapped_column(primary_key=True)
    opens_minute: Mapped[int] = mapped_column(primary_key=True)
    closes_minute: Mapped[int]
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("rooms.id"))


class AvailabilityException(Model):
    """A closing of the clinic, or leave or an extra session of one doctor, in wall time."""

    __tablename__ = "availability_exceptions"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    practitioner_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[ExceptionKind]
    starts_local: Mapped[datetime] = mapped_column(DateTime())
    ends_local: Mapped[datetime] = mapped_column(DateTime())
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("rooms.id"))
    reason: Mapped[str | None]
    status: Mapped[ExceptionStatus] = mapped_column(default=ExceptionStatus.ACTIVE)
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def withdraw(self, *, at: datetime) -> None:
        self.status = AVAILABILITY_EXCEPTION.check(self.status, ExceptionStatus.WITHDRAWN)
        self.updated_at = at
