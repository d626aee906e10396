"""One value over time, as a small picture with its table: pure geometry, no words of one slice."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from enum import StrEnum

from app.web.presenters.formats import Moment, State, counted, day, moment

WIDTH, HEIGHT = 360, 130
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 10, 26  # room for the scale and the dates
REACH = 4.0  # half the size of a mark
NO_SPREAD = 0.5  # of a value that never changes, above and below


class Standing(StrEnum):
    """Where a value lies; each has a shape of its own."""

    NORMAL = "normal"
    LOW = "low"
    HIGH = "high"
    CRITICAL = "critical"
    UNJUDGED = "unjudged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One measured value. No `value`: something was said that is no number; the line stops there.

    `shown`: as people read it, without the unit. `verdict`: in a word, for the table.
    """

    at: datetime
    value: Decimal | float | None
    shown: str
    low: Decimal | float | None = None
    high: Decimal | float | None = None
    standing: Standing = Standing.UNJUDGED
    verdict: State = field(default_factory=lambda: State("", "not judged"))
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    standing: Standing
    path: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale and its number; `y` is where the line lies."""

    y: str
    label: str


@dataclass(frozen=True, slots=True)
class Band:
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class TrendRow:
    at: Moment
    value: str
    range: str
    verdict: State
    href: str | None


@dataclass(frozen=True, slots=True)
class TrendView:
    """`key` makes ids of elements; `rows` newest first; no `marks`: there is nothing to draw."""

    key: str
    name: str
    unit: str
    title: str
    description: str
    last: str
    marks: tuple[Mark, ...]
    lines: tuple[str, ...]
    voids: tuple[str, ...]
    band: Band | None
    ticks: tuple[Tick, ...]
    first_day: str
    last_day: str
    rows: tuple[TrendRow, ...]


def trend_view(
    name: str, unit: str, readings: Iterable[Reading], *, zone: tzinfo = UTC, key: str | None = None
) -> TrendView:
    """Of one analyte in one unit, in any order; `zone`: in which the days are told."""
    told = sorted(readings, key=lambda each: each.at)
    drawn = [each for each in told if each.value is not None]
    x, y = scales(told, drawn)
    return TrendView(
        key=key or re.sub(r"[^a-z0-9]+", "-", f"{name} {unit}".lower()).strip("-"),
        name=name,
        unit=unit,
        title=f"{name} over time" + (f", {unit}" if unit else ""),
        description=description(told, drawn, unit, zone),
        last=with_unit(told[-1].shown, unit) if told else "",
        marks=tuple(Mark(each.standing, shape(each, x, y)) for each in drawn),
        lines=lines(told, x, y),
        voids=tuple(near(x(each.at)) for each in told if each.value is None),
        band=band_of(drawn, y),
        ticks=ticks(drawn, y),
        first_day=day(told[0].at.astimezone(zone).date()) if told else "",
        last_day=day(told[-1].at.astimezone(zone).date()) if len(told) > 1 else "",
        rows=tuple(row(each, unit) for each in reversed(told)),
    )


class Scale:
    """From one span of numbers to another; a span of nothing lies in the middle."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.high, self.start, self.end = low, high, start, end

    def __call__(self, value: float) -> float:
        if self.high == self.low:
            return (self.start + self.end) / 2
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


class Across:
    """Instants from left to right."""

    def __init__(self, told: Sequence[Reading]) -> None:
        first, last = (told[0].at, told[-1].at) if told else (None, None)
        low = first.timestamp() if first else 0.0
        high = last.timestamp() if last else 0.0
        self.scale = Scale(low, high, LEFT + REACH * 2, WIDTH - RIGHT - REACH)

    def __call__(self, at: datetime) -> float:
        return self.scale(at.timestamp())


def scales(told: Sequence[Reading], drawn: Sequence[Reading]) -> tuple[Across, Scale]:
    """The values and the range of the last one fit in; what goes up, is drawn higher."""
    values = [float(each.value) for each in drawn if each.value is not None]
    low, high = range_of(drawn)
    values += [edge for edge in (low, high) if edge is not None]
    least, most = (min(values), max(values)) if values else (0.0, 1.0)
    if least == most:
        least, most = least - NO_SPREAD, most + NO_SPREAD
    room = (most - least) * 0.08
    return Across(told), Scale(least - room, most + room, HEIGHT - BOTTOM, TOP)


def range_of(drawn: Sequence[Reading]) -> tuple[float | None, float | None]:
    """The limits that go with the last number."""
    if not drawn:
        return None, None
    low, high = drawn[-1].low, drawn[-1].high
    return (None if low is None else float(low)), (None if high is None else float(high))


def band_of(drawn: Sequence[Reading], y: Scale) -> Band | None:
    low, high = range_of(drawn)
    if low is None and high is None:
        return None
    top = TOP if high is None else y(high)
    bottom = HEIGHT - BOTTOM if low is None else y(low)
    return Band(near(top), near(max(bottom - top, 0)))


def ticks(drawn: Sequence[Reading], y: Scale) -> tuple[Tick, ...]:
    """The limits where there are any, else the least and the most."""
    values = [float(each.value) for each in drawn if each.value is not None]
    if not values:
        return ()
    limits = [edge for edge in range_of(drawn) if edge is not None]
    marked = limits or sorted({min(values), max(values)})
    return tuple(Tick(near(y(value)), plain(value)) for value in marked)


def lines(told: Sequence[Reading], x: Across, y: Scale) -> tuple[str, ...]:
    """The points of each stretch without a gap; one point alone is no line."""
    stretches: list[list[str]] = [[]]
    for each in told:
        if each.value is None:
            stretches.append([])
        else:
            stretches[-1].append(f"{near(x(each.at))},{near(y(float(each.value)))}")
    return tuple(" ".join(points) for points in stretches if len(points) > 1)


def shape(each: Reading, x: Across, y: Scale) -> str:
    """A ring, a triangle up or down, a diamond: nobody needs the colour."""
    assert each.value is not None
    across, up, r = x(each.at), y(float(each.value)), REACH
    match each.standing:
        case Standing.HIGH:
            corners = [(0, -r), (r, r), (-r, r)]
        case Standing.LOW:
            corners = [(0, r), (r, -r), (-r, -r)]
        case Standing.CRITICAL:
            corners = [(0, -r * 1.6), (r * 1.6, 0), (0, r * 1.6), (-r * 1.6, 0)]
        case Standing.NORMAL | Standing.UNJUDGED:
            start = f"M{near(across - r)} {near(up)}"
            return f"{start}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"
    return "M" + "L".join(f"{near(across + dx)} {near(up + dy)}" for dx, dy in corners) + "z"


def description(told: Sequence[Reading], drawn: Sequence[Reading], unit: str, zone: tzinfo) -> str:
    """What the picture shows, for whoever hears it."""
    if not told:
        return "No values."
    last = told[-1]
    when = day(last.at.astimezone(zone).date())
    said = [
        f"{counted(len(told), 'value')}.",
        f"Last {with_unit(last.shown, unit)} on {when}, {last.verdict.label}.",
    ]
    if len(drawn) > 1:
        ordered = sorted(drawn, key=lambda each: float(each.value or 0))
        said.append(f"Lowest {ordered[0].shown}, highest {ordered[-1].shown}.")
    said.append(
        f"Reference range {limits}." if (limits := drawn_range(drawn)) else "No reference range."
    )
    if len({(each.low, each.high) for each in drawn}) > 1:
        said.append("The range changed; the band is that of the last value.")
    if gaps := len(told) - len(drawn):
        said.append(f"{counted(gaps, 'result')} without a number.")
    return " ".join(said)


def drawn_range(drawn: Sequence[Reading]) -> str:
    return range_words(drawn[-1].low, drawn[-1].high) if drawn else ""


def range_words(low: Decimal | float | None, high: Decimal | float | None) -> str:
    """3.5 to 5.1; nothing where no limit is known."""
    if low is None and high is None:
        return ""
    if low is None:
        return f"up to {plain(high)}"
    if high is None:
        return f"from {plain(low)}"
    return f"{plain(low)} to {plain(high)}"


def row(each: Reading, unit: str) -> TrendRow:
    return TrendRow(
        at=moment(each.at),
        value=with_unit(each.shown, unit) if each.value is not None else each.shown,
        range=range_words(each.low, each.high) or "no range",
        verdict=each.verdict,
        href=each.href,
    )


def with_unit(shown: str, unit: str) -> str:
    return f"{shown} {unit}".strip()


def plain(value: Decimal | float | None) -> str:
    """A number as people write it: no trailing zeros, no exponent."""
    exact = value if isinstance(value, Decimal) else Decimal(f"{value:.10g}")
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def near(value: float) -> str:
    """A coordinate to a tenth."""
    return f"{value:.1f}"
