"""What clinical work leaves waiting for somebody, as tasks and alerts that end by themselves."""

from app.clinical.loose_ends.halts import follow_transcription
from app.clinical.loose_ends.signatures import follow_note

__all__ = ["follow_note", "follow_transcription"]
