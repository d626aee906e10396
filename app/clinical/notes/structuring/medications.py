"""Medications recognised where they were said: name, dose, route, frequency, duration, action."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from app.clinical.notes.body import Action
from app.clinical.notes.structuring.lexicon import load
from app.clinical.notes.structuring.numbers import number_at

SHORTEST_SUFFIXED_NAME = 7
LONGEST_NAME_WORDS = 3
WORDS_BEFORE_DOSE = 3
WORDS_FROM_DOSE_TO_DOSE = 8
_LONGEST_ROUTE_WORDS = 3

_JOINED_DOSE = re.compile(r"(\d+(?:[.,]\d+)?)(mg|mcg|ml|g|units?)")


@dataclass(frozen=True, slots=True)
class Mention:
    """A medication between two word positions of its sentence (inclusive)."""

    name: str
    dose: str | None
    unit: str | None
    route: str | None
    frequency: str | None
    duration: str | None
    action: Action | None
    first: int
    last: int
    negated: bool = False


@dataclass(frozen=True, slots=True)
class _Dose:
    """A number, perhaps its unit, and the word positions it takes."""

    number: str
    unit: str | None
    first: int
    last: int


@cache
def _lexicon() -> dict[str, Any]:
    return load("medications.toml")


@cache
def _names() -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(name.split()) for name in _lexicon()["names"])


@cache
def _suffixes() -> tuple[tuple[str, ...], frozenset[str]]:
    return tuple(_lexicon()["suffixes"]), frozenset(_lexicon()["not_medications"])


@cache
def _actions() -> dict[str, Action]:
    return {
        phrase: Action(action)
        for action, phrases in _lexicon()["actions"].items()
        for phrase in phrases
    }


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(_lexicon()[name])


def name_length_at(words: tuple[str, ...]) -> int:
    """How many of the words, from the first, name a medication; 0 when none does."""
    for length in range(min(LONGEST_NAME_WORDS, len(words)), 0, -1):
        if words[:length] in _names():
            return length
    suffixes, ordinary = _suffixes()
    word = words[0] if words else ""
    if len(word) >= SHORTEST_SUFFIXED_NAME and word not in ordinary and word.endswith(suffixes):
        return 1
    return 0


def find_medications(words: Sequence[str]) -> tuple[Mention, ...]:
    """The medications in bare words of a sentence; what follows each, up to the next, is its."""
    names = _names_in(words)
    ends = [*(first for first, _ in names[1:]), len(words)]
    mentions: list[Mention] = []
    since = 0
    for (first, after), end in zip(names, ends, strict=False):
        mention = _mention(words, since, first, after, end)
        if _is_tested(words, mention, after):
            continue
        if _is_negated(words, mentions[-1] if mentions else None, first):
            mention = replace(mention, negated=True, action=None)
        elif mention.action is None and mentions:
            mention = replace(mention, action=mentions[-1].action)
        mentions.append(mention)
        since = mention.last + 1
    return tuple(mentions)


def _is_tested(words: Sequence[str], mention: Mention, after: int) -> bool:
    """A laboratory value, such as "calcium 9.2" or "insulin level", is no medication."""
    if mention.name not in _lexicon()["also_tested"] or mention.unit is not None:
        return False
    follows = words[after] if after < len(words) else ""
    return follows in _lexicon()["tested"] or number_at(words, after) is not None


def _is_negated(words: Sequence[str], previous: Mention | None, first: int) -> bool:
    """Said not to be taken or given: "not taking aspirin or ibuprofen", "avoid naproxen"."""
    at = first - 1
    while at >= 0 and words[at] in _lexicon()["after_not"]:
        at -= 1
    if at >= 0 and words[at] in _lexicon()["not"]:
        return True
    joins = previous is not None and previous.negated and previous.last == first - 2
    return joins and words[first - 1] in {"or", "nor"}


def _names_in(words: Sequence[str]) -> list[tuple[int, int]]:
    """Where each name begins and what position follows it; what one is allergic to is not taken."""
    names: list[tuple[int, int]] = []
    at = 0
    while at < len(words) and not words[at].startswith("allerg"):
        length = name_length_at(tuple(words[at : at + LONGEST_NAME_WORDS]))
        if length:
            names.append((at, at + length))
        at += length or 1
    return names


def _mention(words: Sequence[str], since: int, first: int, after: int, end: int) -> Mention:
    spoken = " ".join(words[after:end])
    dose = _dose_after(words, after, end) or _dose_before(words, since, first)
    frequency = _pattern("frequency").search(spoken)
    duration = _pattern("duration").search(spoken)
    lasts = [after - 1, dose.last if dose else first]
    lasts += [after + len(spoken[: m.end()].split()) - 1 for m in (frequency, duration) if m]
    return Mention(
        name=" ".join(words[first:after]),
        dose=dose.number if dose else None,
        unit=dose.unit if dose else None,
        route=_route_in(words[after:end]),
        frequency=frequency.group() if frequency else None,
        duration=duration.group().removeprefix("for ") if duration else None,
        action=_action_in(words[since:first]),
        first=min(first, dose.first) if dose else first,
        last=max(lasts),
    )


def _dose_after(words: Sequence[str], after: int, end: int) -> _Dose | None:
    for at in range(after, min(after + WORDS_BEFORE_DOSE + 1, end)):
        if words[at] == "from":
            return _dose_reached(words, at, end)
        dose = _dose_at(words, at, end)
        if dose is not None:
            return dose
        if words[at] not in _lexicon()["before_dose"]:
            return None
    return None


def _dose_reached(words: Sequence[str], start: int, end: int) -> _Dose | None:
    """The second of "from 10 to 20 milligrams": the first is what was taken before."""
    for at in range(start + 1, min(start + WORDS_FROM_DOSE_TO_DOSE, end)):
        if words[at] == "to":
            return _dose_at(words, at + 1, end) if at + 1 < end else None
    return None


def _dose_before(words: Sequence[str], since: int, first: int) -> _Dose | None:
    """As in "20 milligrams of prednisone"."""
    for at in range(max(since, first - WORDS_BEFORE_DOSE - 1), first):
        dose = _dose_at(words, at, first)
        if dose is not None and dose.unit and dose.last >= first - 2:
            return dose
    return None


def _dose_at(words: Sequence[str], at: int, end: int) -> _Dose | None:
    """Such as "10 mg", "10mg", "two puffs", or a number that nothing else explains."""
    units: dict[str, str] = _lexicon()["units"]
    joined = _JOINED_DOSE.fullmatch(words[at])
    if joined:
        number = number_at([joined[1]], 0)
        return _Dose(f"{number.value:.10g}", units[joined[2]], at, at) if number else None
    number = number_at(words, at)
    if number is None or at + number.length > end:
        return None
    value = f"{number.value:.10g}"
    following = words[at + number.length] if at + number.length < end else ""
    if following in units:
        return _Dose(value, units[following], at, at + number.length)
    if following in _lexicon()["counted"]:
        return None
    return _Dose(value, None, at, at + number.length - 1)


def _route_in(words: Sequence[str]) -> str | None:
    routes: dict[str, str] = _lexicon()["routes"]
    for length in range(_LONGEST_ROUTE_WORDS, 0, -1):
        for at in range(len(words) - length + 1):
            route = routes.get(" ".join(words[at : at + length]))
            if route is not None:
                return route
    return None


def _action_in(words: Sequence[str]) -> Action | None:
    """The last action said before the name."""
    for at in range(len(words) - 1, -1, -1):
        for length in (2, 1):
            if at + length <= len(words):
                action = _actions().get(" ".join(words[at : at + length]))
                if action is not None:
                    return action
    return None
