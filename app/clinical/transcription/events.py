"""Facts about transcripts."""

from uuid import UUID

from app.kernel.events import DomainEvent


class TranscriptCompleted(DomainEvent, name="clinical.transcript_completed.v1"):
    """All that was said is in words, and will not change any more."""

    recording_id: UUID
    transcript_id: UUID
    encounter_id: UUID
    patient_id: UUID
