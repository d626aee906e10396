"""Facts about transcripts."""

from typing import Literal
from uuid import UUID

from app.kernel.events import DomainEvent

Halt = Literal["failed", "held", "no_speech"]


class TranscriptCompleted(DomainEvent, name="clinical.transcript_completed.v1"):
    """All that was said is in words, and will not change any more."""

    recording_id: UUID
    transcript_id: UUID
    encounter_id: UUID
    patient_id: UUID


class TranscriptionHalted(DomainEvent, name="clinical.transcription_halted.v1"):
    """There will be no transcript unless a person does something; `no_speech`: nothing was said."""

    recording_id: UUID
    encounter_id: UUID
    patient_id: UUID
    status: Halt


class TranscriptionRepeated(DomainEvent, name="clinical.transcription_repeated.v1"):
    """A person wants it tried again."""

    recording_id: UUID
    encounter_id: UUID
    patient_id: UUID
