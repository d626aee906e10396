"""Transcripts over HTTP: read them, watch them come in, have them tried again."""

import asyncio
import json
from typing import Any

from sqlalchemy import text

from app.clinical import recordings
from app.clinical.transcription.engine_events import EngineEvent, UtteranceHeard
from app.clinical.transcription.schemas import FailureReason
from app.clinical.transcription.scripted_engine import ScriptedEngine
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.transcription import (
    LINES,
    a_recording,
    complete,
    job_for,
    microphone_slices,
    send,
    silence,
)
from tests.clinical.transcription.conftest import Hire
from tests.conftest import Client

Told = list[tuple[str, str, dict[str, Any]]]


def parsed(stream: str) -> Told:
    """(event, id, data) of everything in a stream of server-sent events."""
    told = []
    for block in stream.strip().split("\n\n"):
        lines = [line.partition(": ") for line in block.splitlines() if not line.startswith(":")]
        fields = {name: value for name, _, value in lines}
        if fields:
            told.append((fields["event"], fields["id"], json.loads(fields["data"])))
    return told


def url(recording: recordings.Recording, what: str) -> str:
    return f"/api/v1/recordings/{recording.id}/{what}"


async def test_a_finished_transcript_is_read(
    works: Works, doctor: Actor, as_doctor: Client, as_nurse: Client, hire: Hire
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(3))
    await hire().advance(job_for(recording))
    for reader in (as_doctor, as_nurse):
        answer = await reader.get(url(recording, "transcript"))
        assert answer.status_code == 200
    body = answer.json()
    assert body["complete"] is True
    assert [each["text"] for each in body["utterances"]] == list(LINES)
    assert body["model"]["demo"] is True
    assert body["low_confidence"] == 0.75
    progress = (await as_doctor.get(url(recording, "transcription"))).json()
    assert (progress["status"], progress["progress"]) == ("done", 1.0)
    assert progress["transcript_id"] == body["id"]


async def test_before_anything_was_heard_there_is_no_transcript(
    works: Works, doctor: Actor, as_doctor: Client
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(1))
    answer = await as_doctor.get(url(recording, "transcript"))
    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/transcript-not-found"
    assert (await as_doctor.get(url(recording, "transcription"))).json()["status"] == "queued"


async def test_only_clinicians_read_transcripts(
    works: Works, doctor: Actor, as_receptionist: Client, as_admin: Client, as_nurse: Client
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(1))
    for what in ("transcript", "transcription", "events"):
        for stranger in (as_receptionist, as_admin):
            assert (await stranger.get(url(recording, what))).status_code == 403
    assert (await as_nurse.post(url(recording, "transcription"))).status_code == 403


async def test_a_failed_transcription_is_tried_again_on_demand(
    works: Works, doctor: Actor, as_doctor: Client, hire: Hire
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(3))
    worker = hire(ScriptedEngine(LINES, endings=[FailureReason.decode_failed]))
    await worker.advance(job_for(recording))
    failed = (await as_doctor.get(url(recording, "transcription"))).json()
    assert (failed["status"], failed["reason"]) == ("failed", "decode_failed")
    assert "damaged" in failed["explanation"]

    answer = await as_doctor.post(url(recording, "transcription"))
    assert (answer.status_code, answer.json()["status"]) == (201, "queued")
    again = await as_doctor.post(url(recording, "transcription"))
    assert (again.status_code, again.json()["type"]) == (409, "/problems/nothing-to-repeat")
    await worker.advance(job_for(recording))
    assert (await as_doctor.get(url(recording, "transcription"))).json()["status"] == "done"


async def test_the_stream_of_a_finished_transcript_tells_all_and_ends(
    works: Works, doctor: Actor, as_doctor: Client, hire: Hire
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(3))
    await hire().advance(job_for(recording))
    answer = await as_doctor.get(url(recording, "events"))
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = parsed(answer.text)
    assert [(event, id_) for event, id_, _ in told] == [
        ("utterance", "1"),
        ("utterance", "2"),
        ("utterance", "3"),
        ("state", "3"),
    ]
    assert [data["text"] for _, _, data in told[:3]] == list(LINES)
    assert told[3][2]["status"] == "done"


async def test_who_comes_back_hears_the_rest_once(
    works: Works, doctor: Actor, as_doctor: Client, hire: Hire
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(3))
    await hire().advance(job_for(recording))
    for last, expected in (("2", ["3"]), ("3", []), ("nonsense", ["1", "2", "3"])):
        answer = await as_doctor.get(url(recording, "events"), headers={"Last-Event-ID": last})
        told = parsed(answer.text)
        assert [id_ for event, id_, _ in told if event == "utterance"] == expected


async def test_the_stream_follows_a_dictation_to_its_end(
    works: Works, doctor: Actor, as_doctor: Client, hire: Hire
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(1), completed=False)
    following = asyncio.create_task(as_doctor.get(url(recording, "events")))
    worker = hire()
    await worker.advance(job_for(recording))
    await send(works, doctor, recording, 1, silence(1))
    await worker.advance(job_for(recording))
    await send(works, doctor, recording, 2, silence(1))
    await complete(works, doctor, recording, 3)
    await worker.advance(job_for(recording))
    told = parsed((await following).text)
    utterances = [data["text"] for event, _, data in told if event == "utterance"]
    assert utterances == list(LINES)
    assert told[-1][2]["status"] == "done"


async def followed(works: Works) -> int:
    statement = "select count(*) from audit_events where action = 'transcript.follow'"
    async with works.sessions() as session:
        return int((await session.execute(text(statement))).scalar_one())


async def busy_connections(works: Works) -> int:
    statement = (
        "select count(*) from pg_stat_activity where datname = current_database()"
        " and state <> 'idle' and pid <> pg_backend_pid()"
    )
    async with works.sessions() as session:
        return int((await session.execute(text(statement))).scalar_one())


async def test_following_holds_no_connection_while_it_waits(
    works: Works, doctor: Actor, as_doctor: Client
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(1), completed=False)
    followers = [asyncio.create_task(as_doctor.get(url(recording, "events"))) for _ in range(30)]
    async with asyncio.timeout(20):
        while await followed(works) < 30 or await busy_connections(works) > 0:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    for follower in followers:
        follower.cancel()
    await asyncio.gather(*followers, return_exceptions=True)


async def test_whoever_signs_out_hears_no_more(
    works: Works, doctor: Actor, as_doctor: Client, hire: Hire
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(3), completed=False)

    async def signed_out(event: EngineEvent) -> None:
        if isinstance(event, UtteranceHeard):
            await as_doctor.delete("/api/v1/sessions/current")

    await hire(ScriptedEngine(LINES, meanwhile=signed_out)).advance(job_for(recording))
    assert (await as_doctor.get(url(recording, "events"))).status_code == 401


async def test_an_unknown_recording_is_a_problem_document_not_a_broken_stream(
    as_doctor: Client,
) -> None:
    answer = await as_doctor.get("/api/v1/recordings/00000000-0000-4000-8000-000000000000/events")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
