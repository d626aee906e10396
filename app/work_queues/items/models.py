"""A task or an alert, and everything that happened to it."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Computed, ForeignKey, Identity, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.orm import Model
from app.work_queues.items.errors import ItemChanged
from app.work_queues.items.lifecycle import ALERT, CLOSED, TASK, AlertStatus, TaskStatus
from app.work_queues.items.schemas import Change, ItemKind, Severity

RANK = "case severity when 'critical' then 0 when 'high' then 1 when 'medium' then 2 else 3 end"
TURN = "coalesce(due_at, timestamptz '9999-01-01 00:00:00+00')"


class WorkItem(Model):
    __tablename__ = "work_items"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[ItemKind]
    type: Mapped[str] = mapped_column(ForeignKey("work_types.code"))
    status: Mapped[str] = mapped_column(Text)
    severity: Mapped[Severity]
    severity_rank: Mapped[int] = mapped_column(Computed(RANK, persisted=True))
    title: Mapped[str]
    body: Mapped[str | None]
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pools.id"))
    assignee_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    holder_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    held_since: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    patient_id: Mapped[UUID | None] = mapped_column(ForeignKey("patients.id"))
    subject_type: Mapped[str | None]
    subject_id: Mapped[UUID | None]
    due_at: Mapped[datetime | None]
    turn_at: Mapped[datetime] = mapped_column(Computed(TURN, persisted=True))
    snoozed_until: Mapped[datetime | None]
    cause_key: Mapped[str | None]
    occurrences: Mapped[int] = mapped_column(default=1)
    last_occurred_at: Mapped[datetime]
    cycle: Mapped[int] = mapped_column(default=1)
    acknowledged_until: Mapped[datetime | None]
    escalation_level: Mapped[int] = mapped_column(default=0)
    called: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[UUID]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]

    @property
    def is_closed(self) -> bool:
        return self.status in CLOSED

    def require_version(self, version: int) -> None:
        """Raise `ItemChanged` when somebody changed it since it was read."""
        if version != self.version:
            raise ItemChanged(
                item_id=self.id, expected_version=version, current_version=self.version
            )

    def move_to(self, target: TaskStatus | AlertStatus, *, at: datetime) -> None:
        """Move under a row lock, without what that state cannot have; raises `IllegalMove`."""
        if isinstance(target, TaskStatus):
            TASK.check(TaskStatus(self.status), target)
        else:
            ALERT.check(AlertStatus(self.status), target)
        self.status = target
        self.snoozed_until = None
        if target is AlertStatus.TRIGGERED:  # again: it climbs its ladder from the bottom
            self.cycle += 1
            self.escalation_level = 0
        if target is not AlertStatus.ACKNOWLEDGED:
            self.acknowledged_until = None
        if target not in {TaskStatus.IN_PROGRESS, AlertStatus.ACKNOWLEDGED}:
            self.let_go()
        if target in CLOSED:
            self.closed_at = at

    def take(self, holder_id: UUID, *, at: datetime, until: datetime) -> None:
        """Put it into somebody's hands, for as long as the lease lasts."""
        self.holder_id, self.held_since, self.lease_until = holder_id, at, until

    def let_go(self) -> None:
        self.holder_id = self.held_since = self.lease_until = None


class WorkItemMove(Model):
    """One thing that happened to an item."""

    __tablename__ = "work_item_moves"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    item_id: Mapped[UUID] = mapped_column(ForeignKey("work_items.id"))
    change: Mapped[Change]
    from_status: Mapped[str | None]
    to_status: Mapped[str]
    from_holder: Mapped[UUID | None]
    to_holder: Mapped[UUID | None]
    detail: Mapped[dict[str, Any]]
    reason: Mapped[str | None]
    moved_by: Mapped[UUID]
    moved_at: Mapped[datetime]


class QueueEvent(Model):
    """A change as live pages are told of it; ids and words of ours only."""

    __tablename__ = "queue_events"

    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    written_in: Mapped[int] = mapped_column(BigInteger)  # the number of the transaction
    item_id: Mapped[UUID] = mapped_column(ForeignKey("work_items.id"))
    change: Mapped[Change]
    kind: Mapped[ItemKind]
    severity: Mapped[Severity]
    status: Mapped[str]
    pool_id: Mapped[UUID]
    assignee_id: Mapped[UUID | None]
    holder_id: Mapped[UUID | None]
    version: Mapped[int]
    told: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    occurred_at: Mapped[datetime]
