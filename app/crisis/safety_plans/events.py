"""Facts safety plans tell the others."""

from uuid import UUID

from app.kernel.events import DomainEvent


class SafetyPlanPublished(DomainEvent, name="crisis.safety_plan_published.v1"):
    """A patient has a safety plan from now on, or a newer one."""

    plan_id: UUID
    patient_id: UUID
    version: int


class SafetyPlanWithdrawn(DomainEvent, name="crisis.safety_plan_withdrawn.v1"):
    """The safety plan that was in use counts no more, and no other took its place."""

    plan_id: UUID
    patient_id: UUID
    version: int
