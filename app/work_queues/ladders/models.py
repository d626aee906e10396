"""Who is told next when nobody acts, and what kinds of tasks and alerts there are."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.orm import Model
from app.work_queues.calendars import DueUnit
from app.work_queues.ladders.errors import LadderChanged, WorkTypeChanged
from app.work_queues.ladders.schemas import Channel, Kind, Severity, Target


class Ladder(Model):
    __tablename__ = "ladders"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    key: Mapped[str]
    name: Mapped[str]
    calendar_id: Mapped[UUID] = mapped_column(ForeignKey("work_calendars.id"))
    version: Mapped[int] = mapped_column(default=1)
    updated_by: Mapped[UUID]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def require_version(self, version: int) -> None:
        """Raise `LadderChanged` when somebody changed it since it was read."""
        if version != self.version:
            raise LadderChanged(expected_version=version, current_version=self.version)


class LadderStep(Model):
    __tablename__ = "ladder_steps"

    ladder_id: Mapped[UUID] = mapped_column(ForeignKey("ladders.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    after_minutes: Mapped[int]
    target: Mapped[Target]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    pool_id: Mapped[UUID | None] = mapped_column(ForeignKey("pools.id"))
    channel: Mapped[Channel]


class WorkType(Model):
    """A kind of task or alert: how severe, whose, by when, and which ladder it climbs."""

    __tablename__ = "work_types"

    code: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(Text)
    title: Mapped[str]
    severity: Mapped[Severity] = mapped_column(Text)
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pools.id"))
    calendar_id: Mapped[UUID] = mapped_column(ForeignKey("work_calendars.id"))
    ladder_id: Mapped[UUID | None] = mapped_column(ForeignKey("ladders.id"))
    due_amount: Mapped[int | None]
    due_unit: Mapped[DueUnit | None]
    acknowledged_minutes: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    updated_by: Mapped[UUID]
    updated_at: Mapped[datetime]

    def require_version(self, version: int) -> None:
        """Raise `WorkTypeChanged` when somebody changed it since it was read."""
        if version != self.version:
            raise WorkTypeChanged(expected_version=version, current_version=self.version)
