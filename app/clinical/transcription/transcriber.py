"""What the engine asks of a speech model: find voices, and put one utterance into words."""

from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from app.clinical.transcription.sound import Samples

WINDOW = 512  # samples the voice detector judges at a time


class HeardWord(NamedTuple):
    """A word; times are seconds from the beginning of the utterance."""

    text: str
    start: float
    end: float
    probability: float


class HeardSegment(NamedTuple):
    """What a model made of a stretch of an utterance, with its own doubts about it."""

    start: float
    end: float
    words: tuple[HeardWord, ...]
    no_speech_probability: float
    average_log_probability: float
    compression_ratio: float


class Transcriber(Protocol):
    def transcribe(self, samples: Samples) -> list[HeardSegment]:
        """Put the 16 kHz mono sound of one utterance into words."""
        ...


class VoiceDetector(Protocol):
    """Remembers what it heard before, until reset."""

    def reset(self) -> None: ...

    def probabilities(self, windows: Samples) -> npt.NDArray[np.float32]:
        """Take windows of shape (n, WINDOW); return for each how probably it holds a voice."""
        ...
