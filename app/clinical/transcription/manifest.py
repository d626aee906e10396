"""What is known about a speech model, kept as JSON beside it; code holds no parameters."""

import json
from pathlib import Path
from typing import Literal, NamedTuple, Self

from pydantic import Field, ValidationError, model_validator

from app.clinical.transcription.schemas import Frozen, ModelInfo

SPEECH_MODELS = Path(__file__).parent / "speech_models"
MODEL_FILES = ("model.bin", "config.json")


class UtteranceSettings(Frozen):
    """How sound is cut at pauses before the model hears it."""

    threshold: float = Field(gt=0, lt=1)
    voiced_threshold: float = Field(gt=0, lt=1, description="a voice beyond doubt")
    min_voiced_ms: int = Field(ge=0, description="with less of that, a sound is no speech")
    min_silence_ms: int = Field(ge=100)
    speech_pad_ms: int = Field(ge=0)
    max_speech_seconds: float = Field(ge=5, le=30)
    merge_up_to_seconds: float = Field(
        ge=0, le=30, description="neighbouring utterances are heard together up to this length"
    )
    merge_pause_ms: int = Field(ge=0, description="a longer pause ends such a group")
    energy_gate_dbfs: float = Field(lt=0, description="quieter than this is never speech")

    @model_validator(mode="after")
    def paddings_of_neighbours_do_not_overlap(self) -> Self:
        if 2 * self.speech_pad_ms > self.min_silence_ms:
            raise ValueError("speech_pad_ms may be at most half of min_silence_ms")
        return self


class DecodingSettings(Frozen):
    """What is handed to faster-whisper as it is."""

    language: str
    compute_type: str
    beam_size: int = Field(ge=1)
    temperature: tuple[float, ...] = Field(min_length=1)
    chunk_length: int | None
    suppress_tokens: tuple[int, ...] = Field(
        description="-1 stands for Whisper's own list of symbols; other vocabularies name theirs"
    )
    word_timestamps: Literal[True]  # a transcript without word times cannot be checked by ear
    condition_on_previous_text: bool


class GuardSettings(Frozen):
    """When words of the model are not believed.

    Two signs that nobody spoke must agree: the model says so, or hardly any voice was found; and
    the model is unsure of the words it made.
    """

    no_speech_probability: float = Field(ge=0, le=1)
    average_log_probability: float = Field(le=0)
    brief_voice_ms: int = Field(ge=0)
    brief_voice_log_probability: float = Field(le=0)
    compression_ratio: float = Field(gt=1)
    repeats_when_compressible: int = Field(ge=2)
    repeats: int = Field(ge=2)


class MeasuredError(Frozen):
    corpus: str
    word_error_rate: float = Field(ge=0)


class ModelManifest(Frozen):
    name: str
    version: str
    licence: str
    languages: tuple[str, ...]
    demo: bool
    vocabulary: str = Field(description="what users are told about it, in plain words")
    trained_on: str
    window_seconds: float = Field(gt=0, le=30)
    low_confidence: float = Field(ge=0, le=1, description="words below are marked for checking")
    first_word_confidence: Literal["word", "segment"] = Field(
        description="segment: a model trained on time stamps only has no idea of a first word "
        "without them, so the average of its segment stands for it"
    )
    utterances: UtteranceSettings
    decoding: DecodingSettings
    guards: GuardSettings
    measured_error: tuple[MeasuredError, ...]

    @property
    def info(self) -> ModelInfo:
        parameters = self.model_dump(mode="json", include={"utterances", "decoding", "guards"})
        return ModelInfo(
            name=self.name,
            version=self.version,
            licence=self.licence,
            demo=self.demo,
            parameters=parameters,
        )


class ModelUnusable(Exception):
    """The speech model named by the setting cannot be used."""


class SpeechModel(NamedTuple):
    """A manifest and where faster-whisper finds the model: a folder or a hub name."""

    manifest: ModelManifest
    source: str


class ModelCheck(NamedTuple):
    """What `doctor` says about the model setting; `advice` is empty when all is well."""

    usable: bool
    finding: str
    advice: str


def load_manifest(setting: str) -> SpeechModel:
    """Find the model by setting: `demo`, a local folder, or a hub name; loads no weights.

    Raises ModelUnusable, saying what to do.
    """
    if not setting.strip():
        raise ModelUnusable("No speech model is set. Name a local folder or a hub name.")
    if setting == "demo":
        return _from_folder(SPEECH_MODELS / "demo")
    folder = Path(setting).expanduser()
    if folder.is_dir():
        return _from_folder(folder)
    if folder.is_absolute() or setting.startswith((".", "~")):
        raise ModelUnusable(f"There is no folder {setting}. Copy a converted model there.")
    return SpeechModel(_general(setting), setting)


def check_model(setting: str, *, load: bool = True) -> ModelCheck:
    """Say whether the model can be used, and if not, what to do; `load` really loads it."""
    try:
        model = load_manifest(setting)
        if load:
            # Imported late: the API asks for manifests and must not pay for an inference library.
            from app.clinical.transcription.whisper import load_check  # noqa: PLC0415

            load_check(model)
    except ModelUnusable as unusable:
        return ModelCheck(usable=False, finding=str(unusable), advice=_ADVICE)
    manifest = model.manifest
    finding = f"{manifest.name} {manifest.version}"
    if manifest.demo:
        return ModelCheck(usable=True, finding=finding, advice=manifest.vocabulary)
    return ModelCheck(usable=True, finding=finding, advice="")


_ADVICE = (
    "Name a folder with a CTranslate2 Whisper model (model.bin, config.json, tokenizer.json), "
    'a hub name such as small.en where the internet can be reached, or "demo" to look around.'
)


def _from_folder(folder: Path) -> SpeechModel:
    missing = [name for name in MODEL_FILES if not (folder / name).is_file()]
    if missing:
        raise ModelUnusable(f"The model folder {folder} lacks {', '.join(missing)}.")
    beside = folder / "manifest.json"
    manifest = _read(beside) if beside.is_file() else _general(folder.name)
    return SpeechModel(manifest, str(folder))


def _general(name: str) -> ModelManifest:
    return _read(SPEECH_MODELS / "whisper.json").model_copy(update={"name": name})


def _read(path: Path) -> ModelManifest:
    try:
        return ModelManifest.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except (ValidationError, ValueError) as wrong:
        raise ModelUnusable(f"{path} is not a model manifest: {wrong}") from wrong
