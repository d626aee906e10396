"""What goes in: the words of a transcript, utterance by utterance, with their times."""

from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A recognised word: its place in the transcript, seconds, and probability 0..1."""

    index: int
    text: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True)
class SpokenUtterance:
    """Speech between two pauses."""

    index: int
    start: float
    end: float
    words: tuple[SpokenWord, ...]


@dataclass(frozen=True, slots=True)
class Dictation:
    """Everything that was said, in order; word indexes must rise."""

    utterances: tuple[SpokenUtterance, ...]

    def __post_init__(self) -> None:
        indexes = [word.index for word in self.words()]
        if any(later <= earlier for earlier, later in pairwise(indexes)):
            raise ValueError("word indexes of a dictation must rise")

    def words(self) -> tuple[SpokenWord, ...]:
        return tuple(word for utterance in self.utterances for word in utterance.words)

    @classmethod
    def of_text(cls, *utterances: str) -> "Dictation":
        """Typed text as a dictation: one second per word, certain of every word."""
        spoken: list[SpokenUtterance] = []
        count = 0
        for index, text in enumerate(utterances):
            words = tuple(
                SpokenWord(count + at, word, float(count + at), count + at + 1.0, 1.0)
                for at, word in enumerate(text.split())
            )
            spoken.append(SpokenUtterance(index, float(count), float(count + len(words)), words))
            count += len(words)
        return cls(tuple(spoken))
