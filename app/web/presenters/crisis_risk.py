"""The risk of a patient: the level that counts, and every finding and decision before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.crisis.risk import RiskChange, RiskMoveOut, RiskOut
from app.web.presenters.formats import Moment, State, moment
from app.web.presenters.patients import PatientBanner
from app.web.presenters.queue_times import Watch
from app.web.presenters.risk_levels import LEVELS, NOT_ASSESSED

CHANGES = {
    RiskChange.COMPUTED: "by rule",
    RiskChange.RAISED: "judged",
    RiskChange.KEPT: "confirmed",
    RiskChange.LOWERED: "lowered",
}


@dataclass(frozen=True, slots=True)
class RiskLine:
    at: Moment
    level: State
    how: str
    floor: str
    reasons: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class RiskView:
    banner: PatientBanner
    zone: str
    now: str
    level: State
    floor: str
    review: str
    levels: tuple[tuple[str, str], ...]
    history: tuple[RiskLine, ...]
    saved: str


def page(
    risk: RiskOut,
    banner: PatientBanner,
    names: Mapping[UUID, str],
    watch: Watch,
    *,
    saved: str,
) -> RiskView:
    return RiskView(
        banner=banner,
        zone=watch.zone.key,
        now=watch.now.isoformat(),
        level=LEVELS[risk.level] if risk.level else NOT_ASSESSED,
        floor=LEVELS[risk.floor].label if risk.floor and ruled(risk) else "",
        review=watch.moment(risk.next_review_at) if risk.next_review_at else "",
        levels=tuple((level.value, state.label) for level, state in LEVELS.items()),
        history=tuple(line(each, names) for each in risk.history),
        saved="The level is written down." if saved else "",
    )


def ruled(risk: RiskOut) -> bool:
    """Whether a rule has said anything at all."""
    return any(move.change is RiskChange.COMPUTED for move in risk.history)


def line(move: RiskMoveOut, names: Mapping[UUID, str]) -> RiskLine:
    said = (move.reason,) if move.reason else ()
    return RiskLine(
        at=moment(move.moved_at),
        level=LEVELS[move.to_level],
        how=CHANGES[move.change],
        floor=LEVELS[move.floor].label,
        reasons=(*said, *(f"{each['why']} ({each['rule']})" for each in move.reasons)),
        by=names.get(move.moved_by, "by rule"),
    )
