"""Why prescribing may refuse."""

from typing import TypedDict
from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale


class Fault(TypedDict):
    """One thing wrong with a request, in the shape of every problem document."""

    at: list[str]
    why: str
    rule: str


class PrescriptionNotFound(NotFound):
    """There is no such prescription, or you may not see it."""

    prescription_id: UUID


class PrescriptionItemNotFound(NotFound):
    """There is no such prescribed medicine, or you may not see it."""

    item_id: UUID


class FindingNotFound(NotFound):
    """The last check of this medicine found no such thing: look at it again."""

    finding_id: UUID


class ProposalNotFound(NotFound):
    """There is no such proposal, or you may not see it."""

    proposal_id: UUID


class FavouriteNotFound(NotFound):
    """There is no such favourite of yours."""

    favourite_id: UUID


class PrescribingIsForDoctors(Forbidden):
    """Only doctors prescribe and change what is prescribed."""


class MedicationNotForYourRole(Forbidden):
    """Only doctors and nurses see what is prescribed."""


class NotThePrescriber(Forbidden):
    """Only the doctor who began this prescription changes and issues it."""

    prescription_id: UUID


class PrescriptionChanged(Stale):
    """This prescription was changed since you read it."""

    prescription_id: UUID
    expected_version: int
    current_version: int


class AlreadyIssued(Conflict):
    """This prescription was issued: stop or renew its medicines instead."""

    prescription_id: UUID


class NotRenewable(Conflict):
    """This was never in use, so there is nothing to renew."""


class NothingPrescribed(Conflict):
    """There is no medicine on this prescription."""

    prescription_id: UUID


class ItemsIncomplete(Invalid):
    """Not everything that a prescription needs was said."""

    errors: list[Fault]


class WarningsUnanswered(Conflict):
    """There are warnings: give a reason for each of them, or change the prescription."""

    findings: list[UUID]


class NotCheckedUnacknowledged(Conflict):
    """Something could not be checked: confirm that you know what was not."""

    findings: list[UUID]


class NotAWarning(Conflict):
    """Only a warning is overridden: this finding is none."""

    finding_id: UUID


class AlreadyTaken(Conflict):
    """The patient is known to have taken this: stop it, it can no longer be cancelled."""

    item_id: UUID


class ProposalAnswered(Conflict):
    """This proposal waits for no answer any more: it was answered, or its sentence is gone."""

    proposal_id: UUID
    current: str


class NothingToStop(Conflict):
    """This patient has no active prescription of that medicine here."""

    proposal_id: UUID


class FavouriteKept(Conflict):
    """This is one of your favourites already."""


class MedicationListChanged(Conflict):
    """The medication list is not the one you went through: look at it again."""

    errors: list[Fault]


class AnotherMedicine(Invalid):
    """The medicine that was chosen goes by another name."""

    errors: list[Fault]


class OfAnotherPatient(Invalid):
    """That belongs to somebody else."""

    errors: list[Fault]
