"""Facts about access to restricted patients."""

from datetime import datetime
from uuid import UUID

from app.kernel.events import DomainEvent


class GlassBroken(DomainEvent, name="crisis.glass_broken.v1"):
    """Somebody sees a restricted patient for a while, for a reason they gave."""

    grant_id: UUID
    patient_id: UUID
    user_id: UUID
    expires_at: datetime
