"""Sentences as tokens, and how long from now they say."""

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

TOKENS = re.compile(
    r"\d+(?:\.\d+)?|[^\W\d_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}][^\W\d_]+)?|[,;:.&/]"
)
COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "next": 1,
}  # fmt: skip
UNITS = ("day", "week", "month", "year")
KEPT = ("ss", "us", "is")  # at the end of words whose "s" is no plural
FURTHEST = 24  # months or so: what is said to be later is a slip of the tongue


@dataclass(frozen=True, slots=True)
class Later:
    """A span of time from when it was said."""

    count: int
    unit: str

    def after(self, day: date) -> date:
        if self.unit in ("day", "week"):
            return day + timedelta(days=self.count * (7 if self.unit == "week" else 1))
        months = day.month - 1 + self.count * (12 if self.unit == "year" else 1)
        year, month = day.year + months // 12, months % 12 + 1
        return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def tokens_of(text: str) -> list[str]:
    """Words in small letters without a plural's "s", numbers, and what ends a thought."""
    said = text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace("xray", "x ray")
    return [singular(token) for token in TOKENS.findall(said)]


def singular(word: str) -> str:
    plural = len(word) > 3 and word.endswith("s") and not word.endswith(KEPT)  # noqa: PLR2004
    return word[:-1] if plural else word


def later_in(tokens: Sequence[str]) -> Iterator[tuple[int, int, Later]]:
    """ "In three months", "next week", "tomorrow": where it begins, where it ends, how long."""
    for at, word in enumerate(tokens):
        if word == "tomorrow":
            yield at, at + 1, Later(1, "day")
        elif word == "next" and tokens[at + 1 : at + 2] and tokens[at + 1] in UNITS:
            yield at, at + 2, Later(1, tokens[at + 1])
        elif word == "in" and len(tokens) > at + 2 and tokens[at + 2] in UNITS:
            count = number(tokens[at + 1])
            if count:
                yield at, at + 3, Later(count, tokens[at + 2])


def number(word: str) -> int | None:
    count = int(word) if word.isdigit() and len(word) < 3 else COUNTS.get(word)  # noqa: PLR2004
    return count if count and count <= FURTHEST * 4 else None
