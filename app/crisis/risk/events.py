"""What a risk level tells the slices above."""

from typing import Literal
from uuid import UUID

from app.kernel.events import DomainEvent


class RiskDecided(DomainEvent, name="crisis.risk_decided.v1"):
    """A level counts from now on, by rule or by a clinician."""

    patient_id: UUID
    level: Literal["undetermined", "negative", "low", "moderate", "high"]
    version: int
