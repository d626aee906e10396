"""The words of a transcript and the model that heard them: plain values, no behaviour."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

SAMPLE_RATE = 16_000


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Word(Frozen):
    """One word as heard; times are seconds from the beginning of the recording."""

    index: int = Field(ge=0, description="runs through the whole transcript from 0")
    text: str
    start: float
    end: float
    probability: float = Field(ge=0, le=1)


class Utterance(Frozen):
    """Speech between two pauses."""

    index: int = Field(ge=0)
    start: float
    end: float
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


class DropReason(StrEnum):
    """Why a stretch of sound that may have been speech has no words."""

    no_speech = "no_speech"  # the model itself says so, and is unsure of the words it made
    repetition = "repetition"  # the same phrase over and over: a loop of the model
    faint = "faint"  # something like a voice, too faint or too odd to be put into words
    no_words = "no_words"  # the pause finder heard a voice, the model no words


class FailureReason(StrEnum):
    """Why a recording could not be transcribed."""

    not_audio = "not_audio"
    empty = "empty"
    too_long = "too_long"
    decode_failed = "decode_failed"
    timeout = "timeout"
    crashed = "crashed"


class DroppedSpan(Frozen):
    """A stretch for which no words are given, in seconds, so that nobody is misled by silence."""

    start: float
    end: float
    reason: DropReason


class ModelInfo(Frozen):
    """Which model heard this, in the words of its manifest."""

    name: str
    version: str
    licence: str
    demo: bool
    parameters: dict[str, object]


class FileTranscript(Frozen):
    """All of one file, heard in one go."""

    utterances: tuple[Utterance, ...]
    words: tuple[Word, ...]
    dropped: tuple[DroppedSpan, ...]
    duration_seconds: float
    model: ModelInfo
