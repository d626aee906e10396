"""Mandatory reports in words: kinds, limits, deadlines with sign and colour, how each stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.crisis.reports import Leg, LimitOut, LimitUnit, ReportRow, ReportStatus, RuleOut
from app.crisis.reports import SuspicionKind as Kind
from app.web.presenters.formats import Moment, State, counted, day
from app.web.presenters.wall_time import wall_clock, wall_day

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NEAR, SOON = timedelta(hours=2), timedelta(hours=12)
HOURS_SHOWN = timedelta(hours=48)

KINDS = {
    Kind.CHILD_ABUSE: "Child abuse or neglect",
    Kind.ELDER_ABUSE: "Abuse of an elder or dependent adult, outside long-term care",
    Kind.FACILITY_PHYSICAL: "Physical abuse in a long-term-care facility",
    Kind.FACILITY_DEMENTIA: "Abuse by a resident of long-term care with dementia, no injury",
    Kind.ASSAULTIVE_INJURY: "Injury by a firearm or an assault",
    Kind.THREAT_TO_VICTIM: "Serious threat to an identifiable person",
    Kind.FIREARM_THREAT: "Serious threat with a firearm in reach",
}
LEGS = {Leg.ORAL: "By telephone", Leg.WRITTEN: "In writing"}
STATES = {
    ReportStatus.OPEN: State("warn", "not reported yet"),
    ReportStatus.ORAL_MADE: State("busy", "reported by telephone"),
    ReportStatus.FILED: State("ok", "filed"),
    ReportStatus.FILED_LATE: State("warn", "filed late"),
    ReportStatus.NOT_REQUIRED: State("", "held not to be required"),
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """`nearness` chooses colour and icon: over, near, soon, later or done."""

    nearness: str
    icon: str
    text: str
    when: Moment


@dataclass(frozen=True, slots=True)
class Wall:
    """What time it is, and on which wall."""

    now: datetime
    zone: ZoneInfo

    def moment(self, at: datetime) -> Moment:
        """14-Jul-2026 09:05, on the clinic's wall."""
        text = f"{day(wall_day(at, self.zone))} {wall_clock(at, self.zone)}"
        return Moment(iso=at.astimezone(self.zone).isoformat(), text=text)

    def deadline(self, due: datetime, *, at_once: bool) -> Deadline:
        left, when = due - self.now, self.moment(due)
        if at_once:
            since = f", {span(-left)} since it became known" if left <= -MINUTE else ""
            return Deadline("over", "over", f"now, as soon as practicable{since}", when)
        if left <= timedelta():
            return Deadline("over", "over", f"late by {span(-left)}", when)
        nearness = "near" if left <= NEAR else "soon" if left <= SOON else "later"
        icon = "near" if nearness == "near" else "clock"
        return Deadline(nearness, icon, f"within {span(left)}", when)


def span(of: timedelta) -> str:
    """45 minutes; 3 hours 20 minutes; 4 days."""
    if of < MINUTE:
        return "a minute"
    if of < HOUR:
        return counted(of // MINUTE, "minute")
    if of < HOURS_SHOWN:
        hours, rest = of // HOUR, of % HOUR // MINUTE
        minutes = f" {counted(rest, 'minute')}" if rest else ""
        return f"{counted(hours, 'hour')}{minutes}"
    return counted(of // DAY, "day")


def limit_words(limit: LimitOut | None) -> str:
    if limit is None:
        return "not asked for"
    match limit.unit:
        case LimitUnit.AT_ONCE:
            return "immediately, or as soon as practicable"
        case LimitUnit.HOURS:
            return f"within {counted(limit.amount or 0, 'hour')}"
        case LimitUnit.WORKING_DAYS:
            return f"within {counted(limit.amount or 0, 'working day')}"


def recipients_words(rule: RuleOut) -> str:
    """To whom, and whether one is enough."""
    if len(rule.recipients) == 1:
        return rule.recipients[0]
    lead = "each of" if rule.recipient_choice == "each" else "one of"
    return f"{lead}: {'; '.join(rule.recipients)}"


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as people need it before they act on it."""

    id: str
    title: str
    oral: str
    written: str
    recipients: str
    form: str
    explanation: str
    source: str
    version: str
    reviewed: str
    doubt: str


def rule_view(rule: RuleOut) -> RuleView:
    reviewed = "Not reviewed by anybody of this site."
    if rule.reviewed_on is not None:
        reviewed = f"Reviewed on {day(rule.reviewed_on)}."
    return RuleView(
        id=str(rule.id),
        title=rule.title,
        oral=limit_words(rule.oral),
        written=limit_words(rule.written),
        recipients=recipients_words(rule),
        form=rule.form or "no form is named",
        explanation=rule.explanation,
        source=rule.source,
        version=f"{rule.key}, version {rule.version}",
        reviewed=reviewed,
        doubt=rule.doubt or "",
    )


def state_of(row: ReportRow) -> State:
    return STATES[row.status]
