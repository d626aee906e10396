"""Tasks from people and from facts: templates, checklists, recurrence, what they wait for."""

from app.work_queues.tasks.adding import NewTask, add_task, asked_for
from app.work_queues.tasks.editing import edit_task
from app.work_queues.tasks.errors import (
    ChecklistItemNotFound,
    ChecklistOpen,
    DependencyCycle,
    MayNotKeepTemplates,
    StillWaits,
    TaskClosed,
    TaskTemplateChanged,
    TaskTemplateNameTaken,
    TaskTemplateNotFound,
    TaskUnfit,
)
from app.work_queues.tasks.lifecycle import TASK_TEMPLATE, TemplateStatus
from app.work_queues.tasks.models import TaskDetail, TaskTemplate
from app.work_queues.tasks.queries import described, history, read_task
from app.work_queues.tasks.schemas import (
    AddTask,
    ChangeTemplate,
    DueRule,
    EditTask,
    NewTemplate,
    TaskOut,
    TemplateOut,
)
from app.work_queues.tasks.service import cancel, close_cause, complete, escalate, tick
from app.work_queues.tasks.templates import (
    add_template,
    change_template,
    get_template,
    list_templates,
    retire_template,
)
from app.work_queues.tasks.waiting import came_true

__all__ = [
    "TASK_TEMPLATE",
    "AddTask",
    "ChangeTemplate",
    "ChecklistItemNotFound",
    "ChecklistOpen",
    "DependencyCycle",
    "DueRule",
    "EditTask",
    "MayNotKeepTemplates",
    "NewTask",
    "NewTemplate",
    "StillWaits",
    "TaskClosed",
    "TaskDetail",
    "TaskOut",
    "TaskTemplate",
    "TaskTemplateChanged",
    "TaskTemplateNameTaken",
    "TaskTemplateNotFound",
    "TaskUnfit",
    "TemplateOut",
    "TemplateStatus",
    "add_task",
    "add_template",
    "asked_for",
    "came_true",
    "cancel",
    "change_template",
    "close_cause",
    "complete",
    "described",
    "edit_task",
    "escalate",
    "get_template",
    "history",
    "list_templates",
    "read_task",
    "retire_template",
    "tick",
]
