"""Recordings for tests: a dictation of a few literal pieces."""

import base64
import hashlib
from collections.abc import Sequence
from uuid import UUID

from app.clinical import recordings
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.encounters import an_encounter_to_record

PIECES = (b"first piece", b"second", b"the third piece")


def digest_of(data: bytes) -> str:
    """The value of a Content-Digest header."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"


def streaming_wav(samples: bytes) -> bytes:
    """What the recorder of the site sends: a header that does not know the length, then PCM."""
    unknown = b"\xff\xff\xff\xff"
    format_ = bytes.fromhex("10000000 0100 0100 803e0000 007d0000 0200 1000")
    return b"RIFF" + unknown + b"WAVEfmt " + format_ + b"data" + unknown + samples


async def a_recording(
    works: Works,
    doctor: Actor,
    *,
    encounter_id: UUID | None = None,
    pieces: Sequence[bytes] = (),
    origin: recordings.RecordingOrigin = recordings.RecordingOrigin.MICROPHONE,
    media_type: recordings.MediaType = recordings.MediaType.WAV,
) -> recordings.Recording:
    """A recording still being received, with the pieces that have arrived so far."""
    if encounter_id is None:
        encounter_id = (await an_encounter_to_record(works, doctor)).id
    new = recordings.NewRecording(media_type=media_type, origin=origin)
    async with works.begin(doctor) as uow:
        recording = await recordings.begin_recording(uow, encounter_id, new)
    for seq, data in enumerate(pieces):
        await receive(works, doctor, recording.id, seq, data)
    async with works.begin(doctor) as uow:
        return await recordings.get_recording(uow, recording.id)


async def receive(
    works: Works, doctor: Actor, recording_id: UUID, seq: int, data: bytes
) -> recordings.ChunkReceived:
    sha256 = hashlib.sha256(data).hexdigest()
    return await recordings.receive_chunk(works, doctor, recording_id, seq, data, sha256=sha256)


async def a_completed_recording(
    works: Works,
    doctor: Actor,
    *,
    pieces: Sequence[bytes] = PIECES,
    encounter_id: UUID | None = None,
) -> recordings.Recording:
    recording = await a_recording(works, doctor, pieces=pieces, encounter_id=encounter_id)
    completion = recordings.Completion(chunk_count=len(pieces))
    async with works.begin(doctor) as uow:
        return await recordings.complete_recording(uow, recording.id, completion)


async def a_sealed_recording(
    works: Works,
    doctor: Actor,
    *,
    pieces: Sequence[bytes] = PIECES,
    encounter_id: UUID | None = None,
) -> recordings.Recording:
    recording = await a_completed_recording(works, doctor, pieces=pieces, encounter_id=encounter_id)
    sha256 = hashlib.sha256(b"".join(pieces)).hexdigest()
    async with works.begin(Actor.system("transcriber")) as uow:
        return await recordings.seal_recording(
            uow, recording.id, sha256=sha256, duration_seconds=1.5
        )
