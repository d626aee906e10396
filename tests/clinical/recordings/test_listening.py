"""Any part of the sound, across the borders of its pieces, is a slice of the whole."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clinical import recordings
from app.clinical.recordings.sound import WAV_HEADER_BYTES
from app.infra.blobs import MemoryBlobs
from tests.builders.recordings import streaming_wav

RECORDING_ID = UUID(int=1)
SEVERAL_PIECES = st.lists(st.binary(min_size=1, max_size=9), min_size=1, max_size=8)


@dataclass
class Kept:
    """Pieces in a store that can be read from."""

    stores: Any


async def keep(pieces: Sequence[bytes]) -> tuple[Kept, list[recordings.Chunk]]:
    blobs = MemoryBlobs()
    chunks = []
    for seq, data in enumerate(pieces):
        chunk = recordings.Chunk(
            recording_id=RECORDING_ID,
            seq=seq,
            byte_count=len(data),
            sha256=hashlib.sha256(data).hexdigest(),
            blob_id=UUID(int=seq + 1),
            received_at=datetime(2026, 3, 2, tzinfo=UTC),
        )
        await blobs.put(chunk.blob_id, data, {})
        chunks.append(chunk)
    return Kept(stores=SimpleNamespace(blobs=blobs)), chunks


@given(SEVERAL_PIECES, st.integers(0, 80), st.integers(0, 80))
async def test_any_part_is_a_slice_of_the_whole(
    pieces: list[bytes], start: int, length: int
) -> None:
    kept, chunks = await keep(pieces)
    end = start + length

    heard = [piece async for piece in recordings.sound_of(kept, chunks, start, end)]

    assert b"".join(heard) == b"".join(pieces)[start:end]
    assert all(heard) or length == 0


@given(st.binary(max_size=40), st.integers(1, 50), st.integers(0, 90), st.integers(0, 90))
async def test_any_part_of_a_playable_wav_knows_its_length(
    samples: bytes, piece_size: int, start: int, length: int
) -> None:
    stored = streaming_wav(samples)
    pieces = [stored[at : at + piece_size] for at in range(0, len(stored), piece_size)]
    kept, chunks = await keep(pieces)
    corrected = (
        stored[:4]
        + (len(stored) - 8).to_bytes(4, "little")
        + stored[8:40]
        + len(samples).to_bytes(4, "little")
        + samples
    )

    heard = [p async for p in recordings.playable(kept, chunks, start, start + length)]

    assert len(stored) == WAV_HEADER_BYTES + len(samples)
    assert b"".join(heard) == corrected[start : start + length]


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"RIFF",
        b"not a sound at all, but longer than the header of a wave file",
        streaming_wav(b"ab").replace(b"\xff\xff\xff\xff", b"\x26\x00\x00\x00"),
    ],
)
async def test_any_other_sound_is_played_as_it_is_stored(stored: bytes) -> None:
    kept, chunks = await keep([stored] if stored else [])

    assert b"".join([p async for p in recordings.playable(kept, chunks)]) == stored
