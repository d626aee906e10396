"""How much longer the speech engine takes than plain faster-whisper on the same sound.

Both run on one thread in a process of their own with the same niceness, model and parameters;
rounds alternate, and the ratio of the medians is printed. Target: at most 1.10.

    python -m benchmarks.transcription_overhead [FILE] [--rounds 5] [--model demo]
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from contextlib import aclosing
from pathlib import Path

from app.clinical.transcription.engine import SpeechEngine
from app.clinical.transcription.engine_child import NICENESS
from app.clinical.transcription.engine_events import Finished, UtteranceHeard
from app.clinical.transcription.manifest import load_manifest

SAMPLE = Path("tests/fixtures/dictations/s01-hypertension.ogg")
TARGET = 1.10


def plain(setting: str) -> None:
    """Be the other side: for each path on stdin, transcribe it the way the documentation says."""
    from faster_whisper import WhisperModel  # noqa: PLC0415
    from faster_whisper.audio import decode_audio  # noqa: PLC0415
    from faster_whisper.vad import VadOptions, get_speech_timestamps  # noqa: PLC0415

    os.nice(NICENESS)
    model = load_manifest(setting)
    cutting, decoding = model.manifest.utterances, model.manifest.decoding
    options = decoding.model_dump(exclude={"compute_type"})
    options["temperature"] = list(decoding.temperature)
    options["suppress_tokens"] = list(decoding.suppress_tokens)
    voice = VadOptions(
        threshold=cutting.threshold,
        min_silence_duration_ms=cutting.min_silence_ms,
        speech_pad_ms=cutting.speech_pad_ms,
        max_speech_duration_s=cutting.max_speech_seconds,
    )
    whisper = WhisperModel(
        model.source, device="cpu", compute_type=decoding.compute_type, cpu_threads=1
    )
    print("ready", flush=True)
    for line in sys.stdin:
        before = time.process_time()
        sound = decode_audio(line.strip())
        words = 0
        for piece in get_speech_timestamps(sound, voice):
            segments, _ = whisper.transcribe(sound[piece["start"] : piece["end"]], **options)
            words += sum(len(segment.words or ()) for segment in segments)
        print(json.dumps({"words": words, "cpu": time.process_time() - before}), flush=True)


class Plain:
    """The plain side as a process, so that it is asked in the same way as the engine."""

    def __init__(self, setting: str) -> None:
        command = [sys.executable, "-m", "benchmarks.transcription_overhead", "--plain", setting]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
        self._line()

    def run(self, path: Path) -> tuple[float, float]:
        begun = time.perf_counter()
        assert self._process.stdin is not None
        self._process.stdin.write(f"{path}\n")
        self._process.stdin.flush()
        answer = json.loads(self._line())
        return time.perf_counter() - begun, answer["cpu"]

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


async def with_engine(engine: SpeechEngine, path: Path) -> tuple[float, float]:
    begun, cpu_before = time.perf_counter(), _cpu(engine)
    words, ended = 0, False
    events = engine.advance(path, position_samples=0, next_index=0, next_word_index=0, final=True)
    async with aclosing(events):
        async for event in events:
            if isinstance(event, UtteranceHeard):
                words += len(event.utterance.words)
            ended = isinstance(event, Finished)
    assert ended
    assert words
    return time.perf_counter() - begun, _cpu(engine) - cpu_before


def _cpu(engine: SpeechEngine) -> float:
    """Seconds of processor time of the engine process so far (Linux)."""
    numbers = Path(f"/proc/{engine.pid}/stat").read_text(encoding="ascii").rpartition(")")[2]
    user, system = numbers.split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


async def compare(path: Path, setting: str, rounds: int) -> float:
    other, engine = Plain(setting), SpeechEngine(setting)
    await engine.start()
    await with_engine(engine, path)
    other.run(path)
    ours, theirs = [], []
    for count in range(1, rounds + 1):
        theirs.append(other.run(path))
        ours.append(await with_engine(engine, path))
        print(
            f"round {count}: plain {theirs[-1][0]:6.2f} s (cpu {theirs[-1][1]:6.2f}), "
            f"engine {ours[-1][0]:6.2f} s (cpu {ours[-1][1]:6.2f})"
        )
    peak = _peak_mebibytes(engine)
    await engine.stop()
    other.stop()
    wall = _ratio([one[0] for one in ours], [one[0] for one in theirs])
    cpu = _ratio([one[1] for one in ours], [one[1] for one in theirs])
    print(f"engine / plain: wall {wall:.3f}, cpu {cpu:.3f} (target {TARGET}); peak {peak} MiB")
    return wall


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return statistics.median(ours) / statistics.median(theirs)


def _peak_mebibytes(engine: SpeechEngine) -> int:
    status = Path(f"/proc/{engine.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file", nargs="?", type=Path, default=SAMPLE)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--model", default="demo")
    arguments.add_argument("--plain", metavar="MODEL", help=argparse.SUPPRESS)
    options = arguments.parse_args()
    if options.plain:
        plain(options.plain)
        return 0
    return int(asyncio.run(compare(options.file, options.model, options.rounds)) > TARGET)


if __name__ == "__main__":
    sys.exit(main())
