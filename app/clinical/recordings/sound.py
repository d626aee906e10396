"""The sound itself: chunks read back, checked, and strung together; memory stays flat."""

import hashlib
import struct
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from app.clinical.recordings.errors import SoundDamaged
from app.clinical.recordings.models import Chunk
from app.infra.blobs import BlobMissing
from app.infra.stores import Stores

WAV_HEADER_BYTES = 44
UNKNOWN_SIZE = 0xFFFFFFFF


class HasStores(Protocol):
    """A unit of work, or what opens them: reading sound needs no transaction."""

    @property
    def stores(self) -> Stores: ...


async def read_chunk(source: HasStores, chunk: Chunk) -> bytes:
    """The bytes of one chunk exactly as they were received; raises `SoundDamaged`."""
    try:
        data = await source.stores.blobs.get(chunk.blob_id)
    except BlobMissing:
        raise SoundDamaged(recording_id=chunk.recording_id, seq=chunk.seq) from None
    if hashlib.sha256(data).hexdigest() != chunk.sha256:
        raise SoundDamaged(recording_id=chunk.recording_id, seq=chunk.seq)
    return data


async def sound_of(
    source: HasStores, chunks: Sequence[Chunk], start: int = 0, end: int | None = None
) -> AsyncIterator[bytes]:
    """Bytes [start, end) of the chunks strung together; never more than one chunk in memory."""
    stop = size_of(chunks) if end is None else end
    position = 0
    for chunk in chunks:
        before, position = position, position + chunk.byte_count
        if position <= start:
            continue
        if before >= stop:
            return
        data = await read_chunk(source, chunk)
        yield data[max(0, start - before) : stop - before]


async def playable(
    source: HasStores, chunks: Sequence[Chunk], start: int = 0, end: int | None = None
) -> AsyncIterator[bytes]:
    """As `sound_of`, with a WAV header that names the true length.

    Our recorder writes its header before it knows the length. What is stored stays as it is,
    for its checksum; players need the length to show it and to seek.
    """
    header = await true_header(source, chunks) if start < WAV_HEADER_BYTES else b""
    position = start
    async for piece in sound_of(source, chunks, start, end):
        before, position = position, position + len(piece)
        corrected = header[before : before + len(piece)]
        yield corrected + piece[len(corrected) :]


async def true_header(source: HasStores, chunks: Sequence[Chunk]) -> bytes:
    """The header of a streaming WAV with its real sizes; nothing for any other sound."""
    stored = b"".join([piece async for piece in sound_of(source, chunks, 0, WAV_HEADER_BYTES)])
    sizes = (stored[4:8], stored[40:44])
    is_wav = stored[:4] + stored[8:12] + stored[36:40] == b"RIFFWAVEdata"
    if not is_wav or set(sizes) != {struct.pack("<I", UNKNOWN_SIZE)}:
        return b""
    total = size_of(chunks)
    riff, data = struct.pack("<I", total - 8), struct.pack("<I", total - WAV_HEADER_BYTES)
    return stored[:4] + riff + stored[8:40] + data


def size_of(chunks: Sequence[Chunk]) -> int:
    return sum(chunk.byte_count for chunk in chunks)
