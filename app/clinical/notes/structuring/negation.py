"""Findings that were said to be absent, with the word that said so (after NegEx, Chapman 2001)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from app.clinical.notes.structuring.lexicon import load

_LONGEST_FINDING_WORDS = 8


@cache
def _cues() -> tuple[tuple[str, ...], ...]:
    """The longest first."""
    spoken = (tuple(cue.split()) for cue in load("negation.toml")["cues"])
    return tuple(sorted(spoken, key=len, reverse=True))


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(load("negation.toml")[name])


@dataclass(frozen=True, slots=True)
class Negation:
    """A cue and one finding of its list, between two word positions (inclusive)."""

    cue: str
    finding: str
    first: int
    last: int


def find_negations(words: Sequence[str], texts: Sequence[str]) -> tuple[Negation, ...]:
    """One entry per finding of "denies a, b, and c"; `texts` are the words as written."""
    found: list[Negation] = []
    at = 0
    while at < len(words):
        cue = _cue_at(words, at)
        if cue is None:
            at += 1
            continue
        start = at
        at += len(cue)
        end = _end_of_scope(words, at)
        found += _findings(words, texts, at, end, " ".join(cue))
        at = max(end, start + 1)
    return tuple(found)


def _cue_at(words: Sequence[str], at: int) -> tuple[str, ...] | None:
    for cue in _cues():
        if tuple(words[at : at + len(cue)]) == cue:
            return cue
    return None


def _end_of_scope(words: Sequence[str], at: int) -> int:
    for end in range(at, len(words)):
        if words[end] in _words("turns") or (end > at and _cue_at(words, end)):
            return end
    return len(words)


def _findings(
    words: Sequence[str], texts: Sequence[str], start: int, end: int, cue: str
) -> list[Negation]:
    found: list[Negation] = []
    first = start
    for at in range(start, end):
        is_link = words[at] in {"or", "and", "nor"}
        closes = re.search(r"[,;:.]$", texts[at]) is not None
        if is_link or closes or at == end - 1:
            last = at - 1 if is_link else at
            found += _finding(words, first, last, cue)
            first = at + 1
    return found


def _finding(words: Sequence[str], first: int, last: int, cue: str) -> list[Negation]:
    while first <= last and words[first] in _words("lead_in"):
        first += 1
    if first > last or last - first >= _LONGEST_FINDING_WORDS:
        return []
    return [Negation(cue, " ".join(words[first : last + 1]), first, last)]
