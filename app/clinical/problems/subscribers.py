"""A text is looked through when it comes to be, is signed, or is found to be a mistake."""

from app.clinical import notes
from app.clinical.problems.suggesting import examine_note
from app.infra.uow import Subscriptions, UnitOfWork
from app.kernel.events import Fact

OF_NOTES = (notes.WorkingCopyOpened, notes.WorkingCopyClosed, notes.NoteEnteredInError)


def subscribe(subscriptions: Subscriptions) -> None:
    for about_notes in OF_NOTES:
        subscriptions.on(about_notes, on_note, name="problems.examine")


async def on_note(uow: UnitOfWork, fact: Fact) -> None:
    """Facts may come late and in any order: each makes us look at the note as it is."""
    assert isinstance(fact.event, OF_NOTES)
    await examine_note(uow, fact.event.note_id)
