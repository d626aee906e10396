"""Every statement that touches the notes' tables."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, cast, func, or_, select, true, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, insert
from sqlalchemy.types import Text

from app.clinical.notes.errors import NoteNotFound, RevisionNotFound
from app.clinical.notes.lifecycle import NoteStatus
from app.clinical.notes.models import Note, NoteAddendum, NoteMove, NoteRevision, NoteSearch
from app.infra.uow import UnitOfWork
from app.kernel.actors import Actor, Role
from app.kernel.paging import PageRequest
from app.patients import Patient, joined_to_patient, records_of, visible_patients

READS_DRAFTS = (Role.DOCTOR, Role.SYSTEM)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFilter:
    """Which notes are searched; None asks for any."""

    query: str | None = None
    patient_id: UUID | None = None
    status: NoteStatus | None = None


def readable(actor: Actor) -> ColumnElement[bool]:
    """Drafts are for doctors; everybody else sees a note from its first signature on."""
    return true() if actor.has_any(*READS_DRAFTS) else Note.revision > 0


def visible(uow: UnitOfWork) -> Select[Note]:
    joined = joined_to_patient(select(Note), Note.patient_id)
    return joined.where(visible_patients(uow), readable(uow.actor))


async def get(uow: UnitOfWork, note_id: UUID, *, lock: bool = False) -> Note:
    statement = visible(uow).where(Note.id == note_id)
    if lock:
        statement = statement.with_for_update(of=Note, key_share=True)
        statement = statement.execution_options(populate_existing=True)
    note = (await uow.db.execute(statement)).scalar_one_or_none()
    if note is None:
        raise NoteNotFound(note_id=note_id)
    return note


async def find(uow: UnitOfWork, note_id: UUID, *, lock: bool = False) -> Note | None:
    """A note by id for the system's own work, whoever may see it."""
    held = {"key_share": True} if lock else None
    return await uow.db.get(Note, note_id, with_for_update=held)


async def add_once(uow: UnitOfWork, note: Note) -> bool:
    """Insert a header unless it is there already; False when it was."""
    columns = {c.key: getattr(note, c.key) for c in Note.__table__.columns}
    statement = insert(Note).values(**columns).on_conflict_do_nothing().returning(Note.id)
    return (await uow.db.execute(statement)).scalar_one_or_none() is not None


async def of_encounter(uow: UnitOfWork, encounter_id: UUID, request: PageRequest) -> Sequence[Note]:
    """One row more than the page holds, newest first."""
    statement = visible(uow).where(Note.encounter_id == encounter_id)
    if request.cursor is not None:
        last = (request.cursor.at, request.cursor.id)
        statement = statement.where(tuple_(Note.created_at, Note.id) < tuple_(*last))
    newest_first = (Note.created_at.desc(), Note.id.desc())
    return (await uow.db.scalars(statement.order_by(*newest_first).limit(request.limit + 1))).all()


async def open_of_author(
    uow: UnitOfWork, author_id: UUID, request: PageRequest
) -> Sequence[tuple[Note, Patient]]:
    """Working copies that wait for their author, the one touched last first."""
    statement = (
        visible(uow)
        .add_columns(Patient)
        .where(Note.author_id == author_id, Note.working_version.is_not(None))
    )
    if request.cursor is not None:
        last = (request.cursor.at, request.cursor.id)
        statement = statement.where(tuple_(Note.updated_at, Note.id) < tuple_(*last))
    newest_first = (Note.updated_at.desc(), Note.id.desc())
    rows = await uow.db.execute(statement.order_by(*newest_first).limit(request.limit + 1))
    return [(row[0], row[1]) for row in rows]


async def search(
    uow: UnitOfWork, wanted: NoteFilter, request: PageRequest
) -> Sequence[tuple[Note, Patient, datetime]]:
    """Notes that hold every word, newest first; unsigned ones are found by their author only."""
    statement: Select[Any] = (
        visible(uow)
        .join(NoteSearch, NoteSearch.note_id == Note.id)
        .add_columns(Patient, NoteSearch.sorted_at)
        .where(or_(Note.revision > 0, Note.author_id == uow.actor.id))
    )
    if wanted.query is not None:
        statement = statement.where(NoteSearch.terms.op("@@")(cast(wanted.query, TSQUERY)))
    if wanted.patient_id is not None:
        statement = statement.where(NoteSearch.patient_id.in_(records_of(wanted.patient_id)))
    if wanted.status is not None:
        statement = statement.where(Note.status == wanted.status)
    if request.cursor is not None:
        last = (request.cursor.at, request.cursor.id)
        statement = statement.where(
            tuple_(NoteSearch.sorted_at, NoteSearch.note_id) < tuple_(*last)
        )
    newest_first = (NoteSearch.sorted_at.desc(), NoteSearch.note_id.desc())
    rows = await uow.db.execute(statement.order_by(*newest_first).limit(request.limit + 1))
    return [(row[0], row[1], row[2]) for row in rows]


async def put_search_terms(uow: UnitOfWork, note: Note, words: Collection[str]) -> None:
    values = {
        "note_id": note.id,
        "patient_id": note.patient_id,
        "sorted_at": note.created_at,
        "terms": func.array_to_tsvector(cast(list(words), ARRAY(Text))),
    }
    statement = insert(NoteSearch).values(**values)
    changed = {name: statement.excluded[name] for name in values if name != "note_id"}
    await uow.db.execute(
        statement.on_conflict_do_update(index_elements=[NoteSearch.note_id], set_=changed)
    )


async def all_after(uow: UnitOfWork, note_id: UUID | None, *, limit: int) -> Sequence[Note]:
    """Every note in the order of ids, for rebuilding what is derived from them."""
    statement = select(Note).order_by(Note.id).limit(limit).with_for_update(key_share=True)
    if note_id is not None:
        statement = statement.where(Note.id > note_id)
    return (await uow.db.scalars(statement)).all()


async def standing(uow: UnitOfWork, note_ids: Collection[UUID]) -> Sequence[Note]:
    """Those of these notes that are signed and not in error, for the system's own work."""
    signed = Note.revision > 0, Note.status != NoteStatus.ENTERED_IN_ERROR
    return (await uow.db.scalars(select(Note).where(Note.id.in_(note_ids), *signed))).all()


async def count(uow: UnitOfWork) -> int:
    return (await uow.db.scalar(select(func.count()).select_from(Note))) or 0


async def revisions(uow: UnitOfWork, note_id: UUID) -> Sequence[NoteRevision]:
    statement = select(NoteRevision).where(NoteRevision.note_id == note_id)
    return (await uow.db.scalars(statement.order_by(NoteRevision.revision))).all()


async def last_revisions(uow: UnitOfWork, notes: Collection[Note]) -> dict[UUID, NoteRevision]:
    """The current signature of each signed note, by note."""
    wanted = [(note.id, note.revision) for note in notes if note.revision]
    if not wanted:
        return {}
    key = tuple_(NoteRevision.note_id, NoteRevision.revision)
    found = await uow.db.scalars(select(NoteRevision).where(key.in_(wanted)))
    return {row.note_id: row for row in found}


async def revision(uow: UnitOfWork, note: Note, number: int) -> NoteRevision:
    found = await uow.db.get(NoteRevision, (note.id, number))
    if found is None:
        raise RevisionNotFound(note_id=note.id, revision=number)
    return found


async def addenda(uow: UnitOfWork, note_ids: Collection[UUID]) -> Sequence[NoteAddendum]:
    statement = select(NoteAddendum).where(NoteAddendum.note_id.in_(note_ids))
    ordered = statement.order_by(NoteAddendum.note_id, NoteAddendum.sequence)
    return (await uow.db.scalars(ordered)).all()


async def reasons_of_error(uow: UnitOfWork, notes: Collection[Note]) -> dict[UUID, str]:
    """Why notes were entered in error, by note."""
    wanted = [note.id for note in notes if note.status is NoteStatus.ENTERED_IN_ERROR]
    if not wanted:
        return {}
    statement = select(NoteMove).where(
        NoteMove.note_id.in_(wanted), NoteMove.to_status == NoteStatus.ENTERED_IN_ERROR
    )
    return {move.note_id: move.reason or "" for move in await uow.db.scalars(statement)}


POINTERS: dict[str, Any] = {
    "note_drafts": Note.id,
    "note_revisions": NoteRevision.document_id,
    "note_addenda": NoteAddendum.document_id,
}


async def known_texts(uow: UnitOfWork, name: str, ids: Collection[UUID]) -> set[UUID]:
    """Those of the texts of a collection to which something points."""
    pointer = POINTERS[name]
    return set((await uow.db.scalars(select(pointer).where(pointer.in_(ids)))).all())
