"""What waits beside a doctor's list: texts, sound, tasks and alerts, crisis steps, visits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.dashboards import day
from app.dashboards.day import NoteToDo, RecordingState, UnfinishedKind
from app.web.presenters.encounters import STATES as ENCOUNTER_STATES
from app.web.presenters.formats import Link, Moment, State
from app.web.presenters.note_rows import title_of
from app.web.presenters.queue_rows import SEVERITIES
from app.web.presenters.queue_times import Countdown, Watch
from app.web.presenters.result_words import flag_badge
from app.web.presenters.risk_levels import LEVELS
from app.web.presenters.wall_time import day_moment

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OLD = timedelta(days=1)  # a text that waits longer than that is said to be late
WORK_SHOWN = 6
TO_DO = {
    NoteToDo.CHECK: State("warn", "to check"),
    NoteToDo.SIGN: State("draft", "to sign"),
    NoteToDo.AMEND: State("draft", "amendment"),
}
UNFINISHED = {
    UnfinishedKind.PRESCRIPTION: ("Prescription", "/prescriptions/{id}"),
    UnfinishedKind.ORDER: ("Order", "/patients/{patient}/orders"),
}
SOUND = {
    RecordingState.RECEIVING: State("busy", "not finished"),
    RecordingState.QUEUED: State("busy", "waiting"),
    RecordingState.RUNNING: State("busy", "transcribing"),
    RecordingState.NO_SPEECH: State("warn", "no speech"),
    RecordingState.FAILED: State("bad", "failed"),
    RecordingState.HELD: State("warn", "held"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of one of the lists at the side."""

    id: UUID
    href: str
    title: str
    detail: str
    at: Moment | None
    age: str
    state: State
    late: bool = False
    action: Link | None = None


@dataclass(frozen=True, slots=True)
class WorkLine:
    id: UUID
    href: str
    title: str
    patient: str
    whose: str
    kind: str
    severity: State
    due: Countdown


@dataclass(frozen=True, slots=True)
class WorkCard:
    lines: tuple[WorkLine, ...]
    mine: str
    pools: str
    critical: int


def age(since: datetime, now: datetime) -> str:
    """20 min, 3 h, 2 days: how long something has waited."""
    passed_by = max(now - since, timedelta())
    if passed_by < HOUR:
        return f"{passed_by // MINUTE} min"
    if passed_by < 2 * DAY:
        return f"{passed_by // HOUR} h"
    return f"{passed_by // DAY} days"


def note_line(each: day.DayNote, now: datetime) -> Line:
    return Line(
        id=each.id,
        href=f"/notes/{each.id}",
        title=each.patient_name,
        detail=title_of(each.type),
        at=None,
        age=f"signed {age(each.since, now)} ago"
        if each.to_do is NoteToDo.AMEND
        else f"waits {age(each.since, now)}",
        state=TO_DO[each.to_do],
        late=each.to_do is not NoteToDo.AMEND and now - each.since >= OLD,
    )


def result_line(each: day.DayResult, now: datetime) -> Line:
    return Line(
        id=each.id,
        href=f"/results/{each.id}",
        title=each.title,
        detail=each.patient_name,
        at=None,
        age=f"waits {age(each.since, now)}",
        state=flag_badge(each.flag),
        late=now - each.since >= OLD,
    )


def unfinished_line(each: day.DayUnfinished, now: datetime) -> Line:
    title, page = UNFINISHED[each.kind]
    return Line(
        id=each.id,
        href=page.format(id=each.id, patient=each.patient_id),
        title=each.patient_name,
        detail=title,
        at=None,
        age=f"begun {age(each.since, now)} ago",
        state=State("warn", "not sent"),
        late=now - each.since >= OLD,
    )


def sound_line(each: day.DayRecording, zone: ZoneInfo) -> Line:
    action = None
    if each.state is RecordingState.RECEIVING:
        action = Link(f"/encounters/{each.encounter_id}", "Continue")
    elif each.state in {RecordingState.FAILED, RecordingState.HELD}:
        action = Link(f"/recordings/{each.id}", "See what to do")
    return Line(
        id=each.id,
        href=f"/recordings/{each.id}",
        title=each.patient_name,
        detail="",
        at=day_moment(each.started_at, zone),
        age="",
        state=SOUND[each.state],
        action=action,
    )


def work_card(found: day.DoctorDay, watch: Watch) -> WorkCard:
    numbers = found.work_counts
    return WorkCard(
        lines=tuple(work_line(each, watch) for each in found.work[:WORK_SHOWN]),
        mine=up_to(numbers.mine, numbers.counted_up_to),
        pools=up_to(numbers.pools, numbers.counted_up_to),
        critical=numbers.mine_critical + numbers.pools_critical,
    )


def up_to(number: int, most: int) -> str:
    return f"{number}+" if number >= most else str(number)


def work_line(each: day.DayWork, watch: Watch) -> WorkLine:
    return WorkLine(
        id=each.id,
        href=f"/queue?item={each.id}",
        title=each.title,
        patient=each.patient_name or "",
        whose="in your hands" if each.held else "for you" if each.mine else each.pool,
        kind=each.kind.value,
        severity=SEVERITIES[each.severity],
        due=watch.countdown(each.due_at),
    )


def crisis_line(each: day.DayCrisisStep, watch: Watch) -> Line:
    due = watch.countdown(each.due_at)
    return Line(
        id=each.id,
        href=f"/crisis/{each.episode_id}",
        title=each.title,
        detail=each.patient_name,
        at=None,
        age=due.text,
        state=LEVELS[each.level],
        late=due.nearness == "over",
    )


def visit_line(each: day.DayVisit, zone: ZoneInfo) -> Line:
    return Line(
        id=each.id,
        href=f"/encounters/{each.id}",
        title=each.patient_name,
        detail=each.reason or "",
        at=day_moment(each.started_at, zone),
        age="",
        state=ENCOUNTER_STATES[each.status],
    )
