"""The engine process: it is killed, frozen and starved here, and works again afterwards."""

import asyncio
import os
import signal
from contextlib import aclosing

import pytest

from app.clinical.transcription.engine import SpeechEngine
from app.clinical.transcription.engine_events import Failed, Finished, Limits, UtteranceHeard
from app.clinical.transcription.hearing import transcribe_file
from app.clinical.transcription.manifest import ModelUnusable
from app.clinical.transcription.schemas import SAMPLE_RATE, FailureReason
from app.clinical.transcription.sound import streaming_wav_header
from tests.clinical.transcription.engine.sounds import (
    dictation_file,
    pcm,
    samples_of,
    streaming_wav,
)

pytestmark = pytest.mark.speech

TWO_SENTENCES = 7 * SAMPLE_RATE
MEBIBYTE = 1024**2


@pytest.fixture
async def engine():
    engine = SpeechEngine("demo")
    yield engine
    await engine.stop()


@pytest.fixture
def short(tmp_path):
    """Two sentences and an open end, seven seconds."""
    return streaming_wav(tmp_path / "short.wav", samples_of(dictation_file())[:TWO_SENTENCES])


async def advance(engine, path, *, position=0, index=0, word=0, final=True, **limits):
    events = engine.advance(
        path,
        position_samples=position,
        next_index=index,
        next_word_index=word,
        final=final,
        limits=Limits(**limits),
    )
    async with aclosing(events):
        return [event async for event in events]


def utterances(events):
    return [event.utterance for event in events if isinstance(event, UtteranceHeard)]


async def hears(engine, path) -> bool:
    return utterances(await advance(engine, path))[0].text.startswith("Patient complains")


async def test_a_file_is_heard_in_the_other_process_as_in_this_one(engine, short):
    events = await advance(engine, short)
    assert tuple(utterances(events)) == transcribe_file(short, "demo").utterances
    assert isinstance(events[-1], Finished)


async def test_a_dictation_heard_while_it_grows_is_heard_as_in_one_go(engine, tmp_path):
    samples = samples_of(dictation_file())[: 17 * SAMPLE_RATE]
    spool = tmp_path / "spool.wav"
    spool.write_bytes(streaming_wav_header())
    heard, position, early = [], 0, 0
    for begin in range(0, samples.size, 3 * SAMPLE_RATE):
        with spool.open("ab") as file:
            file.write(pcm(samples[begin : begin + 3 * SAMPLE_RATE]))
        final = begin + 3 * SAMPLE_RATE >= samples.size
        early = len(heard)
        word = sum(len(one.words) for one in heard)
        events = await advance(
            engine, spool, position=position, index=len(heard), word=word, final=final
        )
        assert isinstance(events[-1], Finished)
        position = events[-1].position_samples
        heard += utterances(events)
    assert tuple(heard) == transcribe_file(spool, "demo").utterances
    assert early >= 4  # of five: only the last waits for the end


async def test_another_engine_goes_on_from_the_checkpoint(engine, tmp_path):
    spool = streaming_wav(tmp_path / "x.wav", samples_of(dictation_file())[: 10 * SAMPLE_RATE])
    whole = utterances(await advance(engine, spool))
    first = whole[0]
    events = engine.advance(spool, position_samples=0, next_index=0, next_word_index=0, final=True)
    position = 0
    async with aclosing(events):
        async for event in events:
            if isinstance(event, UtteranceHeard):
                position = event.position_samples
                break
    assert engine.pid is None  # leaving early ended the process
    rest = await advance(engine, spool, position=position, index=1, word=len(first.words))
    assert [first, *utterances(rest)] == whole


async def test_several_recordings_wait_their_turn(engine, short):
    together = await asyncio.gather(*(advance(engine, short) for _ in range(2)))
    assert len({tuple(utterances(events)) for events in together}) == 1


async def test_a_killed_process_fails_its_recording_and_nothing_else(engine, short):
    await engine.start()
    killed = engine.pid
    os.kill(killed, signal.SIGSTOP)  # it must not finish before it is killed
    running = asyncio.create_task(advance(engine, short))
    await asyncio.sleep(0)
    os.kill(killed, signal.SIGKILL)
    events = await running
    assert [event.kind for event in events] == ["failed"]
    assert events[0].reason == FailureReason.crashed
    assert await hears(engine, short)
    assert engine.pid != killed


async def test_a_frozen_process_is_given_up_and_replaced(engine, short):
    await engine.start()
    os.kill(engine.pid, signal.SIGSTOP)
    events = await advance(engine, short, stall_seconds=0.3)
    assert isinstance(events[-1], Failed)
    assert events[-1].reason == FailureReason.timeout
    assert engine.pid is None
    assert await hears(engine, short)


async def test_a_hostile_file_is_refused_and_the_process_lives_on(engine, short, tmp_path):
    (tmp_path / "x.mp3").write_bytes(b"PK\x03\x04" + bytes(2_000))
    await engine.start()
    pid = engine.pid
    events = await advance(engine, tmp_path / "x.mp3")
    assert [event.reason for event in events] == [FailureReason.not_audio]
    assert await hears(engine, short)
    assert engine.pid == pid


async def test_a_process_without_memory_says_so_instead_of_swapping():
    starved = SpeechEngine("demo", memory_bytes=300 * MEBIBYTE)
    with pytest.raises(ModelUnusable):
        await starved.start()
    assert starved.pid is None


async def test_a_spool_that_is_gone_is_the_callers_mistake(engine, tmp_path):
    with pytest.raises(FileNotFoundError):
        await advance(engine, tmp_path / "nothing.wav")


async def test_the_process_ends_with_its_parent(engine):
    await engine.start()
    child = engine._child
    child.stdin.close()
    assert await child.wait() == 0


async def test_stopping_twice_is_stopping_once(engine):
    await engine.start()
    await engine.stop()
    await engine.stop()
    assert engine.pid is None
