"""The model's vocabulary: 900 byte-level pieces, digits single, then Whisper's special tokens."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from tools.demo_speech.grammar import sentence

PIECES = 900
SENTENCES = 40_000
SEED = 3
TIME_STEP_SECONDS = 0.02
LONGEST_SECONDS = 30
SPECIAL = (
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
)


def build() -> Tokenizer:
    """Learn the pieces from drawn sentences; the same each time."""
    tokenizer = Tokenizer(models.BPE())
    words = pre_tokenizers.Split(Regex(r" ?\d| ?[^\s\d]+|\s+"), behavior="isolated")
    as_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([words, as_bytes])
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=PIECES, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(_sentences(), trainer)
    steps = round(LONGEST_SECONDS / TIME_STEP_SECONDS)
    times = [f"<|{step * TIME_STEP_SECONDS:.2f}|>" for step in range(steps + 1)]
    tokenizer.add_special_tokens([*SPECIAL, *times])
    return tokenizer


class Vocabulary(NamedTuple):
    """A tokenizer with the numbers of the tokens that training speaks of."""

    tokenizer: Tokenizer
    end: int
    start: int
    no_speech: int
    first_time: int
    size: int

    @classmethod
    def load(cls, path: Path) -> "Vocabulary":
        tokenizer = Tokenizer.from_file(str(path))
        return cls(
            tokenizer=tokenizer,
            end=_number(tokenizer, "<|endoftext|>"),
            start=_number(tokenizer, "<|startoftranscript|>"),
            no_speech=_number(tokenizer, "<|nospeech|>"),
            first_time=_number(tokenizer, "<|0.00|>"),
            size=tokenizer.get_vocab_size(),
        )

    def text(self, sentence_spoken: str) -> list[int]:
        ids: list[int] = self.tokenizer.encode(" " + sentence_spoken, add_special_tokens=False).ids
        return ids

    def time(self, seconds: float) -> int:
        return self.first_time + round(seconds / TIME_STEP_SECONDS)


def _number(tokenizer: Tokenizer, name: str) -> int:
    number = tokenizer.token_to_id(name)
    if number is None:
        raise ValueError(f"the tokenizer has no {name}")
    return number


def _sentences() -> Iterator[str]:
    dice = Random(SEED)
    return (" " + sentence(dice) for _ in range(SENTENCES))
