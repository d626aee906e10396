"""The facts of notes, put into words once."""

from app.clinical.notes.events import AddendumSigned, NoteEnteredInError, WorkingCopyOpened
from app.clinical.notes.models import Note
from app.infra.uow import UnitOfWork


async def tell_opened(uow: UnitOfWork, note: Note) -> None:
    await uow.publish(
        WorkingCopyOpened(
            note_id=note.id,
            encounter_id=note.encounter_id,
            patient_id=note.patient_id,
            author_id=note.author_id,
            revision=note.revision,
        )
    )


async def tell_added(uow: UnitOfWork, note: Note, sequence: int) -> None:
    await uow.publish(
        AddendumSigned(
            note_id=note.id,
            encounter_id=note.encounter_id,
            patient_id=note.patient_id,
            sequence=sequence,
        )
    )


async def tell_entered_in_error(uow: UnitOfWork, note: Note) -> None:
    await uow.publish(
        NoteEnteredInError(
            note_id=note.id, encounter_id=note.encounter_id, patient_id=note.patient_id
        )
    )
