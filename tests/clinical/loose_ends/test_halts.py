"""Sound that became no words is told to its doctor, until it did or was withdrawn."""

from app.clinical import recordings, transcription
from app.clinical.transcription.engine_events import FailureReason
from app.clinical.transcription.scripted_engine import ScriptedEngine
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.transcription import LINES, a_recording, an_upload, microphone_slices
from tests.clinical.loose_ends.seeing import everything, told, waiting
from tests.clinical.transcription.conftest import Hire


def job_for(recording: recordings.Recording) -> dict[str, str]:
    return {"recording_id": str(recording.id)}


async def test_a_failure_is_an_alert_of_the_doctor_who_spoke(
    works: Works, doctor: Actor, hire: Hire
) -> None:
    recording = await an_upload(works, doctor, b"this is a letter, not a sound")
    await hire(ScriptedEngine(LINES, endings=[FailureReason.not_audio])).listen(job_for(recording))
    await told(works)
    [alert] = await everything(works)
    assert (alert.type, alert.status, alert.assignee_id) == (
        "recording.failed",
        "triggered",
        doctor.id,
    )
    assert (alert.subject_type, alert.subject_id) == ("recording", recording.id)


async def test_silence_is_a_task(works: Works, doctor: Actor, hire: Hire) -> None:
    recording = await a_recording(works, doctor, microphone_slices(2))
    await hire(ScriptedEngine([])).advance(job_for(recording))
    await told(works)
    assert await waiting(works) == ["recording.silent"]


async def test_trying_again_ends_the_alert(works: Works, doctor: Actor, hire: Hire) -> None:
    recording = await an_upload(works, doctor, b"this is a letter, not a sound")
    await hire(ScriptedEngine(LINES, endings=[FailureReason.not_audio])).listen(job_for(recording))
    await told(works)
    async with works.begin(doctor) as uow:
        await transcription.repeat_transcription(uow, recording.id)
    await told(works)
    assert await waiting(works) == []


async def test_a_recording_that_is_withdrawn_waits_for_nobody(
    works: Works, doctor: Actor, hire: Hire
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(2))
    await hire(ScriptedEngine([])).advance(job_for(recording))
    await told(works)
    async with works.begin(doctor) as uow:
        await recordings.mark_entered_in_error(uow, recording.id, reason="Nobody spoke.")
    await told(works)
    assert await waiting(works) == []


async def test_a_transcript_that_comes_leaves_nothing_but_the_draft(
    works: Works, doctor: Actor, hire: Hire
) -> None:
    recording = await a_recording(works, doctor, microphone_slices(3))
    await hire(ScriptedEngine(LINES)).advance(job_for(recording))
    await told(works)
    assert await waiting(works) == ["note.draft"]
