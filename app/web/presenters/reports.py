"""The list of mandatory reports, and the form in which a suspicion is said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from app.crisis.reports import Leg, ReportRow, ReportRule, SuspicionKind, rule_out
from app.web.presenters.choices import PickedChoice
from app.web.presenters.formats import Link, Moment, State
from app.web.presenters.patients import PatientBanner
from app.web.presenters.report_words import (
    KINDS,
    LEGS,
    Deadline,
    RuleView,
    Wall,
    rule_view,
    state_of,
)

SAVED = {"formed": "What you suspect is written down. What is due because of it stands here."}


@dataclass(frozen=True, slots=True)
class ReportLine:
    href: str
    title: str
    patient: str
    detail: str
    state: State
    leg: str
    deadline: Deadline | None
    closed: Moment | None
    reason: str


@dataclass(frozen=True, slots=True)
class ReportList:
    heading: str
    explanation: str
    saved: str
    tabs: tuple[tuple[Link, bool], ...]
    lines: tuple[ReportLine, ...]
    empty: str
    next_href: str | None


def report_list(
    found: Sequence[ReportRow],
    wall: Wall,
    *,
    closed: bool,
    everything: bool,
    next_cursor: str | None,
    saved: str,
) -> ReportList:
    state = "closed" if closed else "open"
    more = urlencode({"state": state, "cursor": next_cursor}) if next_cursor else None
    return ReportList(
        heading="The latest first" if closed else "By next deadline",
        explanation=(
            "Every report of the clinic: you are of compliance. Each look is written down."
            if everything
            else "Your reports, and those opened to you. Each look is written down."
        ),
        saved=SAVED.get(saved, ""),
        tabs=(
            (Link("/reports", "To be made"), not closed),
            (Link("/reports?state=closed", "Closed"), closed),
        ),
        lines=tuple(line(row, wall, everything=everything) for row in found),
        empty="None is closed yet." if closed else "Nothing is due.",
        next_href=f"/reports?{more}" if more else None,
    )


def line(row: ReportRow, wall: Wall, *, everything: bool) -> ReportLine:
    whose = f" · reporter {row.reporter.name}" if everything else ""
    due = row.next_due_at
    return ReportLine(
        href=f"/reports/{row.id}",
        title=row.title,
        patient=f"{row.patient.name}, {row.patient.mrn}",
        detail=f"{KINDS[row.kind]} · {row.jurisdiction}{whose}",
        state=state_of(row),
        leg=LEGS[row.next_leg] if row.next_leg else "",
        deadline=wall.deadline(due, at_once=row.at_once) if due else None,
        closed=wall.moment(row.closed_at) if row.closed_at else None,
        reason=row.reason or "",
    )


@dataclass(frozen=True, slots=True)
class Cause:
    """What gave rise to it, where that is known: a visit, a signal."""

    encounter_id: UUID | None = None
    signal_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SuspicionForm:
    banner: PatientBanner
    patient_id: UUID
    kinds: tuple[PickedChoice, ...]
    jurisdictions: tuple[PickedChoice, ...]
    formed: str
    zone: str
    now: str
    cause: Cause


def suspicion_form(
    banner: PatientBanner,
    wall: Wall,
    *,
    jurisdictions: Sequence[str],
    jurisdiction: str,
    cause: Cause,
) -> SuspicionForm:
    here = wall.now.astimezone(wall.zone)
    known = sorted({*jurisdictions, jurisdiction})
    return SuspicionForm(
        banner=banner,
        patient_id=banner.id,
        kinds=tuple(PickedChoice(kind, label, picked=False) for kind, label in KINDS.items()),
        jurisdictions=tuple(PickedChoice(one, one, one == jurisdiction) for one in known),
        formed=f"{here:%Y-%m-%dT%H:%M}",
        zone=wall.zone.key,
        now=wall.now.isoformat(),
        cause=cause,
    )


@dataclass(frozen=True, slots=True)
class ProposedLeg:
    label: str
    limit: str
    deadline: Deadline


@dataclass(frozen=True, slots=True)
class ProposedReport:
    rule: RuleView
    legs: tuple[ProposedLeg, ...]


@dataclass(frozen=True, slots=True)
class Proposed:
    """`asked`: kind and moment were given; without a report then, none is known."""

    asked: bool
    sentence: str
    reports: tuple[ProposedReport, ...] = ()


NOT_ASKED = Proposed(False, "Choose what you suspect: what is due then is shown here.")
TO_COME = Proposed(True, "That moment is still to come: say when it became known.")


def proposed(
    found: Sequence[tuple[ReportRule, Mapping[Leg, datetime]]],
    wall: Wall,
    *,
    kind: SuspicionKind,
    jurisdiction: str,
) -> Proposed:
    if not found:
        none = (
            f"No rule for {jurisdiction} covers this here. That does not mean that nothing is due:"
        )
        return Proposed(True, f"{none} ask compliance.")
    number = "One report is" if len(found) == 1 else f"{len(found)} reports are"
    sentence = f"{number} due for: {KINDS[kind].lower()} ({jurisdiction})."
    reports = tuple(proposal(rule, due, wall) for rule, due in found)
    return Proposed(True, sentence, reports)


def proposal(rule: ReportRule, due: Mapping[Leg, datetime], wall: Wall) -> ProposedReport:
    view = rule_view(rule_out(rule))
    limits = {Leg.ORAL: view.oral, Leg.WRITTEN: view.written}
    legs = tuple(
        ProposedLeg(LEGS[leg], limits[leg], wall.deadline(at, at_once=rule.at_once(leg)))
        for leg, at in due.items()
    )
    return ProposedReport(view, legs)
