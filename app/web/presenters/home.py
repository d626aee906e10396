"""The first page after signing in, by role."""

from dataclasses import dataclass

from app.web.presenters.day import DayView
from app.web.presenters.encounters import EncounterRow
from app.web.presenters.patients import PatientSearch
from app.web.presenters.queue_card import WaitingCard
from app.web.presenters.today import TodayView


@dataclass(frozen=True, slots=True)
class DoctorHome:
    search: PatientSearch
    day: DayView


@dataclass(frozen=True, slots=True)
class DeskHome:
    search: PatientSearch
    today: TodayView
    waiting: WaitingCard
    encounters: tuple[EncounterRow, ...]


def empty_search(*, can_register: bool, autofocus: bool = True) -> PatientSearch:
    """A search box whose answers are shown below it."""
    return PatientSearch(q="", can_register=can_register, autofocus=autofocus)
