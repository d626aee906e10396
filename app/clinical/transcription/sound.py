"""Sound as 16 kHz mono blocks, from files that are whole, growing, damaged or hostile.

A streaming WAV from our own recorder is read where the reader wants, up to the bytes present.
Everything else is decoded by `sound_files`. Memory does not grow with length in either case.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from app.clinical.transcription.schemas import SAMPLE_RATE, FailureReason

Samples = npt.NDArray[np.float32]

WAV_HEADER_BYTES = 44
UNKNOWN_SIZE = 0xFFFFFFFF
BYTES_PER_SAMPLE = 2
BLOCK_SAMPLES = SAMPLE_RATE


class SoundRefused(Exception):
    """The sound cannot be heard to its end; `reason` says why, the text is fit for users."""

    def __init__(self, reason: FailureReason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Damage(NamedTuple):
    """Samples lost in a damaged stretch; silence stands in their place."""

    start: int
    end: int


class Sound(Protocol):
    """One recording's sound; `total_samples` is a hint for progress bars, or None."""

    total_samples: int | None
    damaged: list[Damage]

    def blocks(self, start: int) -> Iterator[Samples]:
        """Yield the samples from `start` on; an empty block only says that work goes on.

        Raises SoundRefused.
        """
        ...


class StreamingWav:
    """16 kHz 16-bit mono with a header of unknown size, as our recorder writes it."""

    def __init__(self, path: Path, max_samples: int) -> None:
        self._path = path
        self._max_samples = max_samples
        present = max(0, path.stat().st_size - WAV_HEADER_BYTES)
        self.total_samples: int | None = present // BYTES_PER_SAMPLE
        self.damaged: list[Damage] = []

    def blocks(self, start: int) -> Iterator[Samples]:
        assert self.total_samples is not None
        left = self.total_samples - start
        with self._path.open("rb") as file:
            file.seek(WAV_HEADER_BYTES + start * BYTES_PER_SAMPLE)
            while left > 0:
                raw = file.read(min(left, BLOCK_SAMPLES) * BYTES_PER_SAMPLE)
                block = np.frombuffer(raw, dtype="<i2", count=len(raw) // BYTES_PER_SAMPLE)
                if block.size == 0:
                    return
                left -= block.size
                start += block.size
                refuse_if_too_long(start, self._max_samples)
                yield as_float(block)


def as_float(pcm: npt.NDArray[np.int16]) -> Samples:
    return pcm.astype(np.float32) / np.float32(32768)


def refuse_if_too_long(samples: int, max_samples: int) -> None:
    if samples > max_samples:
        minutes = max_samples // SAMPLE_RATE // 60
        raise SoundRefused(
            FailureReason.too_long, f"The recording is longer than {minutes} minutes."
        )


def is_streaming_wav(path: Path) -> bool:
    """Tell by the header whether this is what our own recorder writes."""
    with path.open("rb") as file:
        header = file.read(WAV_HEADER_BYTES)
    if len(header) < WAV_HEADER_BYTES:
        return False
    riff, _, wave, fmt, fmt_size, *pcm, data, size = struct.unpack("<4sI4s4sIHHIIHH4sI", header)
    ours = [1, 1, SAMPLE_RATE, SAMPLE_RATE * BYTES_PER_SAMPLE, BYTES_PER_SAMPLE, 16]
    names = (riff, wave, fmt, data) == (b"RIFF", b"WAVE", b"fmt ", b"data")
    return names and fmt_size == 16 and pcm == ours and size == UNKNOWN_SIZE  # noqa: PLR2004


def streaming_wav_header() -> bytes:
    """Return the 44 bytes before a stream of 16 kHz 16-bit mono whose length is not yet known."""
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        b"RIFF",
        UNKNOWN_SIZE,
        b"WAVE",
        b"fmt ",
        16,
        1,
        1,
        SAMPLE_RATE,
        SAMPLE_RATE * BYTES_PER_SAMPLE,
        BYTES_PER_SAMPLE,
        16,
        b"data",
        UNKNOWN_SIZE,
    )


def open_sound(path: Path, *, max_duration_seconds: float) -> Sound:
    """Recognise the file by its first bytes, never by its name. Raises SoundRefused."""
    max_samples = int(max_duration_seconds * SAMPLE_RATE)
    if path.stat().st_size == 0:
        raise SoundRefused(FailureReason.empty, "The recording is empty.")
    if is_streaming_wav(path):
        return StreamingWav(path, max_samples)
    # Imported late: a streaming WAV needs no decoder.
    from app.clinical.transcription.sound_files import SoundFile  # noqa: PLC0415

    return SoundFile(path, max_samples)
