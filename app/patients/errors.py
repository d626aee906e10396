"""Why the register of patients may refuse."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale


class Fault(TypedDict):
    """One thing wrong with a request, in the shape of every problem document."""

    at: list[str]
    why: str
    rule: str


class PatientNotFound(NotFound):
    """There is no such patient, or you may not see them."""

    patient_id: UUID


class PatientChanged(Stale):
    """Somebody changed this patient since you read them."""

    patient_id: UUID
    expected_version: int
    current_version: int


class PossibleDuplicate(Conflict):
    """We may already have this patient: look at these, then say confirm_not_duplicate."""

    patient_ids: list[UUID]


class BirthDateInFuture(Invalid):
    """A birth date cannot lie in the future."""

    errors: list[Fault]


class NotARegistrar(Forbidden):
    """Only doctors, nurses and receptionists register patients or change their details."""


class ClinicalFieldsNotYours(Forbidden):
    """Only doctors and nurses record allergies, medications and problems."""

    fields: list[str]


class MayNotMerge(Forbidden):
    """Only the staff of the clinic merge records of patients."""


class SamePatient(Invalid):
    """This is one record: name the other one."""

    errors: list[Fault]


class AlreadyMerged(Conflict):
    """This record was merged into another, which counts in its place."""

    patient_id: UUID
    merged_into: UUID


class MergeNotFound(NotFound):
    """There was no such merge, or you may not see these patients."""

    merge_id: UUID


class MergeAlreadyReversed(Conflict):
    """This merge was taken back already."""

    merge_id: UUID


class TooLateToReverse(Conflict):
    """A merge can be taken back for one day; that is over."""

    merge_id: UUID
    reversible_until: datetime


class RestrictionDiffers(Conflict):
    """One of these records is restricted and the other is not: make them alike first."""

    patient_ids: list[UUID]


class MergedOnwards(Conflict):
    """The record that was to stay has been merged itself since: take that merge back first."""

    merge_id: UUID
    patient_id: UUID
    merged_into: UUID
