"""Texts that wait for their author's signature, for whoever sees that they are not forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select

from app.clinical.notes import repository
from app.clinical.notes.lifecycle import NoteStatus
from app.clinical.notes.models import Note
from app.infra.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsigned:
    """A draft, or an amendment of a signed note. `since`: its beginning, or its last change."""

    note_id: UUID
    patient_id: UUID
    author_id: UUID
    since: datetime
    amendment: bool

    @classmethod
    def of(cls, note: Note) -> "Unsigned":
        return cls(
            note_id=note.id,
            patient_id=note.patient_id,
            author_id=note.author_id,
            since=note.updated_at if note.revision else note.created_at,
            amendment=bool(note.revision),
        )


async def unsigned(uow: UnitOfWork, note_id: UUID) -> Unsigned | None:
    """What of a note waits for a signature, under a lock of its row; None: nothing does."""
    note = await repository.find(uow, note_id, lock=True)
    return Unsigned.of(note) if note is not None and note.is_open else None


async def unsigned_before(
    uow: UnitOfWork, moment: datetime, unless: ColumnElement[bool], *, limit: int
) -> Sequence[Unsigned]:
    """Drafts begun before then, the oldest first; `unless`: but for those of which this holds."""
    statement = (
        select(Note)
        .where(Note.working_version.is_not(None), Note.status == NoteStatus.DRAFT)
        .where(Note.created_at < moment, ~unless)
        .order_by(Note.created_at, Note.id)
        .limit(limit)
    )
    return [Unsigned.of(note) for note in await uow.db.scalars(statement)]
