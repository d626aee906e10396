"""The worker's side of the speech engine: a process that may crash, hang or be killed.

The event loop never waits on computing here, and whatever happens over there is one recording's
trouble: the process is replaced and the next recording does not notice.
"""

import asyncio
import json
import os
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from pathlib import Path

import structlog

from app.clinical.transcription.engine_events import (
    EVENTS,
    EngineEvent,
    Failed,
    Finished,
    Limits,
    Paused,
    Progress,
    Request,
)
from app.clinical.transcription.manifest import ModelManifest, ModelUnusable, load_manifest
from app.clinical.transcription.schemas import SAMPLE_RATE, FailureReason

CHILD = "app.clinical.transcription.engine_child"
SOURCE_ROOT = Path(__file__).resolve().parents[3]
LINE_LIMIT_BYTES = 4 * 1024 * 1024
MEBIBYTE = 1024**2
FOUR_GIBIBYTES = 4096 * MEBIBYTE
STOP_SECONDS = 2

log = structlog.get_logger(__name__)


class SpeechEngine:
    """One model in one process of its own; one recording at a time, others wait their turn."""

    def __init__(
        self,
        setting: str,
        *,
        memory_bytes: int = FOUR_GIBIBYTES,
        threads: int = 1,
        load_seconds: float = 900,
    ) -> None:
        """Name the model by its setting. Raises ModelUnusable.

        `memory_bytes` bounds the process's address space (0 = unbounded); `load_seconds` leaves
        time to fetch a model from a hub on first use.
        """
        self.manifest: ModelManifest = load_manifest(setting).manifest
        self._setting = setting
        self._memory_bytes = memory_bytes
        self._threads = threads
        self._load_seconds = load_seconds
        self._turn = asyncio.Lock()
        self._child: Process | None = None

    @property
    def pid(self) -> int | None:
        """The engine's process, while it runs."""
        return self._child.pid if self._child and self._child.returncode is None else None

    async def start(self) -> None:
        """Load the model now rather than with the first recording. Raises ModelUnusable."""
        async with self._turn:
            await self._running()

    async def stop(self) -> None:
        """End the process; work in progress is broken off and can be resumed elsewhere."""
        child = self._child
        if child is None:
            return
        assert child.stdin is not None
        child.stdin.close()
        try:
            await asyncio.wait_for(child.wait(), STOP_SECONDS)
        except TimeoutError:
            await self._kill(child)
        if self._child is child:
            self._child = None

    def pause(self) -> None:
        """Ask the work in progress to end with Paused at its next checkpoint."""
        child = self._child
        if child is not None and child.stdin is not None and not child.stdin.is_closing():
            child.stdin.write(b"pause\n")

    async def advance(
        self,
        spool: Path,
        *,
        position_samples: int,
        next_index: int,
        next_word_index: int,
        final: bool,
        limits: Limits | None = None,
    ) -> AsyncGenerator[EngineEvent, None]:
        """Listen on from a checkpoint to the end of what is there; more may come unless `final`.

        Ends with Finished, Paused or Failed. Whoever leaves the loop early closes the generator
        (`contextlib.aclosing`), which ends the process and the work. Raises ModelUnusable when no
        process can be started, FileNotFoundError when there is no spool.
        """
        request = Request(
            path=spool.resolve(strict=True),  # noqa: ASYNC240 - a stat is no wait
            position_samples=position_samples,
            next_index=next_index,
            next_word_index=next_word_index,
            final=final,
            limits=limits or Limits(),
        )
        async with self._turn:
            child = await self._running()
            ended = False
            try:
                async with aclosing(self._events(child, request)) as events:
                    async for event in events:
                        broken = isinstance(event, Failed) and event.reason in _BREAKING
                        ended = isinstance(event, Finished | Paused | Failed) and not broken
                        yield event
            finally:
                if not ended:
                    await self._kill(child)

    async def _events(self, child: Process, request: Request) -> AsyncGenerator[EngineEvent, None]:
        assert child.stdin is not None
        spent, allowed = 0.0, request.limits.stall_seconds
        with suppress(ConnectionError):
            child.stdin.write(request.model_dump_json().encode() + b"\n")
            await child.stdin.drain()
        while True:
            waiting_since = time.monotonic()
            patience = min(allowed - spent, request.limits.stall_seconds)
            try:
                line = await asyncio.wait_for(_line(child), patience)
            except TimeoutError:
                yield _TIMED_OUT
                return
            if not line:
                yield _CRASHED
                return
            spent += time.monotonic() - waiting_since
            event = EVENTS.validate_json(line)
            if isinstance(event, Progress):
                heard_seconds = event.heard_samples / SAMPLE_RATE
                allowed = request.limits.stall_seconds + request.limits.slowest * heard_seconds
            yield event
            if isinstance(event, Finished | Paused | Failed):
                return

    async def _running(self) -> Process:
        child = self._child
        if child is not None:
            if child.returncode is None:
                return child
            await self._kill(child)
        child = self._child = await self._spawn()
        try:
            answer = await asyncio.wait_for(_line(child), self._load_seconds)
        except BaseException as interrupted:
            await self._kill(child)
            if isinstance(interrupted, TimeoutError):
                raise ModelUnusable("The speech model takes too long to load.") from interrupted
            raise
        message = json.loads(answer or b'{"kind": "gone"}')
        if message["kind"] != "ready":
            await self._kill(child)
            raise ModelUnusable(
                message.get("message", "The speech engine ended while loading its model.")
            )
        log.info("speech_engine_ready", model=self.manifest.name, pid=child.pid)
        return child

    async def _spawn(self) -> Process:
        paths = [str(SOURCE_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(paths),
            # Idle thread pools would eat the address space, and with two cores the time as well.
            "OMP_NUM_THREADS": str(self._threads),
            "OPENBLAS_NUM_THREADS": "1",
            # glibc would give every large buffer back to the kernel and fetch it again: a third
            # of the time. Memory already in use is kept for the next utterance instead.
            "MALLOC_MMAP_THRESHOLD_": str(32 * MEBIBYTE),
            "MALLOC_TRIM_THRESHOLD_": str(256 * MEBIBYTE),
            "ORT_DISABLE_TELEMETRY": "1",  # onnxruntime would report its use to its maker
        }
        return await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", CHILD, self._setting),
            *("--memory-bytes", str(self._memory_bytes)),
            *("--threads", str(self._threads)),
            stdin=PIPE,
            stdout=PIPE,
            env=environment,
            limit=LINE_LIMIT_BYTES,
        )

    async def _kill(self, child: Process) -> None:
        if self._child is child:
            self._child = None
        with suppress(ProcessLookupError):
            child.kill()
        if child.stdin is not None:
            child.stdin.close()
        await child.wait()


_BREAKING = (FailureReason.crashed, FailureReason.timeout)
_CRASHED = Failed(reason=FailureReason.crashed, message="The speech engine ended unexpectedly.")
_TIMED_OUT = Failed(
    reason=FailureReason.timeout, message="The speech engine took too long and was stopped."
)


async def _line(child: Process) -> bytes:
    assert child.stdout is not None
    return await child.stdout.readline()
