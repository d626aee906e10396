"""The word lists beside this module, loaded once."""

import json
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

LONGEST_TERM_WORDS = 5


@cache
def load(name: str) -> dict[str, Any]:
    """A lexicon file by name, TOML or JSON."""
    text = files(__package__).joinpath("lexicons", name).read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text) if name.endswith(".json") else tomllib.loads(text)
    return loaded


@cache
def _terms() -> dict[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Each term with its kinds; a symptom's kind carries its organ system."""
    lexicon = load("terms.toml")
    pairs: dict[tuple[str, ...], set[tuple[str, str]]] = {}
    for system, spoken in lexicon["symptom"].items():
        for term in spoken:
            pairs.setdefault(_key(term), set()).add(("symptom", system))
    for kind, spoken in lexicon["kinds"].items():
        for term in spoken:
            pairs.setdefault(_key(term), set()).add((kind, ""))
    return {term: tuple(sorted(kinds)) for term, kinds in pairs.items()}


@cache
def _longest_by_first_word() -> Mapping[str, int]:
    longest: dict[str, int] = {}
    for term in _terms():
        longest[term[0]] = max(longest.get(term[0], 0), len(term))
    return longest


def _key(term: str) -> tuple[str, ...]:
    return tuple(map(singular, term.split()))


@lru_cache(maxsize=10_000)  # bounded: words of dictations pass through here
def singular(word: str) -> str:
    """Without a plural s; "process" and "is" stay as they are."""
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):  # noqa: PLR2004
        return word[:-1]
    return word


class Terms:
    """The terms of a sentence: their kinds, and the organ systems of its symptoms."""

    def __init__(self, words: Sequence[str]) -> None:
        self.kinds: set[str] = set()
        self.systems: list[str] = []
        self.whole: set[str] = set()
        stems = [singular(word) for word in words]
        covered = 0
        for at in range(len(stems)):
            if at < covered:
                continue
            for length in range(_longest_by_first_word().get(stems[at], 0), 0, -1):
                kinds = _terms().get(tuple(stems[at : at + length]))
                if kinds is not None and at + length <= len(stems):
                    self._add(kinds, whole=length == len(stems))
                    covered = at + length
                    break

    @classmethod
    def first(cls, words: Sequence[str]) -> frozenset[str]:
        """The kinds of the longest term with which the words begin."""
        stems = tuple(map(singular, words))
        for length in range(_longest_by_first_word().get(stems[0], 0) if stems else 0, 0, -1):
            kinds = _terms().get(stems[:length])
            if kinds is not None and length <= len(stems):
                return frozenset(kind for kind, _ in kinds)
        return frozenset()

    def _add(self, kinds: Sequence[tuple[str, str]], *, whole: bool) -> None:
        for kind, system in kinds:
            self.kinds.add(kind)
            if whole:
                self.whole.add(kind)
            if system and system not in self.systems:
                self.systems.append(system)
