"""From sound to words."""

from app.clinical.transcription.documents import TranscriptDocument, UtteranceDocument
from app.clinical.transcription.engine import SpeechEngine
from app.clinical.transcription.engine_events import Limits
from app.clinical.transcription.errors import (
    NotATranscriptReader,
    NothingToRepeat,
    NotYoursToRepeat,
    TranscriptNotFound,
)
from app.clinical.transcription.events import (
    TranscriptCompleted,
    TranscriptionHalted,
    TranscriptionRepeated,
)
from app.clinical.transcription.hearing import transcribe_file
from app.clinical.transcription.lifecycle import TRANSCRIPTION, HaltReason, TranscriptionStatus
from app.clinical.transcription.manifest import (
    ModelCheck,
    ModelManifest,
    ModelUnusable,
    check_model,
    load_manifest,
)
from app.clinical.transcription.models import Transcription
from app.clinical.transcription.queries import (
    Halted,
    get_transcript,
    halted,
    progress_of,
    progress_of_many,
    read_transcript,
    recomputed_sha256,
    transcriptions_needing_attention,
    utterances_from,
)
from app.clinical.transcription.schemas import FileTranscript, Utterance, Word
from app.clinical.transcription.service import repeat_transcription
from app.clinical.transcription.shapes import (
    SpokenUtterance,
    Transcript,
    TranscriptionProgress,
    UnheardSpan,
)
from app.clinical.transcription.sound import SoundRefused

DOCUMENTS = (TranscriptDocument, UtteranceDocument)

__all__ = [
    "DOCUMENTS",
    "TRANSCRIPTION",
    "FileTranscript",
    "HaltReason",
    "Halted",
    "Limits",
    "ModelCheck",
    "ModelManifest",
    "ModelUnusable",
    "NotATranscriptReader",
    "NotYoursToRepeat",
    "NothingToRepeat",
    "SoundRefused",
    "SpeechEngine",
    "SpokenUtterance",
    "Transcript",
    "TranscriptCompleted",
    "TranscriptNotFound",
    "Transcription",
    "TranscriptionHalted",
    "TranscriptionProgress",
    "TranscriptionRepeated",
    "TranscriptionStatus",
    "UnheardSpan",
    "Utterance",
    "Word",
    "check_model",
    "get_transcript",
    "halted",
    "load_manifest",
    "progress_of",
    "progress_of_many",
    "read_transcript",
    "recomputed_sha256",
    "repeat_transcription",
    "transcribe_file",
    "transcriptions_needing_attention",
    "utterances_from",
]
