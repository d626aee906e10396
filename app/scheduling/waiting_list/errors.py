"""Why the waiting list may refuse."""

from typing import TypedDict
from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale


class Fault(TypedDict):
    """One thing wrong with a request, in the shape of every problem document."""

    at: list[str]
    why: str
    rule: str


class EntryNotFound(NotFound):
    """There is no such entry on the waiting list, or you may not see it."""

    entry_id: UUID


class OfferNotFound(NotFound):
    """There is no such offer, or you may not see it."""

    offer_id: UUID


class EntryChanged(Stale):
    """Somebody changed this entry of the waiting list since you read it."""

    entry_id: UUID
    expected_version: int
    current_version: int


class EntryClosed(Conflict):
    """This patient waits no longer: the entry was booked or withdrawn."""

    entry_id: UUID


class AlreadyWaiting(Conflict):
    """The patient already waits for such a visit: change that entry instead."""

    entry_id: UUID


class AlreadyOffered(Conflict):
    """The patient is being offered a time already: wait for the answer to that."""

    entry_id: UUID


class OfferAnswered(Conflict):
    """This offer is no longer open."""

    offer_id: UUID
    current: str


class OfferBooked(Conflict):
    """The time was booked for the patient in the meantime: cancel the appointment instead."""

    offer_id: UUID
    appointment_id: UUID


class WishUnfit(Invalid):
    """What would suit the patient contradicts itself, or nobody here can fulfil it."""

    errors: list[Fault]


class MayNotKeepWaitingList(Forbidden):
    """Only doctors, nurses and receptionists keep the waiting list."""
