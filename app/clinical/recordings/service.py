"""What can be done with recordings."""

from uuid import UUID

from app import audit
from app.clinical import encounters
from app.clinical.recordings import repository
from app.clinical.recordings.errors import (
    ChunksMissing,
    ConsentMissing,
    ContinuesElsewhere,
    CountDiffers,
    RecordingNotFound,
    TooManyGaps,
)
from app.clinical.recordings.events import (
    ADVANCE,
    RecordingFinished,
    RecordingWithdrawn,
    topic_of,
)
from app.clinical.recordings.lifecycle import RecordingStatus
from app.clinical.recordings.models import Recording, RecordingGap, RecordingMove
from app.clinical.recordings.policies import require_doctor, require_owner
from app.clinical.recordings.schemas import (
    DEFAULT_LIMITS,
    CompletedBy,
    Completion,
    GapReason,
    NewGap,
    NewRecording,
    RecordingLimits,
)
from app.infra.uow import UnitOfWork


async def begin_recording(uow: UnitOfWork, encounter_id: UUID, new: NewRecording) -> Recording:
    """A doctor is about to dictate, or to upload what was dictated elsewhere.

    Raises `ConsentMissing`, `EncounterClosed`, `ContinuesElsewhere`. What was left over when the
    sweeper completed a recording may still be brought in after the encounter is over.
    """
    require_doctor(uow)
    encounter = await encounters.get_encounter(uow, encounter_id, lock=True)
    if not await is_rescue(uow, encounter, new):
        encounter.require_open()
    if not await encounters.recording_permitted(uow, encounter.id):
        raise ConsentMissing(encounter_id=encounter.id)
    recording = Recording(
        encounter_id=encounter.id,
        patient_id=encounter.patient_id,
        continues=new.continues,
        status=RecordingStatus.RECEIVING,
        origin=new.origin,
        media_type=new.media_type.value,
        started_by=uow.actor.id,
        started_at=uow.now,
    )
    uow.db.add(recording)
    await uow.db.flush()
    began = {"to_status": recording.status, "moved_by": uow.actor.id, "moved_at": uow.now}
    uow.db.add(RecordingMove(recording_id=recording.id, **began))
    await trace(uow, "recording.begin", recording, origin=recording.origin.value)
    return recording


async def is_rescue(uow: UnitOfWork, encounter: encounters.Encounter, new: NewRecording) -> bool:
    """Whether this brings in what a recording lost that the sweeper had to complete."""
    if new.continues is None:
        return False
    try:
        before = await repository.get(uow, new.continues)
    except RecordingNotFound:
        raise ContinuesElsewhere(continues=new.continues) from None
    if before.encounter_id != encounter.id:
        raise ContinuesElsewhere(continues=new.continues)
    require_owner(uow, before, encounter.practitioner_id)
    was_swept = before.completed_by is CompletedBy.SWEEPER
    return was_swept and encounter.status is encounters.EncounterStatus.COMPLETED


async def report_gap(uow: UnitOfWork, recording_id: UUID, gap: NewGap) -> RecordingGap:
    """Keep an honest note of a time in which nothing was captured; raises `TooManyGaps`."""
    require_doctor(uow)
    recording = await owned(uow, recording_id, lock=True)
    if not await repository.has_room_for_gap(uow, recording_id):
        raise TooManyGaps(recording_id=recording_id)
    row = RecordingGap(**gap.model_dump(), recording_id=recording_id, reported_at=uow.now)
    uow.db.add(row)
    await uow.db.flush()
    uow.wake(topic_of(recording_id))
    await trace(uow, "recording.report_gap", recording, reason=gap.reason.value)
    return row


async def complete_recording(
    uow: UnitOfWork, recording_id: UUID, completion: Completion
) -> Recording:
    """Everything has been sent; saying so again changes nothing.

    Raises `ChunksMissing`, `CountDiffers`, `RecordingEnteredInError`.
    """
    require_doctor(uow)
    recording = await owned(uow, recording_id, lock=True)
    count = completion.chunk_count
    if recording.status is RecordingStatus.COMPLETED and recording.declared_chunks == count:
        await trace(uow, "recording.complete", recording, again=True)
        return recording
    received_end = await repository.end_of_received(uow, recording)
    if recording.status is RecordingStatus.COMPLETED or received_end > count:
        raise CountDiffers(recording_id=recording_id, chunk_count=recording.chunk_count)
    recording.require_receiving()
    if recording.contiguous < count:
        missing, how_many = await repository.missing(uow, recording, count=count)
        raise ChunksMissing(recording_id=recording_id, missing=missing, missing_count=how_many)
    await close(uow, recording, count, completion.sha256, whose=CompletedBy.CLIENT)
    return recording


async def close(
    uow: UnitOfWork, recording: Recording, count: int, sha256: str | None, *, whose: CompletedBy
) -> None:
    uow.db.add(recording.complete(count, sha256, by=uow.actor.id, whose=whose, at=uow.now))
    await uow.publish(
        RecordingFinished(
            recording_id=recording.id,
            encounter_id=recording.encounter_id,
            patient_id=recording.patient_id,
            completed_by=whose,
        )
    )
    await ask_to_advance(uow, recording, upto="final")
    uow.wake(topic_of(recording.id))
    await trace(uow, "recording.complete", recording, by=whose.value, chunks=count)


async def complete_abandoned(
    uow: UnitOfWork, recording_id: UUID, limits: RecordingLimits = DEFAULT_LIMITS
) -> None:
    """Complete a recording nobody has added to for long with what came before the first hole.

    One of which nothing ever arrived is marked as entered in error.
    """
    recording = await repository.get(uow, recording_id, lock=True)
    last_sign = recording.last_chunk_at or recording.started_at
    if recording.status is not RecordingStatus.RECEIVING:
        return
    if last_sign >= uow.now - limits.abandoned_after:
        return
    if recording.chunk_count == 0:
        await mark(uow, recording, "Nothing was ever received.")
        return
    if recording.chunk_count > recording.contiguous:
        before = await repository.chunk_at(uow, recording_id, recording.highest_contiguous)
        lost = RecordingGap(
            recording_id=recording_id,
            gap_start=before.received_at if before else recording.started_at,
            gap_end=last_sign,
            reason=GapReason.LOST_CHUNKS,
            reported_at=uow.now,
        )
        uow.db.add(lost)
    await close(uow, recording, recording.contiguous, None, whose=CompletedBy.SWEEPER)


async def mark_entered_in_error(uow: UnitOfWork, recording_id: UUID, *, reason: str) -> Recording:
    """This recording should not exist; its sound is kept. Raises `IllegalMove` the second time."""
    require_doctor(uow)
    recording = await owned(uow, recording_id, lock=True)
    await mark(uow, recording, reason)
    return recording


async def mark(uow: UnitOfWork, recording: Recording, reason: str) -> None:
    uow.db.add(recording.withdraw(reason, by=uow.actor.id, at=uow.now))
    await uow.publish(
        RecordingWithdrawn(
            recording_id=recording.id,
            encounter_id=recording.encounter_id,
            patient_id=recording.patient_id,
        )
    )
    uow.wake(topic_of(recording.id))
    await trace(uow, "recording.mark_entered_in_error", recording)


async def seal_recording(
    uow: UnitOfWork, recording_id: UUID, *, sha256: str, duration_seconds: float | None = None
) -> Recording:
    """Keep the checksum and length of the whole, once somebody has read all of it.

    Raises `RecordingUnfinished`, `DeclaredSoundDiffers` (the sender named another checksum) and
    `SoundDamaged` (it was sealed with another one before).
    """
    recording = await repository.get(uow, recording_id, lock=True)
    recording.seal(sha256=sha256, duration_seconds=duration_seconds, at=uow.now)
    await trace(uow, "recording.seal", recording)
    return recording


async def owned(uow: UnitOfWork, recording_id: UUID, *, lock: bool = False) -> Recording:
    """A recording the actor may add to; raises `NotYourRecording`."""
    recording = await repository.get(uow, recording_id, lock=lock)
    encounter = await encounters.get_encounter(uow, recording.encounter_id)
    require_owner(uow, recording, encounter.practitioner_id)
    return recording


async def ask_to_advance(uow: UnitOfWork, recording: Recording, *, upto: str) -> None:
    payload = {"recording_id": str(recording.id)}
    await uow.enqueue(ADVANCE, payload, once=f"{ADVANCE}:{recording.id}:{upto}")


async def trace(
    uow: UnitOfWork, action: str, recording: Recording, **detail: str | int | bool
) -> None:
    await audit.record(
        uow,
        action,
        patient_id=recording.patient_id,
        subject=("recording", recording.id),
        detail=dict(detail),
    )
