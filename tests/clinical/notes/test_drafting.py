"""From a transcript to one draft, whatever is retried; and drafts typed without one."""

import asyncio

import pytest
from sqlalchemy import func, select

from app.clinical import encounters, notes
from app.clinical.notes.body import NoteBody, SectionKey
from app.clinical.notes.models import Note
from app.clinical.notes.structuring import Dictation, StructuredNote
from app.clinical.transcription import TranscriptCompleted
from app.infra.outbox import OutboxRow
from app.infra.relay import deliver
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.encounters import an_encounter
from tests.builders.notes import (
    RELAY,
    Crash,
    a_dictated_note,
    a_transcribed_recording,
    a_typed_note,
    crash_after,
    drafted,
    saved,
    shown,
)


async def test_a_dictation_becomes_a_draft_with_its_evidence(works: Works, doctor: Actor) -> None:
    note = await a_dictated_note(works, doctor, doubtful=["bronchitis"])
    assert (note.status, note.version, note.revision) == (notes.NoteStatus.DRAFT, 1, 0)
    assert note.author.name == "Dr. Ada Winter"
    exam = note.body.sections[SectionKey.PHYSICAL_EXAM]
    assert exam.text == "Lungs are clear"
    assert exam.sentences[0].words == (8, 10)
    assert (exam.sentences[0].start, exam.sentences[0].end) == (8.0, 10.5)
    assert note.draft_origin is not None
    assert (note.draft_origin.model, note.draft_origin.demo) == ("scripted", True)
    assert note.draft_origin.structurer == "rules"
    [word] = note.open.low_confidence_words
    assert (word.text, word.accepted, word.start) == ("bronchitis", False, 13.0)
    assert note.confidence is not None


async def test_drafting_again_makes_no_second_note(works: Works, doctor: Actor) -> None:
    first = await a_dictated_note(works, doctor)
    edited = await saved(works, doctor, first, {SectionKey.TREATMENT: "Rest."})
    assert first.recording_id is not None
    again = await drafted(works, doctor, first.recording_id)
    assert again == edited
    async with works.begin(RELAY) as uow:
        assert await uow.db.scalar(select(func.count()).select_from(Note)) == 1


async def test_two_deliveries_at_once_make_one_note(works: Works, doctor: Actor) -> None:
    recording = await a_transcribed_recording(works, doctor)
    both = await asyncio.gather(*(drafted(works, doctor, recording.id) for _ in range(2)))
    assert both[0] == both[1]


async def test_the_fact_of_a_transcript_drafts_the_note(works: Works, doctor: Actor) -> None:
    recording = await a_transcribed_recording(works, doctor)
    async with works.begin(RELAY) as uow:
        await uow.publish(
            TranscriptCompleted(
                recording_id=recording.id,
                transcript_id=recording.id,
                encounter_id=recording.encounter_id,
                patient_id=recording.patient_id,
            )
        )
    for _ in range(2):
        await deliver(works, {"seq": await last_seq(works), "subscriber": "notes.draft"})
    note = await shown(works, doctor, notes.note_id_of(recording.id))
    assert note.recording_id == recording.id


async def last_seq(works: Works) -> int:
    async with works.begin(RELAY) as uow:
        return await uow.db.scalar(select(func.max(OutboxRow.seq))) or 0


async def test_a_crash_before_the_header_leaves_nothing_to_be_seen(
    works: Works, doctor: Actor
) -> None:
    recording = await a_transcribed_recording(works, doctor)
    note_id = notes.note_id_of(recording.id)
    with pytest.raises(Crash):
        await crash_after(
            works,
            RELAY,
            lambda uow: notes.draft_from_transcript(uow, recording.id, notes.RuleStructurer()),
        )
    assert await works.stores.documents["note_drafts"].count_documents({"_id": note_id}) == 1
    with pytest.raises(notes.NoteNotFound):
        await shown(works, doctor, note_id)
    note = await drafted(works, doctor, recording.id)
    assert note.version == 1


class Forgetful:
    """Loses what it is given."""

    name = "forgetful"
    version = "1"

    def structure(self, dictation: Dictation) -> StructuredNote:
        return StructuredNote(
            body=NoteBody.empty(), commands=(), retracted=(), summary="", confidence=0.0
        )


class Broken(Forgetful):
    """Fails at everything it is given."""

    name = "broken"

    def structure(self, dictation: Dictation) -> StructuredNote:
        raise RuntimeError("broken")


@pytest.mark.parametrize("structurer", [Forgetful(), Broken()])
async def test_where_a_structurer_fails_every_word_stands_unplaced(
    works: Works, doctor: Actor, structurer: Forgetful
) -> None:
    recording = await a_transcribed_recording(works, doctor)
    async with works.begin(RELAY) as uow:
        note_id = await notes.draft_from_transcript(uow, recording.id, structurer)
    note = await shown(works, doctor, note_id)
    assert note.draft_origin is not None
    assert note.draft_origin.structurer == "verbatim"
    unplaced = note.body.sections[SectionKey.UNPLACED]
    assert len(unplaced.text.split()) == 20
    assert len(note.open.words) == 20
    assert note.body.sentences() == unplaced.sentences


async def test_a_typed_note_begins_empty(works: Works, doctor: Actor) -> None:
    note = await a_typed_note(works, doctor, {}, type_=notes.NoteType.PROGRESS)
    assert (note.type, note.version, note.recording_id) == (notes.NoteType.PROGRESS, 1, None)
    assert note.draft_origin is None
    assert list(note.body.sections) == list(SectionKey)
    assert note.open.empty_sections == ("subjective", "objective", "assessment", "plan")


async def test_no_note_is_added_to_a_cancelled_encounter(works: Works, doctor: Actor) -> None:
    encounter = await an_encounter(works, doctor)
    async with works.begin(doctor) as uow:
        await encounters.cancel_encounter(uow, encounter.id, reason="Did not come.")
    with pytest.raises(notes.EncounterIsClosed):
        await a_typed_note(works, doctor, encounter_id=encounter.id)


async def test_a_nurse_writes_no_notes(works: Works, doctor: Actor, nurse: Actor) -> None:
    encounter = await an_encounter(works, doctor)
    with pytest.raises(notes.NotADoctor):
        await a_typed_note(works, nurse, encounter_id=encounter.id)


async def test_sentences_taken_back_are_set_aside(works: Works, doctor: Actor) -> None:
    note = await a_dictated_note(
        works, doctor, ("plan", "start aspirin scratch that", "rest and fluids")
    )
    assert [sentence.text for sentence in note.set_aside.retracted] == ["Start aspirin"]
    assert [command.kind for command in note.set_aside.commands] == ["scratch_that"]
    assert note.body.sections[SectionKey.TREATMENT].text == "Rest and fluids"
