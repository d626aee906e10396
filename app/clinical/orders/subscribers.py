"""Texts are looked through for orders when they come to be.

Facts may arrive late, twice or in the wrong order; each makes us look at the note as it is.
"""

from app.clinical import notes
from app.clinical.orders.proposing import look_through
from app.infra.uow import Subscriptions, UnitOfWork
from app.kernel.events import Fact

OF_NOTES = (notes.WorkingCopyOpened, notes.WorkingCopyClosed, notes.NoteEnteredInError)


def subscribe(subscriptions: Subscriptions) -> None:
    for about_notes in OF_NOTES:
        subscriptions.on(about_notes, on_note, name="orders.look_through")


async def on_note(uow: UnitOfWork, fact: Fact) -> None:
    assert isinstance(fact.event, OF_NOTES)
    await look_through(uow, fact.event.note_id)
