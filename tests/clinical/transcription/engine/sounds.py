"""Sounds for these tests: dictations, files made byte by byte, and how to compare words."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

from app.clinical.transcription.sound import SAMPLE_RATE, Samples, open_sound, streaming_wav_header
from tools.demo_speech.evaluate import errors_between, words_of

DICTATIONS = Path(__file__).parents[3] / "fixtures" / "dictations"
SHORTEST = "s04-ankle-no-headings"


def dictations() -> list[dict[str, Any]]:
    return json.loads((DICTATIONS / "dictations.json").read_text(encoding="utf-8"))


def spoken_text(name: str) -> str:
    chosen = next(one for one in dictations() if one["id"] == name)
    return " ".join(sentence for _, sentence in chosen["soap"])


def dictation_file(name: str = SHORTEST) -> Path:
    return DICTATIONS / f"{name}.ogg"


def samples_of(path: Path) -> Samples:
    return np.concatenate(list(open_sound(path, max_duration_seconds=3600).blocks(0)))


def pcm(samples: Samples) -> bytes:
    return (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()


def streaming_wav(path: Path, samples: Samples) -> Path:
    path.write_bytes(streaming_wav_header() + pcm(samples))
    return path


def wav(samples: Samples, *, rate: int, channels: int = 1, claimed: int | None = None) -> bytes:
    """A WAV file whose header may claim any size; every channel carries the same sound."""
    data = np.repeat(samples[:, None], channels, axis=1)
    raw = pcm(data)
    size = len(raw) if claimed is None else claimed
    width = 2 * channels
    head = struct.pack("<IHHIIHH", 16, 1, channels, rate, rate * width, width, 16)
    riff = struct.pack("<4sI4s4s", b"RIFF", min(size + 36, 0xFFFFFFFF), b"WAVE", b"fmt ")
    return riff + head + struct.pack("<4sI", b"data", size) + raw


def tone(seconds: float, *, rate: int = SAMPLE_RATE, hertz: float = 440) -> Samples:
    times = np.arange(int(seconds * rate)) / rate
    return (0.3 * np.sin(2 * np.pi * hertz * times)).astype(np.float32)


def word_error_rate(spoken: str, heard: str) -> float:
    """Insertions, deletions and substitutions per word spoken."""
    words = words_of(spoken)
    return errors_between(words, words_of(heard)) / len(words)
