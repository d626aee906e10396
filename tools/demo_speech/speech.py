"""Sentences spoken by espeak-ng and flite: clips to train on, dictations to listen to."""

import json
import subprocess
import tempfile
import wave
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from tools.demo_speech.grammar import sentence
from tools.demo_speech.phonemes import phoneme_table

Pcm = npt.NDArray[np.int16]
Engine = Literal["espeak", "flite", "slt"]

RATE = 16_000
ACCENTS = ("en-us", "en-gb", "en-gb-x-rp", "en-gb-scotland", "en-us-nyc")
VARIANTS = (
    "",
    *(f"+m{number}" for number in range(1, 8)),
    *(f"+f{number}" for number in range(1, 5)),
    *("+Andy", "+Annie", "+Michael", "+Mike", "+Linda", "+Lee", "+John", "+Alicia", "+Belinda"),
    *("+Edward", "+Gene", "+Iven", "+Max", "+Mario", "+Paul", "+steph", "+Robert", "+Hugo"),
)
FLITE_VOICES = ("kal16", "awb", "rms")
ALL_FLITE_VOICES = (*FLITE_VOICES, "slt")
OFFSETS: dict[Engine, int] = {"espeak": 0, "flite": 10**7, "slt": 2 * 10**7}
QUIET = 0.01
MARGIN = RATE // 20
PEAK = 0.7


class Clip(NamedTuple):
    """One spoken sentence within a corpus file; offset and length in samples."""

    text: str
    voice: str
    offset: int
    length: int


def make_corpus(folder: Path, *, counts: dict[Engine, int], seed: int) -> Iterator[int]:
    """Write corpus.pcm, corpus.json and phonemes.json; yields how many clips are done."""
    jobs = [
        (seed + OFFSETS[engine] + i, engine) for engine in counts for i in range(counts[engine])
    ]
    Random(seed).shuffle(jobs)
    folder.mkdir(parents=True, exist_ok=True)
    clips: list[Clip] = []
    offset = 0
    with (folder / "corpus.pcm").open("wb") as file, ProcessPoolExecutor(2) as pool:
        for spoken in pool.map(_spoken, jobs, chunksize=16):
            if spoken is None:
                continue
            text, voice, pcm = spoken
            pcm.tofile(file)
            clips.append(Clip(text, voice, offset, len(pcm)))
            offset += len(pcm)
            yield len(clips)
    _write(folder / "corpus.json", clips)
    _write(folder / "phonemes.json", phoneme_table(clip.text for clip in clips))


def speak_dictations(folder: Path) -> Iterator[Path]:
    """Speak the dictations.json of a folder into small Ogg files beside it."""
    for dictation in json.loads((folder / "dictations.json").read_text(encoding="utf-8")):
        yield _speak_dictation(folder, dictation)


def _speak_dictation(folder: Path, dictation: dict[str, Any]) -> Path:
    pauses = Random(dictation["id"])
    target = folder / f"{dictation['id']}.ogg"
    with tempfile.TemporaryDirectory() as scratch:
        parts = []
        for place, (_, text) in enumerate(dictation["soap"]):
            raw, part = Path(scratch, f"{place:03d}.wav"), Path(scratch, f"{place:03d}p.wav")
            _speak(text, dictation["voice"], dictation["speed"], raw)
            pause = f"{pauses.uniform(0.35, 0.9):.2f}"
            _run("sox", raw, "-r", RATE, "-c", 1, part, "norm", -3, "pad", 0, pause)
            parts.append(part)
        _run("sox", *parts, "-C", 3, target)
    return target


def _speak(text: str, voice: str, speed: int, target: Path) -> None:
    if voice in ALL_FLITE_VOICES:
        _run("flite", "-voice", voice, "-t", text, "-o", target)
    else:
        _run("espeak-ng", "-v", voice, "-s", speed, "-w", target, text)


def _spoken(job: tuple[int, Engine]) -> tuple[str, str, Pcm] | None:
    """Speak one random sentence; None when the synthesiser gave no sound."""
    import soxr  # noqa: PLC0415 - only training needs it

    seed, engine = job
    dice = Random(seed)
    text = sentence(dice)
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch, "clip.wav")
        if engine == "espeak":
            voice = dice.choice(ACCENTS) + dice.choice(VARIANTS)
            speed, pitch = dice.randint(130, 200), dice.randint(30, 70)
            _run("espeak-ng", "-v", voice, "-s", speed, "-p", pitch, "-w", target, text)
        else:
            voice = dice.choice(FLITE_VOICES) if engine == "flite" else "slt"
            stretch = f"duration_stretch={dice.uniform(0.8, 1.2):.2f}"
            _run("flite", "-voice", voice, "--setf", stretch, "-t", text, "-o", target)
        sound, rate = _read_wav(target)
    sound = _trimmed(soxr.resample(sound, rate, RATE))
    if sound.size == 0:
        return None
    return text, voice, (sound / np.abs(sound).max() * PEAK * 32767).astype(np.int16)


def _trimmed(sound: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    loud = np.flatnonzero(np.abs(sound) > QUIET)
    if loud.size == 0:
        return sound[:0]
    return sound[max(0, loud[0] - MARGIN) : loud[-1] + 1 + MARGIN]


def _read_wav(path: Path) -> tuple[npt.NDArray[np.float32], int]:
    with wave.open(str(path)) as file:
        raw = file.readframes(file.getnframes())
        sound = np.frombuffer(raw, dtype="<i2").astype(np.float32) / np.float32(32768)
        return sound, file.getframerate()


def _run(*command: object) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")
