"""Every statement that touches the notes' texts in Mongo.

A working copy has one document and an integer version, changed by compare-and-set. Signed texts
are written once under an id made from their content; each is hashed again whenever it is read.
"""

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

import bson
from pydantic import ValidationError
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import DuplicateKeyError

from app import audit
from app.clinical.notes.custody import chain_sha256, content_sha256, to_milliseconds
from app.clinical.notes.documents import SignedAddendum, SignedRevision, WorkingCopy, stored
from app.clinical.notes.errors import NoteDamaged, NoteTooLong
from app.clinical.notes.models import NoteAddendum, NoteRevision
from app.infra.uow import UnitOfWork

MOST_BYTES = 12 * 1024 * 1024  # Mongo holds 16 MiB in a document; a signed copy needs some air

Raw = dict[str, Any]


def collection(uow: UnitOfWork, name: str) -> AsyncCollection[Raw]:
    return uow.stores.documents[name]


def drafts(uow: UnitOfWork) -> AsyncCollection[Raw]:
    return collection(uow, WorkingCopy.Settings.name)


def weighed(uow: UnitOfWork, copy: WorkingCopy) -> Raw:
    """The document to be stored; raises `NoteTooLong`."""
    raw = stored(copy)
    if len(bson.encode(raw, codec_options=drafts(uow).codec_options)) > MOST_BYTES:
        raise NoteTooLong(note_id=copy.id)
    return raw


async def begin_working_copy(uow: UnitOfWork, copy: WorkingCopy) -> WorkingCopy:
    """Store the first working copy of a note; one that is there already is kept and returned.

    It is touched then, so that the sweeper of orphans leaves it alone while its header is written.
    """
    try:
        await drafts(uow).insert_one(weighed(uow, copy))
    except DuplicateKeyError:
        await drafts(uow).update_one({"_id": copy.id}, {"$set": {"updated_at": uow.now}})
        return await read_working_copy(uow, copy.id)
    return copy


async def reopen_working_copy(uow: UnitOfWork, copy: WorkingCopy) -> None:
    """Store the working copy of an amendment over whatever a crash left behind."""
    await drafts(uow).replace_one({"_id": copy.id}, weighed(uow, copy), upsert=True)


async def read_working_copy(uow: UnitOfWork, note_id: UUID) -> WorkingCopy:
    found = await read_working_copies(uow, [note_id])
    if note_id not in found:
        await tell_damage(uow, note_id, "working copy")
    return found[note_id]


async def read_working_copies(uow: UnitOfWork, note_ids: Iterable[UUID]) -> dict[UUID, WorkingCopy]:
    """By note; one that is missing or unreadable is left out."""
    found: dict[UUID, WorkingCopy] = {}
    async for raw in drafts(uow).find({"_id": {"$in": list(note_ids)}}):
        try:
            found[raw["_id"]] = WorkingCopy.model_validate(raw)
        except ValidationError:
            continue
    return found


async def exchange_working_copy(uow: UnitOfWork, copy: WorkingCopy, *, seen: int) -> bool:
    """Replace version `seen`, and only that one; False when it is not the current one."""
    replaced = await drafts(uow).find_one_and_replace(
        {"_id": copy.id, "version": seen}, weighed(uow, copy), projection={"_id": True}
    )
    return replaced is not None


async def clear_working_copy(uow: UnitOfWork, note_id: UUID, *, up_to: int) -> None:
    """Remove a closed working copy; a newer one stays."""
    await drafts(uow).delete_one({"_id": note_id, "version": {"$lte": up_to}})


async def freeze(uow: UnitOfWork, document: SignedRevision | SignedAddendum) -> None:
    """Store a signed text; the same content twice is stored once."""
    try:
        await collection(uow, document.Settings.name).insert_one(stored(document))
    except DuplicateKeyError:
        return


async def read_revisions(
    uow: UnitOfWork, rows: Sequence[NoteRevision]
) -> dict[UUID, SignedRevision | None]:
    """Signed revisions by document id, each hashed again; None where it is not what was signed."""
    raws = await fetch(uow, SignedRevision.Settings.name, [row.document_id for row in rows])
    return {row.document_id: intact_revision(row, raws.get(row.document_id)) for row in rows}


async def read_revision(uow: UnitOfWork, row: NoteRevision) -> SignedRevision:
    """One signed revision; raises `NoteDamaged` when it is not what was signed."""
    document = (await read_revisions(uow, [row]))[row.document_id]
    if document is None:
        await tell_damage(uow, row.note_id, f"revision {row.revision}")
    return document


async def read_addenda(
    uow: UnitOfWork, rows: Sequence[NoteAddendum]
) -> dict[UUID, SignedAddendum | None]:
    """Signed addenda by document id, each hashed again; None where it is not what was signed."""
    raws = await fetch(uow, SignedAddendum.Settings.name, [row.document_id for row in rows])
    before: dict[UUID, str] = {}
    found: dict[UUID, SignedAddendum | None] = {}
    for row in rows:
        raw = raws.get(row.document_id)
        found[row.document_id] = intact_addendum(row, raw, previous=before.get(row.note_id))
        before[row.note_id] = row.content_sha256
    return found


async def fetch(uow: UnitOfWork, name: str, ids: Iterable[UUID]) -> dict[UUID, Raw]:
    found = collection(uow, name).find({"_id": {"$in": list(ids)}})
    return {raw["_id"]: raw async for raw in found}


async def hashes(
    uow: UnitOfWork, kind: type[SignedRevision | SignedAddendum], ids: Iterable[UUID]
) -> dict[UUID, str]:
    """The hash of each stored document, computed now, where it has a canonical form."""
    found: dict[UUID, str] = {}
    for document_id, raw in (await fetch(uow, kind.Settings.name, ids)).items():
        with contextlib.suppress(TypeError, ValueError):
            found[document_id] = content_sha256(raw)
    return found


def intact_revision(row: NoteRevision, raw: Mapping[str, Any] | None) -> SignedRevision | None:
    """The revision if its content, its signature and its chain agree with what was signed."""
    try:
        if raw is None or not row.content_sha256 == raw["content_sha256"] == content_sha256(raw):
            return None
        document = SignedRevision.model_validate(raw)
    except (ValidationError, KeyError, TypeError, ValueError):
        return None
    chain = chain_sha256(
        recording=row.recording_sha256,
        transcript=row.transcript_sha256,
        content=row.content_sha256,
        previous=row.previous_sha256,
    )
    agree = chain == row.chain_sha256 and signature(row) == (
        document.note_id, document.revision, document.reason, document.signed_by,
        document.signer_name, document.signed_at, document.meaning,
    )  # fmt: skip
    return document if agree else None


def signature(row: NoteRevision) -> tuple[object, ...]:
    return (
        row.note_id, row.revision, row.reason, row.signed_by,
        row.signer_name, to_milliseconds(row.signed_at), row.meaning,
    )  # fmt: skip


def intact_addendum(
    row: NoteAddendum, raw: Mapping[str, Any] | None, *, previous: str | None
) -> SignedAddendum | None:
    """The addendum if its content, its signature and its place agree with what was signed."""
    try:
        if raw is None or not row.content_sha256 == raw["content_sha256"] == content_sha256(raw):
            return None
        document = SignedAddendum.model_validate(raw)
    except (ValidationError, KeyError, TypeError, ValueError):
        return None
    told = (
        row.note_id, row.sequence, row.revision, row.signed_by,
        row.signer_name, to_milliseconds(row.signed_at), previous,
    )  # fmt: skip
    agree = told == (
        document.note_id, document.sequence, document.revision, document.signed_by,
        document.signer_name, document.signed_at, document.previous_sha256,
    )  # fmt: skip
    return document if agree else None


async def tell_damage(uow: UnitOfWork, note_id: UUID, what: str) -> NoReturn:
    """Put it on the audit trail, where it outlives the refusal, and refuse."""
    async with uow.aside() as telling:
        await audit.record(
            telling,
            "note.damage",
            outcome=audit.Outcome.FAILED,
            subject=("note", note_id),
            detail={"what": what},
        )
    raise NoteDamaged(note_id=note_id, what=what)


async def older_than(
    uow: UnitOfWork,
    kind: type[WorkingCopy | SignedRevision | SignedAddendum],
    age_field: str,
    before: datetime,
    *,
    after: UUID | None,
    limit: int,
) -> list[UUID]:
    """Ids of stored texts that were not touched since, in the order of ids."""
    wanted: Raw = {age_field: {"$lt": before}}
    if after is not None:
        wanted["_id"] = {"$gt": after}
    found = collection(uow, kind.Settings.name).find(wanted, {"_id": True})
    return [raw["_id"] async for raw in found.sort("_id", 1).limit(limit)]


async def remove(
    uow: UnitOfWork,
    kind: type[WorkingCopy | SignedRevision | SignedAddendum],
    document_id: UUID,
    age_field: str,
    before: datetime,
) -> int:
    """Remove a text unless it was touched meanwhile; returns how many were removed."""
    wanted = {"_id": document_id, age_field: {"$lt": before}}
    return (await collection(uow, kind.Settings.name).delete_one(wanted)).deleted_count
