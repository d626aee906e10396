"""Facts screenings tell the others."""

from uuid import UUID

from app.crisis.risk import RiskLevel
from app.crisis.screenings.instruments import Instrument
from app.kernel.events import DomainEvent


class ScreeningCompleted(DomainEvent, name="crisis.screening_completed.v1"):
    """A screening has its result, which never changes.

    `level` is a floor; none where the instrument says nothing about suicide. `positive`: anything
    but a clear negative, so that what was left open counts as positive.
    """

    screening_id: UUID
    patient_id: UUID
    encounter_id: UUID | None
    instrument: Instrument
    level: RiskLevel | None
    positive: bool


class ScreeningEnteredInError(DomainEvent, name="crisis.screening_entered_in_error.v1"):
    """A screening was a mistake: nothing may lean on its result."""

    screening_id: UUID
    patient_id: UUID
