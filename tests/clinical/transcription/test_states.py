"""What becomes of a recording, outcome by outcome."""

import pytest
from sqlalchemy import select, text

from app.clinical import recordings, transcription
from app.clinical.transcription.engine_events import EngineEvent, UtteranceHeard
from app.clinical.transcription.errors import NothingToRepeat, TranscriptNotFound
from app.clinical.transcription.lifecycle import HaltReason, TranscriptionStatus
from app.clinical.transcription.manifest import ModelUnusable
from app.clinical.transcription.models import MAX_ATTEMPTS, TranscriptionMove
from app.clinical.transcription.schemas import FailureReason
from app.clinical.transcription.scripted_engine import ScriptedEngine
from app.clinical.transcription.tasks import LISTEN
from app.infra.outbox import OutboxRow
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.transcription import (
    LINES,
    a_recording,
    an_upload,
    complete,
    job_for,
    microphone_slices,
    send,
    silence,
)
from tests.clinical.transcription.conftest import Hire
from tests.conftest import FrozenClock

S = TranscriptionStatus


async def progress(
    works: Works, actor: Actor, recording: object
) -> transcription.TranscriptionProgress:
    async with works.begin(actor) as uow:
        return await transcription.progress_of(uow, recording.id)  # type: ignore[attr-defined]


async def waiting_jobs(works: Works) -> list[str]:
    async with works.sessions() as session:
        rows = await session.execute(
            text("select entrypoint from pgqueuer where status = 'queued' order by id")
        )
        return list(rows.scalars())


async def test_every_reason_of_the_engine_has_its_explanation() -> None:
    assert {reason.value for reason in FailureReason} <= {reason.value for reason in HaltReason}
    assert set(transcription.shapes.EXPLANATIONS) == set(HaltReason)


async def test_a_recording_nobody_looked_at_yet_is_queued(works: Works, doctor: Actor) -> None:
    recording = await a_recording(works, doctor, microphone_slices(2))
    found = await progress(works, doctor, recording)
    assert (found.status, found.progress, found.model) == (S.QUEUED, None, None)


async def test_a_completed_dictation_becomes_a_transcript(
    works: Works, doctor: Actor, hire: Hire
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(3))
    await hire().advance(job_for(recording))

    found = await progress(works, doctor, recording)
    assert (found.status, found.progress, found.attempts) == (S.DONE, 1.0, 0)
    async with works.begin(doctor) as uow:
        transcript = await transcription.get_transcript(uow, recording.id)
        again = await transcription.recomputed_sha256(uow, recording.id)
        facts = (await uow.db.execute(select(OutboxRow))).scalars().all()
        moves = (await uow.db.execute(select(TranscriptionMove.to_status))).scalars().all()
    assert transcript.complete
    assert transcript.id == found.transcript_id
    assert [each.text for each in transcript.utterances] == list(LINES)
    assert [word.index for word in transcript.words] == list(range(len(transcript.words)))
    assert transcript.sha256 == again
    assert transcript.recording_sha256 is not None
    assert transcript.duration_seconds == 3.0
    assert transcript.model is not None
    assert transcript.model.licence
    completed = [fact for fact in facts if fact.name == transcription.TranscriptCompleted.name]
    assert [fact.payload["transcript_id"] for fact in completed] == [str(transcript.id)]
    assert moves == [S.QUEUED, S.RUNNING, S.DONE]


async def test_words_are_there_while_the_doctor_is_still_dictating(
    works: Works, doctor: Actor, hire: Hire
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(2), completed=False)
    worker = hire()
    await worker.advance(job_for(recording))
    async with works.begin(doctor) as uow:
        growing = await transcription.read_transcript(uow, recording.id)
        now = await transcription.progress_of(uow, recording.id)
    assert not growing.complete
    assert growing.id is None
    assert [each.text for each in growing.utterances] == list(LINES[:2])
    assert (now.status, now.progress, now.transcribed_seconds) == (S.RUNNING, None, 2.0)

    await send(works, doctor, recording, 2, silence(1))
    await complete(works, doctor, recording, 3)
    await worker.advance(job_for(recording))
    async with works.begin(doctor) as uow:
        transcript = await transcription.get_transcript(uow, recording.id)
    assert [each.text for each in transcript.utterances] == list(LINES)


async def test_sound_that_comes_during_the_work_is_not_forgotten(
    works: Works, doctor: Actor, hire: Hire
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(1), completed=False)

    async def one_more(event: EngineEvent) -> None:
        if isinstance(event, UtteranceHeard) and event.utterance.index == 0:
            await send(works, doctor, recording, 1, silence(1))

    engine = ScriptedEngine(LINES, meanwhile=one_more)
    await hire(engine).advance(job_for(recording))
    async with works.sessions() as session:
        keys = (await session.execute(text("select dedupe_key from pgqueuer"))).scalars().all()
    assert any("after" in key for key in keys)


async def test_a_file_waits_until_it_is_whole_and_goes_to_its_own_queue(
    works: Works, doctor: Actor, hire: Hire
) -> None:
    recording = await an_upload(works, doctor, microphone_slices(1)[0] + silence(2))
    worker = hire()
    await worker.advance(job_for(recording))
    assert (await progress(works, doctor, recording)).status is S.QUEUED
    assert LISTEN in await waiting_jobs(works)
    await worker.listen(job_for(recording))
    assert (await progress(works, doctor, recording)).status is S.DONE


async def test_a_recording_without_a_word_ends_as_no_speech(
    works: Works, doctor: Actor, hire: Hire
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(2))
    await hire(ScriptedEngine([])).advance(job_for(recording))
    assert (await progress(works, doctor, recording)).status is S.NO_SPEECH
    async with works.begin(doctor) as uow:
        with pytest.raises(TranscriptNotFound):
            await transcription.get_transcript(uow, recording.id)
        facts = (await uow.db.execute(select(OutboxRow.name))).scalars().all()
    assert transcription.TranscriptCompleted.name not in facts


async def test_what_is_not_audio_fails_at_once_and_says_why(
    works: Works, doctor: Actor, hire: Hire
) -> None:
    recording = await an_upload(works, doctor, b"this is a letter, not a sound")
    engine = ScriptedEngine(LINES, endings=[FailureReason.not_audio])
    await hire(engine).listen(job_for(recording))
    found = await progress(works, doctor, recording)
    assert (found.status, found.reason) == (S.FAILED, HaltReason.NOT_AUDIO)
    assert found.explanation is not None
    assert found.next_attempt_at is None


async def test_a_crash_is_tried_again_later_and_goes_on_from_the_checkpoint(
    works: Works, doctor: Actor, hire: Hire, clock: FrozenClock
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(2), completed=False)
    engine = ScriptedEngine(LINES)
    worker = hire(engine)
    await worker.advance(job_for(recording))
    await send(works, doctor, recording, 2, silence(1))
    await complete(works, doctor, recording, 3)
    engine.endings = [FailureReason.crashed]
    await worker.advance(job_for(recording))
    found = await progress(works, doctor, recording)
    assert (found.status, found.reason, found.attempts) == (S.QUEUED, HaltReason.CRASHED, 1)
    assert found.next_attempt_at is not None

    await worker.advance(job_for(recording))  # too early: nothing happens
    assert engine.calls == [0, 32_000]
    clock.advance(seconds=6)
    await worker.advance(job_for(recording))
    assert engine.calls == [0, 32_000, 48_000]
    assert (await progress(works, doctor, recording)).status is S.DONE


@pytest.mark.parametrize(
    "case",
    [
        (FailureReason.crashed, HaltReason.CRASHED),
        (FailureReason.timeout, HaltReason.TIMEOUT),
        (ModelUnusable("gone"), HaltReason.MODEL_UNUSABLE),
        (ValueError("a bug"), HaltReason.CRASHED),
    ],
)
async def test_a_recording_that_always_breaks_is_held_and_can_be_tried_again(
    works: Works,
    doctor: Actor,
    hire: Hire,
    clock: FrozenClock,
    case: tuple[FailureReason | Exception, HaltReason],
) -> None:
    ending, reason = case
    recording = await a_recording(works, doctor, microphone_slices(1))
    engine = ScriptedEngine([], endings=[ending] * MAX_ATTEMPTS)
    worker = hire(engine)
    pauses = []
    for _ in range(MAX_ATTEMPTS):
        await works_off(works, doctor, recording, worker)
        found = await progress(works, doctor, recording)
        if found.next_attempt_at is not None:
            pauses.append((found.next_attempt_at - clock.now()).total_seconds())
        clock.advance(minutes=5)
    assert (found.status, found.reason) == (S.HELD, reason)
    assert pauses == [5, 10, 20, 40]

    async with works.begin(doctor) as uow:
        await transcription.repeat_transcription(uow, recording.id)
    await worker.advance(job_for(recording))
    assert (await progress(works, doctor, recording)).status is S.NO_SPEECH
    async with works.begin(doctor) as uow:
        with pytest.raises(NothingToRepeat):
            await transcription.repeat_transcription(uow, recording.id)


async def works_off(works: Works, doctor: Actor, recording: object, worker: object) -> None:
    """One try that begins where nothing was heard yet, so that it does not count as progress."""
    async with works.sessions.begin() as session:
        await session.execute(text("update transcriptions set position_samples = 16000"))
    await worker.advance(job_for(recording))  # type: ignore[attr-defined, arg-type]


async def test_other_sound_than_the_sender_declared_is_refused(
    works: Works, doctor: Actor, hire: Hire
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(1), sha256="0" * 64)
    await hire().advance(job_for(recording))
    found = await progress(works, doctor, recording)
    assert (found.status, found.reason) == (S.FAILED, HaltReason.DIGEST_MISMATCH)


async def test_a_recording_entered_in_error_is_not_put_into_words(
    works: Works, doctor: Actor, hire: Hire
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(3))
    async with works.begin(doctor) as uow:
        await recordings.mark_entered_in_error(uow, recording.id, reason="wrong patient")
    await hire().advance(job_for(recording))
    found = await progress(works, doctor, recording)
    assert (found.status, found.reason) == (S.FAILED, HaltReason.WITHDRAWN)
    assert found.utterance_count == 0


async def test_a_poison_file_harms_only_itself(works: Works, doctor: Actor, hire: Hire) -> None:
    poison = await a_recording(works, doctor, microphone_slices(1))
    good = await a_recording(works, doctor, microphone_slices(3))
    engine = ScriptedEngine(LINES, endings=[FailureReason.crashed])
    worker = hire(engine)
    await worker.advance(job_for(poison))
    await worker.advance(job_for(good))
    assert (await progress(works, doctor, poison)).status is S.QUEUED
    assert (await progress(works, doctor, good)).status is S.DONE


async def test_lost_words_are_heard_again(
    works: Works, doctor: Actor, hire: Hire, clock: FrozenClock
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(3), completed=False)
    worker = hire()
    await worker.advance(job_for(recording))
    await works.stores.documents["transcript_utterances"].delete_one({"index": 1})
    await complete(works, doctor, recording, 3)
    await worker.advance(job_for(recording))
    found = await progress(works, doctor, recording)
    assert (found.status, found.reason) == (S.QUEUED, HaltReason.UTTERANCES_MISSING)
    clock.advance(minutes=1)
    await worker.advance(job_for(recording))
    async with works.begin(doctor) as uow:
        transcript = await transcription.get_transcript(uow, recording.id)
    assert [each.text for each in transcript.utterances] == list(LINES)


async def test_a_transcript_is_by_one_model(works: Works, doctor: Actor, hire: Hire) -> None:
    recording = await a_recording(works, doctor, microphone_slices(3), completed=False)
    await hire().advance(job_for(recording))
    await complete(works, doctor, recording, 3)
    newer = ScriptedEngine([line.upper() for line in LINES])
    newer.manifest = newer.manifest.model_copy(update={"version": "2.0.0"})
    await hire(newer).advance(job_for(recording))
    async with works.begin(doctor) as uow:
        transcript = await transcription.get_transcript(uow, recording.id)
    assert [each.text for each in transcript.utterances] == [line.upper() for line in LINES]
    assert transcript.model is not None
    assert transcript.model.version == "2.0.0"
