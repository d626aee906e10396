"""Reading notes: as they stand, revision by revision, and what waits for its author."""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app import audit, identity
from app.clinical import encounters
from app.clinical.notes import policies, repository, texts
from app.clinical.notes.body import SectionKey
from app.clinical.notes.diffing import NoteDiff, diff_bodies
from app.clinical.notes.documents import SignedRevision, WorkingCopy
from app.clinical.notes.doubts import open_points
from app.clinical.notes.errors import NoteChanged
from app.clinical.notes.models import Note, NoteRevision
from app.clinical.notes.schemas import (
    AddendumOut,
    EncounterNotes,
    NoteHeader,
    NoteOut,
    OpenPoints,
    Person,
    RevisionHeader,
    RevisionList,
    RevisionOut,
    WaitingDraft,
    WaitingDrafts,
)
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor, PageRequest, page_of

Names = Mapping[UUID, str]


async def get_note(uow: UnitOfWork, note_id: UUID) -> NoteOut:
    """The note as the actor may see it. Raises `NoteNotFound`, `NoteDamaged`."""
    policies.require_reader(uow)
    note = await repository.get(uow, note_id)
    shown = await present(uow, note)
    await record(uow, note, "note.read", revision=note.revision, version=shown.version)
    return shown


async def present(uow: UnitOfWork, note: Note, copy: WorkingCopy | None = None) -> NoteOut:
    """The author's open working copy, else the last signed revision; every hash recomputed."""
    source = copy or await body_source(uow, note)
    working = source if isinstance(source, WorkingCopy) and note.is_open else None
    names = await names_of(uow, [note])
    reasons = await repository.reasons_of_error(uow, [note])
    header = header_of(uow, note, names).model_dump()
    body = source.body.as_body()
    points = open_points(body, source.doubtful_words, source.accepted_words)
    return NoteOut(
        **{**header, "version": working.version if working else None},
        body=body,
        addenda=await addenda_of(uow, note),
        draft_origin=source.origin,
        summary=source.summary,
        confidence=source.confidence,
        set_aside=source.set_aside,
        amendment_reason=note.amendment_reason if working else None,
        error_reason=reasons.get(note.id),
        open=points if working else OpenPoints(),
    )


async def body_source(uow: UnitOfWork, note: Note) -> WorkingCopy | SignedRevision:
    """Where the text a reader sees comes from."""
    if note.revision == 0 or policies.sees_working_copy(uow, note):
        return await texts.read_working_copy(uow, note.id)
    return await signed_text(uow, note, note.revision)


def conflict(current: WorkingCopy, sections: Mapping[SectionKey, str]) -> NoteChanged:
    """Both texts, for the author to merge."""
    return NoteChanged(
        note_id=current.id,
        current={
            "version": current.version,
            "sections": {s.key.value: s.text for s in current.body.sections},
        },
        yours={"sections": {key.value: text for key, text in sections.items()}},
    )


async def signed_text(uow: UnitOfWork, note: Note, number: int) -> SignedRevision:
    row = await repository.revision(uow, note, number)
    is_last = row.revision == note.revision
    if is_last and row.content_sha256 != note.content_sha256:
        await texts.tell_damage(uow, note.id, "header")
    return await texts.read_revision(uow, row)


async def addenda_of(uow: UnitOfWork, note: Note) -> tuple[AddendumOut, ...]:
    rows = await repository.addenda(uow, [note.id])
    documents = await texts.read_addenda(uow, rows)
    shown: list[AddendumOut] = []
    for row in rows:
        document = documents[row.document_id]
        if document is None:
            await texts.tell_damage(uow, note.id, f"addendum {row.sequence}")
        shown.append(
            AddendumOut(
                sequence=row.sequence,
                revision=row.revision,
                text=document.text,
                signed_by=Person(id=row.signed_by, name=row.signer_name),
                signed_at=row.signed_at,
                sha256=row.content_sha256,
            )
        )
    return tuple(shown)


async def list_notes_of_encounter(
    uow: UnitOfWork, encounter_id: UUID, request: PageRequest
) -> EncounterNotes:
    """Notes of one encounter without their text, newest first."""
    policies.require_reader(uow)
    encounter = await encounters.get_encounter(uow, encounter_id)
    rows = await repository.of_encounter(uow, encounter_id, request)
    page, following = page_of(rows, request, key=lambda note: Cursor(note.created_at, note.id))
    names = await names_of(uow, page)
    await audit.record(
        uow,
        "note.list",
        patient_id=encounter.patient_id,
        subject=("encounter", encounter_id),
        detail={"count": len(page)},
    )
    items = tuple(header_of(uow, note, names) for note in page)
    return EncounterNotes(items=items, next_cursor=following)


async def drafts_of_author(uow: UnitOfWork, request: PageRequest) -> WaitingDrafts:
    """The actor's own working copies, the one touched last first."""
    policies.require_doctor(uow)
    rows = await repository.open_of_author(uow, uow.actor.id, request)
    page, following = page_of(rows, request, key=lambda row: Cursor(row[0].updated_at, row[0].id))
    copies = await texts.read_working_copies(uow, [note.id for note, _ in page])
    names = await names_of(uow, [note for note, _ in page])
    await audit.record(uow, "note.list", detail={"notes": [str(note.id) for note, _ in page]})
    items = tuple(
        WaitingDraft(
            **dict(header_of(uow, note, names)),
            patient_name=f"{patient.given_name} {patient.family_name}",
            open_words=len(open_words(copies.get(note.id))),
        )
        for note, patient in page
    )
    return WaitingDrafts(items=items, next_cursor=following)


def open_words(copy: WorkingCopy | None) -> list[int]:
    if copy is None:
        return []
    return open_points(copy.body.as_body(), copy.doubtful_words, copy.accepted_words).words


async def list_revisions(uow: UnitOfWork, note_id: UUID) -> RevisionList:
    """Every signature of a note, the first one first."""
    policies.require_reader(uow)
    note = await repository.get(uow, note_id)
    rows = await repository.revisions(uow, note_id)
    await record(uow, note, "note.list_revisions")
    return RevisionList(items=tuple(RevisionHeader(**revision_header(row)) for row in rows))


async def read_revision(uow: UnitOfWork, note_id: UUID, number: int) -> RevisionOut:
    """One signed revision, whole. Raises `RevisionNotFound`, `NoteDamaged`."""
    policies.require_reader(uow)
    note = await repository.get(uow, note_id)
    document = await signed_text(uow, note, number)
    row = await repository.revision(uow, note, number)
    await record(uow, note, "note.read", revision=number)
    return RevisionOut(
        **revision_header(row),
        note_id=note.id,
        patient_id=note.patient_id,
        type=document.type,
        body=document.body.as_body(),
        draft_origin=document.origin,
        summary=document.summary,
        confidence=document.confidence,
        set_aside=document.set_aside,
    )


async def diff_revisions(uow: UnitOfWork, note_id: UUID, before: int, after: int) -> NoteDiff:
    """What changed between two signed revisions, clinical changes first."""
    policies.require_reader(uow)
    note = await repository.get(uow, note_id)
    old = await signed_text(uow, note, before)
    new = await signed_text(uow, note, after)
    await record(uow, note, "note.compare", before=before, after=after)
    return await asyncio.to_thread(diff_bodies, old.body.as_body(), new.body.as_body())


async def record(uow: UnitOfWork, note: Note, action: str, **detail: Any) -> None:
    await audit.record(
        uow, action, patient_id=note.patient_id, subject=("note", note.id), detail=detail
    )


async def names_of(uow: UnitOfWork, notes: list[Note]) -> Names:
    ids = {note.author_id for note in notes} | {n.signed_by for n in notes if n.signed_by}
    return await identity.names_of(uow, ids)


def header_of(uow: UnitOfWork, note: Note, names: Names) -> NoteHeader:
    signer = note.signed_by
    return NoteHeader(
        id=note.id,
        encounter_id=note.encounter_id,
        patient_id=note.patient_id,
        recording_id=note.recording_id,
        type=note.type,
        status=note.status,
        author=Person(id=note.author_id, name=names[note.author_id]),
        version=note.working_version if policies.sees_working_copy(uow, note) else None,
        revision=note.revision,
        signed_by=Person(id=signer, name=names[signer]) if signer else None,
        signed_at=note.signed_at,
        content_sha256=note.content_sha256,
        created_at=note.created_at,
        updated_at=note.updated_at,
    )


def revision_header(row: NoteRevision) -> dict[str, Any]:
    return {
        "revision": row.revision,
        "reason": row.reason,
        "meaning": row.meaning,
        "signed_by": Person(id=row.signed_by, name=row.signer_name),
        "signed_at": row.signed_at,
        "content_sha256": row.content_sha256,
        "chain_sha256": row.chain_sha256,
    }
