"""Today's appointments as a list to work from: who is here, how long they wait, what comes next."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.scheduling.appointments import (
    AppointmentKind,
    AppointmentOut,
    AppointmentStatus,
    MoveName,
)
from app.web.presenters.formats import Moment, State, counted
from app.web.presenters.wall_time import clock_moment, duration, long_day, wall_clock

S = AppointmentStatus
MINUTE = timedelta(minutes=1)

STATES = {
    S.PENDING: State("held", "held"),
    S.BOOKED: State("booked", "booked"),
    S.ARRIVED: State("arrived", "arrived"),
    S.IN_ROOM: State("in-room", "in room"),
    S.WITH_DOCTOR: State("with-doctor", "with doctor"),
    S.FINISHED: State("finished", "finished"),
    S.CHECKED_OUT: State("checked-out", "checked out"),
    S.NOSHOW: State("noshow", "no-show"),
    S.CANCELLED: State("cancelled", "cancelled"),
    S.ENTERED_IN_ERROR: State("cancelled", "entered in error"),
}
WAITING = frozenset({S.ARRIVED, S.IN_ROOM})
MOST_ROWS = 40
SOON = timedelta(minutes=45)  # before that nobody has to be looked out for
DONE = frozenset({S.FINISHED, S.CHECKED_OUT, S.NOSHOW})
SHOWN = WAITING | DONE | {S.BOOKED, S.WITH_DOCTOR}
UNDO = {
    S.ARRIVED: "Undo check-in",
    S.IN_ROOM: "Undo bringing in",
    S.CHECKED_OUT: "Undo check-out",
    S.NOSHOW: "Undo no-show",
}


@dataclass(frozen=True, slots=True)
class Step:
    """What can be done next: a link, or a POST to the API whose answer may lead to a page."""

    name: str
    label: str
    href: str = ""
    post: str = ""
    body: str = ""
    said: str = ""
    go: str = ""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class TodayRow:
    """`waited` and `late` in minutes; None: they do not wait, they are not late."""

    id: UUID
    begins: Moment
    ends: str
    patient: str
    href: str
    kind: str
    tone: str
    reason: str
    room: str
    doctor: str
    state: State
    waited: int | None
    late: int | None
    remarks: tuple[str, ...]
    steps: tuple[Step, ...]
    risk: State | None = None
    is_next: bool = False


@dataclass(frozen=True, slots=True)
class Tally:
    """A number of the day; `longest` in minutes, for those who wait."""

    kind: str
    number: int
    label: str
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class TodayGroup:
    id: str
    title: str
    rows: tuple[TodayRow, ...]
    empty: str
    folded: bool = False

    @property
    def shown(self) -> tuple[TodayRow, ...]:
        """Those the list has room for: of what is over the latest, of the rest the next."""
        return self.rows[-MOST_ROWS:] if self.folded else self.rows[:MOST_ROWS]

    @property
    def hidden(self) -> int:
        return len(self.rows) - len(self.shown)


@dataclass(frozen=True, slots=True)
class TodayView:
    day: str
    tallies: tuple[Tally, ...]
    groups: tuple[TodayGroup, ...]
    summary: str
    any: bool


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Who looks at the list; whether they start visits, and move patients through the day."""

    zone: ZoneInfo
    now: datetime
    starts: bool
    moves: bool
    names_doctor: bool


def doctors_day(
    found: Sequence[AppointmentOut], visits: Mapping[UUID, UUID], onlooker: Onlooker, today: date
) -> TodayView:
    """One doctor's list in the order of the day; what is over is folded away."""
    rows = in_order(found, visits, onlooker)
    open_rows = tuple(row for status, row in rows if status not in DONE)
    groups = (
        TodayGroup("open", "", open_rows, "Nobody else is expected today."),
        TodayGroup("done", "Done", tuple(row for status, row in rows if status in DONE), "", True),
    )
    return view(found, groups, onlooker, today)


def clinics_day(
    found: Sequence[AppointmentOut], visits: Mapping[UUID, UUID], onlooker: Onlooker, today: date
) -> TodayView:
    """Everybody's day by where the patients are; those who wait longest first."""
    rows = in_order(found, visits, onlooker)

    def those(*statuses: AppointmentStatus) -> tuple[TodayRow, ...]:
        return tuple(row for status, row in rows if status in statuses)

    waiting = sorted(those(*WAITING), key=lambda row: -(row.waited or 0))
    groups = (
        TodayGroup("waiting", "Waiting", tuple(waiting), "Nobody is waiting."),
        TodayGroup("expected", "Expected", those(S.BOOKED), "Nobody else is expected today."),
        TodayGroup("with-doctor", "With the doctor", those(S.WITH_DOCTOR), "No visit is going on."),
        TodayGroup("to-leave", "Finished, to check out", those(S.FINISHED), "Nobody."),
        TodayGroup("done", "Gone and no-shows", those(S.CHECKED_OUT, S.NOSHOW), "", True),
    )
    return view(found, groups, onlooker, today)


def view(
    found: Sequence[AppointmentOut],
    groups: tuple[TodayGroup, ...],
    onlooker: Onlooker,
    today: date,
) -> TodayView:
    waits = [passed(one.arrived_at, onlooker.now) or 0 for one in found if one.status in WAITING]
    counts = tallies([one.status for one in found], waits)
    waiting = next(tally.number for tally in counts if tally.kind == "waiting")
    return TodayView(
        day=long_day(today),
        tallies=counts,
        groups=groups,
        summary=f"{counted(waiting, 'patient')} waiting",
        any=any(one.status in SHOWN for one in found),
    )


def tallies(found: Sequence[AppointmentStatus], waits: Sequence[int]) -> tuple[Tally, ...]:
    """How many stand where; `waits`: minutes of each who waits."""

    def number(*statuses: AppointmentStatus) -> int:
        return sum(status in statuses for status in found)

    return (
        Tally("booked", number(S.BOOKED), "expected"),
        Tally("waiting", len(waits), "waiting", max(waits, default=None)),
        Tally("with-doctor", number(S.WITH_DOCTOR), "with doctor"),
        Tally("finished", number(S.FINISHED, S.CHECKED_OUT), "seen"),
        Tally("noshow", number(S.NOSHOW), "no-show"),
    )


def in_order(
    found: Sequence[AppointmentOut], visits: Mapping[UUID, UUID], onlooker: Onlooker
) -> list[tuple[AppointmentStatus, TodayRow]]:
    shown = [one for one in found if one.status in SHOWN]
    shown.sort(key=lambda one: (one.starts_at, one.practitioner_name, one.id))
    return [(one.status, row(one, visits.get(one.id), onlooker)) for one in shown]


def row(one: AppointmentOut, visit: UUID | None, onlooker: Onlooker) -> TodayRow:
    late = passed(one.starts_at, onlooker.now) if one.status is S.BOOKED else None
    return TodayRow(
        id=one.id,
        begins=clock_moment(one.starts_at, onlooker.zone),
        ends=wall_clock(one.ends_at, onlooker.zone),
        patient=one.patient_name or "",
        href=f"/patients/{one.patient_id}" if one.patient_id else "",
        kind=f"{one.visit_type_name}, {duration(one.duration_minutes)}",
        tone=one.color,
        reason=one.reason or "",
        room=one.room_name or "",
        doctor=one.practitioner_name if onlooker.names_doctor else "",
        state=STATES[one.status],
        waited=passed(one.arrived_at, onlooker.now) or 0 if one.status in WAITING else None,
        late=late,
        remarks=remarks(one),
        steps=steps(one, visit, onlooker),
    )


def remarks(one: AppointmentOut) -> tuple[str, ...]:
    said = ["walk-in"] if one.kind is AppointmentKind.WALK_IN else []
    if one.override_reason:
        said.append(f"overbooked: {one.override_reason}")
    if one.series_id:
        said.append("repeats")
    return tuple(said)


def passed(since: datetime | None, now: datetime) -> int | None:
    """Whole minutes since then; None when it lies ahead."""
    if since is None or since >= now:
        return None
    return (now - since) // MINUTE


def steps(one: AppointmentOut, visit: UUID | None, onlooker: Onlooker) -> tuple[Step, ...]:
    """The likeliest first."""
    found = visiting(one, visit, onlooker)
    if onlooker.moves:
        found += moving(one, onlooker)
    return tuple(found)


def visiting(one: AppointmentOut, visit: UUID | None, onlooker: Onlooker) -> list[Step]:
    if not onlooker.starts or one.patient_mrn is None:
        return []
    if visit is not None:
        active = one.status is S.WITH_DOCTOR
        return [Step("visit", "Open visit", href=f"/encounters/{visit}", primary=active)]
    if one.status in WAITING | {S.BOOKED}:
        start = Step(
            "visit",
            "Start visit",
            post="/encounters",
            body=json.dumps({"appointment_id": str(one.id)}),
            go="/encounters/{id}",
            primary=one.status in WAITING,
        )
        return [start]
    return []


def moving(one: AppointmentOut, onlooker: Onlooker) -> list[Step]:
    allowed = set(one.moves_allowed)
    found: list[Step] = []
    if MoveName.ARRIVAL in allowed and one.status in {S.BOOKED, S.NOSHOW}:
        label = "Check in" if one.status is S.BOOKED else "Came after all"
        primary = not onlooker.starts and one.starts_at <= onlooker.now + SOON
        found.append(move(one, MoveName.ARRIVAL, label, "is checked in", primary=primary))
    if MoveName.ROOMING in allowed and one.status is S.ARRIVED and not onlooker.starts:
        found.append(move(one, MoveName.ROOMING, "Bring in", "is in the room", body="{}"))
    if MoveName.DEPARTURE in allowed and one.status is S.FINISHED:
        found.append(move(one, MoveName.DEPARTURE, "Check out", "is checked out", primary=True))
    if MoveName.NO_SHOW in allowed and one.status is S.BOOKED and not onlooker.starts:
        found.append(move(one, MoveName.NO_SHOW, "No-show", "did not come"))
    if one.undoable and one.status in UNDO:
        said = "Taken back."
        undo = Step("undo", UNDO[one.status], post=f"/appointments/{one.id}/undo", said=said)
        found.append(undo)
    return found


def move(
    one: AppointmentOut,
    name: MoveName,
    label: str,
    said: str,
    *,
    body: str = "",
    primary: bool = False,
) -> Step:
    return Step(
        name,
        label,
        post=f"/appointments/{one.id}/{name}",
        body=body,
        said=f"{one.patient_name} {said}.",
        primary=primary,
    )
