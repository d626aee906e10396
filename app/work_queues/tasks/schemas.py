"""Tasks and their templates as the outside world sees them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.kernel.instants import Instant
from app.work_queues.escalations import PlannedStep
from app.work_queues.items import (
    ITEM_EXAMPLE,
    Body,
    ItemOut,
    NewLink,
    Person,
    Severity,
    TaskStatus,
    Title,
    absent,
)
from app.work_queues.ladders import DueUnit
from app.work_queues.tasks.lifecycle import TemplateStatus

STEP_EXAMPLE: dict[str, Any] = PlannedStep.model_json_schema()["examples"][0]
TASK_EXAMPLE: dict[str, Any] = ITEM_EXAMPLE | {
    "kind": "task",
    "type": "task",
    "status": "in-progress",
    "severity": "medium",
    "title": "Change the dressing",
    "body": "Left heel.",
    "lease_until": "2026-11-30T08:20:00Z",
    "acknowledged_until": None,
    "escalations": [STEP_EXAMPLE],
    "moves": ["comments", "links", "escalation", "handover", "release", "snooze", "edit",
              "checklist", "completion", "cancellation"],
    "checklist": [
        {"position": 1, "label": "Hands", "done": False, "done_by": None, "done_at": None}
    ],
    "depends_on": [
        {"id": "3f0f8a0e-52a1-4f43-9d6e-0b6f3f4e7a02", "title": "Take blood", "status": "completed"}
    ],
    "waits_for_cause": False,
    "template_id": None,
    "rrule": "FREQ=WEEKLY;BYDAY=MO",
    "series_id": "3f0f8a0e-52a1-4f43-9d6e-0b6f3f4e7a03",
}  # fmt: skip

Checklist = Annotated[list[Title], Field(max_length=50)]
Others = Annotated[list[UUID], Field(max_length=20, description="Tasks it waits for.")]


class ChecklistItemOut(BaseModel):
    position: int
    label: str
    done: bool
    done_by: Person | None
    done_at: datetime | None


class DependencyOut(BaseModel):
    """A task that has to be closed first; without a title: it is not yours to see."""

    id: UUID
    title: str | None
    status: TaskStatus


class TaskOut(ItemOut):
    """A task with everybody's name. `escalations`: what happens when nobody acts."""

    model_config = ConfigDict(json_schema_extra={"examples": [TASK_EXAMPLE]})

    status: TaskStatus
    escalations: list[PlannedStep]
    checklist: list[ChecklistItemOut]
    depends_on: list[DependencyOut]
    waits_for_cause: bool
    template_id: UUID | None
    rrule: str | None
    series_id: UUID | None


class DueRule(BaseModel):
    """So long after now; days end at the same time of day, working time in the type's calendar."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"amount": 2, "unit": "working-days"}]}
    )

    amount: Annotated[int, Field(strict=True, ge=1, le=100_000)]
    unit: DueUnit


class AddTask(BaseModel):
    """Something to do. What is left out comes from the template, then from the type.

    `due_at` or `due`, not both. `rrule`: RFC 5545, in the wall time of the clinic; closing the
    task makes the next one.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "title": "Change the dressing",
                    "patient_id": "0b9f5c1e-6f0a-4d6e-9a51-5a2d7c1f4e01",
                    "due": {"amount": 2, "unit": "working-days"},
                    "checklist": ["Hands", "Dressing", "Photo"],
                }
            ]
        },
    )

    type: Annotated[str, Field(pattern=r"^[a-z][a-z0-9.-]{0,59}$")] = "task"
    title: Title | None = None
    body: Body | None = None
    severity: Severity | None = None
    pool_id: UUID | None = None
    assignee_id: Annotated[UUID | None, Field(description="The one person it is for.")] = None
    patient_id: UUID | None = None
    due_at: Instant | None = None
    due: DueRule | None = None
    template_id: UUID | None = None
    checklist: Checklist = []
    links: Annotated[list[NewLink], Field(max_length=20)] = []
    depends_on: Others = []
    rrule: Annotated[str, Field(min_length=1, max_length=500)] | None = None


class EditTask(BaseModel):
    """What is to change. A member left out stays; null clears it where it may be empty."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"severity": "high", "assignee_id": None}]}
    )

    title: Title = absent()
    body: Body | None = absent()
    severity: Severity = absent()
    due_at: Instant | None = absent()
    assignee_id: UUID | None = absent()
    depends_on: Others = absent()


class Tick(BaseModel):
    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"done": True}]})

    done: Annotated[bool, Field(strict=True)]


TEMPLATE_EXAMPLE: dict[str, Any] = {
    "id": "3f0f8a0e-52a1-4f43-9d6e-0b6f3f4e7a04",
    "name": "Dressing",
    "status": "active",
    "title": "Change the dressing",
    "body": None,
    "severity": "medium",
    "pool_id": "00000000-0000-4000-8000-0000000000a1",
    "due": {"amount": 2, "unit": "working-days"},
    "checklist": ["Hands", "Dressing", "Photo"],
    "version": 1,
    "updated_at": "2026-11-30T08:00:00Z",
}
SAID = ("name", "title", "body", "severity", "pool_id", "due", "checklist")


class TemplateOut(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [TEMPLATE_EXAMPLE]})

    id: UUID
    name: str
    status: TemplateStatus
    title: str
    body: str | None
    severity: Severity
    pool_id: UUID
    due: DueRule | None
    checklist: list[str]
    version: int
    updated_at: datetime


class TemplatePage(BaseModel):
    items: list[TemplateOut]
    next_cursor: str | None


def columns_of(said: dict[str, Any]) -> dict[str, Any]:
    """What was said, in the words of the table."""
    told = {name: value for name, value in said.items() if name != "due"}
    if "due" in said:
        due = said["due"] or {}
        told |= {"due_amount": due.get("amount"), "due_unit": due.get("unit")}
    return told


Name = Annotated[Title, Field(max_length=100)]


class NewTemplate(BaseModel):
    """A task people make again and again; its deadline counts from when the task is made."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{name: TEMPLATE_EXAMPLE[name] for name in SAID}]},
    )

    name: Name
    title: Title
    body: Body | None = None
    severity: Severity = Severity.MEDIUM
    pool_id: UUID
    due: DueRule | None = None
    checklist: Checklist = []

    @property
    def columns(self) -> dict[str, Any]:
        return columns_of(self.model_dump())


class ChangeTemplate(BaseModel):
    """What is to change. A member left out stays; null clears it where it may be empty."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"severity": "high", "due": None}]}
    )

    name: Name = absent()
    title: Title = absent()
    body: Body | None = absent()
    severity: Severity = absent()
    pool_id: UUID = absent()
    due: DueRule | None = absent()
    checklist: Checklist = absent()

    @property
    def columns(self) -> dict[str, Any]:
        return columns_of(self.model_dump(exclude_unset=True))
