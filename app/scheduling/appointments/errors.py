"""Why the appointment book may refuse, and what it says is in the way."""

from datetime import datetime
from enum import StrEnum
from typing import TypedDict
from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale, Unavailable


class ObstacleKind(StrEnum):
    """What can be in the way of an appointment."""

    PRACTITIONER = "practitioner"
    PATIENT = "patient"
    ROOM = "room"
    OUTSIDE_HOURS = "outside-hours"
    CLOSED_DAY = "closed-day"
    NOT_OFFERED = "not-offered"
    IN_THE_PAST = "in-the-past"


class Obstacle(TypedDict):
    """One thing in the way: another appointment or hold, or a rule of the clinic.

    Of a rule `appointment_id`, `status`, and the room are null, and the times are those asked for.
    """

    kind: ObstacleKind
    appointment_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    status: str | None
    held: bool
    practitioner_id: UUID | None
    room_id: UUID | None


class Alternative(TypedDict):
    """A time that is free, near the one that is not."""

    practitioner_id: UUID
    room_id: UUID | None
    visit_type_id: UUID
    starts_at: datetime
    ends_at: datetime


class UndoObstacle(StrEnum):
    """Why a move cannot be taken back."""

    NOTHING_TO_UNDO = "nothing-to-undo"
    NOT_TODAY = "not-today"
    TIME_TAKEN = "time-taken"
    ENCOUNTER_STARTED = "encounter-started"
    IN_ERROR = "in-error"


class Fault(TypedDict):
    """One thing wrong with a request, in the shape of every problem document."""

    at: list[str | int]
    why: str
    rule: str


class AppointmentNotFound(NotFound):
    """There is no such appointment, or you may not see it."""

    appointment_id: UUID


class HoldNotFound(NotFound):
    """There is no such hold: it was released, it expired, or it became an appointment."""

    hold_id: UUID


class AppointmentChanged(Stale):
    """Somebody changed this appointment since you read it."""

    appointment_id: UUID
    expected_version: int
    current_version: int


class SlotTaken(Conflict):
    """Something is in the way at this time: see conflicts, and alternatives near it."""

    conflicts: list[Obstacle]
    alternatives: list[Alternative]
    overridable: bool


class BookBusy(Unavailable):
    """Others are changing the same times at this very moment. Nothing was changed: try again."""


class UndoRefused(Conflict):
    """This can no longer be undone: the reason is told."""

    appointment_id: UUID
    reason: UndoObstacle
    conflicts: list[Obstacle]
    alternatives: list[Alternative]


class NotToday(Conflict):
    """This appointment is on another day: move it to today first."""

    appointment_id: UUID


class NotYetDue(Conflict):
    """This appointment has not begun yet: nobody can have missed it."""

    appointment_id: UUID


class NotMovable(Conflict):
    """Only appointments that are booked, or whose patient is waiting, can be moved."""

    appointment_id: UUID
    current: str


class BookedToday(Conflict):
    """This patient has an appointment today: record their arrival, or say beside_booked."""

    appointment_ids: list[UUID]


class NotInSeries(Conflict):
    """This appointment is not part of a series."""

    appointment_id: UUID


class VisitTypeUnknown(Invalid):
    """No visit type in use has that id."""

    errors: list[Fault]


class MayNotBook(Forbidden):
    """Only receptionists, doctors and nurses book and move appointments."""


class MayNotOverride(Forbidden):
    """Only receptionists and doctors book over what is in the way."""


class NotYourHold(Forbidden):
    """Somebody else holds this time."""

    hold_id: UUID


class OccurrenceTaken(TypedDict):
    """One time of a series that cannot be had: what is in the way, and what is near it.

    `appointment_id` is the one that was to be moved there; null for a new one.
    """

    appointment_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    conflicts: list[Obstacle]
    alternatives: list[Alternative]


class SeriesTaken(Conflict):
    """Something is in the way of the series: see occurrences. Nothing was changed."""

    occurrences: list[OccurrenceTaken]
    overridable: bool


class SeriesNotFound(NotFound):
    """There is no such series, or you may not see it."""

    series_id: UUID


class SeriesOver(Conflict):
    """Nothing of this series is still to come from there on."""

    series_id: UUID


class RuleUnfit(Invalid):
    """This series cannot repeat like that."""

    errors: list[Fault]
