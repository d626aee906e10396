"""Why the setting up of rooms, visit types and working hours may refuse."""

from typing import TypedDict
from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale


class Fault(TypedDict):
    """One thing wrong with a request, in the shape of every problem document."""

    at: list[str | int]
    why: str
    rule: str


class RoomNotFound(NotFound):
    """There is no such room."""

    room_id: UUID


class VisitTypeNotFound(NotFound):
    """There is no such visit type."""

    visit_type_id: UUID


class PractitionerNotFound(NotFound):
    """There is no such doctor, or their account is locked."""

    practitioner_id: UUID


class ExceptionNotFound(NotFound):
    """There is no such closing day, leave or extra session."""

    exception_id: UUID


class RoomNameTaken(Conflict):
    """Another room has that name already, perhaps a retired one."""


class VisitTypeNameTaken(Conflict):
    """Another visit type has that name already, perhaps a retired one."""


class RoomChanged(Stale):
    """Somebody changed this room since you read it."""

    room_id: UUID
    expected_version: int
    current_version: int


class VisitTypeChanged(Stale):
    """Somebody changed this visit type since you read it."""

    visit_type_id: UUID
    expected_version: int
    current_version: int


class ScheduleChanged(Stale):
    """Somebody changed how this doctor books since you read it."""

    practitioner_id: UUID
    expected_version: int
    current_version: int


class WeeklyHoursOverlap(Conflict):
    """Somebody set hours for the same doctor and the same days at this very moment: look again."""

    practitioner_id: UUID


class RoomUnknown(Invalid):
    """No room in use has that room_id."""

    errors: list[Fault]


class DoctorUnknown(Invalid):
    """No doctor with an active account has that id."""

    errors: list[Fault]


class PeriodUnfit(Invalid):
    """The days asked for are the wrong way round, or too many at once."""

    errors: list[Fault]


class MayNotPlanAvailability(Forbidden):
    """Only receptionists and administrators plan rooms, visit types and the hours of doctors."""


class NotYourHours(Forbidden):
    """Doctors change their own hours only; ask the front desk for those of others."""

    practitioner_id: UUID
