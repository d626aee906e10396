"""Which diagnoses a sentence names, and how it means them. Pure, but for what names there are.

After ConText (Harkema et al. 2009): a cue before a name decides how it is meant, the nearest one;
then one that follows it. What is denied, past, of the family or only feared is not suggested.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from app.clinical.problems.lexicon import STOP_WORDS, read
from app.clinical.problems.suggestion_schemas import Certainty
from app.clinical.problems.wording import words_of

LONGEST_NAME = 8
FARTHEST_AFTER = 6
SHORTEST_NAME = 2
BETWEEN = frozenset("is was has been be are now it very still of the".split())
PIECE = re.compile(
    r"[A-Za-z0-9\u00c0-\u024f'\u2019]+(?:[-/][A-Za-z0-9\u00c0-\u024f'\u2019]+)*|[,;:.?]"
)


class Meant(StrEnum):
    DENIED = "denied"
    UNCERTAIN = "uncertain"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Token:
    """A word in the one spelling, or a mark, and where it stands in the text."""

    word: str
    start: int
    end: int

    @property
    def is_mark(self) -> bool:
        return not self.word[:1].isalnum()


@dataclass(frozen=True, slots=True)
class Name:
    """Words of a text that may be a name, from one token to another (exclusive)."""

    phrase: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Mention:
    code: str
    words: str
    certainty: Certainty


@cache
def cues() -> tuple[tuple[tuple[str, ...], Meant], ...]:
    """The longest first."""
    said = read()["cues"]
    kinds = {
        Meant.DENIED: said["denied"],
        Meant.UNCERTAIN: said["uncertain"],
        Meant.ELSEWHERE: said["elsewhere"],
    }
    found = [(tuple(words_of(cue)), kind) for kind, each in kinds.items() for cue in each]
    return tuple(sorted(found, key=lambda pair: len(pair[0]), reverse=True))


@cache
def cues_after() -> tuple[tuple[tuple[str, ...], Meant], ...]:
    said = read()["cues"]
    kinds = {Meant.DENIED: said["denied_after"], Meant.UNCERTAIN: said["uncertain_after"]}
    found = [(tuple(words_of(cue)), kind) for kind, each in kinds.items() for cue in each]
    return tuple(sorted(found, key=lambda pair: len(pair[0]), reverse=True))


@cache
def to_come() -> tuple[str, ...]:
    return tuple(read()["cues"]["to_come"])


@cache
def never() -> frozenset[str]:
    return frozenset(" ".join(words_of(name)) for name in read()["never"])


@cache
def turns() -> frozenset[str]:
    return frozenset(read()["cues"]["turns"])


def tokens_of(text: str) -> list[Token]:
    found: list[Token] = []
    for match in PIECE.finditer(text):
        if match[0] in ",;:.?":
            found.append(Token(match[0], match.start(), match.end()))
            continue
        found += [Token(word, match.start(), match.end()) for word in words_of(match[0])]
    return found


def possible_names(text: str) -> set[str]:
    """Every run of words of a text that might be the name of something."""
    return {name.phrase for name in names_in(tokens_of(text))}


def names_in(tokens: Sequence[Token]) -> Iterable[Name]:
    """Across commas too, for names have them: "depression, recurrent, moderate"."""
    for first, token in enumerate(tokens):
        if token.is_mark or token.word in STOP_WORDS:
            continue
        words: list[str] = []
        for last in range(first, len(tokens)):
            if tokens[last].is_mark:
                if tokens[last].word == ",":
                    continue
                break
            words.append(tokens[last].word)
            if len(words) > LONGEST_NAME:
                break
            phrase = " ".join(words)
            if len(phrase) >= SHORTEST_NAME and phrase not in never():
                yield Name(phrase, first, last + 1)


def mentions_in(text: str, known: Mapping[str, str]) -> list[Mention]:
    """Diagnoses of a text by their codes, each once; `known`: the code of every possible name."""
    tokens = tokens_of(text)
    named = [name for name in names_in(tokens) if name.phrase in known]
    found: dict[str, Mention] = {}
    for name in chosen(named):
        meant = meaning(tokens, name)
        if meant in (Meant.DENIED, Meant.ELSEWHERE):
            continue
        certainty = Certainty.UNCERTAIN if meant else Certainty.AFFIRMED
        words = text[tokens[name.first].start : tokens[name.last - 1].end]
        code = known[name.phrase]
        other = found.get(code)
        if other is None or certainty is Certainty.AFFIRMED:
            found[code] = Mention(code, words, certainty)
    return list(found.values())


def chosen(named: Sequence[Name]) -> list[Name]:
    """The longest names, none within another, in the order of the text."""
    kept: list[Name] = []
    taken: set[int] = set()
    for name in sorted(named, key=lambda one: (-len(one.phrase.split()), one.first)):
        if taken.isdisjoint(range(name.first, name.last)):
            taken.update(range(name.first, name.last))
            kept.append(name)
    return sorted(kept, key=lambda one: one.first)


def meaning(tokens: Sequence[Token], name: Name) -> Meant | None:
    """None: it is said to be so."""
    before = cue_before(tokens, name.first)
    if before in (Meant.ELSEWHERE, Meant.DENIED):
        return before
    return cue_after(tokens, name.last) or before


def cue_before(tokens: Sequence[Token], at: int) -> Meant | None:
    """The nearest cue in the same breath; but of what may come, wherever that is said."""
    start = begins(tokens, at)
    words = [token.word for token in tokens[:at]]
    if any(f" {cue} " in f" {' '.join(words[start:])} " for cue in to_come()):
        return Meant.ELSEWHERE
    end = at
    while end > start:
        for cue, kind in cues():
            first = end - len(cue)
            if first >= start and tuple(words[first:end]) == cue:
                return None if kind is Meant.DENIED and closed(tokens, end, at) else kind
        end -= 1
    return None


def begins(tokens: Sequence[Token], at: int) -> int:
    """Where the breath begins in which something is said."""
    for place in range(at - 1, -1, -1):
        if tokens[place].word in ";:.?" or tokens[place].word in turns():
            return place + 1
    return 0


def closed(tokens: Sequence[Token], start: int, at: int) -> bool:
    """A denial ends at a comma, unless a list goes on that an "or" will close."""
    words = [token.word for token in tokens]
    if "," not in words[start:at]:
        return False
    end = next((n for n in range(at, len(words)) if words[n] in ";:.?"), len(words))
    return not {"or", "nor"} & set(words[start:end])


def cue_after(tokens: Sequence[Token], at: int) -> Meant | None:
    """What follows in the same breath: "is unlikely", "versus pneumonia", a question mark."""
    words = [token.word for token in tokens]
    for place in range(at, min(at + FARTHEST_AFTER, len(words))):
        if words[place] == "?":
            return Meant.UNCERTAIN
        if words[place] in ",;:." or words[place] in turns():
            return None
        for cue, kind in cues_after():
            if tuple(words[place : place + len(cue)]) == cue:
                return kind
        if words[place] not in BETWEEN:
            return None
    return None
