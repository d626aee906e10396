"""What the engine is asked and what it tells: the messages between worker and engine process."""

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from app.clinical.transcription.schemas import DroppedSpan, FailureReason, Frozen, Utterance


class Limits(Frozen):
    """How much one recording may ask of the engine."""

    max_duration_seconds: float = Field(default=3 * 3600, gt=0)
    stall_seconds: float = Field(default=120, gt=0, description="without a sign of life")
    slowest: float = Field(default=10, gt=0, description="seconds of work per second of sound")


class Request(Frozen):
    """Listen on from a checkpoint."""

    path: Path
    position_samples: int = Field(ge=0)
    next_index: int = Field(ge=0)
    next_word_index: int = Field(ge=0)
    final: bool
    limits: Limits


class UtteranceHeard(Frozen):
    """An utterance is in words; once it is saved, the checkpoint may move to `position_samples`."""

    kind: Literal["utterance"] = "utterance"
    utterance: Utterance
    position_samples: int


class Dropped(Frozen):
    """A stretch has no words, and why; comes before the event that moves past it."""

    kind: Literal["dropped"] = "dropped"
    span: DroppedSpan


class Damaged(Frozen):
    """The file is damaged here (seconds); silence stands in for what was lost."""

    kind: Literal["damaged"] = "damaged"
    start: float
    end: float


class Progress(Frozen):
    """A sign of life: everything before `position_samples` is done, heard up to `heard_samples`."""

    kind: Literal["progress"] = "progress"
    position_samples: int
    heard_samples: int
    total_samples: int | None


class Finished(Frozen):
    """All sound present was heard; `had_speech` speaks of this call only."""

    kind: Literal["finished"] = "finished"
    position_samples: int
    duration_seconds: float
    had_speech: bool


class Paused(Frozen):
    """Broken off because the engine was asked to; go on from this checkpoint when you like."""

    kind: Literal["paused"] = "paused"
    position_samples: int


class Failed(Frozen):
    """This recording cannot be transcribed; the message holds nothing of its content."""

    kind: Literal["failed"] = "failed"
    reason: FailureReason
    message: str


EngineEvent: TypeAlias = Annotated[
    UtteranceHeard | Dropped | Damaged | Progress | Finished | Paused | Failed,
    Field(discriminator="kind"),
]
EVENTS: TypeAdapter[EngineEvent] = TypeAdapter(EngineEvent)
