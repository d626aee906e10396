"""Finding notes by words and beginnings of words, newest first."""

from uuid import UUID

from app import audit
from app.clinical.notes import policies, reading, repository
from app.clinical.notes.lifecycle import NoteStatus
from app.clinical.notes.models import Note
from app.clinical.notes.projection import searched_texts
from app.clinical.notes.repository import NoteFilter
from app.clinical.notes.schemas import FoundNote, FoundNotes
from app.clinical.notes.typed_text import prefix_query, snippet_of
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor, PageRequest, page_of


async def search_notes(
    uow: UnitOfWork,
    request: PageRequest,
    *,
    q: str | None = None,
    patient_id: UUID | None = None,
    status: NoteStatus | None = None,
) -> FoundNotes:
    """Notes in which each word of the question begins a word; without a question, all.

    Unsigned drafts are found by their author only, an open amendment once it is signed.
    """
    policies.require_reader(uow)
    query = prefix_query(q) if q and q.strip() else None
    if q and q.strip() and query is None:
        return FoundNotes(items=(), next_cursor=None)  # punctuation is in no note
    wanted = NoteFilter(query=query, patient_id=patient_id, status=status)
    rows = await repository.search(uow, wanted, request)
    page, following = page_of(rows, request, key=lambda row: Cursor(row[2], row[0].id))
    notes = [note for note, _, _ in page]
    names = await reading.names_of(uow, notes)
    bodies = await searched_texts(uow, notes)
    items: list[FoundNote] = []
    for note, patient, date in page:
        snippet = snippet_of(bodies[note.id], q or "")
        items.append(
            FoundNote(
                **dict(reading.header_of(uow, note, names)),
                patient_name=f"{patient.given_name} {patient.family_name}",
                date=date,
                snippet=snippet.text,
                hits=snippet.hits,
            )
        )
    await record_search(uow, notes, patient_id)
    return FoundNotes(items=tuple(items), next_cursor=following)


async def record_search(uow: UnitOfWork, notes: list[Note], patient_id: UUID | None) -> None:
    """Whose records were shown, never what was asked for."""
    patients = list(dict.fromkeys(str(note.patient_id) for note in notes))
    await audit.record(
        uow,
        "note.search",
        patient_id=patient_id,
        detail={"notes": [str(note.id) for note in notes], "patients": patients},
    )
