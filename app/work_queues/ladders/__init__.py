"""Who is told next when nobody acts, and what kinds of tasks and alerts there are."""

from app.work_queues.calendars import DueUnit
from app.work_queues.ladders.errors import LadderNotFound, WorkTypeUnknown
from app.work_queues.ladders.models import Channel, Ladder, LadderStep, Target, WorkType
from app.work_queues.ladders.queries import calendar_of, due_for, get_type, steps_of

__all__ = [
    "Channel",
    "DueUnit",
    "Ladder",
    "LadderNotFound",
    "LadderStep",
    "Target",
    "WorkType",
    "WorkTypeUnknown",
    "calendar_of",
    "due_for",
    "get_type",
    "steps_of",
]
