"""Why access to restricted patients may refuse."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound


class Fault(TypedDict):
    """One thing wrong with a request, in the shape of every problem document."""

    at: list[str]
    why: str
    rule: str


class MayNotRestrict(Forbidden):
    """Only privacy and administrators restrict records and name who sees them all the same."""


class MayNotReviewAccess(Forbidden):
    """Only privacy sees who broke the glass, and says what to think of it."""


class MayNotBreakGlass(Forbidden):
    """Only doctors and nurses break the glass."""


class GlassNeedsPassword(Forbidden):
    """Breaking the glass needs your password, for you answer for it."""


class NothingHidden(Conflict):
    """This record is open to you: there is no glass to break."""

    patient_id: UUID


class AlreadyRestricted(Conflict):
    """This record is restricted already."""

    patient_id: UUID
    restriction_id: UUID


class RestrictionNotFound(NotFound):
    """There is no such restriction."""

    restriction_id: UUID


class RestrictionLifted(Conflict):
    """This restriction was lifted already."""

    restriction_id: UUID


class PersonUnfit(Invalid):
    """Nobody of the staff with an active account has that id."""

    errors: list[Fault]


class GrantNotFound(NotFound):
    """There is no such broken glass, or it is not yours to see."""

    grant_id: UUID


class GrantOver(Conflict):
    """This is over already."""

    grant_id: UUID
    over_since: datetime


class OwnGrant(Forbidden):
    """Somebody else says what to think of it, not whoever broke the glass."""

    grant_id: UUID


class AlreadyReviewed(Conflict):
    """This was reviewed already."""

    grant_id: UUID


class RemarkMissing(Invalid):
    """Say what was not appropriate about it."""

    errors: list[Fault]
