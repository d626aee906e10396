"""The life of a result, in the words of FHIR's diagnostic-report-status."""

from enum import StrEnum

from app.kernel.lifecycle import Lifecycle


class ReportStatus(StrEnum):
    REGISTERED = "registered"
    PRELIMINARY = "preliminary"
    FINAL = "final"
    CORRECTED = "corrected"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered-in-error"


# Each report of a laboratory is a move; a preliminary or corrected one may come once more.
DIAGNOSTIC_REPORT = Lifecycle(
    "diagnostic-report",
    {
        ReportStatus.REGISTERED: {
            ReportStatus.PRELIMINARY,
            ReportStatus.FINAL,
            ReportStatus.CORRECTED,  # of a final report that never reached us
            ReportStatus.CANCELLED,
            ReportStatus.ENTERED_IN_ERROR,
        },
        ReportStatus.PRELIMINARY: {
            ReportStatus.PRELIMINARY,
            ReportStatus.FINAL,
            ReportStatus.CORRECTED,
            ReportStatus.CANCELLED,
            ReportStatus.ENTERED_IN_ERROR,
        },
        ReportStatus.FINAL: {ReportStatus.CORRECTED, ReportStatus.ENTERED_IN_ERROR},
        ReportStatus.CORRECTED: {ReportStatus.CORRECTED, ReportStatus.ENTERED_IN_ERROR},
        ReportStatus.CANCELLED: {ReportStatus.ENTERED_IN_ERROR},
        ReportStatus.ENTERED_IN_ERROR: set(),
    },
)
WITHDRAWN = frozenset({ReportStatus.CANCELLED, ReportStatus.ENTERED_IN_ERROR})
