"""Numbers as they are said: "168", "38.2", "38 point 2", "one forty two", "ninety-eight"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_UNITS = {
    "zero": 0,
    "oh": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
}
_TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_DIGITS = re.compile(r"\d{1,6}(?:\.\d{1,4})?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_TEN = 10
_HUNDRED = 100
_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class SpokenNumber:
    """A value and how many words it took."""

    value: float
    length: int


def number_at(words: Sequence[str], at: int) -> SpokenNumber | None:
    """The number that begins at a word, or None. Words are bare, hyphens split by the caller."""
    whole = _thousands_at(words, at)
    if whole is None:
        return None
    value, length = whole
    after = at + length
    if after + 1 < len(words) and words[after] == "point":
        decimals = _decimals_at(words, after + 1)
        if decimals:
            return SpokenNumber(float(f"{value:g}.{decimals[0]}"), length + 1 + decimals[1])
    return SpokenNumber(value, length)


def _thousands_at(words: Sequence[str], at: int) -> tuple[float, int] | None:
    """A whole number, perhaps of thousands: "two thousand five hundred"."""
    whole = _whole_at(words, at)
    if whole is None:
        return None
    value, length = whole
    after = at + length
    if after >= len(words) or words[after] != "thousand":
        return whole
    rest = _whole_at(words, after + 1)
    if rest is None or rest[0] >= _THOUSAND:
        return value * _THOUSAND, length + 1
    return value * _THOUSAND + rest[0], length + 1 + rest[1]


def _whole_at(words: Sequence[str], at: int) -> tuple[float, int] | None:
    digits = _THOUSANDS.sub("", words[at]) if at < len(words) else ""
    if _DIGITS.fullmatch(digits):
        return float(digits), 1
    return _a_hundred_at(words, at) or _spoken_at(words, at)


def _spoken_at(words: Sequence[str], at: int) -> tuple[float, int] | None:
    small = _below_hundred_at(words, at)
    if small is None:
        return None
    value, length = small
    after = at + length
    if after < len(words) and words[after] == "hundred" and 0 < value < _TEN:
        rest_at = after + 2 if after + 1 < len(words) and words[after + 1] == "and" else after + 1
        rest = _below_hundred_at(words, rest_at)
        if rest is None:
            return value * _HUNDRED, length + 1
        return value * _HUNDRED + rest[0], rest_at - at + rest[1]
    return _said_in_pairs(words, after, value, length)


def _a_hundred_at(words: Sequence[str], at: int) -> tuple[float, int] | None:
    """ "a hundred and four", "hundred four"."""
    said = words[at : at + 5]  # no number below two hundred takes more
    articles = int(list(said[:1]) == ["a"])
    if list(said[articles : articles + 1]) != ["hundred"]:
        return None
    found = _spoken_at(["one", *said[articles:]], 0)
    return (found[0], found[1] - 1 + articles) if found else None


def _said_in_pairs(
    words: Sequence[str], after: int, value: float, length: int
) -> tuple[float, int]:
    """ "one forty two" is 142, "one oh five" is 105; "five six" stays five."""
    if length != 1 or not 0 < value < _TEN:
        return value, length
    if after < len(words) and words[after] == "oh":
        ones = _below_hundred_at(words, after + 1)
        if ones is not None and ones[0] < _TEN:
            return value * _HUNDRED + ones[0], length + 1 + ones[1]
        return value, length
    rest = _below_hundred_at(words, after)
    if rest is not None and rest[0] >= _TEN:
        return value * _HUNDRED + rest[0], length + rest[1]
    return value, length


def _below_hundred_at(words: Sequence[str], at: int) -> tuple[float, int] | None:
    if at >= len(words):
        return None
    if words[at] in _TENS:
        ones = _UNITS.get(words[at + 1], 0) if at + 1 < len(words) else 0
        if 0 < ones < _TEN:
            return float(_TENS[words[at]] + ones), 2
        return float(_TENS[words[at]]), 1
    if words[at] in _UNITS and words[at] != "oh":
        return float(_UNITS[words[at]]), 1
    return None


def _decimals_at(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """The digits after "point", each said alone or together."""
    digits = ""
    length = 0
    while at + length < len(words) and len(digits) < 3:  # noqa: PLR2004
        word = words[at + length]
        if word.isascii() and word.isdigit() and not digits:
            return word[:3], 1
        if word not in _UNITS or _UNITS[word] >= _TEN:
            break
        digits += str(_UNITS[word])
        length += 1
    return (digits, length) if digits else None
