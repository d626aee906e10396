"""A line of the queue: how grave, what, about whom, in whose hands, until when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.web.presenters.formats import State
from app.web.presenters.queue_times import Countdown, Watch
from app.work_queues.items import ItemKind, Severity
from app.work_queues.queues import QueueRow

SEVERITIES = {each: State(each.value, each.value) for each in Severity}
RANK = {each: rank for rank, each in enumerate(Severity)}
WAITING = frozenset({"ready", "triggered"})
ASIDE = frozenset({"on-hold", "snoozed"})
ENDS = {"completed": "done", "cancelled": "called off", "resolved": "resolved"}
END_OF_TIME = "9999"


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Who looks, and whose work is theirs to do; supervisors may do everybody's."""

    id: UUID
    pools: frozenset[UUID]
    everything: bool


@dataclass(frozen=True, slots=True)
class Hands:
    """Where an item is: `kind` chooses sign and colour, `who` is a person's name."""

    kind: str
    who: str
    detail: str


@dataclass(frozen=True, slots=True)
class Move:
    """A button: what is pressed, on the keyboard too."""

    name: str
    label: str
    key: str
    primary: bool = False


@dataclass(frozen=True, slots=True)
class RowView:
    """`key` orders rows as text; `moves` are those the onlooker may make now, by name."""

    id: UUID
    key: str
    kind: str
    type: str
    severity: State
    title: str
    patient: str
    mrn: str
    href: str
    whom: str
    hands: Hands
    holder: str
    due: Countdown
    occurrences: int
    level: int
    comments: int
    checklist: str
    version: int
    moves: tuple[str, ...]
    buttons: tuple[Move, ...]
    bulk: bool
    mine: bool
    closed: bool


ACKNOWLEDGE = Move("acknowledge", "Acknowledge", "a")
AT_ONCE = Move("acknowledge", "Acknowledge", "a", primary=True)
CLAIM = Move("claim", "Claim", "c")
DONE = Move("done", "Done", "d")
RESOLVE = Move("done", "Resolve", "d")
RELEASE = Move("release", "Release", "x")


def rows(
    found: Sequence[QueueRow], watch: Watch, onlooker: Onlooker, types: Mapping[str, str]
) -> tuple[RowView, ...]:
    return tuple(row(each, watch, onlooker, types) for each in found)


def row(each: QueueRow, watch: Watch, onlooker: Onlooker, types: Mapping[str, str]) -> RowView:
    moves = moves_of(each, onlooker)
    checklist = f"{each.checklist_done} of {each.checklist_total}" if each.checklist_total else ""
    return RowView(
        id=each.id,
        key=place(each),
        kind=each.kind.value,
        type=types.get(each.type, each.type),
        severity=SEVERITIES[each.severity],
        title=each.title,
        patient=each.patient_name or "",
        mrn=each.patient_mrn or "",
        href=f"/patients/{each.patient_id}" if each.patient_id else "",
        whom=each.assignee_name or each.pool_name,
        hands=hands(each, watch, onlooker),
        holder=str(each.holder_id or ""),
        due=watch.countdown(each.due_at),
        occurrences=each.occurrences,
        level=each.escalation_level,
        comments=each.comments,
        checklist=checklist,
        version=each.version,
        moves=moves,
        buttons=buttons(each, moves, onlooker),
        bulk="acknowledge" in moves and each.severity is Severity.LOW,
        mine=each.holder_id == onlooker.id,
        closed=each.closed_at is not None,
    )


def place(each: QueueRow) -> str:
    """Severity, breach time, age, as text that sorts the same way."""
    due = each.due_at.isoformat() if each.due_at else END_OF_TIME
    return f"{RANK[each.severity]} {due} {each.created_at.isoformat()} {each.id}"


def hands(each: QueueRow, watch: Watch, onlooker: Onlooker) -> Hands:
    if each.closed_at is not None:
        return Hands("done", "", f"{ENDS[each.status]} {watch.moment(each.closed_at)}")
    if each.snoozed_until is not None and each.status in ASIDE:
        return Hands("snoozed", "", f"snoozed until {watch.moment(each.snoozed_until)}")
    if each.holder_id is not None:
        return held(each, watch, onlooker)
    if each.blocked or each.status in ASIDE:
        return Hands("held-back", "", "waits for something else")
    if each.assignee_id == onlooker.id:
        return Hands("waiting", "", "waits for you")
    return Hands("waiting", "", "nobody has it")


def held(each: QueueRow, watch: Watch, onlooker: Onlooker) -> Hands:
    mine = each.holder_id == onlooker.id
    kind, who = ("me", "You") if mine else ("other", each.holder_name or "Somebody")
    since = f"since {watch.moment(each.held_since)}" if each.held_since else ""
    if each.acknowledged_until is not None:
        since = f"acknowledged until {watch.moment(each.acknowledged_until)}"
    return Hands(kind, who, since)


def moves_of(each: QueueRow, onlooker: Onlooker) -> tuple[str, ...]:
    """What may be tried; the server has the last word."""
    if each.closed_at is not None or not may_work(each, onlooker):
        return ()
    found = ["done", "handover"]
    if each.status in WAITING and each.holder_id is None:
        found.append("claim")
    if each.holder_id is not None:
        found.append("release")
    if each.kind is ItemKind.ALERT and each.status == "triggered":
        found.append("acknowledge")
    if each.severity is not Severity.CRITICAL and each.status not in ASIDE:
        found.append("snooze")
    return tuple(found)


def may_work(each: QueueRow, onlooker: Onlooker) -> bool:
    if onlooker.everything or each.holder_id == onlooker.id:
        return True
    if each.holder_id is not None:
        return False
    if each.called:
        return True
    if each.assignee_id is not None:
        return each.assignee_id == onlooker.id
    return each.pool_id in onlooker.pools


def buttons(each: QueueRow, moves: tuple[str, ...], onlooker: Onlooker) -> tuple[Move, ...]:
    """The likeliest first; the rest is in the panel and on the keyboard."""
    answer = AT_ONCE if each.severity is Severity.CRITICAL else ACKNOWLEDGE
    if "acknowledge" in moves:
        return (answer,)
    if each.holder_id == onlooker.id:
        return (DONE if each.kind is ItemKind.TASK else RESOLVE, RELEASE)
    return (CLAIM,) if "claim" in moves else ()


def in_turn(found: Sequence[QueueRow]) -> list[QueueRow]:
    """Each once, in the order of work."""
    return sorted({each.id: each for each in found}.values(), key=place)


def gone_word(each: QueueRow | None, onlooker: Onlooker, watch: Watch) -> str:
    """Why a row is no longer in the list somebody looks at."""
    if each is None:
        return "not yours to see any more"
    state = hands(each, watch, onlooker)
    if state.kind == "other":
        return f"taken by {state.who}"
    if state.kind in {"done", "snoozed", "held-back"}:
        return state.detail
    if state.kind == "me":
        return "in your hands"
    return f"with {each.assignee_name or each.pool_name} now"
