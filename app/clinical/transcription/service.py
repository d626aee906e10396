"""What is done with transcriptions: carried on under a claim, and brought to an end."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.clinical import recordings
from app.clinical.transcription import policies, repository
from app.clinical.transcription.claiming import Claim, keep_move
from app.clinical.transcription.documents import (
    TranscriptDocument,
    UtteranceDocument,
    transcript_id_of,
)
from app.clinical.transcription.errors import NothingToRepeat, UtterancesMissing
from app.clinical.transcription.events import TranscriptCompleted, TranscriptionRepeated
from app.clinical.transcription.lifecycle import (
    REPEATABLE,
    UNFINISHED,
    HaltReason,
    TranscriptionStatus,
)
from app.clinical.transcription.manifest import ModelManifest
from app.clinical.transcription.models import Transcription
from app.clinical.transcription.schemas import Utterance
from app.clinical.transcription.shapes import UnheardSpan
from app.infra.uow import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardSoFar:
    """Which sound was worked on: so many chunks, and whether they were all there will be."""

    chunks: int
    whole: bool


async def save_utterance(
    uow: UnitOfWork,
    claim: Claim,
    utterance: Utterance,
    *,
    position_samples: int,
    unheard: Sequence[UnheardSpan],
) -> None:
    """Save the words, then move the checkpoint past them. Raises `LeaseLost`."""
    document = UtteranceDocument.of(claim.recording_id, utterance, fence=claim.fence)
    await repository.put_utterance(uow, document)
    word_count = utterance.words[-1].index + 1
    moved = {"utterance_count": utterance.index + 1, "word_count": word_count}
    await _move_checkpoint(uow, claim, position_samples, unheard, moved)


async def save_progress(
    uow: UnitOfWork,
    claim: Claim,
    *,
    position_samples: int,
    total_samples: int | None,
    unheard: Sequence[UnheardSpan],
) -> None:
    """Move the checkpoint past sound without words. Raises `LeaseLost`."""
    known = {} if total_samples is None else {"total_samples": total_samples}
    await _move_checkpoint(uow, claim, position_samples, unheard, known)


async def _move_checkpoint(
    uow: UnitOfWork,
    claim: Claim,
    position_samples: int,
    unheard: Sequence[UnheardSpan],
    values: dict[str, Any],
) -> None:
    if position_samples > claim.position_samples:
        values = {**values, "attempts": 0}
    if unheard:
        spans = [span.model_dump() for span in unheard]
        values = {**values, "unheard": repository.added_to_unheard(spans)}
    values = {**values, "position_samples": position_samples}
    await repository.update_held(uow, claim.recording_id, claim.fence, values)
    uow.wake(recordings.topic_of(claim.recording_id))


async def let_go(uow: UnitOfWork, claim: Claim, heard: HeardSoFar | None) -> bool:
    """Give the lease back; True when there is more to do than was seen. Raises `LeaseLost`.

    Whoever brings more sound from now on finds the lease free; whoever brought it before is
    seen here, because looking and letting go happen under the same lock.
    """
    row = await repository.lock_held(uow, claim.recording_id, claim.fence)
    row.lease_until, row.heartbeat_at = None, uow.now
    if heard is None:
        return True
    recording = await recordings.get_recording(uow, claim.recording_id)
    whole = recording.status is not recordings.RecordingStatus.RECEIVING
    return whole is not heard.whole or recording.contiguous > heard.chunks


async def complete(
    uow: UnitOfWork, claim: Claim, model: ModelManifest, *, duration_seconds: float
) -> TranscriptionStatus:
    """Freeze the transcript, or find that nothing was said.

    Raises `LeaseLost`, or `UtterancesMissing` when Mongo does not have what it confirmed.
    """
    row = await repository.lock_held(uow, claim.recording_id, claim.fence)
    recording = await recordings.get_recording(uow, claim.recording_id)
    if recording.status is recordings.RecordingStatus.ENTERED_IN_ERROR:
        await keep_move(uow, row, row.fail(HaltReason.WITHDRAWN, by=uow.actor.id, at=uow.now))
        return row.status
    if row.word_count == 0:
        await keep_move(uow, row, row.find_no_speech(by=uow.actor.id, at=uow.now))
        return row.status
    document = await _assembled(uow, row, recording, model, duration_seconds)
    kept = await repository.put_transcript(uow, document)
    move = row.complete(kept.id, kept.sha256, by=uow.actor.id, at=uow.now)
    await keep_move(uow, row, move)
    await uow.publish(
        TranscriptCompleted(
            recording_id=row.recording_id,
            transcript_id=kept.id,
            encounter_id=row.encounter_id,
            patient_id=row.patient_id,
        )
    )
    return row.status


async def _assembled(
    uow: UnitOfWork,
    row: Transcription,
    recording: recordings.Recording,
    model: ModelManifest,
    duration_seconds: float,
) -> TranscriptDocument:
    kept = await repository.utterances(uow, row.recording_id, start=0, stop=row.utterance_count)
    words = [word.index for each in kept for word in each.words]
    if len(kept) != row.utterance_count or words != list(range(row.word_count)):
        raise UtterancesMissing(recording_id=row.recording_id)
    document = TranscriptDocument(
        id=transcript_id_of(row.recording_id),
        recording_id=row.recording_id,
        recording_sha256=recording.sha256 or "",
        encounter_id=row.encounter_id,
        patient_id=row.patient_id,
        language=model.decoding.language,
        model=model.info,
        low_confidence=model.low_confidence,
        duration_seconds=duration_seconds,
        utterances=[each.as_utterance() for each in kept],
        unheard=in_order(row.unheard),
        created_at=uow.now,
    )
    document.sha256 = document.content_sha256()
    return document


def in_order(spans: Sequence[dict[str, Any]]) -> list[UnheardSpan]:
    """Each span once, by time: a retry may have told the same again."""
    unique = {(span["start"], span["end"], span["reason"]) for span in spans}
    return [UnheardSpan(start=start, end=end, reason=why) for start, end, why in sorted(unique)]


async def fail(uow: UnitOfWork, claim: Claim, reason: HaltReason) -> TranscriptionStatus:
    """Say why it cannot go on: for good, until its next try, or until a person looks at it.

    Raises `LeaseLost`.
    """
    row = await repository.lock_held(uow, claim.recording_id, claim.fence)
    if reason is HaltReason.UTTERANCES_MISSING:
        row.forget_words()
    await keep_move(uow, row, row.fail(reason, by=uow.actor.id, at=uow.now))
    return row.status


async def repeat_transcription(uow: UnitOfWork, recording_id: UUID) -> None:
    """Queue a failed or held transcription again, from its last checkpoint."""
    policies.require_doctor(uow)
    recording = await recordings.get_recording(uow, recording_id)
    await repository.ensure(uow, recording)
    found = await repository.lock(uow, recording_id)
    assert found is not None
    row = found[0]
    if row.status not in REPEATABLE:
        raise NothingToRepeat(recording_id=recording_id, current=row.status)
    await keep_move(uow, row, row.repeat(by=uow.actor.id, at=uow.now))
    await uow.publish(
        TranscriptionRepeated(
            recording_id=recording_id, encounter_id=row.encounter_id, patient_id=row.patient_id
        )
    )
    await queue(uow, recording_id)


async def queue(uow: UnitOfWork, recording_id: UUID) -> None:
    """Ask a worker to look at this recording."""
    await uow.enqueue(
        recordings.ADVANCE,
        {"recording_id": str(recording_id)},
        once=f"{recordings.ADVANCE}:{recording_id}:again",
    )


async def unfinished_among(uow: UnitOfWork, recording_ids: Collection[UUID]) -> set[UUID]:
    """Those of the recordings that may still be worked on."""
    rows = await repository.of_recordings(uow, list(recording_ids))
    return {recording_id for recording_id, row in rows.items() if row.status in UNFINISHED}


async def queue_unfinished(uow: UnitOfWork) -> int:
    """Queue again what nobody works on; returns how many."""
    found = await repository.unfinished(uow, limit=100)
    for recording_id in found:
        await queue(uow, recording_id)
    return len(found)
