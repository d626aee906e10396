"""Where sentences begin and end: pauses, full stops, spoken punctuation."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from app.clinical.notes.structuring.commands import (
    ENDS_SENTENCE,
    MARKS,
    CommandKind,
    FoundCommand,
)
from app.clinical.notes.structuring.headings import is_heading
from app.clinical.notes.structuring.lexicon import load
from app.clinical.notes.structuring.numbers import number_at
from app.clinical.notes.structuring.tokens import Token

LONGEST_PAUSE_WITHIN_SENTENCE_SECONDS = 3.0
LONGEST_JOINED_SENTENCE_WORDS = 60

_INITIAL = re.compile(r"[A-Z]\.")
_NUMBER_AT_START = re.compile(r"\d{1,2}\.")


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(load("sentences.toml")[name])


@dataclass(frozen=True, slots=True)
class Stretch:
    """One sentence as spoken: its tokens without commands, and the marks spoken after some."""

    positions: tuple[int, ...]
    marks: Mapping[int, str]
    break_before: str
    retracted: bool = False

    @property
    def span(self) -> tuple[int, int]:
        return self.positions[0], self.positions[-1]


def split_sentences(
    tokens: Sequence[Token], commands: Sequence[FoundCommand], *, join_pauses: bool = True
) -> tuple[Stretch, ...]:
    """Every token that is no command, in exactly one stretch."""
    cutter = _Cutter(
        tokens,
        {position: c for c in commands for position in range(c.first, c.last + 1)},
        # Only where the recogniser writes full stops does a missing one mean something.
        join_pauses=join_pauses and any(token.is_final for token in tokens),
        join_denied=join_pauses,
    )
    for position in range(len(tokens)):
        cutter.take(position)
    cutter.close()
    return tuple(cutter.stretches)


def enumerated(tokens: Sequence[Token]) -> frozenset[int]:
    """Where "number one", "number two" and so on begin; a "number one" alone is no list."""
    items: list[int] = []
    for at, token in enumerate(tokens):
        if token.bare not in {"number", "problem"} or at + 1 >= len(tokens):
            continue
        number = number_at([token.bare for token in tokens[at + 1 : at + 3]], 0)
        if number is not None and number.value == len(items) + 1:
            items.append(at)
    return frozenset(items) if len(items) > 1 else frozenset()


def render(tokens: Sequence[Token], positions: Sequence[int], marks: Mapping[int, str]) -> str:
    """The words verbatim with the spoken marks applied and a capital first letter."""
    words = [_marked(tokens[at].text, marks.get(at, "")) for at in positions]
    text = " ".join(word for word in words if word)
    return text[:1].upper() + text[1:] if len(text[:1].upper()) == 1 else text


def _marked(text: str, mark: str) -> str:
    if not mark or not text or text.endswith((".", "?", "!")):
        return text
    return text.rstrip(",:;") + mark


class _Cutter:
    """Walks through the words once and closes a stretch at each boundary."""

    def __init__(
        self,
        tokens: Sequence[Token],
        commands: Mapping[int, FoundCommand],
        *,
        join_pauses: bool,
        join_denied: bool,
    ) -> None:
        self._tokens = tokens
        self._commands = commands
        self._join_pauses = join_pauses
        self._join_denied = join_denied
        self._items = enumerated(tokens)
        self._open: list[int] = []
        self._marks: dict[int, str] = {}
        self._break = ""
        self.stretches: list[Stretch] = []

    def take(self, position: int) -> None:
        command = self._commands.get(position)
        if position in self._items:
            self.close()
        if command is None:
            self._open.append(position)
            if self._ends_after(position):
                self.close()
        elif position == command.last:
            self._obey(command)
            if self._tokens[position].last and not self._is_cut_at(position):
                self.close()

    def close(self, *, retracted: bool = False) -> None:
        if not self._open:
            return
        self.stretches.append(Stretch(tuple(self._open), dict(self._marks), self._break, retracted))
        self._open, self._marks, self._break = [], {}, ""

    def _obey(self, command: FoundCommand) -> None:
        mark = MARKS.get(command.kind)
        if mark and self._open:
            self._marks[self._open[-1]] = mark
        if command.kind is CommandKind.SCRATCH_THAT:
            self._retract()
        elif command.kind in ENDS_SENTENCE:
            self.close()
        if command.kind is CommandKind.NEW_PARAGRAPH:
            self._break = "\n\n"
        elif command.kind is CommandKind.NEW_LINE and not self._break:
            self._break = "\n"

    def _retract(self) -> None:
        """Takes back the sentence being spoken, or else the last one still standing."""
        if self._open:
            self.close(retracted=True)
            return
        for at in range(len(self.stretches) - 1, -1, -1):
            if not self.stretches[at].retracted:
                self.stretches[at] = replace(self.stretches[at], retracted=True)
                return

    def _ends_after(self, position: int) -> bool:
        token = self._tokens[position]
        if token.last:
            return not self._is_cut_at(position)
        if not token.is_final:
            return False
        following = self._tokens[position + 1]
        if token.bare in _words("titles") or _INITIAL.fullmatch(token.text):
            return False
        if token.bare in _words("short_forms"):
            return following.is_capitalised
        if token.bare == "no":
            return not following.bare.isdigit()
        return not (len(self._open) == 1 and _NUMBER_AT_START.fullmatch(token.text))

    def _is_cut_at(self, position: int) -> bool:
        """A pause in the middle of a sentence: the next utterance goes on with it."""
        if position + 1 >= len(self._tokens) or not self._open:
            return False
        token, following = self._tokens[position], self._tokens[position + 1]
        if (
            token.is_final
            or position + 1 in self._commands
            or len(self._open) >= LONGEST_JOINED_SENTENCE_WORDS
            or is_heading([self._tokens[at].bare for at in self._open])
            or self._is_heading_alone(position + 1)
        ):
            return False
        if token.bare in _words("deniers"):
            return self._join_denied
        if not self._join_pauses or token.pause > LONGEST_PAUSE_WITHIN_SENTENCE_SECONDS:
            return False
        goes_on = following.text[:1].islower() or following.text[:1].isdigit()
        return goes_on or token.bare in _words("unfinished")

    def _is_heading_alone(self, start: int) -> bool:
        """The next utterance is a heading and nothing else."""
        end = start
        while not self._tokens[end].last:
            end += 1
        return is_heading([token.bare for token in self._tokens[start : end + 1]])
