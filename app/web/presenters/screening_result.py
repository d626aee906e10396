"""What a screening says, and by which rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.crisis.risk import RiskLevel
from app.crisis.screenings import (
    Instrument,
    Result,
    Score,
    ScreeningInstrument,
    ScreeningOut,
    ScreeningStatus,
)
from app.web.presenters.formats import State, counted, day
from app.web.presenters.risk_levels import BADGES

KINDS = {
    RiskLevel.HIGH: "bad",
    RiskLevel.UNDETERMINED: "warn",
    RiskLevel.MODERATE: "warn",
    RiskLevel.LOW: "",
    RiskLevel.NEGATIVE: "",
}


@dataclass(frozen=True, slots=True)
class Sentence:
    says: str
    rule: str


@dataclass(frozen=True, slots=True)
class NextScreening:
    """What to ask next; `waits`: it stays due until it is done."""

    says: str
    instrument: str
    title: str
    waits: bool


@dataclass(frozen=True, slots=True)
class ResultView:
    """`kind` is that of a notice; `level` is None where the instrument gives none."""

    kind: str
    level: State | None
    headline: str
    counts: bool
    scores: tuple[str, ...]
    missing: str
    reasons: tuple[Sentence, ...]
    next: tuple[NextScreening, ...]
    cautions: tuple[str, ...]
    rules: str
    source: str
    patient_id: UUID
    encounter_id: UUID | None


def result_view(
    screening: ScreeningOut, instrument: ScreeningInstrument, titles: Mapping[Instrument, str]
) -> ResultView:
    result = screening.result
    counts = screening.status is ScreeningStatus.COMPLETED
    return ResultView(
        kind=KINDS[result.level] if result.level and counts else "",
        level=BADGES[result.level] if result.level else None,
        headline=headline(result),
        counts=counts,
        scores=tuple(score_line(score) for score in result.scores),
        missing=missing_line(result),
        reasons=tuple(Sentence(each.says, each.rule) for each in result.reasons),
        next=tuple(
            NextScreening(each.says, each.instrument, titles[each.instrument], each.demanded)
            for each in result.follow_ups
            if counts
        ),
        cautions=tuple(result.cautions),
        rules=rules_line(instrument),
        source=instrument.source,
        patient_id=screening.patient_id,
        encounter_id=screening.encounter_id,
    )


def headline(result: Result) -> str:
    """The one thing to read."""
    if result.level is RiskLevel.HIGH:
        return "Refer to mental health now, and see to it that the patient is safe."
    if result.level is RiskLevel.UNDETERMINED:
        return "How great the risk is has to be found out by a clinician."
    if result.level in {RiskLevel.MODERATE, RiskLevel.LOW}:
        return "A floor: raise it freely, lower it only with a reason."
    if result.level is RiskLevel.NEGATIVE:
        return "Every question was answered with no today."
    if not result.complete:
        return "Not every question was answered: there is no total."
    return "At or above a cut." if result.positive else "Below every cut."


def score_line(score: Score) -> str:
    """PHQ-9 total: 12 of 27, moderate."""
    if score.value is None:
        return f"{score.title}: no total, {score.least} of {score.most} so far"
    band = f", {score.band}" if score.band else ""
    cut = ", positive" if score.positive and not score.band else ""
    return f"{score.title}: {score.value} of {score.most}{band}{cut}"


def missing_line(result: Result) -> str:
    if not result.missing:
        return ""
    several = len(result.missing) > 1
    which = ", ".join(result.missing)
    return f"Not answered: question{'s' if several else ''} {which}. That is never taken for a no."


def rules_line(instrument: ScreeningInstrument) -> str:
    since = day(instrument.effective_from.date())
    return f"{instrument.title}, version {instrument.version}, in effect since {since}"


def summary(screening: ScreeningOut) -> str:
    """In a list: the total with its band, or what is open."""
    if screening.status is ScreeningStatus.IN_PROGRESS:
        left = len(screening.result.missing)
        return f"{counted(left, 'question')} to go" if left else "every question is answered"
    if screening.status is not ScreeningStatus.COMPLETED:
        return screening.reason or ""
    lines = [score_line(score) for score in screening.result.scores[:1]]
    if not screening.result.complete:
        lines.append("not every question was answered")
    return " · ".join(lines)
