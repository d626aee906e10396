"""The engine's own process: loads the model once, takes requests, tells what it hears.

Requests come and events go as lines of JSON. The process may be killed at any moment; nothing is
kept in it that could not be had again. When the other end of its input closes, it ends.
"""

import argparse
import gc
import json
import os
import sys
import threading
from collections import OrderedDict
from pathlib import Path
from queue import SimpleQueue
from typing import IO

from app.clinical.transcription.engine_events import EngineEvent, Failed, Paused, Request
from app.clinical.transcription.hearing import Hearing
from app.clinical.transcription.manifest import ModelManifest, ModelUnusable, load_manifest
from app.clinical.transcription.schemas import FailureReason
from app.clinical.transcription.transcriber import Transcriber
from app.clinical.transcription.utterances import UtteranceCutter

NICENESS = 5  # booking and alerts come first
LIVE_DICTATIONS = 8
PAUSE = "pause"


class Child:
    """Answers one request after the other; remembers the open ends of running dictations."""

    def __init__(
        self,
        out: IO[str],
        transcriber: Transcriber,
        manifest: ModelManifest,
        pause_wanted: threading.Event,
    ) -> None:
        self._out = out
        self._pause_wanted = pause_wanted
        self._transcriber = transcriber
        self._manifest = manifest
        self._live: OrderedDict[Path, UtteranceCutter] = OrderedDict()

    def answer(self, request: Request) -> None:
        self._pause_wanted.clear()  # an earlier request's pause came too late for it
        cutter = self._cutter(request)
        event: EngineEvent | None = None
        hearing = Hearing(
            request, cutter, self._transcriber, self._manifest, self._pause_wanted.is_set
        )
        for event in hearing.events():
            self._tell(event)
        goes_on = not request.final or isinstance(event, Paused)
        if goes_on and not isinstance(event, Failed):
            self._live[request.path] = cutter
            if len(self._live) > LIVE_DICTATIONS:
                self._live.popitem(last=False)

    def apologise(self, failure: BaseException) -> None:
        """Say that this request broke the process, in words without anything of its content."""
        message = f"The speech engine gave up: {type(failure).__name__}."
        self._tell(Failed(reason=FailureReason.crashed, message=message))

    def _cutter(self, request: Request) -> UtteranceCutter:
        """Go on where a running dictation was left, or start at its checkpoint."""
        from app.clinical.transcription.whisper import SileroDetector  # noqa: PLC0415

        cutter = self._live.pop(request.path, None)
        if cutter is not None and cutter.position == request.position_samples:
            return cutter
        settings = self._manifest.utterances
        return UtteranceCutter(settings, SileroDetector(), request.position_samples)

    def _tell(self, event: EngineEvent) -> None:
        self._out.write(event.model_dump_json() + "\n")
        self._out.flush()


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("setting")
    arguments.add_argument("--memory-bytes", type=int, required=True)
    arguments.add_argument("--threads", type=int, required=True)
    options = arguments.parse_args()
    out = _private_output()
    _be_modest(options.memory_bytes)
    pause_wanted = threading.Event()
    requests = _requests(pause_wanted)
    try:
        model = load_manifest(options.setting)
        transcriber = _load(options.setting, options.threads)
    except (ModelUnusable, MemoryError) as unusable:
        why = str(unusable) or "The speech model does not fit into the memory allowed to it."
        _say(out, {"kind": "unusable", "message": why})
        return 1
    gc.freeze()  # what is loaded stays; collecting garbage after each file need not look at it
    _say(out, {"kind": "ready"})
    child = Child(out, transcriber, model.manifest, pause_wanted)
    while True:
        request = Request.model_validate_json(requests.get())
        try:
            child.answer(request)
        except Exception as failure:  # noqa: BLE001
            # Whatever it was, this process may be the worse for it: say so and start afresh.
            child.apologise(failure)
            return 1


def _load(setting: str, threads: int) -> Transcriber:
    from app.clinical.transcription.whisper import (  # noqa: PLC0415
        SileroDetector,
        WhisperTranscriber,
    )

    SileroDetector()  # loaded now, so that the first utterance does not wait for it
    return WhisperTranscriber(load_manifest(setting), threads=threads)


def _private_output() -> IO[str]:
    """Keep the real output for events; anything a library prints goes to the error stream."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return out


def _be_modest(memory_bytes: int) -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415

    os.nice(NICENESS)
    if memory_bytes:
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def _requests(pause_wanted: threading.Event) -> SimpleQueue[str]:
    """Read in a thread: when the parent is gone, leave at once, also in the midst of work."""
    lines: SimpleQueue[str] = SimpleQueue()

    def read() -> None:
        for line in sys.stdin:
            if line.strip() == PAUSE:
                pause_wanted.set()
            else:
                lines.put(line)
        os._exit(0)

    threading.Thread(target=read, name="requests", daemon=True).start()
    return lines


def _say(out: IO[str], message: dict[str, str]) -> None:
    out.write(json.dumps(message) + "\n")
    out.flush()


if __name__ == "__main__":
    sys.exit(main())
