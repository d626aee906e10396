"""Two workers, one recording: the words are written once, by whoever holds the latest claim."""

import asyncio

import pytest
from sqlalchemy import text

from app.clinical import recordings, transcription
from app.clinical.transcription import claiming, repository, service
from app.clinical.transcription.claiming import Claim
from app.clinical.transcription.documents import UtteranceDocument
from app.clinical.transcription.engine_events import EngineEvent, UtteranceHeard
from app.clinical.transcription.errors import LeaseLost
from app.clinical.transcription.lifecycle import HaltReason, TranscriptionStatus
from app.clinical.transcription.models import MAX_ATTEMPTS
from app.clinical.transcription.scripted_engine import ScriptedEngine, spread
from app.clinical.transcription.spool import TRANSCRIBER
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.transcription import LINES, a_recording, job_for, microphone_slices
from tests.clinical.transcription.conftest import Hire
from tests.conftest import FrozenClock

MODEL = ScriptedEngine(LINES).manifest


async def claimed(works: Works, recording: recordings.Recording) -> Claim | None:
    async with works.begin(TRANSCRIBER) as uow:
        return await claiming.take_lease(uow, recording.id, MODEL)


async def let_the_lease_run_out(works: Works) -> None:
    async with works.sessions.begin() as session:
        await session.execute(
            text("update transcriptions set lease_until = now() - interval '1 second'")
        )


async def save_first_utterance(works: Works, claim: Claim, words: str) -> None:
    async with works.begin(TRANSCRIBER) as uow:
        await service.save_utterance(
            uow,
            claim,
            spread(words.split(), 0, 0, 0),
            position_samples=16_000,
            unheard=[],
        )


async def told(works: Works, actor: Actor, recording: recordings.Recording) -> list[str]:
    async with works.begin(actor) as uow:
        found = await transcription.utterances_from(uow, recording.id, 0)
    return [each.text for each in found]


async def test_only_one_worker_gets_a_recording(works: Works, doctor: Actor) -> None:
    recording = await a_recording(works, doctor, microphone_slices(1))
    claims = await asyncio.gather(*(claimed(works, recording) for _ in range(4)))
    assert len([claim for claim in claims if claim]) == 1


async def test_a_worker_that_lost_its_lease_cannot_write_any_more(
    works: Works, doctor: Actor
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(1))
    zombie = await claimed(works, recording)
    await let_the_lease_run_out(works)
    heir = await claimed(works, recording)
    assert zombie is not None
    assert heir is not None

    with pytest.raises(LeaseLost):
        await save_first_utterance(works, zombie, "too late")
    assert await told(works, doctor, recording) == []

    await save_first_utterance(works, heir, "in time")
    with pytest.raises(LeaseLost):
        await save_first_utterance(works, zombie, "too late")
    for act in (
        claiming.renew,
        lambda uow, claim: service.let_go(uow, claim, None),
        lambda uow, claim: service.fail(uow, claim, HaltReason.CRASHED),
        lambda uow, claim: service.complete(uow, claim, MODEL, duration_seconds=1.0),
    ):
        with pytest.raises(LeaseLost):
            async with works.begin(TRANSCRIBER) as uow:
                await act(uow, zombie)
    assert await told(works, doctor, recording) == ["in time"]


async def test_words_of_an_earlier_claim_are_replaced_never_those_of_a_later_one(
    works: Works, doctor: Actor
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(1))
    async with works.begin(TRANSCRIBER) as uow:
        for fence, words in ((1, "first"), (2, "second"), (2, "second again")):
            document = UtteranceDocument.of(
                recording.id, spread(words.split(), 0, 0, 0), fence=fence
            )
            await repository.put_utterance(uow, document)
        with pytest.raises(LeaseLost):
            await repository.put_utterance(
                uow, UtteranceDocument.of(recording.id, spread(["late"], 0, 0, 0), fence=1)
            )
        kept = await repository.utterances(uow, recording.id, start=0, stop=9)
    assert [(each.fence, each.as_utterance().text) for each in kept] == [(2, "second again")]


async def test_a_zombie_in_the_midst_of_its_work_spoils_nothing(
    works: Works, doctor: Actor, hire: Hire
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(3))
    heir = hire()

    async def frozen_for_long(event: EngineEvent) -> None:
        if isinstance(event, UtteranceHeard) and event.utterance.index == 1:
            await let_the_lease_run_out(works)
            await heir.advance(job_for(recording))

    zombie = hire(ScriptedEngine(["wrong"] * 3, meanwhile=frozen_for_long))
    await zombie.advance(job_for(recording))

    async with works.begin(doctor) as uow:
        found = await transcription.progress_of(uow, recording.id)
        transcript = await transcription.get_transcript(uow, recording.id)
    assert found.status is TranscriptionStatus.DONE
    assert [each.text for each in transcript.utterances] == ["wrong", "wrong", LINES[2]]
    assert await told(works, doctor, recording) == ["wrong", "wrong", LINES[2]]


async def test_workers_that_keep_dying_over_a_recording_give_it_up(
    works: Works, doctor: Actor
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(1))
    for _ in range(MAX_ATTEMPTS):
        assert await claimed(works, recording) is not None
        await let_the_lease_run_out(works)
    assert await claimed(works, recording) is None
    async with works.begin(doctor) as uow:
        found = await transcription.progress_of(uow, recording.id)
    assert (found.status, found.reason) == (TranscriptionStatus.HELD, HaltReason.WORKER_LOST)


async def test_getting_on_sets_the_count_of_tries_back(works: Works, doctor: Actor) -> None:
    recording = await a_recording(works, doctor, microphone_slices(3))
    for _ in range(2):
        claim = await claimed(works, recording)
        await let_the_lease_run_out(works)
    claim = await claimed(works, recording)
    assert claim is not None
    await save_first_utterance(works, claim, "some words")
    async with works.begin(doctor) as uow:
        assert (await transcription.progress_of(uow, recording.id)).attempts == 0


async def test_the_sweeper_queues_what_nobody_works_on(
    works: Works, doctor: Actor, hire: Hire, clock: FrozenClock
) -> None:
    untouched = await a_recording(works, doctor, microphone_slices(1))
    orphaned = await a_recording(works, doctor, microphone_slices(1))
    busy = await a_recording(works, doctor, microphone_slices(1))
    await claimed(works, orphaned)
    await let_the_lease_run_out(works)
    await claimed(works, busy)
    async with works.sessions.begin() as session:
        await session.execute(text("delete from pgqueuer"))

    worker = hire()
    await worker.sweep()
    await worker.sweep()
    async with works.sessions() as session:
        rows = await session.execute(
            text("select convert_from(payload, 'utf8')::json ->> 'recording_id' from pgqueuer")
        )
        queued = sorted(rows.scalars())
    assert queued == sorted([str(untouched.id), str(orphaned.id)])


async def test_a_stopped_worker_gives_its_lease_back(
    works: Works, doctor: Actor, hire: Hire
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(3))

    async def told_to_stop(event: EngineEvent) -> None:
        await stopping.stop()

    stopping = hire(ScriptedEngine(LINES, meanwhile=told_to_stop))
    await stopping.advance(job_for(recording))
    assert await told(works, doctor, recording) == [LINES[0]]
    await hire().advance(job_for(recording))
    async with works.begin(doctor) as uow:
        found = await transcription.progress_of(uow, recording.id)
    assert (found.status, found.attempts) == (TranscriptionStatus.DONE, 0)
    assert await told(works, doctor, recording) == list(LINES)
