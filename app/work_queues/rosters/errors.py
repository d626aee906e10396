"""Why the planning of pools, duty and absences may refuse."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale


class Fault(TypedDict):
    """One thing wrong with a request, in the shape of every problem document."""

    at: list[str]
    why: str
    rule: str


class MayNotPlanRosters(Forbidden):
    """Only supervisors and administrators plan pools and duty."""


class NotYourAbsence(Forbidden):
    """Only supervisors and administrators note when others are away."""

    user_id: UUID


class PoolNotFound(NotFound):
    """There is no such pool."""

    pool_id: UUID


class MemberNotFound(NotFound):
    """They were not added to this pool by name."""

    pool_id: UUID
    user_id: UUID


class ShiftNotFound(NotFound):
    """There is no such shift."""

    shift_id: UUID


class AbsenceNotFound(NotFound):
    """There is no such absence."""

    absence_id: UUID


class PoolKeyTaken(Conflict):
    """Another pool has that key already, perhaps a retired one."""


class PoolChanged(Stale):
    """Somebody changed this pool since you read it."""

    pool_id: UUID
    expected_version: int
    current_version: int


class PoolIndispensable(Conflict):
    """The supervisors are told when nobody else is: their pool stays in use."""

    pool_id: UUID


class ShiftsOverlap(Conflict):
    """They are on duty for this pool at that time already."""

    pool_id: UUID
    user_id: UUID
    starts_at: datetime
    ends_at: datetime


class AbsencesOverlap(Conflict):
    """Another absence of theirs lies in that time."""

    user_id: UUID
    starts_at: datetime
    ends_at: datetime


class ShiftCancelled(Conflict):
    """This shift was cancelled already."""

    shift_id: UUID


class AbsenceCancelled(Conflict):
    """This absence was cancelled already."""

    absence_id: UUID


class MemberUnfit(Invalid):
    """Nobody of the staff with an active account has that id."""

    errors: list[Fault]


class ShiftUnfit(Invalid):
    """Nobody can be on duty like that."""

    errors: list[Fault]


class AbsenceUnfit(Invalid):
    """Nobody can be away like that."""

    errors: list[Fault]


class RosterPeriodUnfit(Invalid):
    """The days asked for are the wrong way round, or too many at once."""

    errors: list[Fault]
