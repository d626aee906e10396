"""Names of what may be ordered, and the words that decide: both as they are looked up."""

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from app.clinical.orders.schemas import OrderKind
from app.clinical.orders.words import tokens_of

MOST_FILL = 4
LONGEST_ACRONYM = 5
CUES = ("never", "if", "perhaps", "refer", "order", "begin", "medicine", "past", "aside")
TREATS = ("therapy", "rehab", "health", "counsel", "education", "cessation", "care", "treatment")
COUNTED = "time x hour day week month year set view lead minute hr unit percent"


@dataclass(frozen=True, slots=True)
class Name:
    """One way to say something that may be ordered."""

    key: str
    kind: OrderKind
    tokens: tuple[str, ...]
    needs_verb: bool

    @property
    def treats(self) -> bool:
        """Somebody who treats, week after week: that is begun, not only asked for."""
        return any(word in self.key for word in TREATS)


@dataclass(frozen=True, slots=True)
class Called:
    """A row of the catalogue, as far as names go."""

    key: str
    kind: OrderKind
    names: tuple[str, ...]


class Lexicon:
    """Names by their first word, the longest first."""

    def __init__(self, catalogue: Iterable[Called]) -> None:
        self._by_word: dict[str, list[Name]] = {}
        for row in catalogue:
            for tokens in sorted(set(ways_to_say(row.names))):
                needs_verb = " ".join(tokens) in cues().needs_verb
                name = Name(row.key, row.kind, tokens, needs_verb)
                self._by_word.setdefault(tokens[0], []).append(name)
        for names in self._by_word.values():
            names.sort(key=lambda name: (-len(name.tokens), name.key))

    def match(self, tokens: Sequence[str], at: int) -> tuple[Name, int] | None:
        """The longest name that begins there, and where it ends."""
        for name in self._by_word.get(tokens[at], ()):
            end = end_of(name.tokens, tokens, at)
            if end is not None:
                return name, end
        return None


def end_of(name: Sequence[str], tokens: Sequence[str], at: int) -> int | None:
    """Behind the last word of the name, which may have fill between its words; None: not there."""
    for place, word in enumerate(name):
        skipped = 0
        while place and skipped < MOST_FILL and at < len(tokens) and tokens[at] != word:
            if tokens[at] not in cues().fill:
                return None
            at, skipped = at + 1, skipped + 1
        if at >= len(tokens) or tokens[at] != word:
            return None
        at += 1
    return at


def ways_to_say(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """As written, without fill; words in capitals also letter by letter."""
    for name in names:
        for said in (name, spelled(name)):
            tokens = tuple(word for word in tokens_of(said) if word not in cues().fill)
            if tokens:
                yield tokens


def spelled(name: str) -> str:
    return " ".join(
        " ".join(word)
        if word.isalpha() and word.isupper() and 1 < len(word) <= LONGEST_ACRONYM
        else word
        for word in name.split()
    )


class Cues:
    """The words of `data/verbs.toml`."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.version: str = said["version"]
        self.fill, self.sides, self.links, self.earlier = (
            frozenset(said[name].split()) for name in ("fill", "sides", "links", "earlier")
        )
        self.breaks = frozenset(said["breaks"])
        self.counted = frozenset(COUNTED.split())
        self.needs_verb = frozenset(" ".join(tokens_of(phrase)) for phrase in said["needs_verb"])
        self._before = {name: phrases_of(said[name]) for name in CUES}
        self._behind = {name: phrases_of(said[name]) for name in ("found", "unwanted", "asked")}

    def at(self, tokens: Sequence[str], place: int) -> tuple[str | None, int]:
        """What the words there say is to happen, and how many they are; the longest counts."""
        best: tuple[str | None, int] = (None, 1)
        if place >= len(tokens):
            return best
        for name in CUES:
            length = longest(self._before[name], tokens, place)
            if length and (best[0] is None or length > best[1]):
                best = (name, length)
        return best

    def behind(self, name: str, tokens: Sequence[str], place: int) -> bool:
        return longest(self._behind[name], tokens, place) > 0


Phrases = dict[str, list[tuple[str, ...]]]


def phrases_of(lines: Iterable[str]) -> Phrases:
    found: Phrases = {}
    for line in lines:
        tokens = tuple(tokens_of(line))
        found.setdefault(tokens[0], []).append(tokens)
    return found


def longest(phrases: Phrases, tokens: Sequence[str], place: int) -> int:
    lengths = (
        len(phrase)
        for phrase in phrases.get(tokens[place], ())
        if tuple(tokens[place : place + len(phrase)]) == phrase
    )
    return max(lengths, default=0)


@cache
def cues() -> Cues:
    text = files("app.clinical.orders").joinpath("data/verbs.toml").read_text(encoding="utf-8")
    return Cues(tomllib.loads(text))
