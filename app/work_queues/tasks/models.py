"""What a task is beside its place in the queue."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import DateTime, ForeignKey, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.infra.orm import Model
from app.work_queues.items import Severity
from app.work_queues.ladders import DueUnit
from app.work_queues.tasks.errors import TaskTemplateChanged
from app.work_queues.tasks.lifecycle import TASK_TEMPLATE, TemplateStatus


class TaskTemplate(Model):
    """A task people make again and again."""

    __tablename__ = "task_templates"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str]
    status: Mapped[TemplateStatus]
    title: Mapped[str]
    body: Mapped[str | None]
    severity: Mapped[Severity]
    pool_id: Mapped[UUID] = mapped_column(ForeignKey("pools.id"))
    due_amount: Mapped[int | None]
    due_unit: Mapped[DueUnit | None]
    checklist: Mapped[list[str]] = mapped_column(ARRAY(Text))
    version: Mapped[int] = mapped_column(default=1)
    updated_by: Mapped[UUID]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def change(self, changes: dict[str, Any], *, version: int, by: UUID, at: datetime) -> None:
        """Set what was said; raises `TaskTemplateChanged` when somebody was faster."""
        if version != self.version:
            raise TaskTemplateChanged(
                template_id=self.id, expected_version=version, current_version=self.version
            )
        for name, value in changes.items():
            setattr(self, name, value)
        self.version, self.updated_by, self.updated_at = self.version + 1, by, at

    def retire(self, *, by: UUID, at: datetime) -> None:
        """Raises `IllegalMove`."""
        self.status = TASK_TEMPLATE.check(self.status, TemplateStatus.RETIRED)
        self.version, self.updated_by, self.updated_at = self.version + 1, by, at


class TaskDetail(Model):
    """`rrule`, `occurrence_local`: in the wall time of the clinic. `waits_for`: a cause."""

    __tablename__ = "task_details"

    item_id: Mapped[UUID] = mapped_column(ForeignKey("work_items.id"), primary_key=True)
    template_id: Mapped[UUID | None] = mapped_column(ForeignKey("task_templates.id"))
    rrule: Mapped[str | None]
    series_id: Mapped[UUID | None]
    occurrence_local: Mapped[datetime | None] = mapped_column(DateTime(timezone=False))
    waits_for: Mapped[str | None]


class ChecklistItem(Model):
    __tablename__ = "task_checklist_items"

    item_id: Mapped[UUID] = mapped_column(ForeignKey("work_items.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str]
    done_by: Mapped[UUID | None]
    done_at: Mapped[datetime | None]


class TaskDependency(Model):
    """A task that waits until another is closed."""

    __tablename__ = "task_dependencies"

    item_id: Mapped[UUID] = mapped_column(ForeignKey("work_items.id"), primary_key=True)
    depends_on: Mapped[UUID] = mapped_column(ForeignKey("work_items.id"), primary_key=True)
