"""One order on a page of its own: its history, and a requisition on paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.clinical.orders import Orderable, OrderItemStatus, WholeOrder
from app.web.presenters.formats import Fact, Moment, State, moment
from app.web.presenters.orders import KINDS, PRIORITIES, STATES, address, notes_of
from app.web.presenters.patients import ABSENT, PatientBanner


@dataclass(frozen=True, slots=True)
class MoveRow:
    what: str
    state: State
    at: Moment
    by: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    banner: PatientBanner
    back: str
    title: str
    moves: tuple[MoveRow, ...]


def history_page(order: WholeOrder, *, banner: PatientBanner) -> HistoryPage:
    """The latest first."""
    names = {item.id: item.name for item in order.items}
    moves = [
        MoveRow(
            what=names[move.item_id],
            state=STATES[move.to_status],
            at=moment(move.moved_at),
            by=move.moved_by.name or "Dr. Assistant",
            reason=move.reason,
        )
        for move in reversed(order.history)
    ]
    placed = moment(order.placed_at).text if order.placed_at else "not placed yet"
    return HistoryPage(
        banner=banner,
        back=f"{address(banner.id)}#order-{order.id}",
        title=f"History of the order of {placed}",
        moves=tuple(moves),
    )


@dataclass(frozen=True, slots=True)
class RequisitionLine:
    name: str
    kind: str
    code: str | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Requisition:
    """`notice`: why it is not to be carried out as it stands."""

    back: str
    notice: str | None
    facts: tuple[Fact, ...]
    lines: tuple[RequisitionLine, ...]
    signed: str


def requisition(
    order: WholeOrder,
    *,
    banner: PatientBanner,
    phone: str | None,
    known: Mapping[str, Orderable],
) -> Requisition:
    """Only what is still to be done."""
    lines = [
        RequisitionLine(
            name=item.name,
            kind=KINDS[item.kind],
            code=code_of(known.get(item.orderable_key or "")),
            notes=tuple(notes_of(item)),
        )
        for item in order.items
        if item.status in (OrderItemStatus.ACTIVE, OrderItemStatus.DRAFT)
    ]
    notice = None
    if order.placed_at is None:
        notice = "This is a draft: it was not ordered."
    elif not lines:
        notice = "Nothing of this order is to be done."
    placed = order.placed_at
    return Requisition(
        back=f"{address(banner.id)}#order-{order.id}",
        notice=notice,
        facts=(
            Fact("Patient", banner.name),
            Fact("Born", f"{banner.born} ({banner.age})"),
            Fact("Sex", banner.sex),
            Fact("Record", banner.mrn),
            Fact("Phone", phone or ABSENT),
            Fact("Allergies", banner.allergies.text if banner.allergies else ABSENT),
            Fact("Priority", PRIORITIES[order.priority]),
            Fact("Ordered", ordered_on(placed)),
        ),
        lines=tuple(lines),
        signed=order.orderer.name,
    )


def ordered_on(placed: datetime | None) -> str:
    return moment(placed).text if placed else "not yet"


def code_of(one: Orderable | None) -> str | None:
    return f"LOINC {one.loinc}" if one is not None and one.loinc else None
