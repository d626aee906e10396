"""What recordings tell the slices above."""

from typing import Literal
from uuid import UUID

from app.kernel.events import DomainEvent

# The job, run by the slice above, that hears what has arrived so far. A job and not an event:
# there is one for every few seconds of speech. Payload: {"recording_id": ...}.
ADVANCE = "transcription.advance"


class RecordingFinished(DomainEvent, name="clinical.recording_completed.v1"):
    """All sound there will ever be has arrived; `completed_by` is client or sweeper."""

    recording_id: UUID
    encounter_id: UUID
    patient_id: UUID
    completed_by: Literal["client", "sweeper"]


class RecordingWithdrawn(DomainEvent, name="clinical.recording_withdrawn.v1"):
    """A recording was marked as entered in error; what was made from it should say so."""

    recording_id: UUID
    encounter_id: UUID
    patient_id: UUID


def topic_of(recording_id: UUID) -> str:
    """What to wait on to be woken when this recording changes."""
    return f"recording:{recording_id}"
