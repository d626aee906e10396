"""The life of a transcription, and every reason for which it may come to a halt."""

from enum import StrEnum

from app.kernel.lifecycle import Lifecycle


class TranscriptionStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    NO_SPEECH = "no_speech"
    FAILED = "failed"
    HELD = "held"


class HaltReason(StrEnum):
    """Why a transcription failed, is on hold, or has to wait for its next try."""

    # What the sound is: trying again would not help.
    NOT_AUDIO = "not_audio"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    DECODE_FAILED = "decode_failed"
    DIGEST_MISMATCH = "digest_mismatch"
    SOUND_DAMAGED = "sound_damaged"
    WITHDRAWN = "withdrawn"
    # What happened to us: worth another try.
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    MODEL_UNUSABLE = "model_unusable"
    WORKER_LOST = "worker_lost"
    UTTERANCES_MISSING = "utterances_missing"


WORTH_ANOTHER_TRY = frozenset(
    {
        HaltReason.TIMEOUT,
        HaltReason.CRASHED,
        HaltReason.MODEL_UNUSABLE,
        HaltReason.WORKER_LOST,
        HaltReason.UTTERANCES_MISSING,
    }
)

_S = TranscriptionStatus
UNFINISHED = frozenset({_S.QUEUED, _S.RUNNING})
REPEATABLE = frozenset({_S.FAILED, _S.HELD})

TRANSCRIPTION = Lifecycle(
    "transcription",
    {
        _S.QUEUED: {_S.RUNNING, _S.FAILED, _S.HELD},
        _S.RUNNING: {_S.QUEUED, _S.DONE, _S.NO_SPEECH, _S.FAILED, _S.HELD},
        _S.DONE: set(),
        _S.NO_SPEECH: set(),
        _S.FAILED: {_S.QUEUED},
        _S.HELD: {_S.QUEUED},
    },
)
