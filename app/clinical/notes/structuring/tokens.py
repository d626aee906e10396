"""A word as the rules look at it: verbatim, and bare of case and punctuation."""

import re
from dataclasses import dataclass

from app.clinical.notes.structuring.dictation import Dictation, SpokenWord

_EDGES = re.compile(r"^[^\w&]+|[^\w&%]+$")
_FINAL = re.compile(r"[.?!\u2026][\"'\u201d\u2019)\]]*$")


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is what was recognised, `bare` its lower-case core, `last` whether a pause follows."""

    word: SpokenWord
    text: str
    bare: str
    last: bool
    pause: float

    @property
    def is_final(self) -> bool:
        """It carries a full stop, question mark or exclamation mark."""
        return _FINAL.search(self.text) is not None

    @property
    def is_capitalised(self) -> bool:
        """A capital and then small letters: the beginning of a sentence, or a name."""
        return self.text[:1].isupper() and self.text[1:2].islower()


def bare(text: str) -> str:
    return _EDGES.sub("", text.replace("\u2019", "'")).lower()


def tokens_of(dictation: Dictation) -> tuple[Token, ...]:
    tokens: list[Token] = []
    utterances = [utterance for utterance in dictation.utterances if utterance.words]
    for at, utterance in enumerate(utterances):
        following = utterances[at + 1] if at + 1 < len(utterances) else None
        pause = following.words[0].start - utterance.words[-1].end if following else 0.0
        for word in utterance.words:
            text = " ".join(word.text.split())
            last = word is utterance.words[-1]
            tokens.append(Token(word, text, bare(text), last, pause if last else 0.0))
    return tuple(tokens)
