"""The worker's part: fetch the sound, have it heard, save every utterance, bring it to an end."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from pathlib import Path
from typing import Protocol
from uuid import UUID

import structlog
from pymongo.errors import ConnectionFailure
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.clinical import recordings
from app.clinical.transcription import claiming, service
from app.clinical.transcription.checkpoints import Checkpoints, Patience
from app.clinical.transcription.claiming import Claim
from app.clinical.transcription.engine_events import (
    EngineEvent,
    Failed,
    Finished,
    Limits,
    Paused,
)
from app.clinical.transcription.errors import LeaseLost, UtterancesMissing
from app.clinical.transcription.lifecycle import HaltReason
from app.clinical.transcription.manifest import ModelManifest, ModelUnusable
from app.clinical.transcription.service import HeardSoFar
from app.clinical.transcription.spool import TRANSCRIBER, Spool, SpoolRoom
from app.clinical.transcription.turns import Turns
from app.infra.blobs import BlobMissing
from app.infra.jobs import Payload
from app.infra.uow import Works

LISTEN = "transcription.listen"
HEARTBEAT_SECONDS = 5.0
TURN_SECONDS = 5.0
STORE_IS_AWAY = (OSError, ConnectionFailure, DBAPIError, PoolTimeout)

log = structlog.get_logger(__name__)


class Engine(Protocol):
    """What is asked of a speech engine; `SpeechEngine` and `ScriptedEngine` are two."""

    manifest: ModelManifest

    def advance(
        self,
        spool: Path,
        *,
        position_samples: int,
        next_index: int,
        next_word_index: int,
        final: bool,
        limits: Limits | None = None,
    ) -> AsyncGenerator[EngineEvent, None]: ...

    def pause(self) -> None:
        """Ask for a `Paused` soon; the work done so far counts."""
        ...

    async def stop(self) -> None: ...


class Transcribing:
    """One worker's transcriptions: several at a time, one of them at the engine."""

    def __init__(
        self,
        works: Works,
        engine: Engine,
        spool_folder: Path,
        *,
        limits: Limits | None = None,
        turn_seconds: float = TURN_SECONDS,
    ) -> None:
        """`turn_seconds`: how long a dictation waits for the engine while others get on."""
        self._works = works
        self._engine = engine
        self._room = SpoolRoom(spool_folder)
        self._limits = limits or Limits()
        self._turns = Turns()
        self._turn_seconds = turn_seconds
        self._stopping = False

    async def stop(self) -> None:
        """Break off what runs; its lease is given back, and another worker goes on."""
        self._stopping = True
        await self._engine.stop()

    def close(self) -> None:
        self._room.close()

    async def advance(self, payload: Payload) -> None:
        """Hear what has arrived of a dictation; a whole file goes to the end of another queue."""
        recording_id = UUID(payload["recording_id"])
        async with self._works.begin(TRANSCRIBER) as uow:
            recording = await recordings.get_recording(uow, recording_id)
            if not recording.is_streamed:
                await uow.enqueue(LISTEN, payload, once=f"{LISTEN}:{recording_id}")
                return
        await self._carry_on(recording_id, recordings.ADVANCE)

    async def listen(self, payload: Payload) -> None:
        """Hear a whole file; dictations may come in between."""
        await self._carry_on(UUID(payload["recording_id"]), LISTEN)

    async def sweep(self) -> None:
        """Queue again what nobody works on."""
        async with self._works.begin(TRANSCRIBER) as uow:
            await service.queue_unfinished(uow)

    async def tidy(self) -> None:
        """Drop fetched sound nobody needs any more."""
        async with self._works.begin(TRANSCRIBER) as uow:
            still_needed = await service.unfinished_among(uow, self._room.held())
        self._room.keep_only(still_needed)

    async def _carry_on(self, recording_id: UUID, job: str) -> None:
        if self._stopping:
            return
        async with self._works.begin(TRANSCRIBER) as uow:
            claim = await claiming.take_lease(uow, recording_id, self._engine.manifest)
        if claim is None:
            return
        with structlog.contextvars.bound_contextvars(recording_id=str(recording_id)):
            try:
                async with kept_alive(self._works, claim):
                    await self._work(claim, job)
            except LeaseLost:
                log.warning("lease_lost")
            except STORE_IS_AWAY:
                with suppress(*STORE_IS_AWAY, LeaseLost):
                    await self._let_go(claim, None, job)
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, it must not come for ever
                log.warning("transcription_broke", error=type(error).__name__)
                with suppress(LeaseLost):
                    await self._fail(claim, reason_for(error))

    async def _work(self, claim: Claim, job: str) -> None:
        spool, whole = await self._fetched(claim.recording_id)
        async with self._turns.take(dictation=job == recordings.ADVANCE):
            end = await self._hear(claim, spool, final=whole)
        if self._stopping or end is None or isinstance(end, Paused):
            await self._let_go(claim, None, job)
        elif isinstance(end, Failed):
            await self._fail(claim, HaltReason(end.reason))
        elif whole:
            await self._complete(claim, spool, end)
        else:
            await self._let_go(claim, HeardSoFar(chunks=spool.chunks, whole=whole), job)

    async def _fetched(self, recording_id: UUID) -> tuple[Spool, bool]:
        """The sound so far, and whether there will be no more; then its hash is kept for good."""
        async with self._works.begin(TRANSCRIBER) as uow:
            recording = await recordings.get_recording(uow, recording_id)
        whole = recording.status is not recordings.RecordingStatus.RECEIVING
        spool = await self._room.catch_up(self._works, recording_id)
        if whole:
            async with self._works.begin(TRANSCRIBER) as uow:
                await recordings.seal_recording(uow, recording_id, sha256=spool.sha256)
        return spool, whole

    async def _hear(
        self, claim: Claim, spool: Spool, *, final: bool
    ) -> Finished | Failed | Paused | None:
        """Let the engine listen and save what it tells; None when told to stop."""
        checkpoints = Checkpoints(self._works, claim)
        patience = Patience(self._turns, self._turn_seconds)
        events = self._engine.advance(
            spool.path,
            position_samples=claim.position_samples,
            next_index=claim.utterance_count,
            next_word_index=claim.word_count,
            final=final,
            limits=self._limits,
        )
        async with aclosing(events):
            async for event in events:
                await checkpoints.take(event)
                if isinstance(event, Finished | Failed | Paused):
                    return event
                if self._stopping:
                    return None
                if patience.is_over(worked=checkpoints.saved):
                    self._engine.pause()
        return None

    async def _let_go(self, claim: Claim, heard: HeardSoFar | None, job: str) -> None:
        async with self._works.begin(TRANSCRIBER) as uow:
            if await service.let_go(uow, claim, heard):
                payload = {"recording_id": str(claim.recording_id)}
                once = f"{job}:{claim.recording_id}:after {claim.fence}"
                await uow.enqueue(job, payload, once=once)

    async def _fail(self, claim: Claim, reason: HaltReason) -> None:
        async with self._works.begin(TRANSCRIBER) as uow:
            status = await service.fail(uow, claim, reason)
        log.warning("transcription_failed", reason=reason, status=status)

    async def _complete(self, claim: Claim, spool: Spool, end: Finished) -> None:
        async with self._works.begin(TRANSCRIBER) as uow:
            await recordings.seal_recording(
                uow,
                claim.recording_id,
                sha256=spool.sha256,
                duration_seconds=end.duration_seconds,
            )
            status = await service.complete(
                uow, claim, self._engine.manifest, duration_seconds=end.duration_seconds
            )
        self._room.discard(claim.recording_id)
        log.info("transcription_ended", status=status)


@asynccontextmanager
async def kept_alive(works: Works, claim: Claim) -> AsyncIterator[None]:
    """Renew the lease again and again; whoever has lost it finds out at the next checkpoint."""

    async def beat() -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            with suppress(*STORE_IS_AWAY, LeaseLost):
                async with works.begin(TRANSCRIBER) as uow:
                    await claiming.renew(uow, claim)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating


def reason_for(error: Exception) -> HaltReason:
    match error:
        case ModelUnusable():
            return HaltReason.MODEL_UNUSABLE
        case UtterancesMissing():
            return HaltReason.UTTERANCES_MISSING
        case recordings.DeclaredSoundDiffers():
            return HaltReason.DIGEST_MISMATCH
        case recordings.SoundDamaged() | BlobMissing():
            return HaltReason.SOUND_DAMAGED
        case _:
            return HaltReason.CRASHED
