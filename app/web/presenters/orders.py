"""A patient's orders in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.clinical.orders import (
    OrderBoard,
    OrderItemOut,
    OrderItemStatus,
    OrderKind,
    OrderOut,
    OrderPriority,
    OrderSetOut,
)
from app.web.presenters.formats import Moment, State, counted, day, moment
from app.web.presenters.patients import PatientBanner

KINDS = {
    OrderKind.LAB: "Laboratory",
    OrderKind.IMAGING: "Imaging",
    OrderKind.PROCEDURE: "Procedure",
    OrderKind.REFERRAL: "Referral",
}
PRIORITIES = {
    OrderPriority.STAT: "At once (stat)",
    OrderPriority.ASAP: "As soon as possible",
    OrderPriority.URGENT: "Urgent",
    OrderPriority.ROUTINE: "Routine",
}
STATES = {
    OrderItemStatus.DRAFT: State("draft", "draft"),
    OrderItemStatus.ACTIVE: State("busy", "active"),
    OrderItemStatus.ON_HOLD: State("warn", "on hold"),
    OrderItemStatus.REVOKED: State("", "revoked"),
    OrderItemStatus.COMPLETED: State("ok", "completed"),
    OrderItemStatus.ENTERED_IN_ERROR: State("bad", "entered in error"),
}
OPEN = (OrderItemStatus.ACTIVE, OrderItemStatus.ON_HOLD)
ENDED = (OrderItemStatus.COMPLETED, OrderItemStatus.REVOKED, OrderItemStatus.ENTERED_IN_ERROR)
MONTH_DAYS, WEEK_DAYS = 60, 14


@dataclass(frozen=True, slots=True)
class ItemRow:
    """`can_...`: what the reader may do with it now."""

    id: UUID
    name: str
    kind: str
    state: State
    notes: tuple[str, ...]
    duplicate: str | None
    can_collect: bool
    can_complete: bool
    can_hold: bool
    can_resume: bool
    can_change: bool


@dataclass(frozen=True, slots=True)
class OrderCard:
    id: UUID
    age: str
    placed: Moment
    by: str
    items: tuple[ItemRow, ...]


@dataclass(frozen=True, slots=True)
class PriorityGroup:
    key: str
    title: str
    orders: tuple[OrderCard, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """What the element in which orders are made is given."""

    data: Mapping[str, Any]
    sets: tuple[tuple[str, str], ...]
    priorities: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """`desk`: None for those who do not order."""

    banner: PatientBanner
    open: tuple[PriorityGroup, ...]
    open_count: int
    ended: tuple[OrderCard, ...]
    first_page: bool
    next_href: str | None
    desk: Desk | None
    note_href: str | None


def address(patient_id: UUID) -> str:
    return f"/patients/{patient_id}/orders"


def orders_page(
    board: OrderBoard,
    *,
    banner: PatientBanner,
    sets: Sequence[OrderSetOut],
    is_doctor: bool,
    now: datetime,
    first_page: bool,
    note_id: UUID | None = None,
) -> OrdersPage:
    cursor = board.page.next_cursor
    groups = open_groups(board.waiting, is_doctor=is_doctor, now=now)
    return OrdersPage(
        banner=banner,
        open=groups,
        open_count=sum(len(card.items) for group in groups for card in group.orders),
        ended=cards(board.page.items, ENDED, is_doctor=is_doctor, now=now),
        first_page=first_page,
        next_href=f"{address(banner.id)}?cursor={cursor}#ended" if cursor else None,
        desk=desk(board, banner.id, sets) if is_doctor and first_page else None,
        note_href=f"/notes/{note_id}" if note_id else None,
    )


def open_groups(
    waiting: Sequence[OrderOut], *, is_doctor: bool, now: datetime
) -> tuple[PriorityGroup, ...]:
    """The most urgent first, the oldest first in each."""
    groups = []
    for priority, title in PRIORITIES.items():
        these = [order for order in waiting if order.priority is priority]
        shown = cards(these, OPEN, is_doctor=is_doctor, now=now)
        if shown:
            groups.append(PriorityGroup(priority.value, title, shown))
    return tuple(groups)


def cards(
    orders: Iterable[OrderOut],
    states: tuple[OrderItemStatus, ...],
    *,
    is_doctor: bool,
    now: datetime,
) -> tuple[OrderCard, ...]:
    found = []
    for order in orders:
        items = [item for item in order.items if item.status in states]
        if items and order.placed_at is not None:
            found.append(
                OrderCard(
                    id=order.id,
                    age=age_of(now, order.placed_at),
                    placed=moment(order.placed_at),
                    by=order.orderer.name,
                    items=tuple(item_row(item, is_doctor=is_doctor) for item in items),
                )
            )
    return tuple(found)


def age_of(now: datetime, then: datetime) -> str:
    """How long somebody has waited for it."""
    days = (now - then).days
    if days < 1:
        return "less than a day"
    if days < WEEK_DAYS:
        return counted(days, "day")
    return counted(days // 7, "week") if days < MONTH_DAYS else counted(days // 30, "month")


def item_row(item: OrderItemOut, *, is_doctor: bool) -> ItemRow:
    active = item.status is OrderItemStatus.ACTIVE
    ended = item.status in (OrderItemStatus.REVOKED, OrderItemStatus.ENTERED_IN_ERROR)
    return ItemRow(
        id=item.id,
        name=item.name,
        kind=KINDS[item.kind],
        state=STATES[item.status],
        notes=tuple(notes_of(item)),
        duplicate=duplicate_of(item),
        can_collect=active and item.specimen is not None and item.collected_at is None,
        can_complete=active or item.status is OrderItemStatus.ON_HOLD,
        can_hold=is_doctor and active,
        can_resume=is_doctor and item.status is OrderItemStatus.ON_HOLD,
        can_change=is_doctor and not ended,
    )


def notes_of(item: OrderItemOut) -> Iterable[str]:
    if item.reason:
        yield f"For: {item.reason}"
    if item.instructions:
        yield item.instructions
    if item.wanted_on:
        yield f"Wanted on {day(item.wanted_on)}"
    if item.collected_by and item.collected_at:
        yield f"Specimen taken by {item.collected_by.name}, {moment(item.collected_at).text}"
    else:
        yield from hints(item.specimen, item.fasting_hours)


def hints(specimen: str | None, fasting_hours: int | None) -> Iterable[str]:
    if specimen:
        yield f"Specimen: {specimen}"
    if fasting_hours:
        yield f"Fasting for {fasting_hours} hours"


def duplicate_of(item: OrderItemOut) -> str | None:
    if item.earlier is None or item.duplicate_reason is None:
        return None
    before = item.earlier
    return (
        f"Ordered before ({before.name}, {day(before.on)}), again because: {item.duplicate_reason}"
    )


def desk(board: OrderBoard, patient_id: UUID, sets: Sequence[OrderSetOut]) -> Desk:
    draft = board.drafts[0] if board.drafts else None
    return Desk(
        data={
            "patient_id": str(patient_id),
            "order": draft.model_dump(mode="json") if draft else None,
            "sets": {
                str(one.id): [
                    {"key": item.orderable.key, "name": item.orderable.name, "ticked": item.ticked}
                    for item in one.items
                ]
                for one in sets
            },
            "kinds": {kind.value: word for kind, word in KINDS.items()},
            "states": {state.value: word.label for state, word in STATES.items()},
        },
        sets=tuple(
            (str(one.id), one.name if not one.mine else f"{one.name} (mine)") for one in sets
        ),
        priorities=tuple(
            (priority.value, words) for priority, words in reversed(PRIORITIES.items())
        ),
    )
