"""The whole way with the real engine: sound in, signals with their place in the sound out."""

from pathlib import Path

import pytest

from app.clinical import notes, transcription
from app.clinical.transcription.tasks import Transcribing
from app.crisis import signals
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.notes import shown
from tests.builders.transcription import DICTATIONS, an_upload, job_for
from tests.crisis.signals.test_signals import of_note, told

pytestmark = pytest.mark.speech


async def sign(works: Works, doctor: Actor, note: notes.NoteOut) -> notes.NoteOut:
    assert note.version is not None
    async with works.begin(doctor) as uow:
        return await notes.sign_note(
            uow,
            note.id,
            version=note.version,
            accepted_words=[word.index for word in note.open.low_confidence_words],
            accept_empty_sections=True,
        )


async def test_a_spoken_crisis_is_heard_and_blocks_the_signature(
    works: Works, doctor: Actor, tmp_path: Path
) -> None:
    engine = transcription.SpeechEngine("demo")
    worker = Transcribing(works, engine, tmp_path / "spool")
    try:
        sound = (DICTATIONS / "s03-depression-crisis.ogg").read_bytes()
        recording = await an_upload(works, doctor, sound)
        await worker.listen(job_for(recording))
    finally:
        worker.close()
        await engine.stop()
    await told(works)
    note = await shown(works, doctor, notes.note_id_of(recording.id))
    found = await of_note(works, note.id)
    [critical] = [signal for signal in found if signal.critical]
    assert "suicidal" in critical.quote
    assert critical.recording_id == recording.id
    assert critical.start_ms is not None
    assert critical.end_ms is not None
    assert 0 < critical.start_ms < critical.end_ms
    assert any(signal.concept == "means" and not signal.critical for signal in found)
    with pytest.raises(signals.SignalsUnanswered):
        await sign(works, doctor, note)
    async with works.begin(doctor) as uow:
        await signals.confirm(uow, critical.id)
    assert (await sign(works, doctor, note)).revision == 1
