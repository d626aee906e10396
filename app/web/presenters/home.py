"""The first page after signing in, by role."""

from dataclasses import dataclass

from app.web.presenters.encounters import EncounterRow
from app.web.presenters.note_rows import NoteRow
from app.web.presenters.patients import PatientSearch
from app.web.presenters.queue_card import WaitingCard
from app.web.presenters.recordings import RecordingRow
from app.web.presenters.today import TodayView


@dataclass(frozen=True, slots=True)
class DoctorHome:
    search: PatientSearch
    today: TodayView
    waiting: WaitingCard
    troubled: tuple[RecordingRow, ...]
    working: tuple[RecordingRow, ...]
    drafts: tuple[NoteRow, ...]
    more_drafts: bool
    encounters: tuple[EncounterRow, ...]


@dataclass(frozen=True, slots=True)
class DeskHome:
    search: PatientSearch
    today: TodayView
    waiting: WaitingCard
    encounters: tuple[EncounterRow, ...]


def empty_search(*, can_register: bool) -> PatientSearch:
    """A search box whose answers are shown below it."""
    return PatientSearch(q="", can_register=can_register)
