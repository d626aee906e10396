"""Who is told next when nobody acts, and what kinds of tasks and alerts there are."""

from app.work_queues.calendars import DueUnit
from app.work_queues.ladders.errors import (
    LadderChanged,
    LadderNotFound,
    LadderUnfit,
    MayNotKeepLadders,
    WorkTypeChanged,
    WorkTypeUnfit,
    WorkTypeUnknown,
)
from app.work_queues.ladders.models import Ladder, LadderStep, WorkType
from app.work_queues.ladders.queries import (
    calendar_of,
    due_for,
    find_ladder,
    get_type,
    list_ladders,
    list_types,
    steps_of,
)
from app.work_queues.ladders.schemas import (
    ChangeWorkType,
    Channel,
    Due,
    LadderOut,
    SaveLadder,
    Step,
    Target,
    WorkTypeOut,
)
from app.work_queues.ladders.service import change_type, save_ladder

__all__ = [
    "ChangeWorkType",
    "Channel",
    "Due",
    "DueUnit",
    "Ladder",
    "LadderChanged",
    "LadderNotFound",
    "LadderOut",
    "LadderStep",
    "LadderUnfit",
    "MayNotKeepLadders",
    "SaveLadder",
    "Step",
    "Target",
    "WorkType",
    "WorkTypeChanged",
    "WorkTypeOut",
    "WorkTypeUnfit",
    "WorkTypeUnknown",
    "calendar_of",
    "change_type",
    "due_for",
    "find_ladder",
    "get_type",
    "list_ladders",
    "list_types",
    "save_ladder",
    "steps_of",
]
