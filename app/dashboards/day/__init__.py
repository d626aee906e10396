"""The doctor's day: everything that waits for one doctor, ready to be served."""

from app.dashboards.day.days import Days, build, open_days
from app.dashboards.day.entries import Entry
from app.dashboards.day.errors import OnlyDoctorsHaveDays
from app.dashboards.day.schemas import (
    DayAppointment,
    DayCrisisStep,
    DayNote,
    DayRecording,
    DayResult,
    DayUnfinished,
    DayVisit,
    DayWork,
    DayWorkCounts,
    DoctorDay,
    NextStep,
    NoteToDo,
    RecordingState,
    UnfinishedKind,
)
from app.dashboards.day.watching import Watch, open_watch

__all__ = [
    "DayAppointment",
    "DayCrisisStep",
    "DayNote",
    "DayRecording",
    "DayResult",
    "DayUnfinished",
    "DayVisit",
    "DayWork",
    "DayWorkCounts",
    "Days",
    "DoctorDay",
    "Entry",
    "NextStep",
    "NoteToDo",
    "OnlyDoctorsHaveDays",
    "RecordingState",
    "UnfinishedKind",
    "Watch",
    "build",
    "open_days",
    "open_watch",
]
