"""A safety plan: to write, to print for the patient, to compare with an earlier version."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from app.crisis.safety_plans import (
    LATEST_REVIEW,
    USUAL_REVIEW,
    Contact,
    PlanContent,
    PlanStatus,
    SafetyPlanOut,
    ServiceOut,
    VersionOut,
    WholeVersion,
)
from app.web.presenters.formats import Link, Moment, State, day, moment
from app.web.presenters.patients import PatientBanner


@dataclass(frozen=True, slots=True)
class Wording:
    """A part of the plan in our own words, to whoever writes it and to the patient."""

    key: str
    title: str
    hint: str
    printed: str
    contacts: bool = False
    name_label: str = "Name"


STEPS = (
    Wording(
        "warning_signs",
        "How I notice that it is starting",
        "Thoughts, moods, situations or habits that show a crisis may be coming. One per line.",
        "How I notice that it is starting",
    ),
    Wording(
        "alone",
        "What I can do by myself",
        "Things that take my mind elsewhere without needing anybody. One per line.",
        "What I can do by myself",
    ),
    Wording(
        "distractions",
        "People and places that take my mind off it",
        "I need not tell them how I feel. A phone number helps, but is not necessary.",
        "People and places that take my mind off it",
        contacts=True,
        name_label="Person or place",
    ),
    Wording(
        "helpers",
        "People I can ask for help",
        "I can tell them that I am in a crisis.",
        "People I can ask for help",
        contacts=True,
    ),
    Wording(
        "professionals",
        "Professionals and services I can turn to",
        "Practices, clinicians and services that are there in a crisis, and how to reach them.",
        "Professionals and services I can turn to",
        contacts=True,
        name_label="Who, and when they can be reached",
    ),
    Wording(
        "surroundings",
        "How my surroundings become safer",
        "What could be used for harm, and who keeps it away or takes care of it. One per line.",
        "How my surroundings become safer",
    ),
)
WORTH = Wording(
    "worth_living",
    "What is worth living for",
    "What matters most to me.",
    "What is worth living for",
)
MADE_WITH = Wording("made_with", "Made together with", "", "Made together with")
KEPT_AT = Wording("kept_at", "Where I keep it", "", "Where I keep it")
LIKELIHOOD = Wording("likelihood", "How likely I am to use it", "", "How likely I am to use it")
EVERYTHING = (*STEPS, WORTH, MADE_WITH, KEPT_AT, LIKELIHOOD)
NOT_ASKED = "Not asked"

STATES = {
    PlanStatus.CURRENT: State("ok", "In use"),
    PlanStatus.SUPERSEDED: State("", "Replaced by a newer one"),
    PlanStatus.WITHDRAWN: State("warn", "Withdrawn"),
}


@dataclass(frozen=True, slots=True)
class StepField:
    number: int
    key: str
    title: str
    hint: str
    required: bool
    name_label: str
    text: str
    contacts: tuple[Contact, ...] | None


@dataclass(frozen=True, slots=True)
class VersionRow:
    number: int
    title: str
    at: Moment
    author: str
    state: State
    review: str | None
    reason: str | None
    print_href: str
    compare_href: str


@dataclass(frozen=True, slots=True)
class OfferedService:
    name: str
    phone: str
    source: str


@dataclass(frozen=True, slots=True)
class SafetyPlanPage:
    """`id` None: nobody has begun one."""

    banner: PatientBanner
    id: UUID | None
    href: str
    state: State
    steps: tuple[StepField, ...] = ()
    worth: StepField | None = None
    made_with: str = ""
    kept_at: str = ""
    likelihood: tuple[tuple[str, str, bool], ...] = ()
    review_in_days: int = USUAL_REVIEW
    latest_review: int = LATEST_REVIEW
    versions: tuple[VersionRow, ...] = ()
    in_use: int | None = None
    print_href: str | None = None
    services: tuple[OfferedService, ...] = ()
    others: tuple[Link, ...] = ()
    data: dict[str, Any] | None = None


def address(patient_id: UUID) -> str:
    return f"/patients/{patient_id}/safety-plan"


def no_plan(banner: PatientBanner) -> SafetyPlanPage:
    state = State("", "Not begun")
    return SafetyPlanPage(banner=banner, id=None, href=address(banner.id), state=state)


def plan_page(
    plan: SafetyPlanOut,
    *,
    banner: PatientBanner,
    versions: Sequence[VersionOut],
    services: Sequence[ServiceOut],
    others: Sequence[UUID],
) -> SafetyPlanPage:
    href = address(banner.id)
    said = plan.content
    current = plan.current
    return SafetyPlanPage(
        banner=banner,
        id=plan.id,
        href=href,
        state=state_of(plan),
        steps=tuple(step(number, one, said) for number, one in enumerate(STEPS, start=1)),
        worth=step(0, WORTH, said),
        made_with=said.made_with,
        kept_at=said.kept_at,
        likelihood=likelihoods(said.likelihood),
        versions=tuple(version_row(one, href, plan.id) for one in versions),
        in_use=current.number if current else None,
        print_href=f"{href}/print?plan={plan.id}" if current else None,
        services=tuple(
            OfferedService(f"{one.name}, {one.hint}", one.phone, one.source) for one in services
        ),
        others=tuple(Link(f"{href}?plan={one}", "Open the other plan") for one in others),
        data=plan.model_dump(mode="json"),
    )


def state_of(plan: SafetyPlanOut) -> State:
    if plan.current is not None:
        return State("ok", f"Version {plan.current.number} is in use")
    return State("warn", "None in use") if plan.versions_published else State("draft", "Draft")


def step(number: int, wording: Wording, said: PlanContent) -> StepField:
    value = getattr(said, wording.key)
    return StepField(
        number=number,
        key=wording.key,
        title=wording.title,
        hint=wording.hint,
        required=number in {1, 2},
        name_label=wording.name_label,
        text="" if wording.contacts else value,
        contacts=value if wording.contacts else None,
    )


def likelihoods(chosen: int | None) -> tuple[tuple[str, str, bool], ...]:
    """Value, label and whether it is chosen."""
    ends = {0: "0: not at all", 10: "10: certainly"}
    choices = [("", NOT_ASKED, chosen is None)]
    choices += [(str(n), ends.get(n, str(n)), n == chosen) for n in range(11)]
    return tuple(choices)


def version_row(version: VersionOut, href: str, plan_id: UUID) -> VersionRow:
    in_use = version.status is PlanStatus.CURRENT
    return VersionRow(
        number=version.number,
        title=f"Version {version.number}",
        at=moment(version.published_at),
        author=version.author_name,
        state=STATES[version.status],
        review=f"To be gone through again on {day(version.review_on)}" if in_use else None,
        reason=version.reason,
        print_href=f"{href}/print?plan={plan_id}&number={version.number}",
        compare_href=f"{href}/compare?plan={plan_id}&number={version.number}",
    )


@dataclass(frozen=True, slots=True)
class PrintedStep:
    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrintedPlan:
    """What the patient takes along: no codes, no record number."""

    back: str
    name: str
    notice: str | None
    steps: tuple[PrintedStep, ...]
    worth: PrintedStep | None
    foot: tuple[str, ...]


def printed(version: WholeVersion, *, name: str, patient_id: UUID) -> PrintedPlan:
    said = version.content
    worth = lines_of(WORTH, said)
    return PrintedPlan(
        back=address(patient_id),
        name=name,
        notice=None
        if version.status is PlanStatus.CURRENT
        else f"{STATES[version.status].label}: this plan is not in use any more.",
        steps=tuple(
            PrintedStep(f"{number}. {one.printed}", lines_of(one, said))
            for number, one in enumerate(STEPS, start=1)
        ),
        worth=PrintedStep(WORTH.printed, worth) if worth else None,
        foot=tuple(foot_of(version)),
    )


def foot_of(version: WholeVersion) -> list[str]:
    said = version.content
    lines = [f"Version {version.number} of {day(version.published_at.date())}"]
    if said.made_with:
        lines.append(f"made together with: {said.made_with}")
    if said.kept_at:
        lines.append(f"kept: {said.kept_at}")
    lines.append(f"we go through it again on {day(version.review_on)}")
    return lines


def lines_of(wording: Wording, said: PlanContent) -> tuple[str, ...]:
    """What the plan says there, a line for each."""
    value = getattr(said, wording.key)
    if wording.contacts:
        return tuple(f"{one.name}: {one.phone}" if one.phone else one.name for one in value)
    if wording is LIKELIHOOD:
        return (NOT_ASKED,) if value is None else (f"{value} of 10",)
    return tuple(line.strip() for line in value.splitlines() if line.strip())


@dataclass(frozen=True, slots=True)
class Line:
    """`kind`: same, removed or added; `mark` says it to those who see no colour."""

    kind: str
    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class ComparedStep:
    heading: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    banner: PatientBanner
    back: str
    title: str
    steps: tuple[ComparedStep, ...]


MARKS = {"same": "", "removed": "Before:", "added": "Now:"}


def comparison(
    before: WholeVersion, now: PlanContent, *, banner: PatientBanner, now_is: str
) -> Comparison:
    """Only what differs."""
    steps = [ComparedStep(one.title, compared(one, before.content, now)) for one in EVERYTHING]
    return Comparison(
        banner=banner,
        back=address(banner.id),
        title=f"Version {before.number} compared with {now_is}",
        steps=tuple(one for one in steps if any(line.kind != "same" for line in one.lines)),
    )


def compared(wording: Wording, before: PlanContent, now: PlanContent) -> tuple[Line, ...]:
    old, new = lines_of(wording, before), lines_of(wording, now)
    found: list[Line] = []
    for tag, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Line("same", MARKS["same"], text) for text in old[a:b]]
            continue
        found += [Line("removed", MARKS["removed"], text) for text in old[a:b]]
        found += [Line("added", MARKS["added"], text) for text in new[c:d]]
    return tuple(found)
