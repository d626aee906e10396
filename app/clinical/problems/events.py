"""Facts about problems."""

from uuid import UUID

from app.clinical.problems.lifecycle import ClinicalStatus, VerificationStatus
from app.kernel.events import DomainEvent


class ProblemRecorded(DomainEvent, name="clinical.problem_recorded.v1"):
    """A problem is on a patient's list from now on."""

    problem_id: UUID
    patient_id: UUID
    encounter_id: UUID | None


class ProblemChanged(DomainEvent, name="clinical.problem_changed.v1"):
    """The details of a problem are others now: its code, its words, since when, how severe."""

    problem_id: UUID
    patient_id: UUID
    encounter_id: UUID | None
    version: int


class ProblemMoved(DomainEvent, name="clinical.problem_moved.v1"):
    """A problem went on: resolved, come back, refuted, or never should have been there."""

    problem_id: UUID
    patient_id: UUID
    encounter_id: UUID | None
    clinical_status: ClinicalStatus
    verification_status: VerificationStatus
