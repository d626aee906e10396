"""A patient's list of problems: what goes on, what is over, what the free text still holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from uuid import UUID

from app.clinical.problems import (
    CardLines,
    ClinicalStatus,
    CodeOut,
    ProblemOut,
    ReleaseOut,
    Severity,
    VerificationStatus,
)
from app.web.presenters.formats import MONTHS, State, day
from app.web.presenters.patients import Choice, PatientBanner
from app.web.presenters.wall_time import wall_day

COURSES: Mapping[ClinicalStatus, State] = {
    ClinicalStatus.ACTIVE: State("", "active"),
    ClinicalStatus.RECURRENCE: State("warn", "came back"),
    ClinicalStatus.REMISSION: State("ok", "in remission"),
    ClinicalStatus.RESOLVED: State("ok", "resolved"),
    ClinicalStatus.INACTIVE: State("", "not followed"),
}
SURENESS: Mapping[VerificationStatus, State | None] = {
    VerificationStatus.CONFIRMED: None,
    VerificationStatus.UNCONFIRMED: State("warn", "unconfirmed"),
    VerificationStatus.PROVISIONAL: State("warn", "provisional"),
    VerificationStatus.DIFFERENTIAL: State("warn", "differential"),
    VerificationStatus.REFUTED: State("bad", "refuted"),
    VerificationStatus.ENTERED_IN_ERROR: State("bad", "entered in error"),
}
GOING_ON = frozenset({ClinicalStatus.ACTIVE, ClinicalStatus.RECURRENCE})
NOT_SO = frozenset({VerificationStatus.REFUTED, VerificationStatus.ENTERED_IN_ERROR})
SEVERITIES = (
    Choice("", "Not said"),
    *(Choice(severity.value, severity.value.capitalize()) for severity in Severity),
)
SURE_CHOICES = (
    Choice("confirmed", "Confirmed"),
    Choice("provisional", "Provisional"),
    Choice("differential", "Differential"),
    Choice("unconfirmed", "Unconfirmed"),
)
NO_RELEASE = (
    "No release of ICD-10-CM is loaded, so that codes cannot be searched. Problems can be recorded "
    "in words; an administrator loads codes with ./dra icd10 load."
)


@dataclass(frozen=True, slots=True)
class ProblemRow:
    id: UUID
    version: int
    code: str
    description: str
    detail: str
    note: str
    course: State
    sureness: State | None
    onset: str
    severity: str
    goes_on: bool
    changeable: bool
    refutable: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A line of the free-text list that became no problem yet."""

    line: str
    code: str
    description: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ProblemsPage:
    banner: PatientBanner
    release: str
    missing: str
    active: tuple[ProblemRow, ...]
    over: tuple[ProblemRow, ...]
    wrong: tuple[ProblemRow, ...]
    offers: tuple[Offer, ...]
    offers_absent: str
    can_write: bool
    severities: tuple[Choice, ...] = SEVERITIES
    sure_choices: tuple[Choice, ...] = SURE_CHOICES


def problems_page(
    found: Iterable[ProblemOut],
    card: CardLines,
    *,
    banner: PatientBanner,
    release: ReleaseOut | None,
    can_write: bool,
    zone: tzinfo,
) -> ProblemsPage:
    rows = [(problem, row(problem, zone)) for problem in found]
    return ProblemsPage(
        banner=banner,
        release=release_line(release),
        missing="" if release else NO_RELEASE,
        active=tuple(r for p, r in rows if is_active(p)),
        over=tuple(r for p, r in rows if not is_active(p) and not is_wrong(p)),
        wrong=tuple(r for p, r in rows if is_wrong(p)),
        offers=tuple(
            offer(line.line, line.suggestion) for line in card.items if line.problem_id is None
        ),
        offers_absent=absence(card),
        can_write=can_write,
    )


def is_active(problem: ProblemOut) -> bool:
    return problem.clinical_status in GOING_ON and not is_wrong(problem)


def is_wrong(problem: ProblemOut) -> bool:
    return problem.verification_status in NOT_SO


def row(problem: ProblemOut, zone: tzinfo) -> ProblemRow:
    return ProblemRow(
        id=problem.id,
        version=problem.version,
        code=problem.code or "",
        description=problem.description,
        detail=detail(problem, zone),
        note=problem.note or "",
        course=COURSES[problem.clinical_status],
        sureness=SURENESS[problem.verification_status],
        onset=problem.onset or "",
        severity=problem.severity or "",
        goes_on=problem.clinical_status in GOING_ON,
        changeable=problem.verification_status is not VerificationStatus.ENTERED_IN_ERROR,
        refutable=problem.verification_status is not VerificationStatus.REFUTED,
    )


def detail(problem: ProblemOut, zone: tzinfo = UTC) -> str:
    parts = (
        f"{problem.code} ({problem.release})" if problem.code else "without a code",
        f"since {onset(problem.onset)}" if problem.onset else "",
        f"until {day(problem.abated_on)}" if problem.abated_on else "",
        problem.severity or "",
        f"recorded {day(wall_day(problem.recorded_at, zone))} by {problem.recorded_by.name}",
    )
    return " · ".join(part for part in parts if part)


def onset(said: str) -> str:
    """2019, May-2019 or 14-May-2019: as much as is known."""
    year, *rest = said.split("-")
    if not rest:
        return year
    if len(rest) == 1:
        return f"{MONTHS[int(rest[0]) - 1]}-{year}"
    return day(date.fromisoformat(said))


def offer(line: str, meant: CodeOut | None) -> Offer:
    if meant is None:
        return Offer(line, "", "", "No code goes by these words.")
    return Offer(line, meant.code, meant.description, f"Perhaps {meant.code} {meant.description}")


def absence(card: CardLines) -> str:
    if not card.recorded:
        return "Nobody has written anything in the record's list of problems."
    if not card.items:
        return "The record says: no known problems."
    return "Every line of the record was taken over."


def release_line(release: ReleaseOut | None) -> str:
    if release is None:
        return ""
    return f"Codes of {release.name} (published {day(release.published_on)})"
