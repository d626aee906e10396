"""The queue as a page: what is shown of it, saved views, filters with their counts, the list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from app.web.presenters.choices import PickedChoice
from app.web.presenters.formats import counted
from app.web.presenters.queue_rows import Move, RowView
from app.web.presenters.queue_shown import OPEN, TODO, Shown, shown_from
from app.work_queues.items import Severity
from app.work_queues.queues import Due, QueueCounts, QueueState, QueueView

STATES = (
    (TODO, "to do"),
    (OPEN, "everything open"),
    (QueueState.WAITING.value, "waiting"),
    (QueueState.HELD.value, "in hands"),
    (QueueState.SNOOZED.value, "snoozed"),
    (QueueState.BLOCKED.value, "held back"),
    (QueueState.CLOSED.value, "closed today"),
)
KINDS = (("", "tasks and alerts"), ("task", "tasks"), ("alert", "alerts"))
DUES = (
    (Due.OVERDUE.value, "overdue"),
    (Due.HOUR.value, "within the hour"),
    (Due.TODAY.value, "today"),
)
KEYS = (
    ("j", "Next row (or arrow down)"),
    ("k", "Previous row (or arrow up)"),
    ("Enter", "Open the row beside the list"),
    ("Esc", "Close what is beside the list"),
    ("c", "Claim"),
    ("x", "Release"),
    ("d", "Done, or resolve"),
    ("a", "Acknowledge"),
    ("s", "Snooze"),
    ("h", "Hand over"),
    ("H", "Hand over the whole shift"),
    ("o", "Open the chart"),
    ("n", "Claim the next one"),
    ("t", "New task"),
    ("A", "New alert"),
    ("f", "Filters"),
    (".", "Show what is new"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SavedView:
    id: UUID
    name: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """One box to tick; `count` names the number it shows, which the page keeps true."""

    value: str
    label: str
    picked: bool
    count: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    mine: Chip
    pools: tuple[Chip, ...]
    severities: tuple[Chip, ...]
    dues: tuple[Chip, ...]
    kinds: tuple[PickedChoice, ...]
    types: tuple[PickedChoice, ...]
    states: tuple[PickedChoice, ...]
    patient_id: str
    patient: str
    is_set: bool


@dataclass(frozen=True, slots=True)
class Empty:
    title: str
    text: str
    href: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class ListView:
    """What is asked for anew: the rows, and where they go on."""

    rows: tuple[RowView, ...]
    more: str
    now: str
    empty: Empty
    summary: str
    shown: str


@dataclass(frozen=True, slots=True)
class Gone:
    """A row that is in the list no longer, and why."""

    id: UUID
    word: str


@dataclass(frozen=True, slots=True)
class ChangedRows:
    rows: tuple[RowView, ...]
    gone: tuple[Gone, ...]
    now: str


@dataclass(frozen=True, slots=True)
class Tab:
    href: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    list: ListView
    views: tuple[SavedView, ...]
    everything_current: bool
    filters: Filters
    query: str
    zone: str
    tabs: tuple[Tab, ...]
    keys: tuple[tuple[str, str], ...]
    next_pool: str
    choices: dict[str, Any]
    panel: Any


def tabs(path: str, *, supervises: bool) -> tuple[Tab, ...]:
    places = [("/queue", "Queue"), ("/queue/roster", "Roster")]
    if supervises:
        places += [("/queue/board", "Board"), ("/queue/ladders", "Ladders and types")]
    return tuple(Tab(href, label, href == path) for href, label in places)


def views(saved: Sequence[QueueView], shown: Shown) -> tuple[SavedView, ...]:
    found = []
    for each in saved:
        its = shown_from(each.filter)
        found.append(SavedView(each.id, each.name, f"/queue?{its.query}", its == shown))
    return tuple(found)


def up_to(number: int, most: int) -> str:
    return f"{number}+" if number >= most else str(number)


def filters(shown: Shown, counts: QueueCounts, types: Mapping[str, str], patient: str) -> Filters:
    def said(number: int) -> str:
        return up_to(number, counts.counted_up_to)

    def total(name: str) -> str:
        return said(sum(getattr(each, name) for each in counts.pools))

    mine = counts.mine
    pools = tuple(
        Chip(
            str(each.pool_id), each.name, each.pool_id in shown.pool,
            f"pool:{each.pool_id}", said(each.waiting),
        )
        for each in counts.pools
    )  # fmt: skip
    numbers = {Severity.CRITICAL: ("critical", total("critical"))}
    return Filters(
        mine=Chip("1", "Mine", shown.mine, "mine", said(mine.held + mine.waiting)),
        pools=pools,
        severities=tuple(
            Chip(each.value, each.value, each in shown.severity, *numbers.get(each, ()))
            for each in Severity
        ),
        dues=tuple(
            Chip(
                value, label, shown.due == value,
                *(("overdue", total("overdue")) if value == Due.OVERDUE else ()),
            )
            for value, label in DUES
        ),
        kinds=picked(KINDS, shown.kind or ""),
        types=picked([("", "any type"), *types.items()], shown.type or ""),
        states=picked(STATES, shown.state),
        patient_id=str(shown.patient_id or ""),
        patient=patient,
        is_set=not shown.is_plain,
    )  # fmt: skip


def picked(choices: Sequence[tuple[str, str]], value: str) -> tuple[PickedChoice, ...]:
    return tuple(PickedChoice(each, label, each == value) for each, label in choices)


def list_view(
    found: tuple[RowView, ...], shown: Shown, now: str, next_cursor: str | None
) -> ListView:
    more = ""
    if next_cursor:
        more = "&".join(filter(None, [shown.query, urlencode({"cursor": next_cursor})]))
    return ListView(
        rows=found,
        more=more,
        now=now,
        empty=nothing(shown),
        summary=summary(found, more=bool(next_cursor)),
        shown=dict(STATES)[shown.state],
    )


def summary(found: Sequence[RowView], *, more: bool) -> str:
    if not found:
        return "nothing"
    return counted(len(found), "row") + (" and more" if more else "")


def nothing(shown: Shown) -> Empty:
    """An empty list says what to do next."""
    if shown.is_plain:
        return Empty(
            "Nothing waits for you.",
            "Whatever comes appears here by itself. Press t for a new task.",
        )
    if replace(shown, state=TODO).is_plain:
        return Empty(
            "Nothing here.", "There is none in this state now.", "/queue", "Show what is to do"
        )
    return Empty(
        "Nothing fits these filters.",
        "There may be work outside of them.",
        "/queue",
        "Clear all filters",
    )


def panel_buttons(moves: Sequence[str], kind: str) -> tuple[Move, ...]:
    done = "Done" if kind == "task" else "Resolve"
    every = (
        Move("acknowledge", "Acknowledge", "a", primary=True),
        Move("claim", "Claim", "c", primary="acknowledge" not in moves),
        Move("done", done, "d", primary="release" in moves and "acknowledge" not in moves),
        Move("release", "Release", "x"),
        Move("snooze", "Snooze…", "s"),
        Move("handover", "Hand over…", "h"),
        Move("escalate", "Escalate now", ""),
        Move("cancel", "Call off…", ""),
    )
    return tuple(each for each in every if each.name in moves)
