"""Of a chart to take along: what was prescribed, what was ordered, and what came back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.clinical.formulary import Outcome
from app.clinical.orders import OrderItemOut, OrderItemStatus, OrderOut
from app.clinical.prescriptions import ItemOut, ItemStatus, PrescriptionOut
from app.clinical.results import CountingOut, ObservationOut, ReportOut, ReportStatus, is_abnormal
from app.web.presenters.chart_sections import Entry, Paragraph, Section
from app.web.presenters.formats import day, day_and_time
from app.web.presenters.orders import KINDS as ORDER_KINDS
from app.web.presenters.orders import OPEN, PRIORITIES, duplicate_of, notes_of
from app.web.presenters.orders import STATES as ORDER_STATES
from app.web.presenters.prescription_words import (
    KINDS,
    STATES,
    amount_line,
    answer_of,
    overrides_of,
    title_of,
)
from app.web.presenters.result_words import DECISIONS, GONE, STATUSES, flag_badge, value_view

IN_USE = (ItemStatus.ACTIVE, ItemStatus.ON_HOLD)
NOTHING_PRESCRIBED = "Nothing was prescribed here; other medications may be taken all the same."
IN_ERROR = "Entered in error: do not rely on it."
NOT_ACKNOWLEDGED = "Nobody has acknowledged it yet"


@dataclass(frozen=True, slots=True)
class Result:
    """`counting`: None while nothing was reported."""

    report: ReportOut
    counting: CountingOut | None


@dataclass(frozen=True, slots=True)
class Treatment:
    """Everything of each kind, the newest first; drafts are passed over."""

    prescriptions: Sequence[PrescriptionOut]
    orders: Sequence[OrderOut]
    results: Sequence[Result]


def prescribed(prescriptions: Iterable[PrescriptionOut]) -> Section:
    """What is in use comes first."""
    items = [item for one in prescriptions if one.issued_at for item in one.items]
    in_order = sorted(items, key=lambda item: item.status not in IN_USE)
    entries = tuple(medicine_entry(item) for item in in_order)
    return Section("Prescribed medication", entries, NOTHING_PRESCRIBED)


def medicine_entry(item: ItemOut) -> Entry:
    issued = f"prescribed {day_and_time(item.issued_at)} UTC" if item.issued_at else ""
    said = (amount_line(item), f"{issued} by {item.prescriber.name}".strip())
    return Entry(
        title_of(item),
        " · ".join(part for part in said if part),
        medicine_mark(item),
        tuple(medicine_paragraphs(item)),
    )


def medicine_mark(item: ItemOut) -> str:
    """How it stands, and why."""
    if item.status is ItemStatus.ENTERED_IN_ERROR:
        return f"{IN_ERROR} {item.status_reason or ''}".strip()
    said = STATES[item.status].label.capitalize()
    return f"{said}: {item.status_reason}" if item.status_reason else said


def medicine_paragraphs(item: ItemOut) -> Iterator[Paragraph]:
    yield Paragraph("How to take it", item.sig_text)
    if item.reason:
        yield Paragraph("For", item.reason)
    for row in overrides_of(item):
        yield Paragraph(f"{row.kind}: {row.state.label}", f"{row.because} {row.answer}")
    unchecked = [
        each
        for each in (item.check.findings if item.check else ())
        if each.outcome is Outcome.NOT_CHECKED
    ]
    for each in unchecked:
        label = f"{KINDS[each.kind]}: Not checked"
        yield Paragraph(label, f"{each.because} {answer_of(each)}".strip())


def ordered(orders: Iterable[OrderOut]) -> Section:
    entries = tuple(
        order_entry(order, item)
        for order in orders
        if order.placed_at
        for item in order.items
        if item.activated_at
    )
    return Section("Orders", entries, "Nothing was ordered here.")


def order_entry(order: OrderOut, item: OrderItemOut) -> Entry:
    placed = f"ordered {day_and_time(order.placed_at)} UTC" if order.placed_at else ""
    said = (
        ORDER_KINDS[item.kind],
        PRIORITIES[order.priority],
        f"{placed} by {order.orderer.name}",
    )
    again = duplicate_of(item)
    about = [*notes_of(item), *([again] if again else [])]
    return Entry(
        item.name,
        " · ".join(said),
        order_mark(item),
        (Paragraph("About it", "\n".join(about)),) if about else (),
    )


def order_mark(item: OrderItemOut) -> str:
    if item.status is OrderItemStatus.ENTERED_IN_ERROR:
        return IN_ERROR
    when = "since" if item.status in OPEN else "on"
    return f"{ORDER_STATES[item.status].label.capitalize()} {when} {day(item.status_at.date())}"


def reported(results: Iterable[Result]) -> Section:
    return Section("Results", tuple(result_entry(one) for one in results), "No result is here.")


def result_entry(result: Result) -> Entry:
    report, counting = result.report, result.counting
    collected = counting.collected_at if counting else None
    said = (
        f"reported {day_and_time(report.reported_at)} UTC",
        f"sample of {day_and_time(collected)} UTC" if collected else "",
        f"responsible {report.responsible.name}" if report.responsible.name else "",
        STATUSES[report.status].label,
    )
    return Entry(
        report.title,
        " · ".join(part for part in said if part),
        result_mark(result),
        tuple(result_paragraphs(counting)) if counting else (),
    )


def result_mark(result: Result) -> str:
    """What was withdrawn counts for nothing; else what is unusual, and that nobody looked at it."""
    report = result.report
    if report.status is ReportStatus.ENTERED_IN_ERROR:
        return IN_ERROR
    if report.status in GONE or result.counting is None:
        return ""
    marks = []
    if report.flag and is_abnormal(report.flag):
        marks.append(flag_badge(report.flag).label)
    if result.counting.acknowledgement is None:
        marks.append(NOT_ACKNOWLEDGED.lower() if marks else NOT_ACKNOWLEDGED)
    said = ", ".join(marks)
    return said[:1].upper() + said[1:]


def result_paragraphs(counting: CountingOut) -> Iterator[Paragraph]:
    if counting.observations:
        yield Paragraph("Values", "\n".join(value_line(each) for each in counting.observations))
    if counting.conclusion:
        yield Paragraph("Conclusion", counting.conclusion)
    answer = counting.acknowledgement
    if answer:
        at = f"{answer.acknowledged_by.name or ''}, {day_and_time(answer.acknowledged_at)} UTC"
        note = f": {answer.note}" if answer.note else ""
        yield Paragraph("Acknowledged", f"{DECISIONS[answer.decision]}{note} ({at})")


def value_line(observation: ObservationOut) -> str:
    """Such as "Potassium: 6.8 mmol/L, critical high (3.5 to 5.1)"."""
    view = value_view(observation)
    why = f", {view.why}" if view.why else ""
    return f"{view.name}: {view.value}, {view.flag.label}{why} ({view.range})"
