"""When minutes count: working hours and holidays, and deadlines in them."""

from app.work_queues.calendars.models import WorkCalendar, WorkCalendarClosure, WorkCalendarSpan
from app.work_queues.calendars.schemas import DueUnit

__all__ = ["DueUnit", "WorkCalendar", "WorkCalendarClosure", "WorkCalendarSpan"]
