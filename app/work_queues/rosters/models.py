"""Pools of people, who is on duty for them, and who is away."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.orm import Model
from app.kernel.actors import Role
from app.work_queues.rosters.errors import AbsenceCancelled, PoolChanged, ShiftCancelled
from app.work_queues.rosters.lifecycle import POOL, PoolStatus


class Pool(Model):
    __tablename__ = "pools"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    key: Mapped[str]
    name: Mapped[str]
    role: Mapped[Role | None]
    status: Mapped[PoolStatus]
    version: Mapped[int] = mapped_column(default=1)
    updated_by: Mapped[UUID]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def rename(self, name: str, *, version: int, by: UUID) -> None:
        """Raises `PoolChanged` when somebody changed it since it was read."""
        if version != self.version:
            raise PoolChanged(
                pool_id=self.id, expected_version=version, current_version=self.version
            )
        self.name = name
        self._changed(by)

    def move(self, target: PoolStatus, *, by: UUID) -> None:
        """Raises `IllegalMove`."""
        self.status = POOL.check(self.status, target)
        self._changed(by)

    def _changed(self, by: UUID) -> None:
        self.updated_by = by
        self.version += 1


class PoolMember(Model):
    __tablename__ = "pool_members"

    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pools.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    added_by: Mapped[UUID]
    added_at: Mapped[datetime]


class DutyShift(Model):
    __tablename__ = "duty_shifts"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pools.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
    cancelled_by: Mapped[UUID | None]
    cancelled_at: Mapped[datetime | None]

    def cancel(self, *, by: UUID, at: datetime) -> None:
        """Raises `ShiftCancelled`."""
        if self.cancelled_at is not None:
            raise ShiftCancelled(shift_id=self.id)
        self.cancelled_by, self.cancelled_at = by, at


class Absence(Model):
    __tablename__ = "absences"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    substitute_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
    cancelled_by: Mapped[UUID | None]
    cancelled_at: Mapped[datetime | None]

    def cancel(self, *, by: UUID, at: datetime) -> None:
        """Raises `AbsenceCancelled`."""
        if self.cancelled_at is not None:
            raise AbsenceCancelled(absence_id=self.id)
        self.cancelled_by, self.cancelled_at = by, at
