"""Vital signs from words: LOINC codes, UCUM units, only values that were heard."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.clinical.notes.body import Vital
from app.clinical.notes.structuring.lexicon import load
from app.clinical.notes.structuring.numbers import SpokenNumber, number_at

WORDS_BETWEEN_LABEL_AND_VALUE = 4
INCHES_PER_FOOT = 12

# Speech models write a decimal in two pieces: "38 .2".
_TORN_DECIMAL = re.compile(r"(\d) ?\.(?=\d)")
_SPLIT = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+\d*|/|%")


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
def _between() -> frozenset[str]:
    return frozenset(load("vitals.toml")["between"])


@cache
def _not_measured() -> re.Pattern[str]:
    return re.compile(load("vitals.toml")["not_measured"].replace("\\\n", ""))


def is_measurement(text: str) -> bool:
    """The sentence states vital signs of now, rather than a goal or what the patient tells."""
    return _not_measured().search(text.lower()) is None and bool(read_vitals(text))


def read_vitals(text: str) -> tuple[Reading, ...]:
    """Every vital sign with a value in the text, in order."""
    words = tuple(_SPLIT.findall(_TORN_DECIMAL.sub(r"\1.", text.lower())))
    readings: list[Reading] = []
    at = 0
    while at < len(words):
        found = _label_at(words, at)
        if found is None:
            at += 1
            continue
        sign, length = found
        taken, at = _value_after(words, sign, at + length)
        readings += taken
    return tuple(readings)


def _label_at(words: Sequence[str], at: int) -> tuple[str, int] | None:
    for length in (2, 1):
        sign = _labels().get(tuple(words[at : at + length]))
        if sign is not None:
            return sign, length
    return None


def _value_after(words: Sequence[str], sign: str, after: int) -> tuple[list[Reading], int]:
    """Reads over a few small words to the number; another label on the way means there is none."""
    for at in range(after, min(after + WORDS_BETWEEN_LABEL_AND_VALUE + 1, len(words))):
        number = number_at(words, at)
        if number is not None:
            return _readings(words, sign, at + number.length, number)
        if words[at] not in _between():
            break
    return [], after


def _readings(
    words: Sequence[str], sign: str, after: int, number: SpokenNumber
) -> tuple[list[Reading], int]:
    """The reading from a number and the words after it, and where to read on."""
    following = words[after] if after < len(words) else ""
    if sign == "systolic":
        return _pressure(words, after, number) if following in {"over", "/"} else ([], after)
    if sign == "height" and following in {"feet", "foot"}:
        return _feet(words, after + 1, number)
    unit, inferred = _unit(words, sign, after, number.value)
    return ([Reading(sign, number.value, unit, inferred)] if unit else []), after


def _pressure(words: Sequence[str], over: int, systolic: SpokenNumber) -> tuple[list[Reading], int]:
    diastolic = number_at(words, over + 1)
    if diastolic is None:
        return [], over
    return [
        Reading("systolic", systolic.value, "mm[Hg]"),
        Reading("diastolic", diastolic.value, "mm[Hg]"),
    ], over + 1 + diastolic.length


def _feet(words: Sequence[str], after: int, feet: SpokenNumber) -> tuple[list[Reading], int]:
    inches = number_at(words, after)
    value = feet.value * INCHES_PER_FOOT + (inches.value if inches else 0.0)
    return [Reading("height", value, "[in_i]")], after + (inches.length if inches else 0)


def _unit(words: Sequence[str], sign: str, after: int, value: float) -> tuple[str, bool]:
    """The unit that was said; a temperature's may follow from its size, a weight's may not."""
    units: dict[str, list[float]] = _sign(sign)["plausible"]
    if len(units) == 1:
        return next(iter(units)), False
    for word in words[after : after + 2]:
        unit = load("vitals.toml")["units"].get(word)
        if unit in units:
            return unit, False
    for unit, (low, high) in _sign(sign).get("inferred", {}).items():
        if low <= value <= high:
            return unit, True
    return "", False
