"""Notes for tests: dictated literal sentences, or typed ones."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from uuid import UUID

from app.clinical import notes, recordings
from app.clinical.notes.body import SectionKey
from app.clinical.transcription.documents import TranscriptDocument, transcript_id_of
from app.clinical.transcription.lifecycle import TranscriptionStatus
from app.clinical.transcription.models import Transcription
from app.clinical.transcription.repository import put_transcript
from app.clinical.transcription.schemas import ModelInfo, Utterance, Word
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import Actor
from tests.builders.encounters import an_encounter
from tests.builders.recordings import a_sealed_recording

RELAY = Actor.system("outbox-relay")
SPOKEN = (
    "subjective",
    "the patient has a dry cough",
    "objective",
    "lungs are clear",
    "assessment",
    "acute bronchitis",
    "plan",
    "follow up in two weeks",
)
TYPED = {
    SectionKey.CHIEF_COMPLAINT: "Cough for three days.",
    SectionKey.PHYSICAL_EXAM: "Lungs are clear.",
    SectionKey.DIAGNOSES: "Acute bronchitis.",
    SectionKey.TREATMENT: "Rest and fluids.",
}
MODEL = ModelInfo(name="scripted", version="1", licence="MIT", demo=True, parameters={})
SURE, UNSURE = 0.97, 0.31


def utterances_of(spoken: Sequence[str], doubtful: Sequence[str] = ()) -> list[Utterance]:
    """One word per second; the words named in `doubtful` were heard with little confidence."""
    found: list[Utterance] = []
    at = 0
    for index, text in enumerate(spoken):
        words = tuple(
            Word(
                index=at + place,
                text=word,
                start=float(at + place),
                end=at + place + 0.5,
                probability=UNSURE if word in doubtful else SURE,
            )
            for place, word in enumerate(text.split())
        )
        found.append(Utterance(index=index, start=words[0].start, end=words[-1].end, words=words))
        at += len(words)
    return found


async def a_transcribed_recording(
    works: Works,
    doctor: Actor,
    spoken: Sequence[str] = SPOKEN,
    doubtful: Sequence[str] = (),
    *,
    encounter_id: UUID | None = None,
) -> recordings.Recording:
    """A sealed recording with a finished transcript of these utterances, and no note yet."""
    recording = await a_sealed_recording(works, doctor, encounter_id=encounter_id)
    async with works.begin(Actor.system("transcriber")) as uow:
        await put_words(uow, recording, utterances_of(spoken, doubtful))
    return recording


async def put_words(
    uow: UnitOfWork, recording: recordings.Recording, utterances: list[Utterance]
) -> None:
    document = TranscriptDocument(
        id=transcript_id_of(recording.id),
        recording_id=recording.id,
        recording_sha256=recording.sha256 or "",
        encounter_id=recording.encounter_id,
        patient_id=recording.patient_id,
        language="en",
        model=MODEL,
        low_confidence=0.55,
        duration_seconds=60.0,
        utterances=utterances,
        unheard=[],
        created_at=uow.now,
    )
    document.sha256 = document.content_sha256()
    await put_transcript(uow, document)
    row = await uow.db.get(Transcription, recording.id)
    if row is None:
        row = Transcription(
            recording_id=recording.id,
            encounter_id=recording.encounter_id,
            patient_id=recording.patient_id,
            created_at=uow.now,
        )
        uow.db.add(row)
    row.status = TranscriptionStatus.DONE
    row.transcript_id, row.transcript_sha256 = document.id, document.sha256
    row.finished_at = uow.now


async def a_dictated_note(
    works: Works,
    doctor: Actor,
    spoken: Sequence[str] = SPOKEN,
    doubtful: Sequence[str] = (),
    *,
    encounter_id: UUID | None = None,
) -> notes.NoteOut:
    """A draft made from a dictation of these utterances."""
    recording = await a_transcribed_recording(
        works, doctor, spoken, doubtful, encounter_id=encounter_id
    )
    return await drafted(works, doctor, recording.id)


async def drafted(works: Works, doctor: Actor, recording_id: UUID) -> notes.NoteOut:
    async with works.begin(RELAY) as uow:
        note_id = await notes.draft_from_transcript(uow, recording_id, notes.RuleStructurer())
    return await shown(works, doctor, note_id)


class Crash(Exception):
    """The process dies before the commit."""


async def crash_after(
    works: Works, actor: Actor, work: Callable[[UnitOfWork], Awaitable[object]]
) -> None:
    async with works.begin(actor) as uow:
        await work(uow)
        raise Crash


async def shown(works: Works, actor: Actor, note_id: UUID) -> notes.NoteOut:
    async with works.begin(actor) as uow:
        return await notes.get_note(uow, note_id)


async def a_typed_note(
    works: Works,
    doctor: Actor,
    sections: Mapping[SectionKey, str] = TYPED,
    *,
    encounter_id: UUID | None = None,
    type_: notes.NoteType = notes.NoteType.SOAP,
) -> notes.NoteOut:
    """A draft typed without a recording; version 2 when it has text."""
    if encounter_id is None:
        encounter_id = (await an_encounter(works, doctor)).id
    async with works.begin(doctor) as uow:
        note = await notes.begin_note(uow, encounter_id, type_)
    return await saved(works, doctor, note, sections) if sections else note


async def saved(
    works: Works,
    doctor: Actor,
    note: notes.NoteOut,
    sections: Mapping[SectionKey, str],
    accepted_words: Sequence[int] = (),
) -> notes.NoteOut:
    assert note.version is not None
    async with works.begin(doctor) as uow:
        return await notes.save_draft(
            uow,
            note.id,
            version=note.version,
            sections=sections,
            accepted_words=accepted_words,
        )


async def signed(
    works: Works, doctor: Actor, note: notes.NoteOut, *, accept_empty_sections: bool = True
) -> notes.NoteOut:
    assert note.version is not None
    async with works.begin(doctor) as uow:
        return await notes.sign_note(
            uow,
            note.id,
            version=note.version,
            accept_empty_sections=accept_empty_sections,
        )


async def a_signed_note(
    works: Works, doctor: Actor, sections: Mapping[SectionKey, str] = TYPED
) -> notes.NoteOut:
    return await signed(works, doctor, await a_typed_note(works, doctor, sections))


async def amended(
    works: Works, doctor: Actor, note_id: UUID, sections: Mapping[SectionKey, str]
) -> notes.NoteOut:
    """The note with one more signed revision."""
    async with works.begin(doctor) as uow:
        opened = await notes.open_amendment(uow, note_id, reason="Corrected after review.")
    return await signed(works, doctor, await saved(works, doctor, opened, sections))


async def with_addendum(
    works: Works, doctor: Actor, note_id: UUID, text: str = "Potassium was normal."
) -> notes.NoteOut:
    async with works.begin(doctor) as uow:
        return await notes.add_addendum(uow, note_id, text=text)
