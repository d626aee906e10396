"""From answers to a result, by the rules of an instrument's version: pure, and for good."""

from pydantic import BaseModel, ConfigDict

from app.crisis.risk import RiskLevel
from app.crisis.screenings.asking import Interview, between
from app.crisis.screenings.definitions import Answers, Definition, ScoreRule, Scoring
from app.crisis.screenings.instruments import Instrument


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Score(Frozen):
    """`value` and `band` are None unless everything it adds up is answered.

    `least`: what the answers so far add up to. `positive`: None while it may be either.
    """

    id: str
    title: str
    value: int | None
    least: int
    most: int
    band: str | None
    positive: bool | None


class Reason(Frozen):
    """A sentence for people, and the rule that says it."""

    rule: str
    says: str
    level: RiskLevel | None = None


class FollowUp(Frozen):
    rule: str
    instrument: Instrument
    demanded: bool
    says: str


class Result(Frozen):
    """What a screening says. A level is a floor; `undetermined` asks for a clinician's look."""

    complete: bool
    missing: list[str]
    missing_critical: list[str]
    scores: list[Score]
    level: RiskLevel | None
    reasons: list[Reason]
    follow_ups: list[FollowUp]
    positive: bool
    cautions: list[str]

    @property
    def total(self) -> int | None:
        return self.scores[0].value if self.scores else None

    @property
    def settles(self) -> bool:
        """Whether what was to be found out has been: nothing critical is open, or it is high."""
        return not self.missing_critical or self.level is RiskLevel.HIGH


def result_of(definition: Definition, scoring: Scoring, answers: Answers) -> Result:
    interview = Interview(definition, answers)
    level, reasons = level_of(interview, scoring)
    missing = interview.missing
    return Result(
        complete=not missing and not interview.missing_critical,
        missing=missing,
        missing_critical=interview.missing_critical,
        scores=[score_of(interview, rule) for rule in scoring.scores],
        level=level,
        reasons=[*reasons, *findings_of(interview, scoring)],
        follow_ups=follow_ups_of(interview, scoring),
        positive=interview.holds(scoring.positive) is not False,
        cautions=scoring.cautions,
    )


def level_of(interview: Interview, scoring: Scoring) -> tuple[RiskLevel | None, list[Reason]]:
    """The highest level of a rule that holds, with every rule that does.

    A rule that may still hold, and would raise the level, leaves it undetermined: what was not
    answered is never taken for a no.
    """
    known = [(rule, interview.holds(rule.when)) for rule in scoring.levels]
    reasons = [
        Reason(rule=rule.id, says=rule.says, level=rule.level) for rule, held in known if held
    ]
    held = [rule.level for rule, holds in known if holds]
    floor = max(held, key=lambda level: level.rank, default=None)
    otherwise = scoring.otherwise
    rank = floor.rank if floor else (otherwise.level.rank if otherwise else -1)
    if any(holds is None and rule.level.rank > rank for rule, holds in known):
        says = scoring.undetermined or "Something that decides was not answered."
        open_one = Reason(rule="undetermined", says=says, level=RiskLevel.UNDETERMINED)
        return RiskLevel.UNDETERMINED, [open_one, *reasons]
    if floor is None and otherwise is not None:
        return otherwise.level, [
            Reason(rule="otherwise", says=otherwise.says, level=otherwise.level)
        ]
    reasons.sort(key=lambda reason: -(reason.level.rank if reason.level else 0))
    return floor, reasons


def score_of(interview: Interview, rule: ScoreRule) -> Score:
    answered = all(link_id in interview.answers for link_id in rule.items)
    low, high = interview.bounds(rule.items)
    value = low if answered else None
    return Score(
        id=rule.id,
        title=rule.title,
        value=value,
        least=low,
        most=rule.most,
        band=band_of(rule, value),
        positive=None if rule.cut is None else between(low, high, rule.cut),
    )


def band_of(rule: ScoreRule, value: int | None) -> str | None:
    if value is None:
        return None
    reached = [band for band in rule.bands if value >= band.at_least]
    return max(reached, key=lambda band: band.at_least).label if reached else None


def findings_of(interview: Interview, scoring: Scoring) -> list[Reason]:
    return [
        Reason(rule=finding.id, says=finding.says)
        for finding in scoring.findings
        if interview.holds(finding.when)
    ]


def follow_ups_of(interview: Interview, scoring: Scoring) -> list[FollowUp]:
    found = []
    for rule in scoring.follow_ups:
        holds = interview.holds(rule.when)
        if holds or (holds is None and rule.if_unknown):
            says = rule.says if holds else rule.says_if_unknown or rule.says
            found.append(
                FollowUp(
                    rule=rule.id,
                    instrument=rule.instrument,
                    demanded=rule.demanded,
                    says=says,
                )
            )
    return found
