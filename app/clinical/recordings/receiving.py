"""Taking in the sound, piece by piece: what was acknowledged is durable."""

import hashlib
from uuid import UUID, uuid4

from app.clinical.recordings import repository
from app.clinical.recordings.errors import (
    ChunkDiffers,
    ChunkEmpty,
    ChunkTooLarge,
    DigestDiffers,
    RecordingTooLarge,
)
from app.clinical.recordings.events import topic_of
from app.clinical.recordings.models import Chunk, Recording
from app.clinical.recordings.policies import require_doctor
from app.clinical.recordings.schemas import DEFAULT_LIMITS, ChunkReceived, RecordingLimits
from app.clinical.recordings.service import ask_to_advance, owned, trace
from app.infra.uow import UnitOfWork


async def receive_chunk(
    uow: UnitOfWork,
    recording_id: UUID,
    seq: int,
    data: bytes,
    *,
    sha256: str,
    limits: RecordingLimits = DEFAULT_LIMITS,
) -> ChunkReceived:
    """Store one piece of the sound for good; sending it again changes nothing.

    `sha256` is what the sender says of the bytes, in hex. Raises `DigestDiffers`,
    `ChunkDiffers`, `RecordingCompleted`, `RecordingEnteredInError`, `RecordingTooLarge`.
    """
    require_doctor(uow)
    if not data:
        raise ChunkEmpty
    if len(data) > limits.max_chunk_bytes:
        raise ChunkTooLarge(max_bytes=limits.max_chunk_bytes)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise DigestDiffers(recording_id=recording_id, seq=seq)
    recording = await owned(uow, recording_id)
    stored = await repository.chunk_at(uow, recording_id, seq)
    if stored is None:
        recording.require_receiving()
        require_room(recording, len(data), limits)
        chunk = Chunk(
            recording_id=recording_id,
            seq=seq,
            byte_count=len(data),
            sha256=sha256,
            blob_id=uuid4(),
            received_at=uow.now,
        )
        # The bytes first, and under a name never used before: if we die here, they are an orphan
        # that the sweeper finds, and no row ever points at bytes that are not there.
        await uow.stores.blobs.put(chunk.blob_id, data, {"recording_id": recording_id, "seq": seq})
        recording = await repository.get(uow, recording_id, lock=True)
        stored = await take(uow, recording, chunk, limits)
    if stored.sha256 != sha256:
        raise ChunkDiffers(recording_id=recording_id, seq=seq)
    await trace(uow, "recording.receive_chunk", recording, seq=seq)
    return await receipt(uow, recording, seq)


async def take(
    uow: UnitOfWork, recording: Recording, chunk: Chunk, limits: RecordingLimits
) -> Chunk:
    """Count a chunk whose bytes are stored, under the recording's lock.

    Returns the chunk that has the place: a rival's, if one was quicker.
    """
    rival = await repository.chunk_at(uow, recording.id, chunk.seq)
    if rival is not None:
        return rival
    recording.require_receiving()
    require_room(recording, chunk.byte_count, limits)
    await repository.add_chunk(uow, chunk)
    grown = chunk.seq == recording.contiguous
    contiguous = recording.contiguous
    if grown:
        contiguous = await repository.first_hole(uow, recording.id, contiguous + 1)
    recording.take(chunk, contiguous=contiguous)
    if grown:
        uow.wake(topic_of(recording.id))
    if grown and recording.is_streamed:
        await ask_to_advance(uow, recording, upto=str(contiguous))
    return chunk


def require_room(recording: Recording, byte_count: int, limits: RecordingLimits) -> None:
    if recording.byte_count + byte_count > limits.max_bytes:
        raise RecordingTooLarge(recording_id=recording.id, max_bytes=limits.max_bytes)


async def receipt(uow: UnitOfWork, recording: Recording, seq: int) -> ChunkReceived:
    missing, how_many = await repository.missing(uow, recording)
    return ChunkReceived(
        seq=seq,
        highest_contiguous=recording.highest_contiguous,
        missing=missing,
        missing_count=how_many,
        received=recording.chunk_count,
    )
