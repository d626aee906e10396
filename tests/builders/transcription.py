"""Recordings to be transcribed, and their sound."""

import hashlib
import struct
from collections.abc import Sequence
from pathlib import Path

from app.clinical import recordings
from app.infra.uow import Works
from app.kernel.actors import Actor
from tests.builders.encounters import an_encounter_to_record

DICTATIONS = Path(__file__).parents[1] / "fixtures" / "dictations"
STREAMING_HEADER = (
    b"RIFF\xff\xff\xff\xffWAVEfmt "
    + struct.pack("<IHHIIHH", 16, 1, 1, 16_000, 32_000, 2, 16)
    + b"data\xff\xff\xff\xff"
)
LINES = ("no known drug allergies", "blood pressure is normal", "follow up in two weeks")


def silence(seconds: float) -> bytes:
    return bytes(int(seconds * 16_000) * 2)


def microphone_slices(seconds: int) -> list[bytes]:
    """One slice per second, as our own recorder sends them."""
    return [STREAMING_HEADER + silence(1), *(silence(1) for _ in range(seconds - 1))]


async def a_recording(
    works: Works,
    doctor: Actor,
    slices: Sequence[bytes] = (),
    *,
    origin: recordings.RecordingOrigin = recordings.RecordingOrigin.MICROPHONE,
    media_type: recordings.MediaType = recordings.MediaType.WAV,
    completed: bool = True,
    sha256: str | None = None,
) -> recordings.Recording:
    """A recording of which these slices have arrived."""
    encounter = await an_encounter_to_record(works, doctor)
    new = recordings.NewRecording(media_type=media_type, origin=origin)
    async with works.begin(doctor) as uow:
        recording = await recordings.begin_recording(uow, encounter.id, new)
    for seq, data in enumerate(slices):
        await send(works, doctor, recording, seq, data)
    if completed:
        await complete(works, doctor, recording, len(slices), sha256=sha256)
    return recording


async def an_upload(works: Works, doctor: Actor, data: bytes) -> recordings.Recording:
    """A whole file, sent in pieces."""
    pieces = [data[at : at + 100_000] for at in range(0, len(data), 100_000)]
    return await a_recording(
        works,
        doctor,
        pieces,
        origin=recordings.RecordingOrigin.UPLOAD,
        media_type=recordings.MediaType.OGG,
        sha256=hashlib.sha256(data).hexdigest(),
    )


async def send(
    works: Works, doctor: Actor, recording: recordings.Recording, seq: int, data: bytes
) -> None:
    sha256 = hashlib.sha256(data).hexdigest()
    await recordings.receive_chunk(works, doctor, recording.id, seq, data, sha256=sha256)


async def complete(
    works: Works,
    doctor: Actor,
    recording: recordings.Recording,
    count: int,
    *,
    sha256: str | None = None,
) -> None:
    completion = recordings.Completion(chunk_count=count, sha256=sha256)
    async with works.begin(doctor) as uow:
        await recordings.complete_recording(uow, recording.id, completion)


def job_for(recording: recordings.Recording) -> dict[str, str]:
    return {"recording_id": str(recording.id)}
