"""One engine, many recordings: a dictation does not wait for a long file."""

import asyncio
from pathlib import Path

from app.clinical import transcription
from app.clinical.transcription.engine_events import EngineEvent, UtteranceHeard
from app.clinical.transcription.lifecycle import TranscriptionStatus
from app.clinical.transcription.scripted_engine import ScriptedEngine
from app.clinical.transcription.spool import SpoolRoom
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.transcription import (
    LINES,
    a_recording,
    an_upload,
    job_for,
    microphone_slices,
    send,
    silence,
)
from tests.clinical.transcription.conftest import Hire

S = TranscriptionStatus


async def test_a_dictation_is_heard_while_a_long_file_makes_room(
    works: Works, doctor: Actor, hire: Hire
) -> None:
    file = await an_upload(works, doctor, b"".join(microphone_slices(3)))
    dictation = await a_recording(works, doctor, microphone_slices(3))
    waiting: list[asyncio.Task[None]] = []

    async def somebody_dictates(event: EngineEvent) -> None:
        if isinstance(event, UtteranceHeard) and not waiting:
            waiting.append(asyncio.create_task(worker.advance(job_for(dictation))))
            while not worker._turns.wanted:  # noqa: ASYNC110 - until it stands in the queue
                await asyncio.sleep(0.01)

    engine = ScriptedEngine(LINES, meanwhile=somebody_dictates)
    worker = hire(engine, turn_seconds=0)
    await worker.listen(job_for(file))
    await waiting[0]
    async with works.begin(doctor) as uow:
        heard = await transcription.progress_of(uow, dictation.id)
        paused = await transcription.progress_of(uow, file.id)
    assert heard.status is S.DONE
    assert (paused.status, paused.utterance_count, paused.attempts) == (S.RUNNING, 1, 0)

    await worker.listen(job_for(file))
    async with works.begin(doctor) as uow:
        transcript = await transcription.get_transcript(uow, file.id)
    assert [each.text for each in transcript.utterances] == list(LINES)


async def test_files_do_not_make_room_for_files(works: Works, doctor: Actor, hire: Hire) -> None:
    first = await an_upload(works, doctor, b"".join(microphone_slices(3)))
    second = await an_upload(works, doctor, b"".join(microphone_slices(3)))
    engine = ScriptedEngine(LINES)
    worker = hire(engine, turn_seconds=0)
    await asyncio.gather(worker.listen(job_for(first)), worker.listen(job_for(second)))
    assert engine.calls == [0, 0]


async def test_sound_after_a_hole_waits_for_what_is_missing(
    works: Works, doctor: Actor, tmp_path: Path
) -> None:
    slices = microphone_slices(2)
    recording = await a_recording(works, doctor, slices[:1], completed=False)
    await send(works, doctor, recording, 2, silence(3))
    room = SpoolRoom(tmp_path)
    spool = await room.catch_up(works, recording.id)
    assert spool.path.read_bytes() == slices[0]
    await send(works, doctor, recording, 1, slices[1])
    spool = await room.catch_up(works, recording.id)
    assert spool.path.read_bytes() == b"".join(slices) + silence(3)
    assert spool.path.stat().st_mode & 0o077 == 0
    room.close()


def test_what_a_killed_worker_left_behind_is_swept_out(tmp_path: Path) -> None:
    left_behind = tmp_path / "worker-dead"
    left_behind.mkdir()
    (left_behind / "sound").write_bytes(b"somebody's voice")
    first, second = SpoolRoom(tmp_path), SpoolRoom(tmp_path)
    assert not left_behind.exists()
    assert len(list(tmp_path.iterdir())) == 2
    assert tmp_path.stat().st_mode & 0o022 == 0
    second.close()
    first.close()
    assert list(tmp_path.iterdir()) == []
