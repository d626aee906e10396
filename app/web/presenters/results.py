"""Results: what waits for the doctor, a patient's results, and one of them with its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.clinical.orders import OrderItem
from app.clinical.results import (
    CRITICAL,
    ObservationOut,
    ReportOut,
    WaitingOut,
    is_abnormal,
)
from app.web.presenters.formats import Moment, State, counted, moment, words
from app.web.presenters.patients import Choice, PatientBanner
from app.web.presenters.result_words import (
    FLAGS,
    GONE,
    STATUSES,
    FlagView,
    ValueView,
    value_view,
)
from app.web.presenters.trend import TrendView

AGES = {"new": "", "ageing": "warn", "overdue": "bad"}
VALUES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class ResultRow:
    """`waits`: nobody has acknowledged what counts."""

    id: UUID
    title: str
    at: Moment
    who: str
    state: State
    flag: FlagView | None
    values: tuple[ValueView, ...]
    more: str
    waits: bool


@dataclass(frozen=True, slots=True)
class WaitingRow:
    row: ResultRow
    number: int
    patient: str
    patient_href: str
    born: str
    mrn: str
    age: State
    needs_call: bool


@dataclass(frozen=True, slots=True)
class WaitingView:
    rows: tuple[WaitingRow, ...]
    decisions: tuple[Choice, ...]
    can_acknowledge: bool
    next_href: str | None


@dataclass(frozen=True, slots=True)
class Awaited:
    """Something ordered that has no final result yet."""

    id: UUID
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class PatientResults:
    banner: PatientBanner
    rows: tuple[ResultRow, ...]
    awaited: tuple[Awaited, ...]
    trends: tuple[TrendView, ...]
    next_href: str | None


def result_row(report: ReportOut, values: Sequence[ObservationOut]) -> ResultRow:
    """With what is not usual first: that is what the row is read for."""
    ordered = sorted(values, key=lambda each: not is_abnormal(each.flag))
    rest = len(ordered) - VALUES_SHOWN
    return ResultRow(
        id=report.id,
        title=report.title,
        at=moment(report.reported_at),
        who=report.responsible.name or "",
        state=STATUSES[report.status],
        flag=FLAGS[report.flag] if report.flag and report.status not in GONE else None,
        values=tuple(value_view(each) for each in ordered[:VALUES_SHOWN]),
        more=f"{counted(rest, 'more value')}" if rest > 0 else "",
        waits=report.unacknowledged_since is not None,
    )


def waiting_row(told: WaitingOut, values: Sequence[ObservationOut], born: str) -> WaitingRow:
    waited = "since today" if told.days == 0 else f"for {counted(told.days, 'day')}"
    label = waited if told.age == "new" else f"{told.age}, {waited}"
    return WaitingRow(
        row=result_row(told.report, values),
        number=told.report.versions,
        patient=told.patient_name,
        patient_href=f"/patients/{told.report.patient_id}/results",
        born=born,
        mrn=told.mrn,
        age=State(AGES[told.age], label),
        needs_call=told.report.flag in CRITICAL,
    )


def awaited(item: OrderItem) -> Awaited:
    return Awaited(id=item.id, name=item.name, state=words(item.status))
