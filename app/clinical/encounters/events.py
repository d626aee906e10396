"""What encounters tell the rest of the house."""

from uuid import UUID

from app.clinical.encounters.lifecycle import EncounterStatus
from app.kernel.events import DomainEvent


class EncounterMoved(DomainEvent, name="clinical.encounter_moved.v1"):
    """A visit began (`from_status` null), or is over for one reason or another."""

    encounter_id: UUID
    patient_id: UUID
    practitioner_id: UUID
    from_status: EncounterStatus | None
    to_status: EncounterStatus
