"""The first page after signing in, by role."""

from dataclasses import dataclass
from datetime import date

from app.web.presenters.encounters import EncounterRow
from app.web.presenters.formats import day
from app.web.presenters.note_rows import NoteRow
from app.web.presenters.patients import PatientSearch
from app.web.presenters.recordings import RecordingRow


@dataclass(frozen=True, slots=True)
class DoctorHome:
    search: PatientSearch
    today: str
    troubled: tuple[RecordingRow, ...]
    working: tuple[RecordingRow, ...]
    drafts: tuple[NoteRow, ...]
    more_drafts: bool
    encounters: tuple[EncounterRow, ...]


@dataclass(frozen=True, slots=True)
class DeskHome:
    search: PatientSearch
    today: str
    encounters: tuple[EncounterRow, ...]


def empty_search(*, can_register: bool) -> PatientSearch:
    """A search box whose answers are shown below it."""
    return PatientSearch(q="", can_register=can_register)


def today_text(today: date) -> str:
    return day(today)
