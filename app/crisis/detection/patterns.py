"""The small language of the lexicon, and looking its phrases up among words.

    want* to (die|be dead)      a word, the beginning of a word, one of several
    {thought} of [just] {dying} words listed elsewhere, and words that may be missing
    gun ...3 head               up to three words between, none of them "no" or "but"
    SI                          in capitals: only where it is written so

Every phrase is bounded, and only those are tried that may begin with the word at hand: the work
grows with the length of the text, never faster.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.crisis.detection.tokens import Token

SIGN = re.compile(r"\s*(\(|\)|\[|\]|\||\{[a-z_]+\}|\.\.\.\d?|[^\s()\[\]|{}]+)")
USUAL_GAP = 3
SHORTEST_BEGINNING = 1
UNBRIDGED = frozenset("no never denies denied denying without nor neither but however".split())


@dataclass(frozen=True, slots=True)
class Word:
    """One word, or all that begin like it (`stem`)."""

    text: str
    stem: bool = False
    as_written: bool = False

    def fits(self, token: Token) -> bool:
        if self.as_written:
            return token.written == self.text
        return token.word.startswith(self.text) if self.stem else token.word == self.text


@dataclass(frozen=True, slots=True)
class Gap:
    most: int


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of several sequences; `optional`: or none. Only what may fit a word is tried with it."""

    choices: tuple["Sequence_", ...]
    optional: bool = False
    by_word: dict[str, list["Sequence_"]] = field(default_factory=dict, compare=False, repr=False)
    by_stem: dict[str, list["Sequence_"]] = field(default_factory=dict, compare=False, repr=False)
    always: list["Sequence_"] = field(default_factory=list, compare=False, repr=False)

    def __post_init__(self) -> None:
        for choice in self.choices:
            words, open_ = openings(choice)
            if open_:
                self.always.append(choice)
                continue
            for word in words:
                table = self.by_stem if word.stem else self.by_word
                table.setdefault(word.text.lower(), []).append(choice)

    def fitting(self, word: str) -> Iterable["Sequence_"]:
        yield from self.always
        yield from self.by_word.get(word, ())
        if self.by_stem:
            for length in range(SHORTEST_BEGINNING, len(word) + 1):
                yield from self.by_stem.get(word[:length], ())


Item = Word | Gap | OneOf
Sequence_ = tuple[Item, ...]


class PhraseUnreadable(ValueError):
    """A line of the lexicon is not in its language."""


def read(phrase: str, lists: Mapping[str, str]) -> Sequence_:
    """A phrase as a sequence; raises `PhraseUnreadable`."""
    signs = SIGN.findall(phrase)
    if "".join(signs) != re.sub(r"\s", "", phrase):
        raise PhraseUnreadable(phrase)
    choices, rest = read_choices(signs, lists)
    if rest or len(choices) != 1:
        choices = [(OneOf(tuple(choices)),)] if not rest else []
    if not choices:
        raise PhraseUnreadable(phrase)
    return choices[0]


def read_choices(signs: list[str], lists: Mapping[str, str]) -> tuple[list[Sequence_], list[str]]:
    choices: list[Sequence_] = []
    current: list[Item] = []
    while signs:
        sign, signs = signs[0], signs[1:]
        if sign in ")]":
            return [*choices, tuple(current)], [sign, *signs]
        if sign == "|":
            choices.append(tuple(current))
            current = []
        elif sign in "([":
            inside, signs = read_choices(signs, lists)
            if not signs or signs[0] != {"(": ")", "[": "]"}[sign]:
                raise PhraseUnreadable(sign)
            signs = signs[1:]
            current.append(OneOf(tuple(inside), optional=sign == "["))
        else:
            current.append(read_item(sign, lists))
    return [*choices, tuple(current)], []


def read_item(sign: str, lists: Mapping[str, str]) -> Item:
    if sign.startswith("{"):
        name = sign[1:-1]
        if name not in lists:
            raise PhraseUnreadable(sign)
        return OneOf((read(lists[name], lists),))
    if sign.startswith("..."):
        return Gap(int(sign[3:] or USUAL_GAP))
    if sign.isupper() and sign.isalpha() and sign != "I":
        return Word(sign, as_written=True)
    if sign.endswith("*"):
        return Word(sign[:-1].lower(), stem=True)
    return Word(sign.lower())


def openings(sequence: Sequence_) -> tuple[set[Word], bool]:
    """Words a sequence may begin with, and whether it may begin with any, or be empty."""
    found: set[Word] = set()
    for item in sequence:
        match item:
            case Word():
                return found | {item}, False
            case Gap():
                return found, True
            case OneOf():
                open_ = item.optional
                for choice in item.choices:
                    words, any_word = openings(choice)
                    found |= words
                    open_ = open_ or any_word
                if not open_:
                    return found, False
    return found, True


@dataclass(slots=True)
class Count:
    """How many comparisons were made; what the tests hold the engine to."""

    steps: int = 0


def ends(
    sequence: Sequence_, tokens: Sequence[Token], starts: Iterable[int], count: Count
) -> set[int]:
    """Where the sequence may end when it begins at one of these places."""
    places = set(starts)
    for item in sequence:
        reached: set[int] = set()
        for at in places:
            count.steps += 1
            match item:
                case Word():
                    if at < len(tokens) and item.fits(tokens[at]):
                        reached.add(at + 1)
                case Gap():
                    reached.update(bridged(tokens, at, item.most))
                case OneOf():
                    if item.optional:
                        reached.add(at)
                    word = tokens[at].word if at < len(tokens) else ""
                    for choice in item.fitting(word):
                        reached |= ends(choice, tokens, (at,), count)
        places = reached
        if not places:
            break
    return places


def bridged(tokens: Sequence[Token], at: int, most: int) -> Iterable[int]:
    """Where a gap may end: it never reaches across a word of absence, "has no plan to die"."""
    yield at
    for end in range(at, min(at + most, len(tokens))):
        if tokens[end].word in UNBRIDGED:
            return
        yield end + 1


@dataclass(frozen=True, slots=True)
class Hit:
    """Tokens `first` up to, not including, `last`, and the name of what was found."""

    name: str
    first: int
    last: int


@dataclass(slots=True)
class Index:
    """Phrases under names, by the word they may begin with."""

    by_word: dict[str, list[tuple[str, Sequence_]]] = field(default_factory=dict)
    by_stem: dict[str, list[tuple[str, Sequence_]]] = field(default_factory=dict)

    def add(self, name: str, sequence: Sequence_) -> None:
        words, open_ = openings(sequence)
        if open_:
            raise PhraseUnreadable(f"{name}: a phrase has to begin with a word")
        for word in words:
            table = self.by_stem if word.stem else self.by_word
            entries = table.setdefault(word.text.lower(), [])
            if (name, sequence) not in entries:
                entries.append((name, sequence))

    def hits(self, tokens: Sequence[Token], count: Count) -> list[Hit]:
        """The longest hit of each name at each place."""
        found: list[Hit] = []
        for at, token in enumerate(tokens):
            longest: dict[str, int] = {}
            for name, sequence in self.candidates(token.word):
                reached = ends(sequence, tokens, (at,), count)
                if reached:
                    longest[name] = max(longest.get(name, 0), *reached)
            found += [Hit(name, at, last) for name, last in longest.items() if last > at]
        return found

    def candidates(self, word: str) -> Iterable[tuple[str, Sequence_]]:
        yield from self.by_word.get(word, ())
        for length in range(SHORTEST_BEGINNING, len(word) + 1):
            yield from self.by_stem.get(word[:length], ())
