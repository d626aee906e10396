"""A screening from its first question to its result, and screenings that are due."""

from enum import StrEnum

from app.kernel.lifecycle import Lifecycle


class ScreeningStatus(StrEnum):
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    ABANDONED = "abandoned"
    ENTERED_IN_ERROR = "entered-in-error"


class DemandStatus(StrEnum):
    """What was put off is still open: it only is not due before a moment."""

    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


SCREENING = Lifecycle(
    "screening",
    {
        ScreeningStatus.IN_PROGRESS: {ScreeningStatus.COMPLETED, ScreeningStatus.ABANDONED},
        ScreeningStatus.COMPLETED: {ScreeningStatus.ENTERED_IN_ERROR},
        ScreeningStatus.ABANDONED: {ScreeningStatus.ENTERED_IN_ERROR},
        ScreeningStatus.ENTERED_IN_ERROR: set(),
    },
)

SCREENING_DEMAND = Lifecycle(
    "demand for a screening",
    {
        DemandStatus.OPEN: {DemandStatus.ANSWERED, DemandStatus.WITHDRAWN},
        # The screening that answered it was a mistake.
        DemandStatus.ANSWERED: {DemandStatus.OPEN, DemandStatus.WITHDRAWN},
        DemandStatus.WITHDRAWN: set(),
    },
)
