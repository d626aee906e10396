"""The states of a recording."""

from enum import StrEnum

from app.kernel.lifecycle import Lifecycle


class RecordingStatus(StrEnum):
    RECEIVING = "receiving"
    COMPLETED = "completed"
    ENTERED_IN_ERROR = "entered-in-error"


RECORDING = Lifecycle(
    "recording",
    {
        RecordingStatus.RECEIVING: {RecordingStatus.COMPLETED, RecordingStatus.ENTERED_IN_ERROR},
        RecordingStatus.COMPLETED: {RecordingStatus.ENTERED_IN_ERROR},
        RecordingStatus.ENTERED_IN_ERROR: set(),
    },
)
