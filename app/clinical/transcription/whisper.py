"""Everything taken from faster-whisper, so that another engine can replace it in one place."""

from collections.abc import Iterable, Iterator
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from faster_whisper import WhisperModel
from faster_whisper.utils import download_model
from faster_whisper.vad import get_vad_model

from app.clinical.transcription.manifest import ModelManifest, ModelUnusable, SpeechModel
from app.clinical.transcription.sound import Samples
from app.clinical.transcription.transcriber import HeardSegment, HeardWord

CONTEXT = 64  # samples of the window before that the detector's network sees again
DETECTOR_STATE = (1, 1, 128)


class WhisperTranscriber:
    """A Whisper model on one or more CPU threads, with the parameters of its manifest."""

    def __init__(self, model: SpeechModel, *, threads: int = 1) -> None:
        self.manifest = model.manifest
        try:
            self._model = WhisperModel(
                model.source,
                device="cpu",
                compute_type=model.manifest.decoding.compute_type,
                cpu_threads=threads,
            )
        except MemoryError:
            raise
        except Exception as failure:
            # Which exception depends on what is wrong: hub, network, file, or the inference engine.
            raise ModelUnusable(f"The model {model.source} cannot be loaded.") from failure
        self._options = _options(model.manifest)

    def transcribe(self, samples: Samples) -> list[HeardSegment]:
        segments, _ = self._model.transcribe(samples, **self._options)
        by_segment = self.manifest.first_word_confidence == "segment"
        return [_heard(segment, first_word_by_segment=by_segment) for segment in segments]


class SileroDetector:
    """The voice detector bundled with faster-whisper, run as a stream."""

    def __init__(self) -> None:
        self._session = get_vad_model().session
        self.reset()

    def reset(self) -> None:
        self._hidden = np.zeros(DETECTOR_STATE, dtype=np.float32)
        self._cell = np.zeros(DETECTOR_STATE, dtype=np.float32)
        self._context: Samples = np.zeros(CONTEXT, dtype=np.float32)

    def probabilities(self, windows: Samples) -> npt.NDArray[np.float32]:
        contexts = np.vstack((self._context, windows[:-1, -CONTEXT:]))
        self._context = windows[-1, -CONTEXT:]
        speech: npt.NDArray[np.float32]
        speech, self._hidden, self._cell = self._session.run(
            None,
            {"input": np.hstack((contexts, windows)), "h": self._hidden, "c": self._cell},
        )
        return speech.reshape(-1)


def load_check(model: SpeechModel) -> None:
    """Load the model, fetching nothing. Raises ModelUnusable."""
    local = model
    if not Path(model.source).is_dir():
        try:
            folder = download_model(model.source, local_files_only=True)
        except Exception as absent:
            raise ModelUnusable(
                f"The model {model.source} is not on this machine yet; it is fetched on first use."
            ) from absent
        local = SpeechModel(model.manifest, folder)
    WhisperTranscriber(local)


def _options(manifest: ModelManifest) -> dict[str, Any]:
    decoding = manifest.decoding.model_dump(exclude={"compute_type"})
    return {
        **decoding,
        "temperature": list(manifest.decoding.temperature),
        "suppress_tokens": list(manifest.decoding.suppress_tokens),
        "vad_filter": False,
        # Nothing is dropped in there unseen; our own guards decide and say so.
        "no_speech_threshold": None,
        "log_prob_threshold": manifest.guards.average_log_probability,
        "compression_ratio_threshold": manifest.guards.compression_ratio,
    }


def _heard(segment: Any, *, first_word_by_segment: bool) -> HeardSegment:
    words = tuple(_whole_words(segment.words or ()))
    if words and first_word_by_segment:
        words = (words[0]._replace(probability=exp(segment.avg_logprob)), *words[1:])
    return HeardSegment(
        start=segment.start,
        end=segment.end,
        words=words,
        no_speech_probability=segment.no_speech_prob,
        average_log_probability=segment.avg_logprob,
        compression_ratio=segment.compression_ratio,
    )


def _whole_words(pieces: Iterable[Any]) -> Iterator[HeardWord]:
    """Join what belongs together: "38" and ".2" come apart, only the first with a space."""
    word: HeardWord | None = None
    for piece in pieces:
        text = piece.word.strip()
        if word is not None and not piece.word.startswith(" "):
            doubt = min(word.probability, piece.probability)
            word = HeardWord(word.text + text, word.start, piece.end, doubt)
            continue
        if word is not None:
            yield word
        word = HeardWord(text, piece.start, piece.end, piece.probability) if text else None
    if word is not None:
        yield word
