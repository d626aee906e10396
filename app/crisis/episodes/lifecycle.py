"""How episodes and their steps move."""

from enum import StrEnum

from app.kernel.lifecycle import Lifecycle


class EpisodeStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class StepStatus(StrEnum):
    DUE = "due"
    DONE = "done"
    NOT_NEEDED = "not-needed"


EPISODE = Lifecycle(
    "crisis episode",
    {
        EpisodeStatus.OPEN: {EpisodeStatus.CLOSED},
        EpisodeStatus.CLOSED: {EpisodeStatus.OPEN},  # a new sign of danger within the window
    },
)
STEP = Lifecycle(
    "crisis step",
    {
        StepStatus.DUE: {StepStatus.DONE, StepStatus.NOT_NEEDED},
        StepStatus.DONE: set(),
        StepStatus.NOT_NEEDED: set(),
    },
)
