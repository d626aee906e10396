"""What encounters tell the rest of the house."""

from typing import Literal
from uuid import UUID

from app.kernel.events import DomainEvent

Status = Literal["in-progress", "completed", "cancelled", "entered-in-error"]


class EncounterMoved(DomainEvent, name="clinical.encounter_moved.v1"):
    """A visit began (`from_status` null), or is over for one reason or another."""

    encounter_id: UUID
    patient_id: UUID
    practitioner_id: UUID
    from_status: Status | None
    to_status: Status
