"""Results in words: flags with a sign, values with their range, never a bare colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from app.clinical.results import (
    Decision,
    Flag,
    ObservationOut,
    PointOut,
    ReportStatus,
    SeriesOut,
    Unjudged,
)
from app.web.presenters.formats import State
from app.web.presenters.patients import Choice
from app.web.presenters.trend import Reading, Standing, TrendView, plain, range_words, trend_view


@dataclass(frozen=True, slots=True)
class FlagView:
    """A sign and a word; `kind` chooses both."""

    kind: str
    label: str


FLAGS = {
    Flag.NORMAL: FlagView("normal", "normal"),
    Flag.ABNORMAL: FlagView("abnormal", "abnormal"),
    Flag.LOW: FlagView("low", "low"),
    Flag.HIGH: FlagView("high", "high"),
    Flag.CRITICAL: FlagView("critical", "critical"),
    Flag.CRITICAL_LOW: FlagView("critical", "critical low"),
    Flag.CRITICAL_HIGH: FlagView("critical", "critical high"),
    Flag.NOT_JUDGED: FlagView("not-judged", "not judged"),
}
BECAUSE = {
    Unjudged.NO_RANGE: "no reference range",
    Unjudged.UNIT_DIFFERS: "the range is in another unit",
    Unjudged.UNIT_MISSING: "no unit was reported",
    Unjudged.NOT_A_NUMBER: "not a number",
    Unjudged.SEX_MATTERS: "the range differs by sex",
    Unjudged.LIMIT_WITHIN_RANGE: "the limit reported says too little",
}
STATUSES = {
    ReportStatus.REGISTERED: State("busy", "registered, no values yet"),
    ReportStatus.PRELIMINARY: State("draft", "preliminary"),
    ReportStatus.FINAL: State("ok", "final"),
    ReportStatus.CORRECTED: State("warn", "corrected"),
    ReportStatus.CANCELLED: State("", "cancelled"),
    ReportStatus.ENTERED_IN_ERROR: State("bad", "entered in error"),
}
DECISIONS = {
    Decision.NO_ACTION: "No action needed",
    Decision.REPEAT: "Repeat the test",
    Decision.TREATMENT: "Start or change treatment",
    Decision.REFERRAL: "Refer",
    Decision.TELL_PATIENT: "Tell the patient",
    Decision.OTHER: "Something else",
}
CHOICES = tuple(Choice(decision.value, label) for decision, label in DECISIONS.items())
GONE = frozenset({ReportStatus.CANCELLED, ReportStatus.ENTERED_IN_ERROR})
STANDINGS = {
    Flag.NORMAL: Standing.NORMAL,
    Flag.LOW: Standing.LOW,
    Flag.HIGH: Standing.HIGH,
    Flag.CRITICAL: Standing.CRITICAL,
    Flag.CRITICAL_LOW: Standing.CRITICAL,
    Flag.CRITICAL_HIGH: Standing.CRITICAL,
}
BADGES = {"normal": "ok", "critical": "bad", "not-judged": ""}


def flag_badge(flag: Flag) -> State:
    said = FLAGS[flag]
    return State(BADGES.get(said.kind, "warn"), said.label)


@dataclass(frozen=True, slots=True)
class ValueView:
    """One value as people read it. `why`: why it was not judged."""

    name: str
    value: str
    range: str
    flag: FlagView
    why: str
    before: str


def value_view(told: ObservationOut, before: str = "") -> ValueView:
    return ValueView(
        name=told.name,
        value=f"{shown(told)} {told.unit or ''}".strip(),
        range=told.range_text or range_words(told.low, told.high) or "no range",
        flag=FLAGS[told.flag],
        why=BECAUSE[told.unjudged_because] if told.unjudged_because else "",
        before=before,
    )


def shown(told: ObservationOut | PointOut) -> str:
    """Without the unit."""
    if told.value is None:
        return told.text or ""
    return f"{told.comparator or ''}{plain(told.value)}"


def trends(series: Sequence[SeriesOut], zone: tzinfo, *, least: int = 2) -> tuple[TrendView, ...]:
    """Those with enough values to see where they go."""
    return tuple(
        trend_view(each.name, each.unit or "", [reading(point) for point in each.points], zone=zone)
        for each in series
        if len(each.points) >= least
    )


def reading(point: PointOut) -> Reading:
    return Reading(
        at=point.at,
        value=point.value,
        shown=shown(point),
        low=point.low,
        high=point.high,
        standing=STANDINGS.get(point.flag, Standing.UNJUDGED),
        verdict=flag_badge(point.flag),
        href=f"/results/{point.result_id}",
    )
