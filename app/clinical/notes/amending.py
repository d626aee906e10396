"""After the signature: amendments, and notes that should never have been."""

from uuid import UUID

from app.clinical.notes import policies, reading, repository, texts
from app.clinical.notes.documents import SignedRevision, WorkingCopy
from app.clinical.notes.errors import NoAmendmentOpen
from app.clinical.notes.events import WorkingCopyClosed
from app.clinical.notes.models import Note
from app.clinical.notes.schemas import NoteOut
from app.clinical.notes.telling import tell_entered_in_error, tell_opened
from app.infra.uow import UnitOfWork


async def open_amendment(uow: UnitOfWork, note_id: UUID, *, reason: str) -> NoteOut:
    """Open a working copy of the last signed revision; signing it makes the next one.

    Raises `NotTheAuthor`, `NoteNotSigned`, `AmendmentOpen`.
    """
    note = await held_by_author(uow, note_id)
    note.open_amendment(reason, at=uow.now)
    signed = await reading.signed_text(uow, note, note.revision)
    await texts.reopen_working_copy(uow, copy_of(uow, note, signed))
    await reading.record(uow, note, "note.open_amendment", version=note.working_version)
    await tell_opened(uow, note)
    return await reading.present(uow, note)


def copy_of(uow: UnitOfWork, note: Note, signed: SignedRevision) -> WorkingCopy:
    return WorkingCopy(
        id=note.id,
        patient_id=note.patient_id,
        version=note.versions_used,
        body=signed.body,
        origin=signed.origin,
        summary=signed.summary,
        confidence=signed.confidence,
        set_aside=signed.set_aside,
        doubtful_words=signed.doubtful_words,
        accepted_words=signed.accepted_words,
        updated_at=uow.now,
        updated_by=uow.actor.id,
    )


async def drop_amendment(uow: UnitOfWork, note_id: UUID) -> NoteOut:
    """Give an amendment up; the signed revisions stay as they are. Raises `NoAmendmentOpen`."""
    note = await held_by_author(uow, note_id)
    if not (note.is_open and note.revision):
        raise NoAmendmentOpen(note_id=note_id)
    # An amendment whose text is lost can be given up all the same, or the note would be stuck.
    copy = (await texts.read_working_copies(uow, [note_id])).get(note_id)
    version = copy.version if copy else note.versions_used
    note.saved(version, at=uow.now)
    note.close()
    await reading.record(uow, note, "note.drop_amendment", version=version)
    await uow.publish(WorkingCopyClosed(note_id=note_id, version=version))
    return await reading.present(uow, note)


async def enter_in_error(uow: UnitOfWork, note_id: UUID, *, reason: str) -> NoteOut:
    """Mark a note that should never have been; it stays readable. Raises `AmendmentOpen`."""
    note = await held_by_author(uow, note_id)
    uow.db.add(note.enter_in_error(by=uow.actor.id, at=uow.now, reason=reason))
    await uow.db.flush()
    await reading.record(uow, note, "note.enter_in_error", revision=note.revision)
    await tell_entered_in_error(uow, note)
    return await reading.present(uow, note)


async def held_by_author(uow: UnitOfWork, note_id: UUID) -> Note:
    """The note under its row lock, in the hands of its author."""
    policies.require_doctor(uow)
    note = await repository.get(uow, note_id, lock=True)
    policies.require_author(uow, note)
    return note
