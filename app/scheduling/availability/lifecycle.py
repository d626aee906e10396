"""What is in use, what no longer is, and what was taken back."""

from enum import StrEnum

from app.kernel.lifecycle import Lifecycle


class OfferStatus(StrEnum):
    """Of rooms and visit types: retired ones stay on old appointments and take no new ones."""

    ACTIVE = "active"
    RETIRED = "retired"


class ExceptionStatus(StrEnum):
    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


ROOM = Lifecycle(
    "room",
    {
        OfferStatus.ACTIVE: {OfferStatus.RETIRED},
        OfferStatus.RETIRED: {OfferStatus.ACTIVE},
    },
)
VISIT_TYPE = Lifecycle(
    "visit type",
    {
        OfferStatus.ACTIVE: {OfferStatus.RETIRED},
        OfferStatus.RETIRED: {OfferStatus.ACTIVE},
    },
)
AVAILABILITY_EXCEPTION = Lifecycle(
    "availability exception",
    {
        ExceptionStatus.ACTIVE: {ExceptionStatus.WITHDRAWN},
        ExceptionStatus.WITHDRAWN: set(),
    },
)
