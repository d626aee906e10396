"""The life of one thing ordered, in the words of FHIR's request-status; and of a proposal."""

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


class OrderProposalStatus(StrEnum):
    PROPOSED = "proposed"
    TAKEN = "taken"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


ORDER_PROPOSAL = Lifecycle(
    "order-proposal",
    {
        OrderProposalStatus.PROPOSED: {
            OrderProposalStatus.TAKEN,
            OrderProposalStatus.DISMISSED,
            OrderProposalStatus.WITHDRAWN,
        },
        OrderProposalStatus.WITHDRAWN: {OrderProposalStatus.PROPOSED},
        OrderProposalStatus.TAKEN: set(),
        OrderProposalStatus.DISMISSED: set(),
    },
)
