"""Vital signs as the facts of a chart show them: the latest, and what it was before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from app.dashboards.timeline import Measured
from app.web.presenters.formats import day
from app.web.presenters.trend import Reading, TrendView, trend_view
from app.web.presenters.wall_time import wall_day

SYSTOLIC, DIASTOLIC = "8480-6", "8462-4"  # LOINC
UNITS = {"mm[Hg]": "mmHg", "Cel": "°C", "[degF]": "°F", "/min": "per min"}


@dataclass(frozen=True, slots=True)
class Value:
    text: str
    day: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One vital sign; `trend`: where it was measured more than once."""

    label: str
    unit: str
    latest: Value
    href: str
    trend: TrendView | None


def measures(found: Sequence[Measured], zone: ZoneInfo) -> tuple[Measure, ...]:
    """`found`: by code, newest first. Both pressures of one note are one value: 152/94."""
    lower = {(vital.note_id, vital.taken_at): vital for vital in found if vital.code == DIASTOLIC}
    paired: set[tuple[UUID, datetime]] = set()
    shown: list[Measure] = []
    for code, group in sorted(by_code(found).items(), key=lambda each: each[0] != SYSTOLIC):
        values = []
        for vital in group:
            place = (vital.note_id, vital.taken_at)
            if code == DIASTOLIC and place in paired:
                continue
            under = lower.get(place) if code == SYSTOLIC else None
            if under:
                paired.add(place)
            values.append(
                (vital, number(vital.value) + (f"/{number(under.value)}" if under else ""))
            )
        if values:
            shown.append(measure(values, zone))
    return tuple(shown)


def by_code(found: Sequence[Measured]) -> dict[str, list[Measured]]:
    return {code: list(group) for code, group in groupby(found, key=lambda vital: vital.code)}


def measure(values: Sequence[tuple[Measured, str]], zone: ZoneInfo) -> Measure:
    said = tuple(Value(text, day(wall_day(vital.taken_at, zone))) for vital, text in values)
    first = values[0][0]
    label = "Blood pressure" if "/" in said[0].text else first.label
    unit = UNITS.get(first.unit, first.unit)
    readings = [
        Reading(at=vital.taken_at, value=vital.value, shown=text, href=f"/notes/{vital.note_id}")
        for vital, text in values
    ]
    return Measure(
        label=label,
        unit=unit,
        trend=trend_view(label, unit, readings, zone=zone) if len(readings) > 1 else None,
        latest=said[0],
        href=f"/notes/{first.note_id}",
    )


def number(value: float) -> str:
    """37.2; 88 without a decimal."""
    return f"{value:g}"
