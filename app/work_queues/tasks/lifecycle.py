"""How templates move; tasks themselves move as items do."""

from enum import StrEnum

from app.kernel.lifecycle import Lifecycle


class TemplateStatus(StrEnum):
    ACTIVE = "active"
    RETIRED = "retired"


TASK_TEMPLATE = Lifecycle(
    "task template",
    {TemplateStatus.ACTIVE: {TemplateStatus.RETIRED}, TemplateStatus.RETIRED: set()},
)
