"""A transcriber that says what it was told to say, for tests of everything around it."""

from collections.abc import Sequence

from app.clinical.transcription.schemas import SAMPLE_RATE
from app.clinical.transcription.sound import Samples
from app.clinical.transcription.transcriber import HeardSegment, HeardWord


class ScriptedTranscriber:
    """Gives one line per utterance, its words spread evenly over the sound; then nothing."""

    def __init__(self, lines: Sequence[str], *, probability: float = 0.9) -> None:
        self._lines = list(lines)
        self._probability = probability

    def transcribe(self, samples: Samples) -> list[HeardSegment]:
        if not self._lines:
            return []
        spoken = self._lines.pop(0).split()
        seconds = samples.size / SAMPLE_RATE
        step = seconds / max(1, len(spoken))
        words = tuple(
            HeardWord(text, place * step, (place + 1) * step, self._probability)
            for place, text in enumerate(spoken)
        )
        return [
            HeardSegment(
                start=0.0,
                end=seconds,
                words=words,
                no_speech_probability=0.0,
                average_log_probability=-0.1,
                compression_ratio=1.0,
            )
        ]
