"""What a note is found by, kept in the transaction that changes the note."""

from collections.abc import Callable, Collection, Sequence
from uuid import UUID

from app.clinical.notes import repository, texts
from app.clinical.notes.body import NoteBody
from app.clinical.notes.documents import SignedRevision, WorkingCopy
from app.clinical.notes.models import Note
from app.clinical.notes.typed_text import search_words
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor

REBUILDER = Actor.system("note-search-rebuilder")
NOTES_AT_ONCE = 100


async def put_draft_terms(uow: UnitOfWork, note: Note, copy: WorkingCopy) -> None:
    await repository.put_search_terms(uow, note, search_words(texts_of(copy)))


async def put_signed_terms(
    uow: UnitOfWork, note: Note, document: SignedRevision, addenda: Sequence[str]
) -> None:
    """The signed text and its addenda; an open amendment is found once it is signed."""
    await repository.put_search_terms(uow, note, search_words([*texts_of(document), *addenda]))


def texts_of(source: WorkingCopy | SignedRevision) -> list[str]:
    return [section.text for section in source.body.sections if section.text]


async def rebuild_search(
    works: Works, on_progress: Callable[[int, int], None] | None = None
) -> int:
    """Make the projection anew from the notes; a damaged text is left out. Returns how many."""
    async with works.begin(REBUILDER) as uow:
        total = await repository.count(uow)
    done, last = 0, None
    while True:
        async with works.begin(REBUILDER) as uow:
            notes = await repository.all_after(uow, last, limit=NOTES_AT_ONCE)
            await project(uow, notes)
        if not notes:
            return done
        done, last = done + len(notes), notes[-1].id
        if on_progress is not None:
            on_progress(done, max(total, done))


async def project(uow: UnitOfWork, notes: Sequence[Note]) -> None:
    found = await searched_texts(uow, notes)
    for note in notes:
        await repository.put_search_terms(uow, note, search_words(found[note.id]))


async def signed_bodies(uow: UnitOfWork, note_ids: Collection[UUID]) -> dict[UUID, NoteBody]:
    """What counts of these signed notes, by note, for copies for reading; audits nothing.

    Notes that are unsigned or entered in error are left out, and those whose text is damaged.
    """
    notes = await repository.standing(uow, note_ids)
    rows = await repository.last_revisions(uow, notes)
    signed = await texts.read_revisions(uow, list(rows.values()))
    found = {note_id: signed[row.document_id] for note_id, row in rows.items()}
    return {note_id: text.body.as_body() for note_id, text in found.items() if text}


async def searched_texts(uow: UnitOfWork, notes: Sequence[Note]) -> dict[UUID, list[str]]:
    """What is searched of each note; nothing of one whose text is damaged."""
    rows = await repository.last_revisions(uow, notes)
    signed = await texts.read_revisions(uow, list(rows.values()))
    copies = await texts.read_working_copies(uow, [n.id for n in notes if n.revision == 0])
    addenda = await repository.addenda(uow, [note.id for note in notes])
    added = await texts.read_addenda(uow, addenda)
    found: dict[UUID, list[str]] = {}
    for note in notes:
        row = rows.get(note.id)
        source = signed[row.document_id] if row else copies.get(note.id)
        found[note.id] = texts_of(source) if source else []
    for addendum in addenda:
        document = added[addendum.document_id]
        found[addendum.note_id] += [document.text] if document else []
    return found
