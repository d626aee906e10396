"""Reading the sets of sentences, and counting what the rules make of them."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.crisis.detection import find, is_signal

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Judged:
    """A sentence, what is expected of it (critical, noted, none), and what was found."""

    expected: str
    group: str
    text: str
    signal: bool
    critical: bool


def judged(name: str) -> Iterator[Judged]:
    sets = tomllib.loads((HERE / name).read_text(encoding="utf-8"))
    for expected, groups in sets.items():
        for group, texts in groups.items():
            for text in texts:
                signals = [mention for mention in find(text) if is_signal(mention)]
                critical = any(mention.critical for mention in signals)
                yield Judged(expected, group, text, bool(signals), critical)


def is_missed(one: Judged) -> bool:
    return one.expected == "critical" and not one.critical


def is_false(one: Judged) -> bool:
    """What should be nothing is a signal, or what should only be noted is critical."""
    return (one.expected == "none" and one.signal) or (one.expected == "noted" and one.critical)


def recall_and_precision(rows: list[Judged]) -> tuple[float, float]:
    """Of critical sentences that were found, and of found ones that are right."""
    right = sum(one.expected == "critical" and one.critical for one in rows)
    missed = sum(is_missed(one) for one in rows)
    false = sum(is_false(one) for one in rows)
    return right / (right + missed), right / (right + false)
