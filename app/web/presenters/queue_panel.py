"""One task or alert beside the list: what it is, what may be done, what was, what will be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.web.presenters.formats import Fact, State
from app.web.presenters.queue import panel_buttons
from app.web.presenters.queue_rows import ENDS, SEVERITIES, Hands, Move
from app.web.presenters.queue_times import Countdown, Watch
from app.work_queues.alerts import AlertOut
from app.work_queues.escalations import PlannedStep
from app.work_queues.items import Change, History, ItemOut, MoveOut
from app.work_queues.tasks import TaskOut

# The nouns of the API, and what the page calls them.
MOVES = {
    "claim": "claim",
    "release": "release",
    "handover": "handover",
    "snooze": "snooze",
    "escalation": "escalate",
    "acknowledgement": "acknowledge",
    "resolution": "done",
    "completion": "done",
    "cancellation": "cancel",
}
TARGETS = {"holder": "whoever holds it, or is on duty", "everybody": "everybody"}
SUBJECTS = {
    "note": ("/notes/{}", "Open the note"),
    "recording": ("/recordings/{}", "Open the recording"),
    "order": ("/orders/{}", "Open the order"),
    "encounter": ("/encounters/{}", "Open the encounter"),
    "mandatory_report": ("/reports/{}", "Open the report"),
    "crisis-episode": ("/crisis/{}", "Open the crisis episode"),
    "patient": ("/patients/{}/risk", "Look at the risk"),
    "diagnostic_report": ("/results/{}", "Open the result"),
    "break_glass_grant": ("/access#grant-{}", "Review who broke the glass"),
}
REPEATS = {"FREQ=DAILY": "every day", "FREQ=WEEKLY": "every week", "FREQ=MONTHLY": "every month"}
WORDS = {
    Change.OPENED: "opened",
    Change.OCCURRED_AGAIN: "occurred again",
    Change.CLAIMED: "claimed",
    Change.RELEASED: "released",
    Change.LEASE_ENDED: "back in the queue: the holder was gone",
    Change.HANDED_OVER: "handed over",
    Change.ACKNOWLEDGED: "acknowledged",
    Change.TRIGGERED_AGAIN: "triggered again",
    Change.ESCALATED: "escalated",
    Change.SNOOZED: "snoozed",
    Change.HELD_BACK: "held back: waits for something else",
    Change.WOKEN: "back in the queue",
    Change.EDITED: "changed",
    Change.COMMENTED: "commented",
    Change.COMPLETED: "done",
    Change.CANCELLED: "called off",
    Change.RESOLVED: "resolved",
}


@dataclass(frozen=True, slots=True)
class Said:
    by: str
    when: str
    iso: str
    text: str


@dataclass(frozen=True, slots=True)
class Linked:
    href: str
    label: str
    detail: str


@dataclass(frozen=True, slots=True)
class StepToTick:
    position: int
    label: str
    done: bool
    by: str


@dataclass(frozen=True, slots=True)
class Passed:
    """One line of history."""

    when: str
    iso: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class TaskForm:
    """What may be changed of a task, as the form has it; the moment is on the clinic's wall."""

    action: str
    version: int
    due: str
    severities: tuple[State, ...]


@dataclass(frozen=True, slots=True)
class PanelView:
    id: UUID
    kind: str
    severity: State
    title: str
    body: str
    hands: Hands
    due: Countdown
    patient: str
    mrn: str
    href: str
    moves: tuple[str, ...]
    buttons: tuple[Move, ...]
    facts: tuple[Fact, ...]
    subject: Linked | None
    form: TaskForm | None
    may_tick: bool
    steps: tuple[StepToTick, ...]
    waits_for: tuple[Linked, ...]
    waits_for_cause: bool
    next_steps: tuple[Passed, ...]
    comments: tuple[Said, ...]
    links: tuple[Linked, ...]
    history: tuple[Passed, ...]


def panel(
    item: AlertOut | TaskOut,
    history: History,
    watch: Watch,
    onlooker_id: UUID,
    types: Mapping[str, str],
) -> PanelView:
    moves = tuple(MOVES[each] for each in item.moves if each in MOVES)
    task = item if isinstance(item, TaskOut) else None
    return PanelView(
        id=item.id,
        kind=item.kind.value,
        severity=SEVERITIES[item.severity],
        title=item.title,
        body=item.body or "",
        hands=hands(item, watch, onlooker_id),
        due=watch.countdown(item.due_at),
        patient=item.patient.name if item.patient else "",
        mrn=item.patient.mrn if item.patient else "",
        href=f"/patients/{item.patient.id}" if item.patient else "",
        moves=moves,
        buttons=panel_buttons(moves, item.kind),
        facts=facts(item, watch, types),
        subject=subject(item),
        form=task_form(task, watch) if task and "edit" in task.moves else None,
        may_tick="checklist" in item.moves,
        steps=steps(task) if task else (),
        waits_for=dependencies(task) if task else (),
        waits_for_cause=bool(task and task.waits_for_cause and not item.closed_at),
        next_steps=tuple(ahead(each, watch) for each in item.escalations),
        comments=comments(item, watch),
        links=tuple(Linked(each.url, each.label, each.added_by.name or "") for each in item.links),
        history=tuple(passed(each, watch) for each in reversed(history.items)),
    )


def task_form(task: TaskOut, watch: Watch) -> TaskForm:
    due = task.due_at.astimezone(watch.zone).strftime("%Y-%m-%dT%H:%M") if task.due_at else ""
    return TaskForm(f"/api/v1/tasks/{task.id}", task.version, due, tuple(SEVERITIES.values()))


def hands(item: ItemOut, watch: Watch, onlooker_id: UUID) -> Hands:
    if item.closed_at is not None:
        return Hands("done", "", f"{ENDS[item.status]} {watch.moment(item.closed_at)}")
    if item.snoozed_until is not None:
        return Hands("snoozed", "", f"snoozed until {watch.moment(item.snoozed_until)}")
    if item.holder is None:
        return Hands("waiting", "", "nobody has it")
    mine = item.holder.id == onlooker_id
    since = f"since {watch.moment(item.held_since)}" if item.held_since else ""
    if item.acknowledged_until is not None:
        since = f"acknowledged until {watch.moment(item.acknowledged_until)}"
    who = "You" if mine else item.holder.name or "Somebody"
    return Hands("me" if mine else "other", who, since)


def facts(item: AlertOut | TaskOut, watch: Watch, types: Mapping[str, str]) -> tuple[Fact, ...]:
    whom = item.pool.name if item.assignee is None else f"{item.assignee.name} ({item.pool.name})"
    found = [
        Fact("Type", types.get(item.type, item.type)),
        Fact("For", whom),
        Fact("Came", f"{watch.moment(item.created_at)}, {said_by(item.created_by.name)}"),
    ]
    if item.due_at is not None:
        found.append(Fact("Due", watch.moment(item.due_at)))
    if item.occurrences > 1:
        last = watch.moment(item.last_occurred_at)
        found.append(Fact("Occurred", f"{item.occurrences} times, last {last}"))
    if item.cycle > 1:
        found.append(Fact("Triggered", f"{item.cycle} times"))
    if isinstance(item, TaskOut) and item.rrule:
        found.append(Fact("Comes back", REPEATS.get(item.rrule, item.rrule)))
    return tuple(found)


def said_by(name: str | None) -> str:
    return f"from {name}" if name else "by itself"


def subject(item: ItemOut) -> Linked | None:
    """What it is about, where that has a page."""
    if item.subject_type not in SUBJECTS or item.subject_id is None:
        return None
    href, label = SUBJECTS[item.subject_type]
    return Linked(href.format(item.subject_id), label, "")


def steps(task: TaskOut) -> tuple[StepToTick, ...]:
    return tuple(
        StepToTick(
            each.position, each.label, each.done, each.done_by.name or "" if each.done_by else ""
        )
        for each in task.checklist
    )


def dependencies(task: TaskOut) -> tuple[Linked, ...]:
    return tuple(
        Linked(
            f"/queue?item={each.id}" if each.title else "",
            each.title or "A task you do not see",
            each.status,
        )
        for each in task.depends_on
    )


def ahead(step: PlannedStep, watch: Watch) -> Passed:
    whom = step.person.name if step.person else None
    if step.pool:
        whom = f"{step.pool} on duty" if step.target == "on-duty" else f"all of {step.pool}"
    said = whom or TARGETS.get(step.target, step.target)
    how = "by e-mail" if step.channel == "email" else "on the page"
    return Passed(watch.moment(step.due_at), step.due_at.isoformat(), f"{said}, {how}", "")


def comments(item: ItemOut, watch: Watch) -> tuple[Said, ...]:
    return tuple(
        Said(
            each.written_by.name or "the system",
            watch.moment(each.written_at),
            each.written_at.isoformat(),
            each.text,
        )
        for each in item.comments
    )


def passed(move: MoveOut, watch: Watch) -> Passed:
    return Passed(
        when(move.moved_at, watch), move.moved_at.isoformat(), what(move, watch), move.reason or ""
    )


def when(moment: datetime, watch: Watch) -> str:
    return watch.moment(moment)


def what(move: MoveOut, watch: Watch) -> str:
    said = WORDS[move.change]
    if move.passed_to:
        said = f"{said} to {move.passed_to}"
    if move.change is Change.SNOOZED and (until := move.detail.get("until")):
        said = f"{said} until {watch.moment(datetime.fromisoformat(until))}"
    if move.change is Change.ESCALATED:
        told = move.detail.get("told")
        said = f"{said}: step {move.detail.get('position')}, {told} told"
    who = move.moved_by.name
    return f"{said} by {who}" if who else said


def named(people: Sequence[tuple[UUID, str]]) -> list[dict[str, str]]:
    """For a select in the browser."""
    return [{"id": str(each), "name": name} for each, name in people]
