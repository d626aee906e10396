"""Whether what was signed is what is stored, from the sound to the last signature.

Every hash is computed afresh. What cannot be computed, because it was never recorded or is not
finished, is "not checked", never "ok".
"""

import hashlib
from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.clinical import recordings, transcription
from app.clinical.notes import policies, reading, repository, texts
from app.clinical.notes.body import NoteBody, Origin, SectionKey
from app.clinical.notes.custody import chain_sha256
from app.clinical.notes.documents import SignedAddendum, SignedRevision
from app.clinical.notes.models import Note, NoteAddendum, NoteRevision
from app.infra.uow import UnitOfWork
from app.kernel.errors import NotFound


class LinkName(StrEnum):
    RECORDING = "recording"
    TRANSCRIPT = "transcript"
    CONTENT = "content"
    CHAIN = "chain"
    HEADER = "header"
    ADDENDUM = "addendum"


class Link(BaseModel):
    """One hash: as it was recorded, and as it is now. `ok` is null when it was not checked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: LinkName
    number: int | None = Field(default=None, description="of the revision or addendum")
    recorded: str | None
    computed: str | None
    ok: bool | None


class SentenceSource(BaseModel):
    """The words and seconds on which a sentence rests; null for what was typed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    section: SectionKey
    sentence_id: str
    origin: Origin
    words: tuple[int, int] | None
    start: float | None
    end: float | None


class Provenance(BaseModel):
    """The custody chain of a note. `intact` is null when something could not be checked."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "note_id": "5d0c7a1c-9a52-5d0c-8a3e-0f3f4f0f7d11",
                    "revision": 1,
                    "recording_id": None,
                    "transcript_id": None,
                    "intact": True,
                    "links": [
                        {
                            "name": "content",
                            "number": 1,
                            "recorded": "5f70bf18a086",
                            "computed": "5f70bf18a086",
                            "ok": True,
                        }
                    ],
                    "sentences": [
                        {
                            "section": "plan.follow_up",
                            "sentence_id": "s40",
                            "origin": "dictated",
                            "words": [40, 45],
                            "start": 31.2,
                            "end": 33.9,
                        }
                    ],
                }
            ]
        },
    )

    note_id: UUID
    revision: int
    recording_id: UUID | None
    transcript_id: UUID | None
    intact: bool | None
    links: tuple[Link, ...]
    sentences: tuple[SentenceSource, ...]


async def provenance_of(uow: UnitOfWork, note_id: UUID) -> Provenance:
    """Compute every hash of a note's chain again. Raises `NoteNotFound`."""
    policies.require_reader(uow)
    note = await repository.get(uow, note_id)
    rows = await repository.revisions(uow, note_id)
    addenda = await repository.addenda(uow, [note_id])
    links = [
        *await origin_links(uow, note, rows[-1] if rows else None),
        *await revision_links(uow, note, rows),
        *await addendum_links(uow, addenda),
    ]
    body = await readable_body(uow, note, rows)
    verdict = verdict_on(links)
    await reading.record(uow, note, "note.verify", intact=verdict)
    return Provenance(
        note_id=note_id,
        revision=note.revision,
        recording_id=note.recording_id,
        transcript_id=note.transcript_id,
        intact=verdict,
        links=tuple(links),
        sentences=sources(body) if body else (),
    )


def verdict_on(links: Sequence[Link]) -> bool | None:
    """Broken when one link is; otherwise intact only when every link was checked."""
    results = {link.ok for link in links}
    if False in results:
        return False
    return None if None in results or not links else True


def checked(
    name: LinkName, recorded: str | None, computed: str | None, number: int | None = None
) -> Link:
    """Compare; without a recorded hash there is nothing to compare with."""
    ok = None if recorded is None else recorded == computed
    return Link(name=name, number=number, recorded=recorded, computed=computed, ok=ok)


async def origin_links(uow: UnitOfWork, note: Note, last: NoteRevision | None) -> list[Link]:
    """The sound and the words: what the last signature recorded, or what is recorded of them."""
    if note.recording_id is None:
        return []
    recording = await recordings.get_recording(uow, note.recording_id)
    sound = last.recording_sha256 if last else recording.sha256
    words = last.transcript_sha256 if last else await transcript_sha256(uow, note.recording_id)
    heard = await sound_sha256(uow, note.recording_id) if sound else None
    read = await words_sha256(uow, note.recording_id) if words else None
    return [
        checked(LinkName.RECORDING, sound, heard),
        checked(LinkName.TRANSCRIPT, words, read),
    ]


async def sound_sha256(uow: UnitOfWork, recording_id: UUID) -> str | None:
    """Over the stored sound, chunk by chunk; None where some of it is damaged or gone."""
    digest = hashlib.sha256()
    chunks = await recordings.chunks_from(uow, recording_id, 0)
    try:
        async for piece in recordings.sound_of(uow, chunks):
            digest.update(piece)
    except recordings.SoundDamaged:
        return None
    return digest.hexdigest()


async def transcript_sha256(uow: UnitOfWork, recording_id: UUID) -> str | None:
    try:
        return (await transcription.get_transcript(uow, recording_id)).sha256
    except (NotFound, ValueError):
        return None


async def words_sha256(uow: UnitOfWork, recording_id: UUID) -> str | None:
    """Over the stored words; None where they are gone or cannot be read as words any more."""
    try:
        return await transcription.recomputed_sha256(uow, recording_id)
    except (NotFound, ValueError):
        return None


async def revision_links(uow: UnitOfWork, note: Note, rows: Sequence[NoteRevision]) -> list[Link]:
    """Content and chain of every revision, and the header's word about the last one."""
    intact = await texts.read_revisions(uow, rows)
    found = await texts.hashes(uow, SignedRevision, [row.document_id for row in rows])
    by_number = {row.revision: row for row in rows}
    links: list[Link] = []
    previous: str | None = None
    for number in range(1, note.revision + 1):
        row = by_number.get(number)
        if row is None:
            links.append(
                Link(name=LinkName.CONTENT, number=number, recorded=None, computed=None, ok=False)
            )
            continue
        content = found.get(row.document_id)
        chain = chain_sha256(
            recording=row.recording_sha256,
            transcript=row.transcript_sha256,
            content=content or "",
            previous=previous,
        )
        whole = intact[row.document_id] is not None
        link = checked(LinkName.CONTENT, row.content_sha256, content, number)
        links += [
            link.model_copy(update={"ok": link.ok and whole}),
            checked(LinkName.CHAIN, row.chain_sha256, chain, number),
        ]
        previous = row.chain_sha256
    if rows:
        last = rows[-1]
        link = checked(LinkName.HEADER, note.content_sha256, last.content_sha256, note.revision)
        if last.revision != note.revision:  # also when the header says it was never signed
            link = link.model_copy(update={"ok": False})
        links.append(link)
    return links


async def addendum_links(uow: UnitOfWork, rows: Sequence[NoteAddendum]) -> list[Link]:
    """Each addendum's content and place; the sequence has no holes."""
    intact = await texts.read_addenda(uow, rows)
    found = await texts.hashes(uow, SignedAddendum, [row.document_id for row in rows])
    links: list[Link] = []
    for place, row in enumerate(rows, start=1):
        computed = found.get(row.document_id)
        link = checked(LinkName.ADDENDUM, row.content_sha256, computed, row.sequence)
        whole = intact[row.document_id] is not None and row.sequence == place
        links.append(link.model_copy(update={"ok": link.ok and whole}))
    return links


async def readable_body(
    uow: UnitOfWork, note: Note, rows: Sequence[NoteRevision]
) -> NoteBody | None:
    """The text whose sentences are traced; None where it is damaged."""
    if not rows:
        copies = await texts.read_working_copies(uow, [note.id])
        return copies[note.id].body.as_body() if note.id in copies else None
    document = (await texts.read_revisions(uow, rows[-1:]))[rows[-1].document_id]
    return document.body.as_body() if document else None


def sources(body: NoteBody) -> tuple[SentenceSource, ...]:
    return tuple(
        SentenceSource(
            section=key,
            sentence_id=sentence.id,
            origin=sentence.origin,
            words=sentence.words,
            start=sentence.start,
            end=sentence.end,
        )
        for key, section in body.sections.items()
        for sentence in section.sentences
    )
