"""Why calendars of working time may refuse."""

from datetime import date
from typing import TypedDict

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale


class Fault(TypedDict):
    """One thing wrong with a request, in the shape of every problem document."""

    at: list[str | int]
    why: str
    rule: str


class CalendarExhausted(Invalid):
    """That much working time is not to be found in this calendar in any near future."""

    searched_days: int


class CalendarNotFound(NotFound):
    """There is no such calendar of working time."""


class CalendarChanged(Stale):
    """Somebody changed this calendar since you read it."""

    expected_version: int
    current_version: int


class CalendarFixed(Conflict):
    """This calendar is always day and night: make another one."""


class CalendarUnfit(Invalid):
    """A calendar needs enough open hours for a deadline to be found in it."""

    errors: list[Fault]


class ClosureNotFound(NotFound):
    """That day is not closed in this calendar."""

    closed_on: date


class MayNotKeepCalendars(Forbidden):
    """Working time is set by administrators and supervisors."""
