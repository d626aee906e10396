"""Facts orders tell the others."""

from uuid import UUID

from app.clinical.orders.lifecycle import OrderItemStatus
from app.kernel.events import DomainEvent


class OrderPlaced(DomainEvent, name="orders.order_placed.v1"):
    """A doctor asked for something to be done; what it is, the order says."""

    order_id: UUID
    patient_id: UUID
    encounter_id: UUID | None
    orderer_id: UUID


class OrderItemMoved(DomainEvent, name="orders.item_moved.v1"):
    """One thing that had been placed was held, resumed, revoked, completed, or never meant."""

    item_id: UUID
    order_id: UUID
    patient_id: UUID
    encounter_id: UUID | None
    status: OrderItemStatus


class SpecimenCollected(DomainEvent, name="orders.specimen_collected.v1"):
    """What is needed was taken from the patient."""

    item_id: UUID
    order_id: UUID
    patient_id: UUID
    encounter_id: UUID | None
