"""The whole way with the real engine and the demo model: sound in, transcript out."""

import re
from collections.abc import AsyncIterator, Iterator
from itertools import pairwise
from pathlib import Path

import av
import pytest

from app.clinical import recordings, transcription
from app.clinical.transcription.lifecycle import HaltReason, TranscriptionStatus
from app.clinical.transcription.tasks import Transcribing
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.transcription import (
    DICTATIONS,
    STREAMING_HEADER,
    a_recording,
    an_upload,
    complete,
    job_for,
    microphone_slices,
    send,
)

pytestmark = pytest.mark.speech
SHORTEST = DICTATIONS / "s04-ankle-no-headings.ogg"
SLICE_BYTES = 96_000


@pytest.fixture
async def engine() -> AsyncIterator[transcription.SpeechEngine]:
    opened = transcription.SpeechEngine("demo")
    yield opened
    await opened.stop()


@pytest.fixture
def worker(
    works: Works, tmp_path: Path, engine: transcription.SpeechEngine
) -> Iterator[Transcribing]:
    hired = Transcribing(works, engine, tmp_path / "spool")
    yield hired
    hired.close()


def as_microphone(path: Path) -> list[bytes]:
    """The same sound as our own recorder would send it: three seconds at a time."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=16_000)
    with av.open(str(path)) as file:
        frames = [part for frame in file.decode(audio=0) for part in resampler.resample(frame)]
    pcm = b"".join(frame.to_ndarray().tobytes() for frame in frames)
    slices = [pcm[at : at + SLICE_BYTES] for at in range(0, len(pcm), SLICE_BYTES)]
    return [STREAMING_HEADER + slices[0], *slices[1:]]


async def transcript_of(
    works: Works, doctor: Actor, recording: recordings.Recording
) -> transcription.Transcript:
    async with works.begin(doctor) as uow:
        return await transcription.get_transcript(uow, recording.id)


async def progress_of(
    works: Works, doctor: Actor, recording: recordings.Recording
) -> transcription.TranscriptionProgress:
    async with works.begin(doctor) as uow:
        return await transcription.progress_of(uow, recording.id)


async def test_an_uploaded_dictation_is_put_into_words(
    works: Works, doctor: Actor, worker: Transcribing
) -> None:
    sound = SHORTEST.read_bytes()
    recording = await an_upload(works, doctor, sound)
    await worker.listen(job_for(recording))
    transcript = await transcript_of(works, doctor, recording)
    said = re.sub(r"\W+", " ", " ".join(word.text for word in transcript.words).lower())
    assert "ankle" in said
    assert "ibuprofen" in said
    assert transcript.duration_seconds is not None
    assert all(0 <= word.start <= word.end <= transcript.duration_seconds + 0.1
               for word in transcript.words)  # fmt: skip
    assert all(a.start <= b.start for a, b in pairwise(transcript.words))


async def test_a_live_dictation_gives_the_same_words_while_it_is_spoken(
    works: Works, doctor: Actor, worker: Transcribing
) -> None:
    slices = as_microphone(SHORTEST)
    live = await a_recording(works, doctor, completed=False)
    seen = []
    for seq, data in enumerate(slices):
        await send(works, doctor, live, seq, data)
        await worker.advance(job_for(live))
        seen.append((await progress_of(works, doctor, live)).utterance_count)
    assert 0 < seen[len(seen) // 2] < seen[-1]
    await complete(works, doctor, live, len(slices))
    await worker.advance(job_for(live))

    at_once = await a_recording(works, doctor, slices)
    await worker.advance(job_for(at_once))
    first = await transcript_of(works, doctor, live)
    second = await transcript_of(works, doctor, at_once)
    assert first.utterances == second.utterances


async def test_silence_ends_without_words(
    works: Works, doctor: Actor, worker: Transcribing
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(12))
    await worker.advance(job_for(recording))
    assert (await progress_of(works, doctor, recording)).status is TranscriptionStatus.NO_SPEECH


async def test_a_recording_of_which_nothing_arrived_is_empty(
    works: Works, doctor: Actor, worker: Transcribing
) -> None:
    recording = await a_recording(works, doctor, [])
    await worker.advance(job_for(recording))
    found = await progress_of(works, doctor, recording)
    assert (found.status, found.reason) == (TranscriptionStatus.FAILED, HaltReason.EMPTY)


async def test_garbage_fails_and_the_next_recording_does_not_notice(
    works: Works, doctor: Actor, worker: Transcribing
) -> None:
    garbage = await an_upload(works, doctor, b"dear colleague, " * 4000)
    good = await an_upload(works, doctor, SHORTEST.read_bytes())
    await worker.listen(job_for(garbage))
    await worker.listen(job_for(good))
    found = await progress_of(works, doctor, garbage)
    assert (found.status, found.reason) == (TranscriptionStatus.FAILED, HaltReason.NOT_AUDIO)
    assert (await progress_of(works, doctor, good)).status is TranscriptionStatus.DONE


async def test_a_paused_file_is_finished_later_with_the_same_words(
    works: Works, doctor: Actor, worker: Transcribing, engine: transcription.SpeechEngine
) -> None:
    sound = SHORTEST.read_bytes()
    in_one_go = await an_upload(works, doctor, sound)
    await worker.listen(job_for(in_one_go))

    spool = Path(worker._room._room) / "paused"
    spool.write_bytes(sound)
    utterances: list[transcription.Utterance] = []
    position, rounds = 0, 0
    while True:
        rounds += 1
        words = sum(len(each.words) for each in utterances)
        events = engine.advance(
            spool,
            position_samples=position,
            next_index=len(utterances),
            next_word_index=words,
            final=True,
        )
        async for event in events:
            if event.kind == "utterance":
                utterances.append(event.utterance)
                engine.pause()
        assert event.kind in ("paused", "finished")
        position = event.position_samples
        if event.kind == "finished":
            break
    assert rounds > 2
    whole = await transcript_of(works, doctor, in_one_go)
    assert [each.words for each in utterances] == [each.words for each in whole.utterances]
