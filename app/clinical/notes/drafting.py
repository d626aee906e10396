"""Drafting: from a transcript, or an empty page, to the first working copy of a note.

The working copy is stored first, the header after it: a crash between them leaves a text nobody
can see, and the next try goes on from there.
"""

import asyncio
from collections.abc import Iterable
from uuid import UUID, uuid4, uuid5

import structlog

from app import audit
from app.clinical import encounters, recordings, transcription
from app.clinical.notes import policies, reading, repository, texts
from app.clinical.notes.body import NoteBody
from app.clinical.notes.documents import StoredBody, WorkingCopy
from app.clinical.notes.doubts import doubtful_words
from app.clinical.notes.errors import DraftIncomplete, EncounterIsClosed
from app.clinical.notes.lifecycle import NoteStatus
from app.clinical.notes.models import Note, NoteMove
from app.clinical.notes.projection import put_draft_terms
from app.clinical.notes.schemas import DraftOrigin, NoteOut, NoteType, SetAside
from app.clinical.notes.structuring import (
    Dictation,
    NoteStructurer,
    SpokenUtterance,
    SpokenWord,
    StructuredNote,
    VerbatimStructurer,
    coverage,
)
from app.clinical.notes.telling import tell_opened
from app.infra.uow import UnitOfWork

log = structlog.get_logger(__name__)

FIRST_VERSION = 1
NO_NOTE_FOR = frozenset(
    {encounters.EncounterStatus.CANCELLED, encounters.EncounterStatus.ENTERED_IN_ERROR}
)


def note_id_of(recording_id: UUID) -> UUID:
    """A recording has one note, however often it is drafted."""
    return uuid5(recording_id, "note")


async def draft_from_transcript(
    uow: UnitOfWork, recording_id: UUID, structurer: NoteStructurer
) -> UUID:
    """Make the note of a recording, or find that it is there.

    Where the structurer fails, every word stands unplaced: a doctor must not wait for ever.
    """
    note_id = note_id_of(recording_id)
    if await repository.find(uow, note_id) is not None:
        return note_id
    recording = await recordings.get_recording(uow, recording_id)
    transcript = await transcription.get_transcript(uow, recording_id)
    try:
        draft = await structured(structurer, transcript)
    except Exception as failure:  # noqa: BLE001 - a site's own structurer may fail in any way
        log.warning("structurer_failed", structurer=structurer.name, error=type(failure).__name__)
        structurer = VerbatimStructurer()
        draft = await structured(structurer, transcript)
    copy = await texts.begin_working_copy(
        uow, dictated_copy(uow, recording, transcript, draft, structurer)
    )
    note = Note(
        id=note_id,
        encounter_id=recording.encounter_id,
        patient_id=recording.patient_id,
        recording_id=recording_id,
        type=NoteType.SOAP,
        author_id=recording.started_by,
        transcript_id=transcript.id,
        summary_confidence=copy.confidence,
    )
    await begin(uow, note, copy)
    uow.wake(recordings.topic_of(recording_id))
    return note_id


async def structured(
    structurer: NoteStructurer, transcript: transcription.Transcript
) -> StructuredNote:
    """The draft, proved to hold every word once and no other. Raises `DraftIncomplete`."""
    dictation = dictation_of(transcript.utterances)
    draft = await asyncio.to_thread(structurer.structure, dictation)
    proof = await asyncio.to_thread(coverage, dictation, draft)
    if not proof.is_complete:
        raise DraftIncomplete(
            recording_id=transcript.recording_id,
            missing=len(proof.missing),
            duplicated=len(proof.duplicated),
            invented=len(proof.invented),
        )
    return draft


def dictation_of(
    utterances: Iterable[transcription.Utterance | transcription.SpokenUtterance],
) -> Dictation:
    """What was heard, as the structurer reads it."""
    return Dictation(
        tuple(
            SpokenUtterance(
                index=utterance.index,
                start=utterance.start,
                end=utterance.end,
                words=tuple(
                    SpokenWord(w.index, w.text, w.start, w.end, w.probability)
                    for w in utterance.words
                ),
            )
            for utterance in utterances
        )
    )


def dictated_copy(
    uow: UnitOfWork,
    recording: recordings.Recording,
    transcript: transcription.Transcript,
    draft: StructuredNote,
    structurer: NoteStructurer,
) -> WorkingCopy:
    assert transcript.id is not None
    assert transcript.model is not None
    assert transcript.low_confidence is not None
    return WorkingCopy(
        id=note_id_of(recording.id),
        patient_id=recording.patient_id,
        version=FIRST_VERSION,
        body=StoredBody.of(draft.body),
        origin=DraftOrigin(
            transcript_id=transcript.id,
            model=transcript.model.name,
            model_version=transcript.model.version,
            demo=transcript.model.demo,
            structurer=structurer.name,
            structurer_version=structurer.version,
        ),
        summary=draft.summary,
        confidence=draft.confidence,
        set_aside=SetAside(commands=draft.commands, retracted=draft.retracted),
        doubtful_words=doubtful_words(
            transcript.words, draft, low_confidence=transcript.low_confidence
        ),
        accepted_words=(),
        updated_at=uow.now,
        updated_by=recording.started_by,
    )


async def begin_note(uow: UnitOfWork, encounter_id: UUID, type_: NoteType) -> NoteOut:
    """An empty note to be typed. Raises `EncounterNotFound`, `EncounterIsClosed`."""
    policies.require_doctor(uow)
    encounter = await encounters.get_encounter(uow, encounter_id)
    if encounter.status in NO_NOTE_FOR:
        raise EncounterIsClosed(encounter_id=encounter_id)
    note = Note(
        id=uuid4(),
        encounter_id=encounter_id,
        patient_id=encounter.patient_id,
        recording_id=None,
        type=type_,
        author_id=uow.actor.id,
        transcript_id=None,
        summary_confidence=None,
    )
    copy = await texts.begin_working_copy(uow, empty_copy(uow, note))
    return await reading.present(uow, await begin(uow, note, copy))


def empty_copy(uow: UnitOfWork, note: Note) -> WorkingCopy:
    return WorkingCopy(
        id=note.id,
        patient_id=note.patient_id,
        version=FIRST_VERSION,
        body=StoredBody.of(NoteBody.empty()),
        origin=None,
        summary=None,
        confidence=None,
        set_aside=SetAside(),
        doubtful_words=(),
        accepted_words=(),
        updated_at=uow.now,
        updated_by=note.author_id,
    )


async def begin(uow: UnitOfWork, note: Note, copy: WorkingCopy) -> Note:
    """Store the header of a note whose working copy is there; a rival's header counts as ours."""
    note.status, note.revision = NoteStatus.DRAFT, 0
    note.working_version = note.versions_used = copy.version
    note.created_at = note.updated_at = uow.now
    if not await repository.add_once(uow, note):
        return await repository.get(uow, note.id)
    uow.db.add(
        NoteMove(
            note_id=note.id,
            from_status=None,
            to_status=NoteStatus.DRAFT,
            reason=None,
            moved_by=uow.actor.id,
            moved_at=uow.now,
        )
    )
    begun = await repository.get(uow, note.id)
    await put_draft_terms(uow, begun, copy)
    await audit.record(uow, "note.draft", patient_id=note.patient_id, subject=("note", note.id))
    await tell_opened(uow, begun)
    return begun
