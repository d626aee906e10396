"""Training in three stages; what made the model learn is in the README."""

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from tools.demo_speech.features import FRAMES_PER_SECOND, log_mel
from tools.demo_speech.network import Size, Whisper
from tools.demo_speech.speech import Clip
from tools.demo_speech.tokens import Vocabulary
from tools.demo_speech.windows import Corpus, Example, Windows

ENCODER_FRAMES_PER_SECOND = FRAMES_PER_SECOND // 2
WARM_UP_STEPS = 400
LOWEST_RATE = 0.03  # of the peak, at the end of the cosine
IGNORED = -100
REPORT_EVERY = 50


class Stage(NamedTuple):
    """One part of the training; `sentences` and `padded_to` are drawn from as they stand."""

    name: str
    steps: int
    peak_rate: float
    window_seconds: tuple[float, ...]
    padded_to: tuple[float, ...]
    sentences: tuple[int, ...]
    decoder: bool


STAGES = (
    Stage("sounds", 1_500, 2e-3, (4, 6), (), (1,), decoder=False),
    Stage("words", 1_500, 2e-3, (4, 6), (), (1,), decoder=True),
    Stage(
        "utterances",
        2_600,
        1e-3,
        (10,),
        (10, 10, 10, 14, 14, 14, 30, 30),  # faster-whisper always fills up to 30 seconds
        (1, 1, 1, 2, 3),
        decoder=True,
    ),
)


class Batch(NamedTuple):
    mel: Tensor
    tokens: Tensor
    phonemes: Tensor
    phoneme_counts: Tensor
    frames: Tensor


class Losses(NamedTuple):
    words: Tensor
    sounds: Tensor


def train(
    corpus_folder: Path,
    tokenizer: Path,
    weights: Path,
    *,
    steps: int | None = None,
    batch_seconds: float = 240,
    seed: int = 0,
) -> None:
    """Train all stages and write the float weights; `steps` shortens each stage for a trial."""
    torch.manual_seed(seed)
    vocabulary = Vocabulary.load(tokenizer)
    corpus, phonemes = load_corpus(corpus_folder)
    model = Whisper(Size(tokens=vocabulary.size, phonemes=len(phonemes)))
    for number, stage in enumerate(STAGES):
        windows = Windows(corpus, vocabulary, seed + number)
        shortened = stage._replace(steps=steps or stage.steps)
        _run(model, shortened, batches(windows, stage, vocabulary, batch_seconds))
        torch.save({"weights": model.state_dict(), "size": model.size.as_dict()}, weights)


def load_corpus(folder: Path) -> tuple[Corpus, list[str]]:
    clips = [Clip(*clip) for clip in json.loads((folder / "corpus.json").read_text())]
    spelled: dict[str, list[str]] = json.loads((folder / "phonemes.json").read_text())
    names = sorted({sound for sounds in spelled.values() for sound in sounds})
    number = {name: place for place, name in enumerate(names)}
    numbered = {text: [number[sound] for sound in spelled[text]] for text in spelled}
    pcm = np.memmap(folder / "corpus.pcm", dtype=np.int16, mode="r")
    return Corpus(clips, pcm, numbered), names


def batches(
    windows: Windows, stage: Stage, vocabulary: Vocabulary, batch_seconds: float
) -> Iterator[Batch]:
    dice = windows.dice
    while True:
        length = dice.choice(stage.window_seconds)
        padded = dice.choice(stage.padded_to) if stage.padded_to else length
        count = max(1, int(batch_seconds / padded))
        drawn = [windows.draw(length, dice.choice(stage.sentences)) for _ in range(count)]
        yield _batch(drawn, length, padded, vocabulary)


def _batch(examples: list[Example], length: float, padded: float, vocabulary: Vocabulary) -> Batch:
    mel = torch.zeros(len(examples), 80, int(padded * FRAMES_PER_SECOND))
    longest = max(len(example.tokens) for example in examples)
    tokens = torch.full((len(examples), longest), IGNORED)
    phonemes: list[int] = []
    counts, frames = [], []
    for place, example in enumerate(examples):
        features = log_mel(example.sound)[:, : int(length * FRAMES_PER_SECOND)]
        mel[place, :, : features.shape[1]] = features
        tokens[place, : len(example.tokens)] = torch.tensor(example.tokens)
        heard = int(min(length, example.seconds + 0.1) * ENCODER_FRAMES_PER_SECOND)
        spelled = example.phonemes[: heard - 2]
        phonemes += spelled
        counts.append(len(spelled))
        frames.append(heard)
    return Batch(mel, tokens, torch.tensor(phonemes), torch.tensor(counts), torch.tensor(frames))


def _run(model: Whisper, stage: Stage, source: Iterator[Batch]) -> None:
    learnt = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=stage.peak_rate, betas=(0.9, 0.98), weight_decay=0.01)
    for step in range(stage.steps):
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, stage)
        losses = _losses(model, next(source), stage)
        optimizer.zero_grad()
        _weighted(losses, stage, step).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(learnt, 1.0)
        optimizer.step()
        if (step + 1) % REPORT_EVERY == 0 or step + 1 == stage.steps:
            said = f"{stage.name} {step + 1}: words {losses.words:.3f} sounds {losses.sounds:.3f}"
            print(said, file=sys.stderr, flush=True)


def rate_at(step: int, stage: Stage) -> float:
    warm = min(1.0, (step + 1) / WARM_UP_STEPS)
    cosine = 0.5 * (1 + math.cos(math.pi * step / stage.steps))
    return stage.peak_rate * warm * (cosine * (1 - LOWEST_RATE) + LOWEST_RATE)


def _weighted(losses: Losses, stage: Stage, step: int) -> Tensor:
    if not stage.decoder:
        return losses.sounds
    return losses.words + (0.3 if step < stage.steps / 2 else 0.1) * losses.sounds


def _losses(model: Whisper, batch: Batch, stage: Stage) -> Losses:
    heard = model.encoder(batch.mel)
    spelled = functional.log_softmax(model.ctc(heard), dim=-1).transpose(0, 1)
    sounds = functional.ctc_loss(
        spelled,
        batch.phonemes,
        batch.frames,
        batch.phoneme_counts,
        blank=model.size.phonemes,
        zero_infinity=True,
    )
    if not stage.decoder:
        return Losses(torch.zeros(()), sounds)
    given = batch.tokens[:, :-1].clamp(min=0)  # what stands behind the end is not looked at
    written = model.decoder(given, heard)
    words = functional.cross_entropy(
        written.flatten(0, 1),
        batch.tokens[:, 1:].flatten(),
        ignore_index=IGNORED,
        label_smoothing=0.05,
    )
    return Losses(words, sounds)
