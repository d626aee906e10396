"""Saving what the engine tells, as it tells it."""

from time import monotonic
from typing import assert_never

from app.clinical.transcription import service
from app.clinical.transcription.claiming import Claim
from app.clinical.transcription.engine_events import (
    Damaged,
    Dropped,
    EngineEvent,
    Failed,
    Finished,
    Paused,
    Progress,
    UtteranceHeard,
)
from app.clinical.transcription.shapes import UnheardSpan
from app.clinical.transcription.spool import TRANSCRIBER
from app.clinical.transcription.turns import Turns
from app.infra.uow import Works

SAVE_PROGRESS_EVERY_SECONDS = 1.0


class Checkpoints:
    """Saves what the engine tells: words at once, mere progress now and then."""

    def __init__(self, works: Works, claim: Claim) -> None:
        self._works = works
        self._claim = claim
        self._unheard: list[UnheardSpan] = []
        self._position = claim.position_samples
        self._saved_at = monotonic()
        self.saved = False

    async def take(self, event: EngineEvent) -> None:
        match event:
            case Dropped(span=span):
                self._note(span.start, span.end, span.reason)
            case Damaged(start=start, end=end):
                self._note(start, end, "damaged")
            case UtteranceHeard(utterance=utterance, position_samples=position):
                async with self._works.begin(TRANSCRIBER) as uow:
                    await service.save_utterance(
                        uow,
                        self._claim,
                        utterance,
                        position_samples=position,
                        unheard=self._unheard,
                    )
                self._passed(position)
            case Progress(position_samples=position, total_samples=total):
                if self._is_worth_saving(position):
                    await self._save(position, total)
            case Finished(position_samples=position) | Paused(position_samples=position):
                await self._save(position, None)
            case Failed():
                pass
            case _:
                assert_never(event)

    async def _save(self, position: int, total: int | None) -> None:
        async with self._works.begin(TRANSCRIBER) as uow:
            await service.save_progress(
                uow,
                self._claim,
                position_samples=position,
                total_samples=total,
                unheard=self._unheard,
            )
        self._passed(position)

    def _note(self, start: float, end: float, reason: str) -> None:
        self._unheard.append(UnheardSpan(start=start, end=end, reason=reason))

    def _is_worth_saving(self, position: int) -> bool:
        a_while_ago = monotonic() - self._saved_at > SAVE_PROGRESS_EVERY_SECONDS
        return bool(self._unheard) or position > self._position or a_while_ago

    def _passed(self, position: int) -> None:
        self.saved = self.saved or position > self._claim.position_samples
        self._position, self._saved_at = position, monotonic()
        self._unheard = []


class Patience:
    """How long a dictation waits at the engine: until the one before it has done some work."""

    def __init__(self, turns: Turns, seconds: float) -> None:
        self._turns = turns
        self._seconds = seconds
        self._since: float | None = None
        self._asked = False

    def is_over(self, *, worked: bool) -> bool:
        """True once, when it is time to make room."""
        if self._since is None and worked:
            self._since = monotonic()
        if self._asked or self._since is None or not self._turns.wanted:
            return False
        self._asked = monotonic() - self._since >= self._seconds
        return self._asked
