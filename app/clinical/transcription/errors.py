"""What can be in the way of a transcript."""

from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, NotFound


class TranscriptNotFound(NotFound):
    """There is no transcript of this recording yet."""

    recording_id: UUID


class LeaseLost(Conflict):
    """Another worker has taken over this transcription."""

    recording_id: UUID


class NothingToRepeat(Conflict):
    """Only a transcription that failed or is on hold can be tried again."""

    recording_id: UUID
    current: str


class UtterancesMissing(Conflict):
    """Words that were saved are not there any more; they will be heard again."""

    recording_id: UUID


class NotATranscriptReader(Forbidden):
    """Only doctors and nurses may read transcripts."""


class NotYoursToRepeat(Forbidden):
    """Only a doctor may have a transcription tried again."""
