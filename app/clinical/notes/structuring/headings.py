"""Spoken headings: alone, in a row, or opening a sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Any

from app.clinical.notes.body import SectionKey
from app.clinical.notes.structuring.lexicon import LONGEST_TERM_WORDS, Terms, load
from app.clinical.notes.structuring.medications import name_length_at
from app.clinical.notes.structuring.tokens import Token, bare

LONGEST_HEADING_WORDS = 6
LONGEST_LABEL_WORDS = 4


class Part(StrEnum):
    """The four parts of a SOAP note."""

    SUBJECTIVE = "subjective"
    OBJECTIVE = "objective"
    ASSESSMENT = "assessment"
    PLAN = "plan"


ALL_PARTS = frozenset(Part)
ASSESSMENT_AND_PLAN = frozenset({Part.ASSESSMENT, Part.PLAN})

DEFAULT_SECTION: dict[Part, SectionKey] = {
    Part.SUBJECTIVE: SectionKey.HISTORY_OF_PRESENT_ILLNESS,
    Part.OBJECTIVE: SectionKey.PHYSICAL_EXAM,
    Part.ASSESSMENT: SectionKey.CLINICAL_IMPRESSION,
    Part.PLAN: SectionKey.TREATMENT,
}


def part_of(key: SectionKey) -> Part:
    """The part a section belongs to; the unplaced section belongs to none."""
    return Part(key.value.partition(".")[0])


@dataclass(frozen=True, slots=True)
class Scope:
    """What a heading opened: the parts open to its sentences, and the section if it named one."""

    parts: frozenset[Part]
    section: SectionKey | None

    @property
    def home(self) -> SectionKey:
        """Where the heading itself is kept."""
        if self.section is not None:
            return self.section
        return DEFAULT_SECTION[next(part for part in Part if part in self.parts)]


@dataclass(frozen=True, slots=True)
class FoundHeading:
    """A heading and the positions of its tokens, counted from the start of its sentence."""

    scope: Scope
    first: int
    last: int


@cache
def _phrases() -> dict[tuple[str, ...], Scope]:
    lexicon: dict[str, Any] = load("headings.toml")
    phrases: dict[tuple[str, ...], Scope] = {}
    for name, spoken in lexicon["parts"].items():
        parts = ASSESSMENT_AND_PLAN if name == "assessment_and_plan" else frozenset({Part(name)})
        phrases.update({_key(phrase): Scope(parts, None) for phrase in spoken})
    for name, spoken in lexicon["sections"].items():
        section = SectionKey(name)
        scope = Scope(frozenset({part_of(section)}), section)
        phrases.update({_key(phrase): scope for phrase in spoken})
    return phrases


@cache
def _openers() -> tuple[frozenset[str], frozenset[tuple[str, ...]]]:
    openers = load("headings.toml")["openers"]
    return frozenset(openers["words"]), frozenset(map(_key, openers["never_before_openers"]))


@cache
def _labels() -> frozenset[tuple[str, ...]]:
    return frozenset(_key(label) for label in load("labels.toml")["labels"])


def _key(phrase: str) -> tuple[str, ...]:
    return tuple(bare(word) for word in phrase.split())


def is_heading(words: Sequence[str]) -> bool:
    """The bare words are a heading and nothing else."""
    return tuple(words) in _phrases()


def is_label(words: Sequence[str]) -> bool:
    """The bare words are a heading or a label such as an organ system or a vital sign."""
    return 0 < len(words) <= LONGEST_HEADING_WORDS and (
        is_heading(words) or tuple(words) in _labels()
    )


def leading_headings(tokens: Sequence[Token], colons: frozenset[int]) -> tuple[FoundHeading, ...]:
    """The headings a sentence begins with; after the positions in `colons` a colon was spoken."""
    found: list[FoundHeading] = []
    at = 0
    while at < len(tokens):
        heading = _heading_at(tokens, at, colons)
        if heading is None:
            break
        found.append(heading)
        at = heading.last + 1
    return tuple(found)


def _heading_at(tokens: Sequence[Token], at: int, colons: frozenset[int]) -> FoundHeading | None:
    for length in range(min(LONGEST_HEADING_WORDS, len(tokens) - at), 0, -1):
        words = tuple(token.bare for token in tokens[at : at + length])
        scope = _phrases().get(words)
        last = at + length - 1
        if scope is None:
            continue
        followed = last + 1 < len(tokens) and words not in _openers()[1]
        if _stands_apart(tokens, last, words, last in colons) or (
            followed and _heading_at(tokens, last + 1, colons) is not None
        ):
            return FoundHeading(scope, at, last)
    return None


def _stands_apart(
    tokens: Sequence[Token], last: int, words: tuple[str, ...], colon_spoken: bool
) -> bool:
    """It ends its sentence, carries a colon or a comma, or a new beginning follows."""
    if last == len(tokens) - 1 or colon_spoken or tokens[last].text.endswith((":", ".", "-")):
        return True
    following = tokens[last + 1]
    if tokens[last].text.endswith(","):
        return following.bare not in {"and", "or"} and not _is_enumeration(tokens[last + 1 :])
    openers, never = _openers()
    if words in never:
        return False
    return following.bare in openers or following.is_capitalised or _opens_with_term(tokens, last)


def _opens_with_term(tokens: Sequence[Token], last: int) -> bool:
    """What follows the heading begins with a term that is told below one."""
    words = tuple(token.bare for token in tokens[last + 1 : last + 1 + LONGEST_TERM_WORDS])
    openers = load("headings.toml")["openers"]
    if " ".join(token.bare for token in tokens[: last + 1]) in openers["never_before_terms"]:
        return False
    kinds = frozenset(openers["kinds"])
    return bool(name_length_at(words[:3]) or Terms.first(words) & kinds)


def _is_enumeration(tokens: Sequence[Token]) -> bool:
    """ "Medications, allergies, and history were reviewed" is a sentence, not three headings."""
    return any(
        token.text.endswith(",") and following.bare in {"and", "or"}
        for token, following in pairwise(tokens)
    )
