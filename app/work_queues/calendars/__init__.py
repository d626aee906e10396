"""When minutes count: working hours and holidays, and deadlines in them."""

from app.work_queues.calendars.errors import (
    CalendarChanged,
    CalendarExhausted,
    CalendarFixed,
    CalendarNotFound,
    CalendarUnfit,
    ClosureNotFound,
    MayNotKeepCalendars,
)
from app.work_queues.calendars.models import WorkCalendar, WorkCalendarClosure, WorkCalendarSpan
from app.work_queues.calendars.queries import due_at, find_calendar, list_calendars, load_calendar
from app.work_queues.calendars.schemas import CalendarOut, Closure, DueUnit, OpenSpan, SaveCalendar
from app.work_queues.calendars.service import (
    ALWAYS,
    OFFICE_HOURS,
    add_closure,
    remove_closure,
    save_calendar,
)
from app.work_queues.calendars.working_time import Calendar, Hours, Opening

__all__ = [
    "ALWAYS",
    "OFFICE_HOURS",
    "Calendar",
    "CalendarChanged",
    "CalendarExhausted",
    "CalendarFixed",
    "CalendarNotFound",
    "CalendarOut",
    "CalendarUnfit",
    "Closure",
    "ClosureNotFound",
    "DueUnit",
    "Hours",
    "MayNotKeepCalendars",
    "OpenSpan",
    "Opening",
    "SaveCalendar",
    "WorkCalendar",
    "WorkCalendarClosure",
    "WorkCalendarSpan",
    "add_closure",
    "due_at",
    "find_calendar",
    "list_calendars",
    "load_calendar",
    "remove_closure",
    "save_calendar",
]
