"""One result with its history: what it says, what changed, who has seen it and who was told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from uuid import UUID

from app.clinical.results import (
    CRITICAL,
    AcknowledgementOut,
    CallbackOut,
    ObservationOut,
    ReadBack,
    ReportOut,
    SeriesOut,
    VersionOut,
    WholeReport,
)
from app.web.presenters.formats import Moment, State, day, moment
from app.web.presenters.patients import Choice, PatientBanner
from app.web.presenters.result_words import (
    CHOICES,
    DECISIONS,
    FLAGS,
    GONE,
    STATUSES,
    FlagView,
    ValueView,
    shown,
    trends,
    value_view,
)
from app.web.presenters.trend import TrendView


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
    sources: tuple[str, ...]
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


def result_page(
    report: WholeReport,
    series: Sequence[SeriesOut],
    *,
    banner: PatientBanner,
    is_doctor: bool,
    call: CallForm,
    zone: tzinfo,
) -> ResultPage:
    versions = [version_view(each, earlier_values(report, series, zone)) for each in report.reports]
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


def earlier_values(
    report: WholeReport, series: Sequence[SeriesOut], zone: tzinfo
) -> dict[str, str]:
    """By code: the last value before this result, in the same unit, with its day of the wall."""
    found: dict[str, str] = {}
    for each in series:
        mine = [point.at for point in each.points if point.result_id == report.id]
        if not mine:
            continue
        before = [point for point in each.points if point.at < mine[0]]
        if before:
            last = before[-1]
            found[each.code] = f"{shown(last)} on {day(last.at.astimezone(zone).date())}"
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
        sources=sources(told.observations),
        changes=tuple(
            Changed(each.name, each.before or "not reported", each.after or "not reported")
            for each in told.changes
        ),
        answer=answer(told.acknowledgement) if told.acknowledgement else None,
        calls=tuple(call_view(each, corrected=each.id in corrected) for each in told.callbacks),
    )


def sources(values: Sequence[ObservationOut]) -> tuple[str, ...]:
    """Where the ranges come from, each once, with what was judged by it."""
    found: dict[str, list[str]] = {}
    for each in values:
        if each.range_source:
            found.setdefault(each.range_source, []).append(each.name)
    if len(found) == 1:
        return tuple(found)
    return tuple(f"{source}: {', '.join(names)}" for source, names in found.items())


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
