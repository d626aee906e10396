"""Who works on which recording: a lease that runs out, and a fence that keeps latecomers out."""

from dataclasses import dataclass
from typing import cast, get_args
from uuid import UUID

from app import audit
from app.clinical import recordings
from app.clinical.transcription import repository
from app.clinical.transcription.events import Halt, TranscriptionHalted
from app.clinical.transcription.lifecycle import UNFINISHED, HaltReason, TranscriptionStatus
from app.clinical.transcription.manifest import ModelManifest
from app.clinical.transcription.models import MAX_ATTEMPTS, Transcription, TranscriptionMove
from app.infra.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to carry on one transcription, and where to go on. Good while it is the latest."""

    recording_id: UUID
    fence: int
    position_samples: int
    utterance_count: int
    word_count: int


async def take_lease(uow: UnitOfWork, recording_id: UUID, model: ModelManifest) -> Claim | None:
    """Take the lease; None when another holds it or there is nothing to do now.

    One transcript is by one model: after a change of model everything is heard again.
    """
    recording = await recordings.get_recording(uow, recording_id)
    await repository.ensure(uow, recording)
    found = await repository.lock(uow, recording_id)
    if found is None or found[0].status not in UNFINISHED:
        return None
    row, now = found
    if recording.status is recordings.RecordingStatus.ENTERED_IN_ERROR:
        await keep_move(uow, row, row.fail(HaltReason.WITHDRAWN, by=uow.actor.id, at=uow.now))
        return None
    if row.lease_until is not None and row.lease_until > now:
        return None
    if row.next_attempt_at is not None and row.next_attempt_at > uow.now:
        return None
    if not can_be_heard(recording) or await _was_lost_too_often(uow, row):
        return None
    if move := row.begin(by=uow.actor.id, at=uow.now):
        uow.db.add(move)
    _adopt(row, model)
    row.fence += 1
    row.lease_until, row.heartbeat_at = now + repository.LEASE, uow.now
    uow.wake(recordings.topic_of(recording_id))
    return Claim(
        recording_id=recording_id,
        fence=row.fence,
        position_samples=row.position_samples,
        utterance_count=row.utterance_count,
        word_count=row.word_count,
    )


def can_be_heard(recording: recordings.Recording) -> bool:
    """Our own recorder's sound is heard while it arrives; a file only makes sense as a whole."""
    if recording.status is recordings.RecordingStatus.COMPLETED:
        return True
    return recording.is_streamed and recording.contiguous > 0


async def _was_lost_too_often(uow: UnitOfWork, row: Transcription) -> bool:
    """A lease that ran out means that a worker died over this; a few times is bad luck."""
    if row.lease_until is None:
        return False
    row.lease_until = None
    if row.attempts + 1 < MAX_ATTEMPTS:
        row.attempts += 1
        return False
    await keep_move(uow, row, row.fail(HaltReason.WORKER_LOST, by=uow.actor.id, at=uow.now))
    return True


def _adopt(row: Transcription, model: ModelManifest) -> None:
    if (row.model_name, row.model_version) != (model.name, model.version):
        row.forget_words()
    row.model_name, row.model_version, row.model_demo = model.name, model.version, model.demo
    row.low_confidence = model.low_confidence


async def renew(uow: UnitOfWork, claim: Claim) -> None:
    """Keep the lease alive. Raises `LeaseLost`."""
    await repository.update_held(uow, claim.recording_id, claim.fence, {})


async def keep_move(uow: UnitOfWork, row: Transcription, move: TranscriptionMove) -> None:
    uow.db.add(move)
    await audit.record(
        uow,
        f"transcription.{DONE_WORDS[move.to_status]}",
        patient_id=row.patient_id,
        subject=("recording", row.recording_id),
        detail={"reason": move.reason} if move.reason else {},
    )
    await tell_halt(uow, row)
    uow.wake(recordings.topic_of(row.recording_id))


async def tell_halt(uow: UnitOfWork, row: Transcription) -> None:
    """Somebody has to know, unless the recording itself was withdrawn."""
    if row.status.value in get_args(Halt) and row.reason is not HaltReason.WITHDRAWN:
        await uow.publish(
            TranscriptionHalted(
                recording_id=row.recording_id,
                encounter_id=row.encounter_id,
                patient_id=row.patient_id,
                status=cast("Halt", row.status.value),
            )
        )


DONE_WORDS = {
    TranscriptionStatus.QUEUED: "queue",
    TranscriptionStatus.RUNNING: "begin",
    TranscriptionStatus.DONE: "complete",
    TranscriptionStatus.NO_SPEECH: "find_no_speech",
    TranscriptionStatus.FAILED: "fail",
    TranscriptionStatus.HELD: "hold",
}
