"""When minutes count: working hours and holidays, and deadlines in them."""

from app.work_queues.calendars.errors import (
    CalendarExhausted,
    CalendarNotFound,
)
from app.work_queues.calendars.models import WorkCalendar, WorkCalendarClosure, WorkCalendarSpan
from app.work_queues.calendars.queries import due_at, load_calendar
from app.work_queues.calendars.schemas import DueUnit
from app.work_queues.calendars.working_time import Calendar, Hours, Opening

__all__ = [
    "Calendar",
    "CalendarExhausted",
    "CalendarNotFound",
    "DueUnit",
    "Hours",
    "Opening",
    "WorkCalendar",
    "WorkCalendarClosure",
    "WorkCalendarSpan",
    "due_at",
    "load_calendar",
]
