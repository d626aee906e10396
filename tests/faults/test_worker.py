"""A worker dies without a word; another one finishes, and nothing is there twice."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from app.clinical import recordings, transcription
from app.clinical.transcription.lifecycle import TranscriptionStatus
from app.infra.embedded import StoreUrls
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.transcription import DICTATIONS, an_upload

pytestmark = [pytest.mark.fault, pytest.mark.speech]

ROOT = Path(__file__).parents[2]
LEASE_AND_SWEEP_SECONDS = 35
WORK_SECONDS = 120
DICTATION = DICTATIONS / "s04-ankle-no-headings.ogg"

Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def start_worker(urls: StoreUrls, tmp_path: Path) -> Iterator[Start]:
    """Start another worker process on the stores of this test."""
    started: list[subprocess.Popen[bytes]] = []
    env = {
        **os.environ,
        "DATABASE_URL": urls.database_url,
        "MONGO_URL": urls.mongo_url,
        "REDIS_URL": urls.redis_url or "",
        "DRA_DATA_DIR": str(tmp_path / "data"),
        "DRA_ENVIRONMENT": "test",
        "DRA_SPEECH_MODEL": "demo",
    }

    def start() -> "subprocess.Popen[bytes]":
        worker = subprocess.Popen([sys.executable, "-m", "app.cli", "worker"], cwd=ROOT, env=env)
        started.append(worker)
        return worker

    yield start
    for worker in started:
        worker.kill()
        worker.wait()


async def progress(
    works: Works, doctor: Actor, recording: recordings.Recording
) -> transcription.TranscriptionProgress:
    async with works.begin(doctor) as uow:
        return await transcription.progress_of(uow, recording.id)


async def until(
    works: Works,
    doctor: Actor,
    recording: recordings.Recording,
    reached: Callable[[transcription.TranscriptionProgress], bool],
    *,
    within_seconds: float,
) -> transcription.TranscriptionProgress:
    async with asyncio.timeout(within_seconds):
        while not reached(now := await progress(works, doctor, recording)):
            await works.stores.wakeups.wait(recordings.topic_of(recording.id), seconds=0.2)
    return now


def is_done(now: transcription.TranscriptionProgress) -> bool:
    return now.status is TranscriptionStatus.DONE


def has_begun(now: transcription.TranscriptionProgress) -> bool:
    return now.utterance_count >= 2


async def words_of(
    works: Works, doctor: Actor, recording: recordings.Recording
) -> tuple[transcription.Word, ...]:
    async with works.begin(doctor) as uow:
        transcript = await transcription.get_transcript(uow, recording.id)
        assert transcript.sha256 == await transcription.recomputed_sha256(uow, recording.id)
    return transcript.words


async def number_of(works: Works, statement: str) -> int:
    async with works.sessions() as session:
        return int((await session.execute(text(statement))).scalar_one())


async def test_another_worker_finishes_what_a_killed_one_began(
    works: Works, doctor: Actor, start_worker: Start
) -> None:
    sound = DICTATION.read_bytes()
    undisturbed = await an_upload(works, doctor, sound)
    worker = start_worker()
    await until(works, doctor, undisturbed, is_done, within_seconds=WORK_SECONDS)

    recording = await an_upload(works, doctor, sound)
    await until(works, doctor, recording, has_begun, within_seconds=WORK_SECONDS)
    worker.kill()
    worker.wait()
    before = await progress(works, doctor, recording)
    assert before.status is TranscriptionStatus.RUNNING

    start_worker()
    await until(
        works,
        doctor,
        recording,
        is_done,
        within_seconds=LEASE_AND_SWEEP_SECONDS + WORK_SECONDS,
    )
    expected = await words_of(works, doctor, undisturbed)
    assert await words_of(works, doctor, recording) == expected
    assert await works.stores.documents["transcripts"].count_documents({}) == 2
    completed = "select count(*) from outbox where name = 'clinical.transcript_completed.v1'"
    assert await number_of(works, completed) == 2
    finished = "select count(*) from transcription_moves where to_status = 'done'"
    assert await number_of(works, finished) == 2


async def test_a_frozen_worker_that_thaws_spoils_nothing(
    works: Works, doctor: Actor, start_worker: Start
) -> None:
    recording = await an_upload(works, doctor, DICTATION.read_bytes())
    zombie = start_worker()
    await until(works, doctor, recording, has_begun, within_seconds=WORK_SECONDS)
    zombie.send_signal(signal.SIGSTOP)
    heir = start_worker()
    patience = LEASE_AND_SWEEP_SECONDS + WORK_SECONDS
    await until(works, doctor, recording, is_done, within_seconds=patience)
    before = await words_of(works, doctor, recording)

    zombie.send_signal(signal.SIGCONT)
    heir.kill()
    after = await an_upload(works, doctor, DICTATION.read_bytes())
    await until(works, doctor, after, is_done, within_seconds=patience)
    assert await words_of(works, doctor, recording) == before
    assert await words_of(works, doctor, after) == before
    assert await works.stores.documents["transcripts"].count_documents({}) == 2


async def test_a_worker_told_to_stop_hands_over_at_once(
    works: Works, doctor: Actor, start_worker: Start
) -> None:
    recording = await an_upload(works, doctor, DICTATION.read_bytes())
    worker = start_worker()
    await until(works, doctor, recording, has_begun, within_seconds=WORK_SECONDS)
    worker.terminate()
    assert worker.wait(timeout=10) == 0
    leased = "select count(*) from transcriptions where lease_until is not null"
    assert await number_of(works, leased) == 0
    start_worker()
    found = await until(works, doctor, recording, is_done, within_seconds=WORK_SECONDS)
    assert found.attempts == 0


async def test_a_worker_without_a_model_says_so(urls: StoreUrls, tmp_path: Path) -> None:
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app.cli", "worker"),
        cwd=ROOT,
        stderr=subprocess.PIPE,
        env={
            **os.environ,
            "DATABASE_URL": urls.database_url,
            "MONGO_URL": urls.mongo_url,
            "DRA_DATA_DIR": str(tmp_path),
            "DRA_SPEECH_MODEL": str(tmp_path / "missing"),
        },
    )
    _, said = await worker.communicate()
    assert worker.returncode not in (0, None)
    assert b"DRA_SPEECH_MODEL" in said
