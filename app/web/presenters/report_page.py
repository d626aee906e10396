"""One mandatory report: its clock, what is due, what was done, its text, and who may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.crisis.reports import Channel, DraftOut, Leg, LegOut, ReportOut, ReportStatus
from app.web.presenters.choices import PickedChoice
from app.web.presenters.formats import Fact, Moment, State, words
from app.web.presenters.report_words import (
    KINDS,
    LEGS,
    Deadline,
    RuleView,
    Wall,
    rule_view,
    state_of,
)

CHANNELS = {
    Channel.FAX: "Fax",
    Channel.MAIL: "Mail",
    Channel.INTERNET_TOOL: "Internet tool",
    Channel.E_MAIL: "E-mail",
    Channel.IN_PERSON: "In person",
}
STEPS = {
    ReportStatus.OPEN: "Opened",
    ReportStatus.ORAL_MADE: "Reported by telephone",
    ReportStatus.FILED: "Filed",
    ReportStatus.FILED_LATE: "Filed late",
    ReportStatus.NOT_REQUIRED: "Held not to be required",
}


@dataclass(frozen=True, slots=True)
class LegView:
    """How one way of reporting stands; a deadline while it is open, else what became of it."""

    label: str
    deadline: Deadline | None
    state: State
    due: Moment


@dataclass(frozen=True, slots=True)
class Call:
    when: Moment
    whom: str
    detail: str


@dataclass(frozen=True, slots=True)
class Step:
    what: str
    by: str
    when: Moment
    reason: str


@dataclass(frozen=True, slots=True)
class Reader:
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class TextView:
    version: int
    text: str
    label: State
    remark: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    id: UUID
    title: str
    state: State
    patient: str
    patient_href: str
    facts: tuple[Fact, ...]
    reasons: str
    legs: tuple[LegView, ...]
    rule: RuleView
    calls: tuple[Call, ...]
    filed: tuple[Fact, ...]
    reason: str
    text: TextView
    steps: tuple[Step, ...]
    readers: tuple[Reader, ...]
    people: tuple[PickedChoice, ...]
    recipients: tuple[str, ...]
    send_to: str
    form: str
    channels: tuple[PickedChoice, ...]
    now_on_wall: str
    earliest: str
    zone: str
    now: str
    may: frozenset[str]
    note: str


def report_page(
    report: ReportOut, draft: DraftOut, wall: Wall, *, people: Mapping[UUID, str], mine: bool
) -> ReportPage:
    here = wall.now.astimezone(wall.zone)
    seen_by = {report.reporter.id} | {each.user.id for each in report.readers}
    others = sorted((name, key) for key, name in people.items() if key not in seen_by)
    return ReportPage(
        id=report.id,
        title=report.title,
        state=state_of(report),
        patient=f"{report.patient.name}, {report.patient.mrn}",
        patient_href=f"/patients/{report.patient.id}",
        facts=facts(report, wall),
        reasons=report.reasons,
        legs=tuple(leg_view(each, report, wall) for each in report.legs),
        rule=rule_view(report.rule),
        calls=tuple(
            Call(
                wall.moment(each.called_at),
                each.recipient,
                " · ".join(filter(None, [each.spoken_to, reference(each.reference)])),
            )
            for each in report.oral_reports
        ),
        filed=filed_facts(report, wall),
        reason=report.reason or "",
        text=text_view(draft, wall),
        steps=tuple(
            Step(
                STEPS[each.to_status],
                each.moved_by.name or "the system",
                wall.moment(each.moved_at),
                each.reason or "",
            )
            for each in report.history
        ),
        readers=readers_of(report),
        people=tuple(PickedChoice(str(key), name, picked=False) for name, key in others),
        recipients=tuple(report.rule.recipients),
        send_to=send_to(report),
        form=report.rule.form or "",
        channels=tuple(PickedChoice(key, label, picked=False) for key, label in CHANNELS.items()),
        now_on_wall=f"{here:%Y-%m-%dT%H:%M}",
        earliest=f"{report.formed_at.astimezone(wall.zone):%Y-%m-%dT%H:%M}",
        zone=wall.zone.key,
        now=wall.now.isoformat(),
        may=frozenset(report.moves),
        note=note_for(report, mine=mine),
    )


def facts(report: ReportOut, wall: Wall) -> tuple[Fact, ...]:
    return (
        Fact("Suspected", KINDS[report.kind]),
        Fact("Became known", wall.moment(report.formed_at).text),
        Fact("Entered", wall.moment(report.entered_at).text),
        Fact("Jurisdiction", report.jurisdiction),
        Fact("Reporter", report.reporter.name or ""),
    )


def note_for(report: ReportOut, *, mine: bool) -> str:
    if mine:
        return "The duty to report is yours in person: handing on a task does not hand it on."
    return f"Only {report.reporter.name} can report this: the duty is personal. You may read it."


def leg_view(leg: LegOut, report: ReportOut, wall: Wall) -> LegView:
    due = wall.moment(leg.due_at)
    if leg.met_at is not None:
        made = wall.moment(leg.met_at).text
        state = State("warn", f"made late, {made}") if leg.late else State("ok", f"made {made}")
        return LegView(LEGS[leg.leg], None, state, due)
    if report.closed_at is not None:
        return LegView(LEGS[leg.leg], None, State("", f"{words(report.status)}; not made"), due)
    if leg.leg is Leg.ORAL and report.status is not ReportStatus.OPEN:
        return LegView(LEGS[leg.leg], None, State("ok", "made"), due)
    deadline = wall.deadline(leg.due_at, at_once=leg.at_once)
    return LegView(LEGS[leg.leg], deadline, State("warn", "to be made"), due)


def reference(number: str | None) -> str:
    return f"reference {number}" if number else ""


def filed_facts(report: ReportOut, wall: Wall) -> tuple[Fact, ...]:
    written = report.written_report
    if written is None:
        return ()
    return tuple(
        fact
        for fact in (
            Fact("Sent", wall.moment(written.sent_at).text),
            Fact("To", "; ".join(written.recipients)),
            Fact("Form", written.form or "none"),
            Fact("By", CHANNELS[written.channel]),
            Fact("Reference", written.reference or "none"),
            Fact("Text", f"version {written.text_version}"),
            Fact("Entered", wall.moment(written.filed_at).text),
        )
    )


def text_view(draft: DraftOut, wall: Wall) -> TextView:
    label = State("draft", "draft, not filed") if draft.is_draft else State("ok", "as filed")
    if draft.version == 0:
        return TextView(0, draft.text, label, "Made from the record. Check every line.")
    by = draft.written_by.name if draft.written_by else ""
    at = wall.moment(draft.written_at).text if draft.written_at else ""
    return TextView(draft.version, draft.text, label, f"Version {draft.version}, {by}, {at}")


def readers_of(report: ReportOut) -> tuple[Reader, ...]:
    always = (
        Reader(report.reporter.name or "", "reporter"),
        Reader("Compliance", "whoever belongs to it"),
    )
    named = tuple(
        Reader(each.user.name or "", f"{each.reason} (named by {each.named_by.name})")
        for each in report.readers
    )
    return always + named


def send_to(report: ReportOut) -> str:
    """One a line: all of them where each is to be told, else whoever was called."""
    if report.rule.recipient_choice == "each":
        return "\n".join(report.rule.recipients)
    if report.oral_reports:
        return report.oral_reports[-1].recipient
    return report.rule.recipients[0] if len(report.rule.recipients) == 1 else ""


@dataclass(frozen=True, slots=True)
class PrintedReport:
    id: UUID
    title: str
    notice: str
    paragraphs: tuple[tuple[str, ...], ...]
    footer: str


def printed(report: ReportOut, draft: DraftOut, wall: Wall) -> PrintedReport:
    """Whatever was not filed says so on every sheet."""
    filed = report.written_report
    notice = "DRAFT: this has not been filed."
    if filed is not None:
        notice = f"Filed: sent {wall.moment(filed.sent_at).text} to {'; '.join(filed.recipients)}."
    blocks = [tuple(block.splitlines()) for block in draft.text.strip().split("\n\n")]
    made = f"Text version {draft.version}" if draft.version else "Made from the record, unchecked"
    return PrintedReport(
        id=report.id,
        title=report.title,
        notice=notice,
        paragraphs=tuple(block for block in blocks if block),
        footer=f"{made} · printed {wall.moment(wall.now).text} ({wall.zone.key}) · confidential",
    )
