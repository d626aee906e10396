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
from app.infra.uow import UnitOfWork, Works
from app.kernel.actors import NOWHERE, Actor, Origin


async def receive_chunk(
    works: Works,
    actor: Actor,
    recording_id: UUID,
    seq: int,
    data: bytes,
    *,
    sha256: str,
    origin: Origin = NOWHERE,
    limits: RecordingLimits = DEFAULT_LIMITS,
) -> ChunkReceived:
    """Store one piece of the sound for good; sending it again changes nothing.

    `sha256` is what the sender says of the bytes, in hex. Takes `Works`, for no transaction is
    open while the bytes travel. Raises `DigestDiffers`, `ChunkDiffers`, `RecordingCompleted`,
    `RecordingEnteredInError`, `RecordingTooLarge`.
    """
    async with works.begin(actor, origin=origin) as uow:
        require_doctor(uow)
        require_sound(recording_id, seq, data, sha256, limits)
        recording = await owned(uow, recording_id)
        stored = await repository.chunk_at(uow, recording_id, seq)
        if stored is not None:
            return await acknowledge(uow, recording, stored, sha256)
        recording.require_receiving()
        require_room(recording, len(data), limits)
    # The bytes first, and under a name never used before: if we die here, they are an orphan
    # that the sweeper finds, and no row ever points at bytes that are not there.
    blob_id = uuid4()
    await works.stores.blobs.put(blob_id, data, {"recording_id": recording_id, "seq": seq})
    async with works.begin(actor, origin=origin) as uow:
        recording = await owned(uow, recording_id, lock=True)
        chunk = Chunk(
            recording_id=recording_id,
            seq=seq,
            byte_count=len(data),
            sha256=sha256,
            blob_id=blob_id,
            received_at=uow.now,
        )
        return await acknowledge(uow, recording, await take(uow, recording, chunk, limits), sha256)


def require_sound(
    recording_id: UUID, seq: int, data: bytes, sha256: str, limits: RecordingLimits
) -> None:
    """The bytes are some, not too many, and those the sender meant."""
    if not data:
        raise ChunkEmpty
    if len(data) > limits.max_chunk_bytes:
        raise ChunkTooLarge(max_bytes=limits.max_chunk_bytes)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise DigestDiffers(recording_id=recording_id, seq=seq)


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


async def acknowledge(
    uow: UnitOfWork, recording: Recording, stored: Chunk, sha256: str
) -> ChunkReceived:
    """Answer for the chunk that has the place; raises `ChunkDiffers` when it is another."""
    if stored.sha256 != sha256:
        raise ChunkDiffers(recording_id=recording.id, seq=stored.seq)
    await trace(uow, "recording.receive_chunk", recording, seq=stored.seq)
    missing, how_many = await repository.missing(uow, recording)
    return ChunkReceived(
        seq=stored.seq,
        highest_contiguous=recording.highest_contiguous,
        missing=missing,
        missing_count=how_many,
        received=recording.chunk_count,
    )
