"""A doctor's day at a glance: who is next, what waits for a signature, what waits at all."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.dashboards import day
from app.dashboards.day import NextStep, RecordingState
from app.scheduling.appointments import AppointmentKind, AppointmentStatus
from app.web.presenters.day_lines import (
    Line,
    WorkCard,
    crisis_line,
    note_line,
    result_line,
    sound_line,
    unfinished_line,
    visit_line,
    work_card,
)
from app.web.presenters.formats import State, counted
from app.web.presenters.queue_times import Watch
from app.web.presenters.risk_levels import LEVELS, NOT_ASSESSED
from app.web.presenters.today import (
    DONE,
    STATES,
    WAITING,
    Step,
    TodayGroup,
    TodayRow,
    TodayView,
    passed,
    tallies,
)
from app.web.presenters.wall_time import clock_moment, duration, long_day, wall_clock

S = AppointmentStatus
MINUTE = timedelta(minutes=1)
RISKS_SHOWN = frozenset({"high", "moderate", "undetermined", "low"})
BEING_HEARD = frozenset({RecordingState.QUEUED, RecordingState.RUNNING})
# Whom to turn to first: who is being seen, then who sits in a room, then who has come.
TURNS = (S.WITH_DOCTOR, S.IN_ROOM, S.ARRIVED, S.BOOKED)


@dataclass(frozen=True, slots=True)
class NextPatient:
    """What one key does. `post`: a path of the API; its answer leads to a page."""

    label: str
    patient: str
    detail: str
    href: str = ""
    post: str = ""
    body: str = ""
    go: str = ""


@dataclass(frozen=True, slots=True)
class DayView:
    today: TodayView
    next: NextPatient | None
    notes: tuple[Line, ...]
    notes_count: int
    results: tuple[Line, ...]
    results_count: int
    unfinished: tuple[Line, ...]
    troubled: tuple[Line, ...]
    heard: tuple[Line, ...]
    work: WorkCard
    crisis: tuple[Line, ...]
    visits: tuple[Line, ...]


def day_view(found: day.DoctorDay, now: datetime, zone: ZoneInfo) -> DayView:
    watch = Watch(now, zone)
    following = next_of(found.appointments)
    return DayView(
        today=today_view(found, now, zone, following),
        next=None if following is None else next_patient(following, now, zone),
        notes=tuple(note_line(each, now) for each in found.notes),
        notes_count=found.notes_count,
        results=tuple(result_line(each, now) for each in found.results),
        results_count=found.results_count,
        unfinished=tuple(unfinished_line(each, now) for each in found.unfinished),
        troubled=tuple(
            sound_line(each, zone) for each in found.recordings if each.state not in BEING_HEARD
        ),
        heard=tuple(
            sound_line(each, zone) for each in found.recordings if each.state in BEING_HEARD
        ),
        work=work_card(found, watch),
        crisis=tuple(crisis_line(each, watch) for each in found.crisis_steps),
        visits=tuple(visit_line(each, zone) for each in found.visits),
    )


def next_of(found: Sequence[day.DayAppointment]) -> day.DayAppointment | None:
    seen = [one for one in found if one.status in TURNS and not one.restricted]
    return min(seen, key=lambda one: (TURNS.index(one.status), one.starts_at), default=None)


def next_patient(one: day.DayAppointment, now: datetime, zone: ZoneInfo) -> NextPatient:
    """An open visit is gone on with, who is here is seen, of who is expected the chart is read."""
    said = [wall_clock(one.starts_at, zone), one.visit_type, one.reason or "", one.room or ""]
    detail = " · ".join(each for each in said if each)
    if one.encounter_id is not None:
        href = f"/encounters/{one.encounter_id}"
        return NextPatient("Continue with", one.patient_name, detail, href=href)
    if one.status in WAITING:
        waits = duration(passed(one.arrived_at, now) or 0)
        start = start_of(one)
        return NextPatient(
            "Next patient",
            one.patient_name,
            f"{detail} · waits {waits}",
            post=start.post,
            body=start.body,
            go=start.go,
        )
    return NextPatient(
        "Next expected", one.patient_name, detail, href=f"/patients/{one.patient_id}"
    )


def today_view(
    found: day.DoctorDay, now: datetime, zone: ZoneInfo, following: day.DayAppointment | None
) -> TodayView:
    rows = [(one.status, row(one, now, zone, following)) for one in found.appointments]
    open_rows = tuple(each for status, each in rows if status not in DONE)
    done = tuple(each for status, each in rows if status in DONE)
    waits = [each.waited for _, each in rows if each.waited is not None]
    return TodayView(
        day=long_day(found.day),
        tallies=tallies([one.status for one in found.appointments], waits),
        groups=(
            TodayGroup("open", "", open_rows, "Nobody else is expected today."),
            TodayGroup("done", "Done", done, "", folded=True),
        ),
        summary=f"{counted(len(waits), 'patient')} waiting",
        any=bool(rows),
    )


def row(
    one: day.DayAppointment, now: datetime, zone: ZoneInfo, following: day.DayAppointment | None
) -> TodayRow:
    minutes = (one.ends_at - one.starts_at) // MINUTE
    return TodayRow(
        id=one.id,
        begins=clock_moment(one.starts_at, zone),
        ends=wall_clock(one.ends_at, zone),
        patient=one.patient_name,
        href=f"/patients/{one.patient_id}",
        kind=f"{one.visit_type}, {duration(minutes)}",
        tone=one.color,
        reason=one.reason or "",
        room=one.room or "",
        doctor="",
        state=STATES[one.status],
        waited=passed(one.arrived_at, now) or 0 if one.status in WAITING else None,
        late=passed(one.starts_at, now) if one.status is S.BOOKED else None,
        remarks=remarks(one),
        steps=steps(one),
        risk=risk_of(one),
        is_next=one is following,
    )


def risk_of(one: day.DayAppointment) -> State | None:
    """Nobody has looked is said too; of a negative screen the record tells."""
    if one.restricted or one.status in DONE:
        return None
    if one.risk is None:
        return NOT_ASSESSED
    return LEVELS[one.risk.level] if one.risk.level.value in RISKS_SHOWN else None


def remarks(one: day.DayAppointment) -> tuple[str, ...]:
    said = ["walk-in"] if one.kind is AppointmentKind.WALK_IN else []
    if one.override_reason:
        said.append(f"overbooked: {one.override_reason}")
    if one.repeats:
        said.append("repeats")
    return tuple(said)


def steps(one: day.DayAppointment) -> tuple[Step, ...]:
    """The likeliest first."""
    if one.restricted:
        return ()
    found: list[Step] = []
    if one.next_step is NextStep.SIGN_NOTE:
        href = f"/encounters/{one.encounter_id}"
        found.append(Step("visit", "Sign note", href=href, primary=True))
    elif one.encounter_id is not None:
        href = f"/encounters/{one.encounter_id}"
        active = one.status is S.WITH_DOCTOR
        found.append(Step("visit", "Open visit", href=href, primary=active))
    elif one.status in WAITING | {S.BOOKED}:
        found.append(start_of(one))
    if one.status is S.BOOKED:
        found.append(moved(one, "arrival", "Check in", "is checked in"))
    if one.status is S.FINISHED:
        found.append(moved(one, "departure", "Check out", "is checked out"))
    return tuple(found)


def start_of(one: day.DayAppointment) -> Step:
    return Step(
        "visit",
        "Start visit",
        post="/encounters",
        body=json.dumps({"appointment_id": str(one.id)}),
        go="/encounters/{id}",
        primary=one.status in WAITING,
    )


def moved(one: day.DayAppointment, name: str, label: str, said: str) -> Step:
    post = f"/appointments/{one.id}/{name}"
    return Step(name, label, post=post, said=f"{one.patient_name} {said}.")
