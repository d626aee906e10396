"""An engine that says what it was told to say, for tests of everything around it."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from pathlib import Path

from app.clinical.transcription.engine_events import (
    EngineEvent,
    Failed,
    Finished,
    Limits,
    Paused,
    Progress,
    UtteranceHeard,
)
from app.clinical.transcription.manifest import ModelManifest, load_manifest
from app.clinical.transcription.schemas import SAMPLE_RATE, FailureReason, Utterance, Word
from app.clinical.transcription.sound import BYTES_PER_SAMPLE, WAV_HEADER_BYTES

Ending = FailureReason | Exception


class ScriptedEngine:
    """Every second of a 16 kHz WAV is one utterance: the line of that second, or silence.

    `endings` are spent one by one: how the next calls end instead of well. `meanwhile` is awaited
    after every event, for tests that do something in the midst of the work.
    """

    def __init__(
        self,
        lines: Sequence[str],
        *,
        endings: Sequence[Ending] = (),
        meanwhile: Callable[[EngineEvent], Awaitable[None]] | None = None,
        manifest: ModelManifest | None = None,
    ) -> None:
        self.manifest = manifest or load_manifest("demo").manifest
        self.endings = list(endings)
        self.meanwhile = meanwhile
        self.calls: list[int] = []
        self._lines = list(lines)
        self._pause_wanted = False

    async def start(self) -> None:
        return

    async def stop(self) -> None:
        return

    def pause(self) -> None:
        self._pause_wanted = True

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
        self._pause_wanted = False
        self.calls.append(position_samples)
        events = self._script(spool, position_samples, next_index, next_word_index)
        ending = self.endings.pop(0) if self.endings else None
        for event in events:
            if isinstance(event, Finished) and ending is not None:
                break
            yield event
            if self.meanwhile is not None:
                await self.meanwhile(event)
            if self._pause_wanted and isinstance(event, Progress):
                yield Paused(position_samples=event.position_samples)
                return
        if isinstance(ending, FailureReason):
            yield Failed(reason=ending, message="As the script says.")
        elif ending is not None:
            raise ending

    def _script(self, spool: Path, position: int, index: int, word_index: int) -> list[EngineEvent]:
        present = max(0, spool.stat().st_size - WAV_HEADER_BYTES) // BYTES_PER_SAMPLE
        events: list[EngineEvent] = []
        while position + SAMPLE_RATE <= present:
            second = position // SAMPLE_RATE
            spoken = (self._lines[second] if second < len(self._lines) else "").split()
            position += SAMPLE_RATE
            if spoken:
                utterance = spread(spoken, second, index, word_index)
                events.append(UtteranceHeard(utterance=utterance, position_samples=position))
                index, word_index = index + 1, word_index + len(spoken)
            progress = {"heard_samples": position, "total_samples": present}
            events.append(Progress(position_samples=position, **progress))
        finished = Finished(
            position_samples=position,
            duration_seconds=present / SAMPLE_RATE,
            had_speech=any(isinstance(event, UtteranceHeard) for event in events),
        )
        return [*events, finished]


def spread(spoken: Sequence[str], second: int, index: int, word_index: int) -> Utterance:
    step = 1 / len(spoken)
    words = tuple(
        Word(
            index=word_index + place,
            text=text,
            start=round(second + place * step, 3),
            end=round(second + (place + 1) * step, 3),
            probability=0.9,
        )
        for place, text in enumerate(spoken)
    )
    return Utterance(index=index, start=float(second), end=float(second + 1), words=words)
