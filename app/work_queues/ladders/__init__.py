"""Who is told next when nobody acts, and what kinds of tasks and alerts there are."""

from app.work_queues.calendars import DueUnit
from app.work_queues.ladders.models import Channel, Ladder, LadderStep, Target, WorkType

__all__ = ["Channel", "DueUnit", "Ladder", "LadderStep", "Target", "WorkType"]
