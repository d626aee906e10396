"""Vital signs from words: LOINC codes, UCUM units, only values that were heard."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.clinical.notes.body import Vital
from app.clinical.notes.structuring.lexicon import load
from app.clinical.notes.structuring.numbers import SpokenNumber, number_at

WORDS_BETWEEN_LABEL_AND_VALUE = 6
WORDS_THAT_TELL_WHEN = 4
INCHES_PER_FOOT = 12
OUNCES_PER_POUND = 16
CENTIMETERS_PER_METER = 100

# How numbers are written: "38 .2" torn in two, "37,2" with a comma, "110-120", and 5'10".
_WRITTEN = (
    (re.compile(r"(\d) ?\.(?=\d)"), r"\1."),
    (re.compile(r"(\d),(?=\d{3}\b)"), r"\1"),
    (re.compile(r"\b(\d\d),(?=\d\b)"), r"\1."),
    (re.compile(r"(\d)\s*[-\u2013]\s*(?=\d)"), r"\1 to "),
    (re.compile(r"\b([1-8])\s*['\u2019]\s*(\d{1,2})\b"), r"\1 feet \2"),
)
_SPLIT = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+\d*|[/%+,;]")
_PAUSES = frozenset({",", ";"})
_ABBREVIATION = re.compile(r"\b([TPR])(?=:? ?\d)")


@dataclass(frozen=True, slots=True)
class Reading:
    """A value that was heard, as a number in its unit."""

    sign: str
    value: float
    unit: str
    unit_inferred: bool = False

    @property
    def is_plausible(self) -> bool:
        low, high = _sign(self.sign)["plausible"][self.unit]
        return bool(low <= self.value <= high)

    def of_sentence(self, sentence_id: str) -> Vital:
        return Vital(
            code=_sign(self.sign)["code"],
            label=_sign(self.sign)["label"],
            value=self.value,
            unit=self.unit,
            sentence_id=sentence_id,
            unit_inferred=self.unit_inferred,
            plausible=self.is_plausible,
        )


def _sign(name: str) -> dict[str, Any]:
    sign: dict[str, Any] = load("vitals.toml")["sign"][name]
    return sign


@cache
def _labels() -> dict[tuple[str, ...], str]:
    return {
        tuple(spoken.split()): name
        for name, sign in load("vitals.toml")["sign"].items()
        for spoken in sign["spoken"]
    }


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(load("vitals.toml")[name])


@cache
def _not_measured() -> re.Pattern[str]:
    return re.compile(load("vitals.toml")["not_measured"].replace("\\\n", ""))


def is_measurement(text: str) -> bool:
    """The sentence states vital signs of now, rather than a goal or what the patient tells."""
    return _not_measured().search(text.lower()) is None and bool(read_vitals(text))


def read_vitals(text: str) -> tuple[Reading, ...]:
    """Every vital sign of now with a value in the text, in order."""
    words = _words_of(text)
    readings: list[Reading] = []
    at = 0
    while at < len(words):
        found = _label_at(words, at)
        if found is None:
            at += 1
            continue
        sign, length = found
        after = at + length
        if not _is_of_another(words, at):
            taken, after = _value_after(words, sign, after)
            readings += taken
        at = after
    return tuple(readings)


def _words_of(text: str) -> tuple[str, ...]:
    """Words and numbers in lower case; T, P and R are signs where others stand beside them."""
    abbreviations: dict[str, str] = load("vitals.toml")["abbreviations"]
    if len(_ABBREVIATION.findall(text)) > 1 or _has_label(text):
        text = _ABBREVIATION.sub(lambda m: abbreviations[m[1]], text)
    text = text.lower()
    for written, meant in _WRITTEN:
        text = written.sub(meant, text)
    return tuple(_SPLIT.findall(text))


def _has_label(text: str) -> bool:
    words = _SPLIT.findall(text.lower())
    return any(_label_at(words, at) for at in range(len(words)))


def _label_at(words: Sequence[str], at: int) -> tuple[str, int] | None:
    for length in (2, 1):
        sign = _labels().get(tuple(words[at : at + length]))
        if sign is not None:
            return sign, length
    return None


def _is_of_another(words: Sequence[str], at: int) -> bool:
    """Of the unborn, of home or of the past: "fetal heart rate", "ideal body weight"."""
    return bool({*words[max(0, at - 2) : at]} & _words("of_another"))


def _value_after(words: Sequence[str], sign: str, after: int) -> tuple[list[Reading], int]:
    """Reads over small words to the number; any other word on the way means there is none."""
    between = 0
    at = after
    while at < len(words) and between <= WORDS_BETWEEN_LABEL_AND_VALUE:
        if words[at] in _words("moves"):
            reached = _reached(words, at)
            if reached is None:
                break
            at = reached
        number = number_at(words, at)
        if number is not None:
            taken, end = _readings(words, sign, at + number.length, number)
            return (taken if _is_now(words, end) else []), end
        if words[at] not in _PAUSES and words[at] not in _words("between"):
            break
        between += words[at] not in _PAUSES
        at += 1
    return [], after


def _reached(words: Sequence[str], start: int) -> int | None:
    """Where the value stands in "down 3 pounds to 182 pounds": after the "to", not before."""
    for at in range(start + 1, min(start + WORDS_BETWEEN_LABEL_AND_VALUE, len(words) - 1)):
        if words[at] in {"to", "at"}:
            return at + 1
    return None


def _is_now(words: Sequence[str], end: int) -> bool:
    """Nothing after the value says that it was measured another day or elsewhere."""
    told: list[str] = []
    for word in words[end : end + WORDS_THAT_TELL_WHEN]:
        if word in _PAUSES:
            break
        told.append(word)
    return not set(told) & _words("another_time")


def _readings(
    words: Sequence[str], sign: str, after: int, number: SpokenNumber
) -> tuple[list[Reading], int]:
    """The reading from a number and the words after it, and where to read on."""
    if sign == "systolic":
        return _pressures(words, after, number)
    if _is_vague(words, after):
        return [], after
    if sign == "temperature":
        number, after = _with_last_digit(words, after, number)
    unit, inferred, end = _unit(words, sign, after, number.value)
    value, end = _with_smaller_unit(words, end, unit, number.value)
    unit = "[in_i]" if unit == "[ft_i]" else unit
    return ([Reading(sign, value, unit, inferred)] if unit else []), end


def _is_vague(words: Sequence[str], after: int) -> bool:
    """A range ("110 to 120"), "the 90s", or a grade ("2 plus")."""
    following = words[after] if after < len(words) else ""
    if following in {"s", "+", "plus"}:
        return True
    return following == "to" and number_at(words, after + 1) is not None


def _with_last_digit(
    words: Sequence[str], after: int, number: SpokenNumber
) -> tuple[SpokenNumber, int]:
    """ "ninety eight four" is 98.4: a temperature has no other use for one more digit."""
    digit = number_at(words, after)
    whole = number.value.is_integer()
    if not whole or digit is None or digit.length != 1 or digit.value > 9:  # noqa: PLR2004
        return number, after
    if words[after + 1 : after + 2] and words[after + 1] in _words("spans"):
        return number, after
    return SpokenNumber(round(number.value + digit.value / 10, 1), number.length + 1), after + 1


def _pressures(
    words: Sequence[str], after: int, systolic: SpokenNumber
) -> tuple[list[Reading], int]:
    """The pressure, and those of the other arm or posture that follow it."""
    readings: list[Reading] = []
    found = _pressure(words, after, systolic)
    end = after
    while found is not None:
        taken, end = found
        readings += taken if _is_now(words, end) else []
        found = None
        for at in range(end, len(words)):
            number = number_at(words, at)
            if number is not None:
                found = _pressure(words, at + number.length, number)
                break
            if words[at] not in _words("again"):
                break
    return readings, end


def _pressure(
    words: Sequence[str], after: int, systolic: SpokenNumber
) -> tuple[list[Reading], int] | None:
    at = after + (words[after : after + 1] == ("systolic",))
    over = words[at] if at < len(words) else ""
    diastolic = number_at(words, at + 1)
    if diastolic is None or over not in _words("over"):
        return None
    low = _sign("diastolic")["plausible"]["mm[Hg]"][0]
    if over not in {"over", "/"} and not low <= diastolic.value < systolic.value:
        return None  # "120 to 130", "132 on 2 medications"
    return [
        Reading("systolic", systolic.value, "mm[Hg]"),
        Reading("diastolic", diastolic.value, "mm[Hg]"),
    ], at + 1 + diastolic.length


def _unit(words: Sequence[str], sign: str, after: int, value: float) -> tuple[str, bool, int]:
    """The unit that was said; a temperature's may follow from its size, a weight's may not.

    Also whether it was inferred, and what position follows it.
    """
    units: dict[str, list[float]] = _sign(sign)["plausible"]
    said: dict[str, str] = load("vitals.toml")["units"]
    for at, word in enumerate(words[after : after + 2], start=after):
        unit = said.get(word)
        if unit in units or (unit == "[ft_i]" and sign == "height"):
            return unit or "", False, at + 1
        if unit is not None and at == after:
            return "", False, after  # of something else: "saturating well on 2 liters"
    if len(units) == 1:
        return next(iter(units)), False, after
    for unit, (low, high) in _sign(sign).get("inferred", {}).items():
        if low <= value <= high:
            return unit, True, after
    return "", False, after


def _with_smaller_unit(
    words: Sequence[str], after: int, unit: str, value: float
) -> tuple[float, int]:
    """Feet and inches, pounds and ounces, meters and centimeters, as one value."""
    parts = {"[ft_i]": INCHES_PER_FOOT, "[lb_av]": OUNCES_PER_POUND, "m": CENTIMETERS_PER_METER}
    if unit not in parts:
        return value, after
    at = after + (words[after : after + 1] == ("and",))
    smaller = number_at(words, at)
    if smaller is None or smaller.value >= parts[unit]:
        rest, end = 0.0, after
    else:
        rest, end = smaller.value, at + smaller.length
    if unit == "[lb_av]" and words[end : end + 1] not in {("ounces",), ("ounce",)}:
        rest, end = 0.0, after
    whole = value * INCHES_PER_FOOT + rest if unit == "[ft_i]" else value + rest / parts[unit]
    return round(whole, 4), end
