"""What notes do when something happens elsewhere, or has happened here."""

from app.clinical import transcription
from app.clinical.notes import drafting, texts
from app.clinical.notes.events import WorkingCopyClosed
from app.clinical.notes.repository import find
from app.clinical.notes.structuring import NoteStructurer, RuleStructurer
from app.infra.uow import Subscriber, Subscriptions, UnitOfWork
from app.kernel.events import Fact


def subscribe(subscriptions: Subscriptions, structurer: NoteStructurer | None = None) -> None:
    """Listen for transcripts, with the rules or with a site's own structurer."""
    subscriptions.on(
        transcription.TranscriptCompleted,
        drafting_with(structurer or RuleStructurer()),
        name="notes.draft",
    )
    subscriptions.on(WorkingCopyClosed, clear_working_copy, name="notes.clear_working_copy")


def drafting_with(structurer: NoteStructurer) -> Subscriber:
    async def draft(uow: UnitOfWork, fact: Fact) -> None:
        assert isinstance(fact.event, transcription.TranscriptCompleted)
        await drafting.draft_from_transcript(uow, fact.event.recording_id, structurer)

    return draft


async def clear_working_copy(uow: UnitOfWork, fact: Fact) -> None:
    """Remove a working copy to which no header points any more. Safe to run again."""
    assert isinstance(fact.event, WorkingCopyClosed)
    note = await find(uow, fact.event.note_id, lock=True)
    if note is not None and note.revision and not note.is_open:
        await texts.clear_working_copy(uow, note.id, up_to=fact.event.version)
