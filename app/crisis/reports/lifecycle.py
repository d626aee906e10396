"""A report that is due, made and filed; a clock that fires or is given up."""

from enum import StrEnum

from app.kernel.lifecycle import Lifecycle


class ReportStatus(StrEnum):
    """`filed-late` is filed all the same: nothing ever keeps a report from being filed."""

    OPEN = "open"
    ORAL_MADE = "oral-made"
    FILED = "filed"
    FILED_LATE = "filed-late"
    NOT_REQUIRED = "not-required"


class ClockStatus(StrEnum):
    PLANNED = "planned"
    FIRED = "fired"
    VOIDED = "voided"


MANDATORY_REPORT = Lifecycle(
    "mandatory report",
    {
        ReportStatus.OPEN: {
            ReportStatus.ORAL_MADE,
            ReportStatus.FILED,
            ReportStatus.FILED_LATE,
            ReportStatus.NOT_REQUIRED,
        },
        ReportStatus.ORAL_MADE: {ReportStatus.FILED, ReportStatus.FILED_LATE},
        ReportStatus.FILED: set(),
        ReportStatus.FILED_LATE: set(),
        ReportStatus.NOT_REQUIRED: set(),
    },
)

REPORT_CLOCK = Lifecycle(
    "clock of a report",
    {
        ClockStatus.PLANNED: {ClockStatus.FIRED, ClockStatus.VOIDED},
        ClockStatus.FIRED: set(),
        ClockStatus.VOIDED: set(),
    },
)
