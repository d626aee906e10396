"""The words of medicines: what a check is called, what came of it, how a dose is chosen."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any
from uuid import UUID

from app.clinical.formulary import CheckKind, Outcome, Severity
from app.clinical.prescriptions import (
    SINGULAR_PLURAL,
    CheckOut,
    Decision,
    DoseUnit,
    FindingOut,
    ItemOut,
    ItemStatus,
    Meals,
    Period,
    Route,
    Sig,
    Weekday,
    When,
)
from app.web.presenters.formats import Moment, State, day, moment
from app.web.presenters.patients import Choice
from app.web.presenters.wall_time import wall_day

KINDS: Mapping[CheckKind, str] = {
    CheckKind.ALLERGY: "Allergy",
    CheckKind.INTERACTION: "Interaction",
    CheckKind.DUPLICATE: "Same or similar medicine",
    CheckKind.DOSE: "Dose",
    CheckKind.PREGNANCY: "Pregnancy",
    CheckKind.RENAL: "Kidneys",
}
SEVERITIES: Mapping[Severity, str] = {
    Severity.CONTRAINDICATED: "contraindicated",
    Severity.MAJOR: "major",
    Severity.MODERATE: "moderate",
}
OUTCOMES: Mapping[Outcome, State] = {
    Outcome.WARNING: State("bad", "Warning"),
    Outcome.NOT_CHECKED: State("unchecked", "Not checked"),
    Outcome.NOTHING_FOUND: State("ok", "Nothing found"),
}
STATES: Mapping[ItemStatus, State] = {
    ItemStatus.DRAFT: State("draft", "draft"),
    ItemStatus.ACTIVE: State("ok", "active"),
    ItemStatus.ON_HOLD: State("warn", "on hold"),
    ItemStatus.STOPPED: State("", "stopped"),
    ItemStatus.COMPLETED: State("", "completed"),
    ItemStatus.CANCELLED: State("", "cancelled"),
    ItemStatus.ENTERED_IN_ERROR: State("bad", "entered in error"),
}
DECISIONS: Mapping[Decision, str] = {
    Decision.AS_PRESCRIBED: "takes it as written",
    Decision.DIFFERENTLY: "takes it differently",
    Decision.NOT_TAKING: "does not take it",
    Decision.UNKNOWN: "not known",
}
MISSING: Mapping[str, str] = {
    "amount": "how much",
    "unit": "the unit",
    "route": "the route",
    "times_a_day": "how often",
}
# How often, as people choose it; the value is the part of the structure that it stands for.
OFTEN: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("once a day", {"times_a_day": 1}),
    ("twice a day", {"times_a_day": 2}),
    ("3 times a day", {"times_a_day": 3}),
    ("4 times a day", {"times_a_day": 4}),
    ("5 times a day", {"times_a_day": 5}),
    ("every 4 hours", {"every": 4, "every_period": "hours"}),
    ("every 6 hours", {"every": 6, "every_period": "hours"}),
    ("every 8 hours", {"every": 8, "every_period": "hours"}),
    ("every 12 hours", {"every": 12, "every_period": "hours"}),
    ("every other day", {"every": 2, "every_period": "days"}),
    ("every 3 days", {"every": 3, "every_period": "days"}),
    ("once a week", {"every": 1, "every_period": "weeks"}),
    ("every 2 weeks", {"every": 2, "every_period": "weeks"}),
    ("once a month", {"every": 1, "every_period": "months"}),
    ("once only", {"once_only": True}),
)
MEALS: Mapping[Meals, str] = {
    Meals.WITH: "with meals",
    Meals.BEFORE: "before meals",
    Meals.AFTER: "after meals",
    Meals.EMPTY_STOMACH: "on an empty stomach",
}
PERIODS = (Period.DAYS, Period.WEEKS, Period.MONTHS)


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One check's answer: a sign and a word, the sentence, where that is said, and since when."""

    id: UUID
    kind: str
    state: State
    because: str
    source: str
    answer: str
    needs_reason: bool


@dataclass(frozen=True, slots=True)
class CheckView:
    """`head`: all of it in one line; `passed`: what nothing was found in."""

    head: str
    stale: bool
    at: Moment | None
    rows: tuple[FindingRow, ...]
    passed: tuple[FindingRow, ...]


NO_CHECK = CheckView("Not checked", stale=False, at=None, rows=(), passed=())


def finding_row(finding: FindingOut, zone: tzinfo = UTC) -> FindingRow:
    severity = f", {SEVERITIES[finding.severity]}" if finding.severity else ""
    state = OUTCOMES[finding.outcome]
    return FindingRow(
        id=finding.id,
        kind=KINDS[finding.kind],
        state=State(state.kind, state.label + severity),
        because=finding.because,
        source=source_of(finding),
        answer=answer_of(finding, zone),
        needs_reason=finding.outcome is Outcome.WARNING and finding.answer is None,
    )


def source_of(finding: FindingOut) -> str:
    said = [finding.source or "", f"as of {day(finding.as_of)}" if finding.as_of else ""]
    return ", ".join(part for part in said if part)


def answer_of(finding: FindingOut, zone: tzinfo = UTC) -> str:
    if finding.answer is None:
        return ""
    by = f"{finding.answer.by.name}, {day(wall_day(finding.answer.at, zone))}"
    if finding.answer.reason is None:
        return f"Known to be not checked: {by}"
    return f"Prescribed all the same: {finding.answer.reason} ({by})"


def check_view(check: CheckOut | None, zone: tzinfo = UTC) -> CheckView:
    if check is None:
        return NO_CHECK
    rows = [finding_row(one, zone) for one in check.findings]
    fine = OUTCOMES[Outcome.NOTHING_FOUND].kind
    return CheckView(
        head=f"Checked with {check.release}" if check.release else "There is no formulary",
        stale=check.stale,
        at=moment(check.checked_at),
        rows=tuple(row for row in rows if row.state.kind != fine),
        passed=tuple(row for row in rows if row.state.kind == fine),
    )


def title_of(item: ItemOut) -> str:
    return " ".join(filter(None, (item.name, item.strength, item.form)))


def overrides_of(item: ItemOut, zone: tzinfo = UTC) -> tuple[FindingRow, ...]:
    """Warnings that were answered with a reason, for whoever gives the medicine."""
    found = item.check.findings if item.check else ()
    return tuple(finding_row(one, zone) for one in found if one.answer and one.answer.reason)


def amount_line(item: ItemOut) -> str:
    """Such as "30 tablets, 2 refills"."""
    quantity = f"{item.quantity:f}".rstrip("0").rstrip(".") if item.quantity is not None else ""
    said = [f"{quantity} {item.quantity_unit or ''}".strip() if quantity else ""]
    said.append(f"{item.refills} refill{'' if item.refills == 1 else 's'}")
    return ", ".join(part for part in said if part)


def missing_words(missing: Iterable[str]) -> str:
    return ", ".join(MISSING[name] for name in missing)


def units() -> tuple[Choice, ...]:
    return tuple(Choice(unit.value, SINGULAR_PLURAL[unit][1]) for unit in DoseUnit)


def routes() -> tuple[Choice, ...]:
    return tuple(Choice(route.value, route.value) for route in Route)


def often(sig: Sig) -> tuple[tuple[Choice, bool], ...]:
    """Every way to say how often, with the one that is chosen; one that is not usual is added."""
    now = part_of(sig)
    choices = [(json.dumps(part, sort_keys=True), label) for label, part in OFTEN]
    if now and now not in [value for value, _ in choices]:
        choices.append((now, "as it is now"))
    return tuple((Choice(value, label), value == now) for value, label in choices)


def part_of(sig: Sig) -> str:
    names = ("times_a_day", "every", "every_period", "once_only")
    said = sig.model_dump(mode="json", include=set(names))
    part = {name: value for name, value in said.items() if value}
    return json.dumps(part, sort_keys=True) if part else ""


def check_words() -> dict[str, Any]:
    """What the form needs to show a check as you type, by code."""
    return {
        "kinds": {kind.value: label for kind, label in KINDS.items()},
        "outcomes": {
            outcome.value: {"kind": state.kind, "label": state.label}
            for outcome, state in OUTCOMES.items()
        },
        "severities": {one.value: label for one, label in SEVERITIES.items()},
        "missing": dict(MISSING),
    }


def whens() -> tuple[Choice, ...]:
    return tuple(Choice(one.value, one.value) for one in When)


def weekdays() -> tuple[Choice, ...]:
    return tuple(Choice(one.value, one.value.capitalize()[:3]) for one in Weekday)


def meals() -> tuple[Choice, ...]:
    return tuple(Choice(one.value, label) for one, label in MEALS.items())


def periods() -> tuple[Choice, ...]:
    return tuple(Choice(one.value, one.value) for one in PERIODS)
