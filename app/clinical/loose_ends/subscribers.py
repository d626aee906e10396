"""Which facts leave a loose end, or tie one up."""

from app.clinical import notes, recordings, transcription
from app.clinical.loose_ends.halts import follow_transcription
from app.clinical.loose_ends.signatures import follow_note
from app.infra.uow import Subscriptions, UnitOfWork
from app.kernel.events import Fact

OF_NOTES = (notes.WorkingCopyOpened, notes.WorkingCopyClosed, notes.NoteEnteredInError)
OF_RECORDINGS = (
    transcription.TranscriptionHalted,
    transcription.TranscriptionRepeated,
    transcription.TranscriptCompleted,
    recordings.RecordingWithdrawn,
)


def subscribe(subscriptions: Subscriptions) -> None:
    for about_notes in OF_NOTES:
        subscriptions.on(about_notes, on_note, name="loose_ends.note")
    for about_recordings in OF_RECORDINGS:
        subscriptions.on(about_recordings, on_recording, name="loose_ends.recording")


async def on_note(uow: UnitOfWork, fact: Fact) -> None:
    assert isinstance(fact.event, OF_NOTES)
    await follow_note(uow, fact.event.note_id)


async def on_recording(uow: UnitOfWork, fact: Fact) -> None:
    assert isinstance(fact.event, OF_RECORDINGS)
    await follow_transcription(uow, fact.event.recording_id)
