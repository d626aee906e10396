"""The life of one thing ordered, in the words of FHIR's request-status."""

from enum import StrEnum

from app.kernel.lifecycle import Lifecycle


class OrderItemStatus(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    ON_HOLD = "on-hold"
    REVOKED = "revoked"
    COMPLETED = "completed"
    ENTERED_IN_ERROR = "entered-in-error"


ORDER_ITEM = Lifecycle(
    "order-item",
    {
        OrderItemStatus.DRAFT: {
            OrderItemStatus.ACTIVE,
            OrderItemStatus.REVOKED,
            OrderItemStatus.ENTERED_IN_ERROR,
        },
        OrderItemStatus.ACTIVE: {
            OrderItemStatus.ON_HOLD,
            OrderItemStatus.REVOKED,
            OrderItemStatus.COMPLETED,
            OrderItemStatus.ENTERED_IN_ERROR,
        },
        OrderItemStatus.ON_HOLD: {
            OrderItemStatus.ACTIVE,
            OrderItemStatus.REVOKED,
            OrderItemStatus.ENTERED_IN_ERROR,
        },
        OrderItemStatus.REVOKED: {OrderItemStatus.ENTERED_IN_ERROR},
        OrderItemStatus.COMPLETED: {OrderItemStatus.ENTERED_IN_ERROR},
        OrderItemStatus.ENTERED_IN_ERROR: set(),
    },
)
