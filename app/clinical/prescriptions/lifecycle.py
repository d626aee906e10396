"""The lives of a prescribed medicine, in the words of FHIR, and of a proposal to prescribe."""

from enum import StrEnum

from app.kernel.lifecycle import Lifecycle


class ItemStatus(StrEnum):
    """FHIR's medicationrequest-status. Cancelled: withdrawn before anything of it was taken."""

    DRAFT = "draft"
    ACTIVE = "active"
    ON_HOLD = "on-hold"
    STOPPED = "stopped"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered-in-error"


PRESCRIPTION_ITEM = Lifecycle(
    "prescription-item",
    {
        ItemStatus.DRAFT: {
            ItemStatus.ACTIVE,
            ItemStatus.CANCELLED,
            ItemStatus.ENTERED_IN_ERROR,
        },
        ItemStatus.ACTIVE: {
            ItemStatus.ON_HOLD,
            ItemStatus.STOPPED,
            ItemStatus.COMPLETED,
            ItemStatus.CANCELLED,
            ItemStatus.ENTERED_IN_ERROR,
        },
        ItemStatus.ON_HOLD: {
            ItemStatus.ACTIVE,
            ItemStatus.STOPPED,
            ItemStatus.COMPLETED,
            ItemStatus.CANCELLED,
            ItemStatus.ENTERED_IN_ERROR,
        },
        ItemStatus.STOPPED: {ItemStatus.ENTERED_IN_ERROR},
        ItemStatus.COMPLETED: {ItemStatus.ENTERED_IN_ERROR},
        ItemStatus.CANCELLED: {ItemStatus.ENTERED_IN_ERROR},
        ItemStatus.ENTERED_IN_ERROR: set(),
    },
)


class ProposalStatus(StrEnum):
    PROPOSED = "proposed"
    TAKEN = "taken"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


PRESCRIPTION_PROPOSAL = Lifecycle(
    "prescription-proposal",
    {
        ProposalStatus.PROPOSED: {
            ProposalStatus.TAKEN,
            ProposalStatus.DISMISSED,
            ProposalStatus.WITHDRAWN,
        },
        ProposalStatus.WITHDRAWN: {ProposalStatus.PROPOSED},
        ProposalStatus.TAKEN: set(),
        ProposalStatus.DISMISSED: set(),
    },
)
