"""One episode: what is due, what happened, what closing it needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.crisis.episodes import (
    CheckOut,
    ContactOutcome,
    ContactWith,
    EntryKind,
    EntryOut,
    EpisodeOut,
    EpisodeStatus,
    Factor,
    Intervention,
    InterventionOutcome,
    StepOut,
    StepStatus,
)
from app.crisis.reports import ReportRow
from app.crisis.risk import RiskLevel, RiskOut
from app.crisis.screenings import Instrument
from app.web.presenters import crisis_words as words_of
from app.web.presenters.formats import Link, Moment, State, moment, words
from app.web.presenters.patients import PatientBanner
from app.web.presenters.queue_times import Countdown, Watch
from app.web.presenters.risk_levels import LEVELS

Choice = tuple[str, str]
STEP_STATES = {
    StepStatus.DONE: State("ok", "done"),
    StepStatus.NOT_NEEDED: State("neutral", "not needed"),
}
SCREENINGS = {
    Instrument.C_SSRS: "C-SSRS screener",
    Instrument.C_SSRS_SINCE: "C-SSRS since last contact",
    Instrument.PHQ_9: "PHQ-9",
    Instrument.GAD_7: "GAD-7",
    Instrument.PHQ_4: "PHQ-4",
    Instrument.SAFE_T: "SAFE-T",
}
SOURCES = {"screening": "/screenings/{}"}


@dataclass(frozen=True, slots=True)
class StepView:
    id: UUID
    title: str
    explanation: str
    source: str
    due: Countdown
    state: State | None
    outcome: str
    by: str


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the timeline; `bad`: it raised the danger."""

    at: Moment
    what: str
    said: str
    by: str
    kind: str
    href: str


@dataclass(frozen=True, slots=True)
class FactorView:
    label: str
    present: bool
    protects: bool
    remark: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report the onlooker may see; others may exist."""

    href: str
    title: str
    due: Countdown | None
    state: str


@dataclass(frozen=True, slots=True)
class Forms:
    """The choices of the forms beside the timeline."""

    levels: tuple[Choice, ...]
    interventions: tuple[Choice, ...]
    intervention_outcomes: tuple[Choice, ...]
    contacts: tuple[Choice, ...]
    contact_outcomes: tuple[Choice, ...]
    factors: tuple[Choice, ...]
    people: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class EpisodeView:
    id: UUID
    banner: PatientBanner
    zone: str
    now: str
    open: bool
    state: str
    level: State
    highest: str
    reasons: tuple[str, ...]
    review: str
    owner: str
    is_mine: bool
    due: tuple[StepView, ...]
    ended: tuple[StepView, ...]
    checklist: tuple[CheckOut, ...]
    closable: bool
    factors: tuple[FactorView, ...]
    timeline: tuple[Happened, ...]
    reports: tuple[ReportView, ...]
    links: tuple[Link, ...]
    forms: Forms
    saved: str


SAVED = {
    "owner": "You answer for this episode now.",
    "handed": "It is handed over.",
    "step": "The step is written down.",
    "entry": "It is written down.",
    "level": "The level is written down.",
    "closed": "The episode is closed.",
    "open": "The episode is open again.",
}


def page(
    episode: EpisodeOut,
    risk: RiskOut,
    banner: PatientBanner,
    watch: Watch,
    *,
    names: Mapping[UUID, str],
    people: Mapping[UUID, str],
    reports: Sequence[ReportRow],
    me: UUID,
    saved: str,
) -> EpisodeView:
    steps = [step(each, names, watch) for each in episode.steps]
    return EpisodeView(
        id=episode.id,
        banner=banner,
        zone=watch.zone.key,
        now=watch.now.isoformat(),
        open=episode.status is EpisodeStatus.OPEN,
        state=state(episode, watch),
        level=LEVELS[episode.level],
        highest=LEVELS[episode.highest_level].label,
        reasons=reasons(risk),
        review=watch.moment(risk.next_review_at) if risk.next_review_at else "",
        owner=names.get(episode.owner_id, "") if episode.owner_id else "",
        is_mine=episode.owner_id == me,
        due=tuple(each for each in steps if each.state is None),
        ended=tuple(each for each in steps if each.state is not None),
        checklist=tuple(episode.checklist),
        closable=all(each.ok for each in episode.checklist),
        factors=factors(episode.timeline),
        timeline=tuple(happened(each, names) for each in episode.timeline),
        reports=tuple(report(each, watch) for each in reports),
        links=(
            Link(f"/patients/{episode.patient_id}/screenings", "Screenings"),
            Link(f"/patients/{episode.patient_id}/safety-plan", "Safety plan"),
            Link(f"/patients/{episode.patient_id}/suspicion", "Suspicion to report"),
        ),
        forms=forms(people, me),
        saved=SAVED.get(saved, ""),
    )


def report(found: ReportRow, watch: Watch) -> ReportView:
    due = watch.countdown(found.next_due_at) if found.next_due_at else None
    return ReportView(f"/reports/{found.id}", found.title, due, words(found.status))


def state(episode: EpisodeOut, watch: Watch) -> str:
    if episode.closed_at is not None:
        return f"closed {watch.moment(episode.closed_at)}"
    return f"open since {watch.moment(episode.opened_at)}"


def reasons(risk: RiskOut) -> tuple[str, ...]:
    """Why the level is what it is: of the newest finding, or what a clinician said."""
    for move in risk.history:
        if move.reason:
            return (move.reason,)
        if move.reasons:
            return tuple(f"{each['why']} ({each['rule']})" for each in move.reasons)
    return ()


def step(found: StepOut, names: Mapping[UUID, str], watch: Watch) -> StepView:
    return StepView(
        id=found.id,
        title=found.title,
        explanation=found.explanation,
        source=f"{found.source}, version {found.rule_version}",
        due=watch.countdown(found.due_at),
        state=STEP_STATES.get(found.status),
        outcome=found.outcome or "",
        by=names.get(found.ended_by, "") if found.ended_by else "",
    )


def factors(timeline: Sequence[EntryOut]) -> tuple[FactorView, ...]:
    """The last word on each, what makes it graver first."""
    newest: dict[str, EntryOut] = {}
    for entry in timeline:  # the newest first
        if entry.kind is EntryKind.FACTOR and entry.code:
            newest.setdefault(entry.code, entry)
    shown = [
        FactorView(
            label=words_of.FACTORS[Factor(code)],
            present=entry.outcome == "present",
            protects=Factor(code).protects,
            remark=entry.remark or "",
        )
        for code, entry in newest.items()
    ]
    return tuple(sorted(shown, key=lambda each: (each.protects, not each.present, each.label)))


def happened(entry: EntryOut, names: Mapping[UUID, str]) -> Happened:
    href = SOURCES.get(entry.source_type or "", "")
    return Happened(
        at=moment(entry.happened_at),
        what=what(entry, names),
        said=entry.remark or "",
        by=names.get(by_whom(entry), "by itself"),
        kind=entry.kind.value,
        href=href.format(entry.source_id) if href else "",
    )


def by_whom(entry: EntryOut) -> UUID:
    """Who decided, where a line was only written because of it."""
    decided = entry.detail.get("decided_by")
    return UUID(decided) if decided else entry.recorded_by


def what(entry: EntryOut, names: Mapping[UUID, str]) -> str:
    label, code, outcome = words_of.KINDS[entry.kind], entry.code or "", entry.outcome or ""
    match entry.kind:
        case EntryKind.LEVEL:
            said = LEVELS[RiskLevel(code)].label
        case EntryKind.SCREENING:
            said = f"{label}: {SCREENINGS[Instrument(code)]}"
        case EntryKind.SIGNAL:
            said = f"{label}: {words(code)}"
        case EntryKind.INTERVENTION:
            came = words_of.INTERVENTION_OUTCOMES[InterventionOutcome(outcome)]
            said = f"{words_of.INTERVENTIONS[Intervention(code)]}: {came}"
        case EntryKind.CONTACT:
            came = words_of.CONTACT_OUTCOMES[ContactOutcome(outcome)]
            said = f"{words_of.CONTACTS[ContactWith(code)]}: {came}"
        case EntryKind.FACTOR:
            said = f"{words_of.FACTORS[Factor(code)]}: {outcome}"
        case EntryKind.STEP:
            late = ", late" if entry.detail.get("late") else ""
            said = f"{words(code).capitalize()}: {words(outcome)}{late}"
        case EntryKind.OWNER | EntryKind.HANDOVER:
            owner = entry.detail.get("owner")
            said = f"{label}: {names.get(UUID(owner), '') if owner else ''}"
        case _:
            said = label
    return said


def forms(people: Mapping[UUID, str], me: UUID) -> Forms:
    others = sorted(people.items(), key=lambda each: each[1])
    return Forms(
        levels=tuple((level.value, state.label) for level, state in LEVELS.items()),
        interventions=choices(words_of.INTERVENTIONS),
        intervention_outcomes=choices(words_of.INTERVENTION_OUTCOMES),
        contacts=choices(words_of.CONTACTS),
        contact_outcomes=choices(words_of.CONTACT_OUTCOMES),
        factors=choices(words_of.FACTORS),
        people=tuple((str(id_), name) for id_, name in others if id_ != me),
    )


def choices(
    labels: Mapping[Intervention, str]
    | Mapping[InterventionOutcome, str]
    | Mapping[ContactWith, str]
    | Mapping[ContactOutcome, str]
    | Mapping[Factor, str],
) -> tuple[Choice, ...]:
    return tuple((code.value, label) for code, label in labels.items())


def named_in(episode: EpisodeOut) -> set[UUID]:
    """Everybody the page names."""
    found = {by_whom(entry) for entry in episode.timeline}
    found |= {step.ended_by for step in episode.steps if step.ended_by}
    owners = {entry.detail.get("owner") for entry in episode.timeline}
    found |= {UUID(owner) for owner in owners if owner}
    return found | ({episode.owner_id} if episode.owner_id else set())
