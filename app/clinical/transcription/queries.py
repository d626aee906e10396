"""Reading transcripts, and how far each has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app import audit
from app.clinical import recordings
from app.clinical.transcription import policies, repository
from app.clinical.transcription.documents import TranscriptDocument
from app.clinical.transcription.errors import TranscriptNotFound
from app.clinical.transcription.lifecycle import TranscriptionStatus
from app.clinical.transcription.models import Transcription
from app.clinical.transcription.schemas import SAMPLE_RATE
from app.clinical.transcription.shapes import (
    EXPLANATIONS,
    HeardBy,
    SpokenUtterance,
    Transcript,
    TranscriptionProgress,
    UnheardSpan,
)
from app.infra.uow import UnitOfWork

HALTED = (TranscriptionStatus.FAILED, TranscriptionStatus.HELD, TranscriptionStatus.NO_SPEECH)
NEEDS_ATTENTION = (
    TranscriptionStatus.RUNNING,
    TranscriptionStatus.QUEUED,
    *HALTED,
)


async def progress_of(uow: UnitOfWork, recording_id: UUID) -> TranscriptionProgress:
    """How far the words of this recording are. Raises RecordingNotFound."""
    recording = await recordings.get_recording(uow, recording_id)
    row = await repository.find(uow, recording_id)
    return waiting(recording_id) if row is None else describe(row, recording)


async def progress_of_many(
    uow: UnitOfWork, found: Sequence[recordings.Recording]
) -> dict[UUID, TranscriptionProgress]:
    """The same for recordings already read, such as a page of a list."""
    rows = await repository.of_recordings(uow, [recording.id for recording in found])
    return {
        recording.id: describe(rows[recording.id], recording)
        if recording.id in rows
        else waiting(recording.id)
        for recording in found
    }


async def transcriptions_needing_attention(uow: UnitOfWork) -> list[TranscriptionProgress]:
    """Of the actor's own recordings: in work, failed, on hold, or without speech; newest first."""
    rows = await repository.of_actor(uow, NEEDS_ATTENTION)
    return [describe(row, recording) for row, recording in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Halted:
    """There will be no words unless somebody does something; `silent`: there were none to hear."""

    patient_id: UUID
    doctor_id: UUID
    silent: bool


async def halted(uow: UnitOfWork, recording_id: UUID) -> Halted | None:
    """Whether a transcription came to a halt, under a lock of its row.

    None while it goes on, when it is done, and of a recording that was withdrawn.
    """
    found = await repository.lock(uow, recording_id)
    if found is None or found[0].status not in HALTED:
        return None
    recording = await recordings.get_recording(uow, recording_id)
    if recording.status is recordings.RecordingStatus.ENTERED_IN_ERROR:
        return None
    return Halted(
        patient_id=recording.patient_id,
        doctor_id=recording.started_by,
        silent=found[0].status is TranscriptionStatus.NO_SPEECH,
    )


async def get_transcript(uow: UnitOfWork, recording_id: UUID) -> Transcript:
    """The finished words of a recording. Raises `TranscriptNotFound` until there are any."""
    policies.require_reader(uow)
    await recordings.get_recording(uow, recording_id)
    return (await _document(uow, recording_id)).as_transcript()


async def recomputed_sha256(uow: UnitOfWork, recording_id: UUID) -> str:
    """The digest over the transcript as it is stored now, to be held against the recorded one."""
    policies.require_reader(uow)
    await recordings.get_recording(uow, recording_id)
    return (await _document(uow, recording_id)).content_sha256()


async def read_transcript(uow: UnitOfWork, recording_id: UUID) -> Transcript:
    """The words so far, for a person: complete or still growing; audited."""
    recording = await _note_look(uow, "transcript.read", recording_id)
    row = await repository.find(uow, recording_id)
    if row is None:
        raise TranscriptNotFound(recording_id=recording_id)
    if row.transcript_id is not None:
        found = await repository.transcript(uow, row.transcript_id, recording_id)
        return found.as_transcript()
    utterances = await _utterances(uow, row, 0)
    return Transcript(
        id=None,
        recording_id=recording_id,
        complete=False,
        language=None,
        model=None,
        low_confidence=row.low_confidence,
        duration_seconds=recording.duration_seconds,
        recording_sha256=recording.sha256,
        sha256=None,
        utterances=tuple(utterances),
        unheard=tuple(UnheardSpan.model_validate(span) for span in row.unheard),
    )


async def read_progress(uow: UnitOfWork, recording_id: UUID) -> TranscriptionProgress:
    """The same as `progress_of`, for a person: audited."""
    await _note_look(uow, "transcription.read", recording_id)
    return await progress_of(uow, recording_id)


async def begin_to_follow(uow: UnitOfWork, recording_id: UUID) -> None:
    """A person is about to watch the words come in. Raises RecordingNotFound."""
    await _note_look(uow, "transcript.follow", recording_id)


async def _note_look(uow: UnitOfWork, action: str, recording_id: UUID) -> recordings.Recording:
    policies.require_reader(uow)
    recording = await recordings.get_recording(uow, recording_id)
    subject = ("recording", recording_id)
    await audit.record(uow, action, patient_id=recording.patient_id, subject=subject)
    return recording


async def utterances_from(
    uow: UnitOfWork, recording_id: UUID, index: int
) -> Sequence[SpokenUtterance]:
    """What has been said from this utterance on. Raises RecordingNotFound."""
    policies.require_reader(uow)
    await recordings.get_recording(uow, recording_id)
    row = await repository.find(uow, recording_id)
    return [] if row is None else await _utterances(uow, row, index)


async def _utterances(uow: UnitOfWork, row: Transcription, index: int) -> list[SpokenUtterance]:
    if index >= row.utterance_count:
        return []
    found = await repository.utterances(
        uow, row.recording_id, start=index, stop=row.utterance_count
    )
    return [SpokenUtterance.of(each.as_utterance()) for each in found]


async def _document(uow: UnitOfWork, recording_id: UUID) -> TranscriptDocument:
    row = await repository.find(uow, recording_id)
    if row is None or row.transcript_id is None:
        raise TranscriptNotFound(recording_id=recording_id)
    return await repository.transcript(uow, row.transcript_id, recording_id)


def waiting(recording_id: UUID) -> TranscriptionProgress:
    """Nobody has looked at it yet."""
    return TranscriptionProgress(
        recording_id=recording_id,
        status=TranscriptionStatus.QUEUED,
        reason=None,
        explanation=None,
        progress=None,
        transcribed_seconds=0.0,
        utterance_count=0,
        attempts=0,
        next_attempt_at=None,
        transcript_id=None,
        model=None,
    )


def describe(row: Transcription, recording: recordings.Recording) -> TranscriptionProgress:
    return TranscriptionProgress(
        recording_id=row.recording_id,
        status=row.status,
        reason=row.reason,
        explanation=EXPLANATIONS[row.reason] if row.reason else None,
        progress=_part_done(row, recording),
        transcribed_seconds=round(row.position_samples / SAMPLE_RATE, 2),
        utterance_count=row.utterance_count,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        transcript_id=row.transcript_id,
        model=_model_of(row),
    )


def _model_of(row: Transcription) -> HeardBy | None:
    if row.model_name is None or row.model_version is None:
        return None
    return HeardBy(name=row.model_name, version=row.model_version, demo=bool(row.model_demo))


def _part_done(row: Transcription, recording: recordings.Recording) -> float | None:
    if row.status in (TranscriptionStatus.DONE, TranscriptionStatus.NO_SPEECH):
        return 1.0
    growing = recording.status is recordings.RecordingStatus.RECEIVING
    if growing or not row.total_samples:
        return None
    return min(1.0, round(row.position_samples / row.total_samples, 3))
