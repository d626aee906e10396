"""A patient's chart: the history in one list, and what lies beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from app.clinical.encounters import EncounterStatus
from app.clinical.notes import NoteStatus
from app.crisis.reports import ReportRow
from app.dashboards.timeline import EntryKind, Row, Timeline
from app.web.presenters import encounters, note_rows
from app.web.presenters.formats import State, day, words
from app.web.presenters.patient_appointments import calendar_href
from app.web.presenters.report_words import state_of
from app.web.presenters.wall_time import wall_clock, wall_day

K = EntryKind
ERROR = "entered-in-error"


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds that people look for together."""

    key: str
    label: str
    kinds: tuple[EntryKind, ...]


GROUPS = (
    Group("", "Everything", ()),
    Group("visits", "Visits", (K.APPOINTMENT, K.ENCOUNTER)),
    Group("notes", "Notes", (K.NOTE,)),
    Group("medicines", "Medicines", (K.PRESCRIPTION,)),
    Group("tests", "Orders and results", (K.ORDER, K.RESULT)),
    Group("problems", "Problems", (K.PROBLEM,)),
    Group("alerts", "Alerts", (K.ALERT,)),
    Group("safety", "Risk and safety", (K.SCREENING, K.SIGNAL, K.RISK, K.EPISODE, K.SAFETY_PLAN)),
)
BY_KEY = {group.key: group for group in GROUPS}
AT_DESK = (BY_KEY[""],)  # what else there is, is nothing of theirs

LABELS: Mapping[str, str] = {
    K.APPOINTMENT: "Appointment",
    K.ENCOUNTER: "Visit",
    K.NOTE: "Note",
    K.PRESCRIPTION: "Medicine",
    K.ORDER: "Order",
    K.RESULT: "Result",
    K.PROBLEM: "Problem",
    K.ALERT: "Alert",
    K.SCREENING: "Screening",
    K.SIGNAL: "Danger sign",
    K.RISK: "Risk",
    K.EPISODE: "Crisis",
    K.SAFETY_PLAN: "Safety plan",
}
STATES: Mapping[tuple[str, str], State] = {
    **{(K.ENCOUNTER, status.value): encounters.STATES[status] for status in EncounterStatus},
    **{(K.NOTE, status.value): note_rows.STATES[status] for status in NoteStatus},
    (K.APPOINTMENT, "cancelled"): State("", "cancelled"),
    (K.APPOINTMENT, "noshow"): State("warn", "no-show"),
    (K.APPOINTMENT, "finished"): State("ok", "finished"),
    (K.APPOINTMENT, "checked-out"): State("ok", "checked out"),
    (K.PRESCRIPTION, "issued"): State("ok", "issued"),
    (K.PRESCRIPTION, "on-hold"): State("warn", "on hold"),
    (K.ORDER, "completed"): State("ok", "completed"),
    (K.ORDER, "active"): State("", "open"),
    (K.RESULT, "final"): State("ok", "final"),
    (K.RESULT, "corrected"): State("ok", "corrected"),
    (K.RESULT, "preliminary, to acknowledge"): State("warn", "preliminary, to acknowledge"),
    (K.RESULT, "final, to acknowledge"): State("warn", "to acknowledge"),
    (K.RESULT, "corrected, to acknowledge"): State("warn", "corrected, to acknowledge"),
    (K.PROBLEM, "resolved"): State("ok", "resolved"),
    (K.ALERT, "open"): State("warn", "open"),
    (K.ALERT, "resolved"): State("ok", "resolved"),
    (K.SCREENING, "completed"): State("ok", "completed"),
    (K.SIGNAL, "confirmed"): State("bad", "confirmed"),
    (K.RISK, "computed"): State("", "by rule"),
    (K.EPISODE, "open"): State("warn", "episode open"),
    (K.EPISODE, "closed"): State("ok", "episode closed"),
    (K.SAFETY_PLAN, "current"): State("ok", "in use"),
    (K.SAFETY_PLAN, "withdrawn"): State("warn", "withdrawn"),
}
PLACES: Mapping[EntryKind, str] = {
    K.ENCOUNTER: "/encounters/{id}",
    K.NOTE: "/notes/{id}",
    K.PRESCRIPTION: "/patients/{patient}/medication",
    K.ORDER: "/patients/{patient}/orders",
    K.RESULT: "/results/{id}",
    K.PROBLEM: "/patients/{patient}/problems",
    K.ALERT: "/queue?state=open&item={id}",
    K.SCREENING: "/screenings/{id}",
    K.SIGNAL: "/patients/{patient}#signals",
    K.RISK: "/patients/{patient}/risk",
    K.EPISODE: "/crisis/{id}",
    K.SAFETY_PLAN: "/patients/{patient}/safety-plan",
}
FLAGS = {"warn": "Needs attention", "bad": "Danger"}


@dataclass(frozen=True, slots=True)
class Shown:
    """What of the history is shown, as the address says it; days of the clinic's wall.

    `on`: from the end of that day backwards.
    """

    show: str = ""
    q: str = ""
    since: date | None = None
    until: date | None = None
    on: date | None = None

    @property
    def group(self) -> Group:
        return BY_KEY.get(self.show, GROUPS[0])

    @property
    def is_plain(self) -> bool:
        return self == Shown()

    def query(self, **more: str | None) -> str:
        said: dict[str, str | None] = {
            "show": self.show,
            "q": self.q,
            "from": written(self.since),
            "to": written(self.until),
            "on": written(self.on),
        }
        return urlencode({name: value for name, value in (said | more).items() if value})


@dataclass(frozen=True, slots=True)
class Chip:
    key: str
    label: str
    query: str
    current: bool


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One thing that happened; `side`: what is shown beside the list instead of a page."""

    id: UUID
    kind: str
    label: str
    iso: str
    day: str
    clock: str
    title: str
    detail: str
    clinical: str
    state: State
    flag: str
    flag_words: str
    struck: bool
    href: str
    side: str


@dataclass(frozen=True, slots=True)
class Entries:
    """A part of the list; `older`, `newer`: the queries that lead on from it."""

    patient_id: UUID
    rows: tuple[EntryRow, ...]
    older: str
    newer: str
    looked: str
    empty: tuple[str, str] | None
    clear: bool


@dataclass(frozen=True, slots=True)
class History:
    """The list with its filters; `made_at` and `known`: for looking what is new since."""

    entries: Entries
    chips: tuple[Chip, ...]
    shown: Shown
    since: str
    until: str
    on: str
    made_at: str
    known: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A mandatory report about this patient that the reader may see."""

    href: str
    title: str
    state: State


def written(value: date | None) -> str | None:
    return value.isoformat() if value else None


def history(
    page: Timeline,
    shown: Shown,
    zone: ZoneInfo,
    *,
    patient_id: UUID,
    clinical: bool,
    made_at: datetime,
    known: Sequence[UUID],
) -> History:
    groups = GROUPS if clinical else AT_DESK
    return History(
        entries=entries(page, shown, zone, patient_id=patient_id),
        chips=tuple(
            Chip(group.key, group.label, shown.query(show=group.key), group.key == shown.group.key)
            for group in groups
        )
        if len(groups) > 1
        else (),
        shown=shown,
        since=written(shown.since) or "",
        until=written(shown.until) or "",
        on=written(shown.on) or "",
        made_at=made_at.isoformat(),
        known=tuple(known),
    )


def entries(page: Timeline, shown: Shown, zone: ZoneInfo, *, patient_id: UUID) -> Entries:
    rows = tuple(entry(row, zone, patient_id) for row in page.rows)
    return Entries(
        patient_id=patient_id,
        rows=rows,
        older=shown.query(cursor=page.next_cursor) if page.next_cursor else "",
        newer=shown.query(after=page.newer_cursor) if page.newer_cursor else "",
        looked=looked_so_far(page, shown),
        empty=None if rows or page.next_cursor else nothing(shown),
        clear=not shown.is_plain,
    )


def looked_so_far(page: Timeline, shown: Shown) -> str:
    """Words are looked for so many entries at a time; where none had them, that is said."""
    if page.rows or not page.next_cursor or not shown.q:
        return ""
    return "Not found so far: older entries have not been looked through yet."


def nothing(shown: Shown) -> tuple[str, str]:
    if shown.is_plain:
        return (
            "Nothing has happened yet.",
            "Book an appointment or start an encounter: it stands here at once.",
        )
    return "No entry fits.", "Show everything, or look for other words or days."


def entry(row: Row, zone: ZoneInfo, patient_id: UUID) -> EntryRow:
    at = row.at.astimezone(zone)
    state = State("bad", "entered in error") if row.status == ERROR else None
    return EntryRow(
        id=row.id,
        kind=row.kind,
        label=LABELS[row.kind],
        iso=at.isoformat(),
        day=day(wall_day(row.at, zone)),
        clock=wall_clock(row.at, zone),
        title=row.title,
        detail=row.detail or "",
        clinical=row.clinical or "",
        state=state or STATES.get((row.kind, row.status)) or State("", words(row.status)),
        flag=row.flag or "",
        flag_words=FLAGS[row.flag] if row.flag else "",
        struck=row.status in {ERROR, "cancelled"},
        href=href_of(row, zone, patient_id),
        side=side_of(row),
    )


def side_of(row: Row) -> str:
    """Notes are read beside the list; one's own draft is a page to work on."""
    is_signed = row.kind == K.NOTE and row.part != "draft"
    return f"/fragments/notes/{row.source_id}/reading" if is_signed else ""


def href_of(row: Row, zone: ZoneInfo, patient_id: UUID) -> str:
    """Where there is more about it."""
    if row.kind == K.APPOINTMENT:
        return calendar_href(row.source_id, row.at, zone)
    return PLACES[EntryKind(row.kind)].format(id=row.source_id, patient=patient_id)


def report_lines(found: Sequence[ReportRow]) -> tuple[ReportLine, ...]:
    """They stand in no timeline: only those who may see them are told that there are any."""
    return tuple(ReportLine(f"/reports/{row.id}", row.title, state_of(row)) for row in found)
