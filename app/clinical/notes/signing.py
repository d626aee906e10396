"""Signing: the version the doctor saw is frozen, hashed, and chained to what it rests on.

The signed text is stored in Mongo before the signature that points to it; the signature, the
header, the move, the search terms, the event and the audit are one transaction under the row lock.
"""

from collections.abc import Collection
from uuid import UUID

from app.clinical import recordings, transcription
from app.clinical.notes import policies, reading, repository, texts
from app.clinical.notes.custody import chain_sha256, content_sha256, frozen_id, to_milliseconds
from app.clinical.notes.documents import (
    SignedAddendum,
    SignedRevision,
    WorkingCopy,
    stored,
)
from app.clinical.notes.doubts import accepted_in, is_blank, open_points
from app.clinical.notes.errors import DoubtsOpen, EmptySections, NoteEmpty
from app.clinical.notes.events import AboutToSign, NoteSigned, WorkingCopyClosed
from app.clinical.notes.models import Note, NoteAddendum, NoteRevision
from app.clinical.notes.projection import put_signed_terms
from app.clinical.notes.schemas import NoteOut, SignatureMeaning
from app.clinical.notes.telling import tell_added
from app.infra.uow import UnitOfWork


async def sign_note(
    uow: UnitOfWork,
    note_id: UUID,
    *,
    version: int,
    password: str | None = None,
    accepted_words: Collection[int] = (),
    accept_empty_sections: bool = False,
) -> NoteOut:
    """Sign exactly the version the author saw, as the next revision.

    Raises `ReauthenticationRequired`, `PasswordWrong`, `NotTheAuthor`, `NoteNotOpen`,
    `NoteChanged`, `NoteEmpty`, `DoubtsOpen`, `EmptySections`, and whatever a guard of
    `AboutToSign` refuses with.
    """
    policies.require_doctor(uow)
    policies.require_author(uow, await repository.get(uow, note_id))
    await policies.require_reauthenticated(uow, password)
    note = await repository.get(uow, note_id, lock=True)
    note.require_open()
    copy = await texts.read_working_copy(uow, note_id)
    if copy.version != version:
        raise reading.conflict(copy, {})
    accepted = accepted_in(copy.doubtful_words, copy.accepted_words, accepted_words)
    copy = copy.model_copy(update={"accepted_words": accepted})
    require_nothing_open(copy, accept_empty_sections=accept_empty_sections)
    await uow.ask_guards(
        AboutToSign(
            note_id=note.id,
            encounter_id=note.encounter_id,
            patient_id=note.patient_id,
            recording_id=note.recording_id,
            body=copy.body.as_body(),
        )
    )
    document = frozen(uow, note, copy)
    await texts.freeze(uow, document)
    await seal(uow, note, copy, document)
    return await reading.present(uow, note)


def require_nothing_open(copy: WorkingCopy, *, accept_empty_sections: bool) -> None:
    body = copy.body.as_body()
    points = open_points(body, copy.doubtful_words, copy.accepted_words)
    if is_blank(body):
        raise NoteEmpty(note_id=copy.id)
    if points.words:
        raise DoubtsOpen(note_id=copy.id, words=points.words)
    if points.empty_sections and not accept_empty_sections:
        raise EmptySections(note_id=copy.id, keys=list(points.empty_sections))


def frozen(uow: UnitOfWork, note: Note, copy: WorkingCopy) -> SignedRevision:
    """The next revision, under an id made from its content."""
    at = to_milliseconds(uow.now)
    document = SignedRevision(
        id=note.id,
        note_id=note.id,
        patient_id=note.patient_id,
        encounter_id=note.encounter_id,
        recording_id=note.recording_id,
        type=note.type,
        revision=note.revision + 1,
        reason=note.amendment_reason,
        body=copy.body,
        origin=copy.origin,
        summary=copy.summary,
        confidence=copy.confidence,
        set_aside=copy.set_aside,
        doubtful_words=copy.doubtful_words,
        accepted_words=copy.accepted_words,
        signed_by=uow.actor.id,
        signer_name=uow.actor.name,
        signed_at=at,
        meaning=SignatureMeaning.AMENDMENT if note.revision else SignatureMeaning.AUTHORSHIP,
        content_sha256="",
        created_at=at,
    )
    sha256 = content_sha256(stored(document))
    document.id = frozen_id(note.id, f"revision:{document.revision}", sha256)
    document.content_sha256 = sha256
    return document


async def seal(uow: UnitOfWork, note: Note, copy: WorkingCopy, document: SignedRevision) -> None:
    """Write the signature and all that goes with it."""
    before = (await repository.last_revisions(uow, [note])).get(note.id)
    recording_sha256, transcript_sha256 = await origins(uow, note)
    previous = before.chain_sha256 if before else None
    uow.db.add(
        NoteRevision(
            note_id=note.id,
            revision=document.revision,
            document_id=document.id,
            reason=document.reason,
            content_sha256=document.content_sha256,
            recording_sha256=recording_sha256,
            transcript_sha256=transcript_sha256,
            previous_sha256=previous,
            chain_sha256=chain_sha256(
                recording=recording_sha256,
                transcript=transcript_sha256,
                content=document.content_sha256,
                previous=previous,
            ),
            signed_by=document.signed_by,
            signer_name=document.signer_name,
            signed_at=document.signed_at,
            meaning=document.meaning,
        )
    )
    move = note.sign(
        by=document.signed_by,
        at=document.signed_at,
        version=copy.version,
        content_sha256=document.content_sha256,
    )
    uow.db.add(move)
    await uow.db.flush()
    addenda = [addendum.text for addendum in await reading.addenda_of(uow, note)]
    await put_signed_terms(uow, note, document, addenda)
    await announce(uow, note, copy.version)


async def origins(uow: UnitOfWork, note: Note) -> tuple[str | None, str | None]:
    """The recorded hashes of the sound and of the words, None where there are none."""
    if note.recording_id is None:
        return None, None
    recording = await recordings.get_recording(uow, note.recording_id)
    transcript = await transcription.get_transcript(uow, note.recording_id)
    return recording.sha256, transcript.sha256


async def announce(uow: UnitOfWork, note: Note, version: int) -> None:
    await reading.record(
        uow, note, "note.sign", revision=note.revision, content_sha256=note.content_sha256
    )
    await uow.publish(
        NoteSigned(
            note_id=note.id,
            encounter_id=note.encounter_id,
            patient_id=note.patient_id,
            revision=note.revision,
        )
    )
    await uow.publish(WorkingCopyClosed(note_id=note.id, version=version))


async def add_addendum(
    uow: UnitOfWork, note_id: UUID, *, text: str, password: str | None = None
) -> NoteOut:
    """Sign an addition to a signed note; the original stays as it is.

    Any doctor who sees the note may add. Raises `ReauthenticationRequired`, `PasswordWrong`,
    `NoteNotSigned`.
    """
    policies.require_doctor(uow)
    await repository.get(uow, note_id)
    await policies.require_reauthenticated(uow, password)
    note = await repository.get(uow, note_id, lock=True)
    note.require_signed()
    earlier = await repository.addenda(uow, [note_id])
    addendum = frozen_addendum(uow, note, text, earlier[-1] if earlier else None)
    await texts.freeze(uow, addendum)
    uow.db.add(
        NoteAddendum(
            note_id=note_id,
            sequence=addendum.sequence,
            document_id=addendum.id,
            revision=addendum.revision,
            content_sha256=addendum.content_sha256,
            signed_by=addendum.signed_by,
            signer_name=addendum.signer_name,
            signed_at=addendum.signed_at,
        )
    )
    note.updated_at = uow.now
    await uow.db.flush()
    shown = await reading.present(uow, note)
    signed = await reading.signed_text(uow, note, note.revision)
    await put_signed_terms(uow, note, signed, [a.text for a in shown.addenda])
    await tell_added(uow, note, addendum.sequence)
    await reading.record(uow, note, "note.add_addendum", sequence=addendum.sequence)
    return shown


def frozen_addendum(
    uow: UnitOfWork, note: Note, text: str, before: NoteAddendum | None
) -> SignedAddendum:
    """The next addendum, under an id made from its content."""
    at = to_milliseconds(uow.now)
    addendum = SignedAddendum(
        id=note.id,
        note_id=note.id,
        patient_id=note.patient_id,
        revision=note.revision,
        sequence=before.sequence + 1 if before else 1,
        text=text,
        previous_sha256=before.content_sha256 if before else None,
        signed_by=uow.actor.id,
        signer_name=uow.actor.name,
        signed_at=at,
        content_sha256="",
        created_at=at,
    )
    sha256 = content_sha256(stored(addendum))
    addendum.id = frozen_id(note.id, f"addendum:{addendum.sequence}", sha256)
    addendum.content_sha256 = sha256
    return addendum
