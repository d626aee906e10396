"""Typing in a working copy.

Its version is decided in Mongo, by compare-and-set. The header's copy of it points there: written
second, under the row lock, and put right by the next save or signature after a crash.
"""

import asyncio
from collections.abc import Collection, Mapping
from uuid import UUID

from app.clinical.notes import policies, reading, repository, texts
from app.clinical.notes.body import NoteBody, SectionKey, Sentence
from app.clinical.notes.documents import StoredBody, WorkingCopy
from app.clinical.notes.doubts import accepted_in
from app.clinical.notes.projection import put_draft_terms
from app.clinical.notes.rewriting import rejoin, rewrite_body
from app.clinical.notes.schemas import NoteOut
from app.clinical.notes.structuring.summary import summarise
from app.infra.uow import UnitOfWork


async def save_draft(
    uow: UnitOfWork,
    note_id: UUID,
    *,
    version: int,
    sections: Mapping[SectionKey, str],
    accepted_words: Collection[int] = (),
) -> NoteOut:
    """Type in a working copy; only the sections given change, words accepted stay accepted.

    Raises `NoteChanged` with both texts when `version` is not the current one, `NotTheAuthor`,
    `NoteNotOpen`, `NoteTooLong`. The same save sent twice is a success.
    """
    policies.require_doctor(uow)
    note = await repository.get(uow, note_id, lock=True)
    policies.require_author(uow, note)
    note.require_open()
    current = await texts.read_working_copy(uow, note_id)
    changed = await typed_into(uow, current, sections, accepted_words)
    if current.version == version:
        current = changed.model_copy(update={"version": version + 1})
        if not await texts.exchange_working_copy(uow, current, seen=version):
            raise reading.conflict(await texts.read_working_copy(uow, note_id), sections)
    elif not is_repetition(current, changed, version):
        raise reading.conflict(current, sections)
    note.saved(current.version, at=uow.now)
    if note.revision == 0:
        await put_draft_terms(uow, note, current)
    await reading.record(
        uow, note, "note.save", version=current.version, sections=[key.value for key in sections]
    )
    return await reading.present(uow, note, current)


async def typed_into(
    uow: UnitOfWork,
    copy: WorkingCopy,
    sections: Mapping[SectionKey, str],
    accepted_words: Collection[int],
) -> WorkingCopy:
    body, lifted = await asyncio.to_thread(rewritten, copy, sections)
    typed: WorkingCopy = copy.model_copy(
        update={
            "body": StoredBody.of(body),
            "lifted": lifted,
            "summary": copy.summary if copy.summary is None else summarise(body),
            "accepted_words": accepted_in(copy.doubtful_words, copy.accepted_words, accepted_words),
            "updated_at": uow.now,
            "updated_by": uow.actor.id,
        }
    )
    return typed


def rewritten(
    copy: WorkingCopy, sections: Mapping[SectionKey, str]
) -> tuple[NoteBody, tuple[Sentence, ...]]:
    before = copy.body.as_body()
    return rejoin(before, rewrite_body(before, sections), copy.lifted)


def is_repetition(current: WorkingCopy, changed: WorkingCopy, version: int) -> bool:
    """A save whose answer was lost: it is what the version after the one seen already says."""
    same = (changed.body, changed.accepted_words) == (current.body, current.accepted_words)
    return same and current.version == version + 1 and current.updated_by == changed.updated_by
