"""Proposals come and go with the text of a note.

Facts may arrive late, twice or in the wrong order; so each only makes us look at the note.
"""

from app.clinical import notes
from app.clinical.prescriptions.proposing import examine_note
from app.infra.uow import Subscriptions, UnitOfWork
from app.kernel.events import Fact

OF_NOTES = (notes.WorkingCopyOpened, notes.WorkingCopyClosed, notes.NoteEnteredInError)


def subscribe(subscriptions: Subscriptions) -> None:
    for about_notes in OF_NOTES:
        subscriptions.on(about_notes, on_note, name="prescriptions.propose")


async def on_note(uow: UnitOfWork, fact: Fact) -> None:
    assert isinstance(fact.event, OF_NOTES)
    await examine_note(uow, fact.event.note_id)
