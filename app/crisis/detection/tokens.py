"""Text as plain words, each with its place: short forms in full, sentences told apart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

PIECE = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*|[.!?;,:\n()\u2013\u2014/\"\u201c\u201d-]")
ENDS = frozenset(".!?;\n")
LONGEST_WORD = 40
IS_AFTER = frozenset("he she it that there who what here where i we they you".split())
TAILS = {"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would"}
WHOLE = {
    "won't": ("will", "not"), "can't": ("can", "not"), "cannot": ("can", "not"),
    "dont": ("do", "not"), "doesnt": ("does", "not"), "didnt": ("did", "not"),
    "cant": ("can", "not"), "wont": ("will", "not"), "isnt": ("is", "not"),
    "wasnt": ("was", "not"), "hasnt": ("has", "not"), "havent": ("have", "not"),
    "im": ("i", "am"), "ive": ("i", "have"), "hes": ("he", "is"), "shes": ("she", "is"),
    "gonna": ("going", "to"), "wanna": ("want", "to"), "let's": ("let", "us"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    """A word in lower case, as it was written, where, and the signs directly before it."""

    word: str
    written: str
    start: int
    end: int
    before: str


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence; `closing` is the sign it ends with, "" when it just ends."""

    tokens: tuple[Token, ...]
    closing: str


def sentences(text: str) -> Iterator[Words]:
    """Sentence by sentence; a full stop within a number or a short title ends none."""
    tokens: list[Token] = []
    signs = ""
    for match in PIECE.finditer(text):
        piece = match[0]
        if piece in ENDS and not (piece == "." and is_inside(text, match.start(), tokens)):
            if tokens:
                yield Words(tuple(tokens), piece)
            elif piece == "?":
                continue
            tokens, signs = [], ""
        elif piece[0].isalnum():
            words = spelled(piece)
            for word in words:
                tokens.append(Token(word[:LONGEST_WORD], piece, match.start(), match.end(), signs))
                signs = ""
        else:
            signs += piece
    if tokens:
        yield Words(tuple(tokens), "")


SHORT = frozenset("dr mr mrs ms pt vs st approx yo y o h s i e g".split())


def is_inside(text: str, at: int, tokens: list[Token]) -> bool:
    """Whether a full stop belongs to the word before it: 4.5, Dr. Marlow, S.I."""
    follows = text[at + 1 : at + 2]
    last = tokens[-1].word if tokens and tokens[-1].end == at else ""
    if follows.isalnum():
        return True
    return last in SHORT and follows == " "


def spelled(piece: str) -> tuple[str, ...]:
    """A word without its short forms: "doesn't" is does, not; "patient's" is patient, s."""
    word = piece.lower().replace("\u2019", "'")
    if word in WHOLE:
        return WHOLE[word]
    if "'" not in word:
        return (word,)
    stem, _, tail = word.rpartition("'")
    if tail == "t" and stem.endswith("n"):
        return (stem[:-1], "not")
    if tail == "s":
        return (stem, "is" if stem in IS_AFTER else "s")
    return (stem, TAILS.get(tail, tail))
