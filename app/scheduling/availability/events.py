"""What availability tells the slices above."""

from uuid import UUID

from app.kernel.events import DomainEvent


class AvailabilityChanged(DomainEvent, name="availability.changed.v1"):
    """Working hours, leave or extra sessions of one doctor changed; null: of the whole clinic."""

    practitioner_id: UUID | None
