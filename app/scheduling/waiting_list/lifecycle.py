"""Waiting, being offered a time, and how either ends."""

from enum import StrEnum

from app.kernel.lifecycle import Lifecycle


class WaitingStatus(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    WITHDRAWN = "withdrawn"


class TimeOfferStatus(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"


WAITING_LIST_ENTRY = Lifecycle(
    "waiting-list entry",
    {
        WaitingStatus.WAITING: {WaitingStatus.OFFERED, WaitingStatus.WITHDRAWN},
        WaitingStatus.OFFERED: {
            WaitingStatus.WAITING,
            WaitingStatus.BOOKED,
            WaitingStatus.WITHDRAWN,
        },
        WaitingStatus.BOOKED: set(),
        WaitingStatus.WITHDRAWN: set(),
    },
)

TIME_OFFER = Lifecycle(
    "offer of a time",
    {
        TimeOfferStatus.OPEN: {
            TimeOfferStatus.ACCEPTED,
            TimeOfferStatus.DECLINED,
            TimeOfferStatus.EXPIRED,
        },
        TimeOfferStatus.ACCEPTED: set(),
        TimeOfferStatus.DECLINED: set(),
        TimeOfferStatus.EXPIRED: set(),
    },
)
