"""The life of an encounter: under way, then over for one reason or another (FHIR R5 words)."""

from enum import StrEnum

from app.kernel.lifecycle import Lifecycle


class EncounterStatus(StrEnum):
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered-in-error"


ENCOUNTER = Lifecycle(
    "encounter",
    {
        EncounterStatus.IN_PROGRESS: {
            EncounterStatus.COMPLETED,
            EncounterStatus.CANCELLED,
            EncounterStatus.ENTERED_IN_ERROR,
        },
        EncounterStatus.COMPLETED: {EncounterStatus.ENTERED_IN_ERROR},
        EncounterStatus.CANCELLED: {EncounterStatus.ENTERED_IN_ERROR},
        EncounterStatus.ENTERED_IN_ERROR: set(),
    },
)
