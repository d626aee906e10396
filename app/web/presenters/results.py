"""Results: what waits for the doctor, a patient's results, and one of them with its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID

from app.clinical.orders import OrderItem
from app.clinical.results import (
    CRITICAL,
    AcknowledgementOut,
    AnalyteOut,
    CallbackOut,
    ObservationOut,
    ReadBack,
    ReportOut,
    ReportStatus,
    SeriesOut,
    VersionOut,
    WaitingOut,
    WholeReport,
    is_abnormal,
)
from app.web.presenters.formats import Moment, State, counted, day, moment, words
from app.web.presenters.patients import Choice, PatientBanner
from app.web.presenters.result_words import (
    DECISIONS,
    FLAGS,
    STATUSES,
    FlagView,
    ValueView,
    shown,
    trends,
    value_view,
)
from app.web.presenters.trend import TrendView, plain

AGES = {"new": "", "ageing": "warn", "overdue": "bad"}
VALUES_SHOWN = 4
GONE = frozenset({ReportStatus.CANCELLED, ReportStatus.ENTERED_IN_ERROR})
CHOICES = tuple(Choice(decision.value, label) for decision, label in DECISIONS.items())


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


@dataclass(frozen=True, slots=True)
class Call:
    told: str
    at: Moment
    by: str
    read_back: State
    remark: str
    corrected: bool
    corrects: bool
    id: UUID


@dataclass(frozen=True, slots=True)
class Answer:
    decision: str
    note: str
    by: str
    at: Moment
    task_href: str | None


@dataclass(frozen=True, slots=True)
class Changed:
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class VersionView:
    number: int
    state: State
    flag: FlagView
    issued: Moment
    collected: Moment | None
    by: str
    conclusion: str
    values: tuple[ValueView, ...]
    changes: tuple[Changed, ...]
    answer: Answer | None
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Passed:
    at: Moment
    what: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class CallForm:
    """`now`, `local`: the moment the form begins with; `zone`: of the clinic."""

    people: tuple[Choice, ...]
    zone: str
    now: str
    local: str


@dataclass(frozen=True, slots=True)
class ResultPage:
    """`current`: the version that counts; None: nothing was reported yet."""

    id: UUID
    banner: PatientBanner
    title: str
    state: State
    flag: FlagView | None
    responsible: str
    source: str
    current: VersionView | None
    earlier: tuple[VersionView, ...]
    trends: tuple[TrendView, ...]
    history: tuple[Passed, ...]
    decisions: tuple[Choice, ...]
    can_acknowledge: bool
    can_report: bool
    is_critical: bool
    needs_call: bool
    call: CallForm
    withdrawn: bool


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


def result_page(
    report: WholeReport,
    series: Sequence[SeriesOut],
    *,
    banner: PatientBanner,
    is_doctor: bool,
    call: CallForm,
    zone: tzinfo,
) -> ResultPage:
    versions = [version_view(each, earlier_values(report, series)) for each in report.reports]
    withdrawn = report.status in GONE
    current = versions[0] if versions else None
    critical = report.flag in CRITICAL and not withdrawn
    return ResultPage(
        id=report.id,
        banner=banner,
        title=report.title,
        state=STATUSES[report.status],
        flag=FLAGS[report.flag] if report.flag else None,
        responsible=report.responsible.name or "",
        source=source_words(report),
        current=current,
        earlier=tuple(versions[1:]),
        trends=trends(series, zone),
        history=tuple(
            Passed(
                at=moment(move.at),
                what=STATUSES[move.to_status].label,
                by=move.by.name or "by itself",
                reason=move.reason or "",
            )
            for move in report.moves
        ),
        decisions=CHOICES,
        can_acknowledge=is_doctor and current is not None and not current.answer and not withdrawn,
        can_report=report.status not in GONE,
        is_critical=critical,
        needs_call=critical and current is not None and not is_called(current),
        call=call,
        withdrawn=withdrawn,
    )


def is_called(version: VersionView) -> bool:
    return any(each.read_back.kind == "ok" and not each.corrected for each in version.calls)


def earlier_values(report: WholeReport, series: Sequence[SeriesOut]) -> dict[str, str]:
    """By code: the last value before this result, in the same unit, with its day."""
    found: dict[str, str] = {}
    for each in series:
        mine = [point.at for point in each.points if point.result_id == report.id]
        if not mine:
            continue
        before = [point for point in each.points if point.at < mine[0]]
        if before:
            last = before[-1]
            found[each.code] = f"{shown(last)} on {day(last.at.date())}"
    return found


def version_view(told: VersionOut, before: Mapping[str, str]) -> VersionView:
    corrected = {each.corrects_id for each in told.callbacks}
    return VersionView(
        number=told.number,
        state=STATUSES[told.status],
        flag=FLAGS[told.flag],
        issued=moment(told.issued_at),
        collected=moment(told.collected_at) if told.collected_at else None,
        by=told.reported_by.name or "an import",
        conclusion=told.conclusion or "",
        values=tuple(
            value_view(each, before.get(each.code or "", "")) for each in told.observations
        ),
        changes=tuple(
            Changed(each.name, each.before or "not reported", each.after or "not reported")
            for each in told.changes
        ),
        answer=told.acknowledgement and answer(told.acknowledgement),
        calls=tuple(call_view(each, corrected=each.id in corrected) for each in told.callbacks),
    )


def answer(told: AcknowledgementOut) -> Answer:
    return Answer(
        decision=DECISIONS[told.decision],
        note=told.note or "",
        by=told.acknowledged_by.name or "",
        at=moment(told.acknowledged_at),
        task_href=f"/queue?item={told.follow_up_task_id}" if told.follow_up_task_id else None,
    )


def call_view(told: CallbackOut, *, corrected: bool) -> Call:
    read = told.read_back is ReadBack.YES
    return Call(
        told=told.told,
        at=moment(told.told_at),
        by=told.called_by.name or "",
        read_back=State("ok", "read back") if read else State("warn", "not read back"),
        remark=told.remark or "",
        corrected=corrected,
        corrects=told.corrects_id is not None,
        id=told.id,
    )


def source_words(report: ReportOut) -> str:
    how = {"hand": "entered by hand", "file": "from a file", "api": "sent by a program"}
    number = f", number {report.external_id}" if report.external_id else ""
    return how[report.source] + number


def call_form(people: Sequence[tuple[UUID, str]], now: datetime, zone: tzinfo) -> CallForm:
    return CallForm(
        people=tuple(Choice(str(user_id), name) for user_id, name in people),
        zone=str(zone),
        now=now.isoformat(),
        local=now.astimezone(zone).strftime("%Y-%m-%dT%H:%M"),
    )


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A line of the form; what is not known is typed."""

    code: str
    name: str
    value: str
    unit: str
    low: str
    high: str
    critical_low: str
    critical_high: str
    hint: str


@dataclass(frozen=True, slots=True)
class EntryPage:
    """`again`: the result that is reported once more; None: the first report of it."""

    banner: PatientBanner
    title: str
    action: str
    back: str
    rows: tuple[EntryRow, ...]
    statuses: tuple[Choice, ...]
    conclusion: str
    again: bool
    zone: str
    now: str
    local: str


def entry_row(analyte: AnalyteOut) -> EntryRow:
    """The range is a hint, not the laboratory's own: sent along it would win over ours."""
    said = [f"usual {limit}" for limit in (limits(analyte.low, analyte.high),) if limit]
    return EntryRow(
        code=analyte.code,
        name=analyte.name,
        value="",
        unit=analyte.unit,
        low="",
        high="",
        critical_low="",
        critical_high="",
        hint=", ".join(said),
    )


def limits(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return ""
    if low is None:
        return f"up to {plain(high)}"
    return f"from {plain(low)}" if high is None else f"{plain(low)} to {plain(high)}"


def again_row(told: ObservationOut) -> EntryRow:
    """What was reported before; the laboratory's own limits stay its own."""
    own = told.range_source is not None and told.range_source.startswith("the laboratory")

    def typed(value: float | None) -> str:
        return plain(value) if value is not None and own else ""

    return EntryRow(
        code=told.code or "",
        name=told.name,
        value=shown(told),
        unit=told.unit or "",
        low=typed(told.low),
        high=typed(told.high),
        critical_low="",
        critical_high="",
        hint="" if own else limits(told.low, told.high),
    )


FIRST = (Choice("final", "Final"), Choice("preliminary", "Preliminary"))
NEXT: dict[Any, tuple[Choice, ...]] = {
    ReportStatus.REGISTERED: FIRST,
    ReportStatus.PRELIMINARY: FIRST,
    ReportStatus.FINAL: (Choice("corrected", "Corrected"),),
    ReportStatus.CORRECTED: (Choice("corrected", "Corrected again"),),
}
