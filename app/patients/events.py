"""Facts the register of patients tells the others."""

from uuid import UUID

from app.kernel.events import DomainEvent


class PatientRenamed(DomainEvent, name="patients.patient_renamed.v1"):
    """A patient is called something else now; whoever keeps a copy of the name looks again."""

    patient_id: UUID


class PatientsMerged(DomainEvent, name="patients.patients_merged.v1"):
    """Two records turned out to be one person; `survivor_id` is the one that counts now.

    `carried`: records merged into the absorbed one before, which came along.
    """

    merge_id: UUID
    absorbed_id: UUID
    survivor_id: UUID
    carried: list[UUID]


class MergeReversed(DomainEvent, name="patients.merge_reversed.v1"):
    """They were two persons after all: the absorbed record counts itself again.

    The `carried` ones follow it.
    """

    merge_id: UUID
    absorbed_id: UUID
    survivor_id: UUID
    carried: list[UUID]
