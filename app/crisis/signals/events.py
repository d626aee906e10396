"""Facts about signals."""

from uuid import UUID

from app.crisis.detection import Concept
from app.kernel.events import DomainEvent


class SignalProposed(DomainEvent, name="crisis.signal_proposed.v1"):
    """Something was found that may mean danger; a person has to look at it."""

    signal_id: UUID
    patient_id: UUID
    encounter_id: UUID | None
    note_id: UUID | None
    concept: Concept
    critical: bool


class SignalConfirmed(DomainEvent, name="crisis.signal_confirmed.v1"):
    """A clinician says that it is a sign of danger, or raised it."""

    signal_id: UUID
    patient_id: UUID
    encounter_id: UUID | None
    note_id: UUID | None
    concept: Concept
    critical: bool


class SignalDismissed(DomainEvent, name="crisis.signal_dismissed.v1"):
    """A clinician says that it is none, and why."""

    signal_id: UUID
    patient_id: UUID
    encounter_id: UUID | None
    note_id: UUID | None
    concept: Concept
    critical: bool


class SignalWithdrawn(DomainEvent, name="crisis.signal_withdrawn.v1"):
    """What it was found in is gone, before anybody answered."""

    signal_id: UUID
    patient_id: UUID
    encounter_id: UUID | None
    note_id: UUID | None
    concept: Concept
    critical: bool
