"""What one version of a result says differently from the one before."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from app.clinical.results.models import Observation, ReportVersion


class Change(NamedTuple):
    name: str
    before: str | None
    after: str | None


def changes(
    before: tuple[ReportVersion, Sequence[Observation]],
    after: tuple[ReportVersion, Sequence[Observation]],
) -> list[Change]:
    """By analyte in the order of the newer version, then what is gone, then the conclusion."""
    old = {key(each): each for each in before[1]}
    new = {key(each): each for each in after[1]}
    found = []
    for place, observation in new.items():
        was = old.get(place)
        said_before, said_now = told(was) if was else None, told(observation)
        if said_before != said_now:
            found.append(Change(observation.name, said_before, said_now))
    found += [Change(was.name, told(was), None) for place, was in old.items() if place not in new]
    if before[0].conclusion != after[0].conclusion:
        found.append(Change("Conclusion", before[0].conclusion, after[0].conclusion))
    return found


def key(observation: Observation) -> str:
    return observation.code or observation.name.lower()


def told(observation: Observation) -> str:
    """`<0.01 ng/mL`, `6.8 mmol/L (3.5 to 5.1)`: with the range, for that may be what changed."""
    words = f"{shown_value(observation)} {observation.unit or ''}".strip()
    limits = [
        f"{name} {plain(limit)}"
        for name, limit in (("from", observation.low), ("to", observation.high))
        if limit is not None
    ]
    return f"{words} ({' '.join(limits)})" if limits else words


def shown_value(observation: Observation) -> str:
    """As people read it, without the unit."""
    if observation.value_number is None:
        return observation.value_text or ""
    return f"{observation.comparator or ''}{plain(observation.value_number)}"


def plain(number: Decimal) -> str:
    """Without an exponent, as many digits as were reported."""
    return f"{number:f}"
