"""Dictation commands: spoken punctuation, new line, new paragraph, scratch that.

A command taken for speech is harmless: the word stands in the text, where the doctor sees it.
Speech taken for a command loses a word of the sentence. So commands.toml lists the surroundings
in which the same words are meant literally ("menstrual period", "colon cancer", "a scratch that
itches"), and a colon is one only after a heading or a label.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from app.clinical.notes.structuring.headings import is_label
from app.clinical.notes.structuring.lexicon import load
from app.clinical.notes.structuring.tokens import Token


class CommandKind(StrEnum):
    """What a doctor may say to the recorder instead of to the reader."""

    PERIOD = "period"
    QUESTION_MARK = "question_mark"
    EXCLAMATION_MARK = "exclamation_mark"
    COMMA = "comma"
    COLON = "colon"
    SEMICOLON = "semicolon"
    NEW_LINE = "new_line"
    NEW_PARAGRAPH = "new_paragraph"
    SCRATCH_THAT = "scratch_that"


MARKS = {
    CommandKind.PERIOD: ".",
    CommandKind.QUESTION_MARK: "?",
    CommandKind.EXCLAMATION_MARK: "!",
    CommandKind.COMMA: ",",
    CommandKind.COLON: ":",
    CommandKind.SEMICOLON: ";",
}
ENDS_SENTENCE = frozenset(CommandKind) - {
    CommandKind.COMMA,
    CommandKind.COLON,
    CommandKind.SEMICOLON,
}


SURE_ENOUGH = 0.5  # heard with less probability, a command that takes words back is not obeyed


@dataclass(frozen=True, slots=True)
class FoundCommand:
    """A command and the positions of its first and last token."""

    kind: CommandKind
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Literal:
    """Words beside which a command word is meant literally."""

    before: frozenset[str]
    after: frozenset[str]


@cache
def _phrases() -> dict[tuple[str, ...], CommandKind]:
    return {
        tuple(phrase.split()): CommandKind(kind)
        for phrase, kind in load("commands.toml")["phrases"].items()
    }


@cache
def _first_words() -> frozenset[str]:
    return frozenset(phrase[0] for phrase in _phrases())


@cache
def _literal(kind: CommandKind) -> _Literal:
    lexicon = load("commands.toml")
    beside = lexicon["literal"].get(kind.value, {})
    before = frozenset(lexicon["determiners"]) | frozenset(beside.get("before", ()))
    return _Literal(before, frozenset(beside.get("after", ())))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a candidate stands: its neighbours, and the edges of what was said."""

    before: str
    after: str
    opens: bool
    closes: bool


def _is_meant(kind: CommandKind, place: _Place) -> bool:
    """At an edge of the sentence its neighbour on that side belongs to another sentence."""
    literal = _literal(kind)
    if place.before in literal.before and not place.opens:
        return False
    return place.closes or place.after not in literal.after


def find_commands(tokens: Sequence[Token]) -> tuple[FoundCommand, ...]:
    """Every command in the words, in order, none overlapping another."""
    found: list[FoundCommand] = []
    since = 0  # where the present sentence began
    at = 0
    while at < len(tokens):
        command = _command_at(tokens, at, since, found[-1] if found else None)
        if command is None:
            if tokens[at].is_final or tokens[at].last:
                since = at + 1
            at += 1
            continue
        found.append(command)
        at = command.last + 1
        if command.kind in ENDS_SENTENCE or tokens[command.last].last:
            since = at
    return tuple(found)


def _command_at(
    tokens: Sequence[Token], at: int, since: int, previous: FoundCommand | None
) -> FoundCommand | None:
    if tokens[at].bare not in _first_words():
        return None
    for length in (2, 1):
        last = at + length - 1
        kind = _phrases().get(tuple(token.bare for token in tokens[at : at + length]))
        if kind is None or any(t.is_final or t.last for t in tokens[at:last]):
            continue
        follows_command = previous is not None and previous.last == at - 1
        opens = at == since or follows_command
        place = _Place(
            before="" if at == 0 else tokens[at - 1].bare,
            after=tokens[last + 1].bare if last + 1 < len(tokens) else "",
            opens=opens,
            closes=tokens[last].last or tokens[last].is_final or last + 1 == len(tokens),
        )
        if kind is CommandKind.COLON:
            meant = _is_colon(tokens, since, at, place)
        else:
            meant = _is_meant(kind, place)
        if kind is CommandKind.SCRATCH_THAT and _is_misheard(tokens[at : last + 1]):
            meant = False
        return FoundCommand(kind, at, last) if meant else None
    return None


def _is_misheard(tokens: Sequence[Token]) -> bool:
    """What takes a sentence back has to be heard for sure; else the words stand in the text."""
    return min(token.word.probability for token in tokens) < SURE_ENOUGH


def _is_colon(tokens: Sequence[Token], since: int, at: int, place: _Place) -> bool:
    """Only after a heading or a label ("subjective colon"): the organ is said more often."""
    literal = _literal(CommandKind.COLON)
    if place.after in literal.after or place.before in literal.before:
        return False
    return is_label([token.bare for token in tokens[since:at]])
