"""Patients who would come sooner, and the times offered to them."""

from app.scheduling.waiting_list.answering import Taken, accept_offer, refuse_offer
from app.scheduling.waiting_list.errors import (
    AlreadyOffered,
    AlreadyWaiting,
    EntryChanged,
    EntryClosed,
    EntryNotFound,
    MayNotKeepWaitingList,
    OfferAnswered,
    OfferBooked,
    OfferNotFound,
    WishUnfit,
)
from app.scheduling.waiting_list.lifecycle import (
    TIME_OFFER,
    WAITING_LIST_ENTRY,
    TimeOfferStatus,
    WaitingStatus,
)
from app.scheduling.waiting_list.models import TimeOffer, WaitingListEntry, WaitingListMove
from app.scheduling.waiting_list.offering import offer_by_hand, offer_freed_time
from app.scheduling.waiting_list.policies import KEEPERS
from app.scheduling.waiting_list.queries import (
    describe,
    describe_offer,
    list_entries,
    matches_for,
    open_offers,
    read_entry,
)
from app.scheduling.waiting_list.schemas import (
    ChangeEntry,
    EntryOut,
    NewEntry,
    NewOffer,
    OfferOut,
    Urgency,
)
from app.scheduling.waiting_list.service import add_entry, change_entry, withdraw_entry

__all__ = [
    "KEEPERS",
    "TIME_OFFER",
    "WAITING_LIST_ENTRY",
    "AlreadyOffered",
    "AlreadyWaiting",
    "ChangeEntry",
    "EntryChanged",
    "EntryClosed",
    "EntryNotFound",
    "EntryOut",
    "MayNotKeepWaitingList",
    "NewEntry",
    "NewOffer",
    "OfferAnswered",
    "OfferBooked",
    "OfferNotFound",
    "OfferOut",
    "Taken",
    "TimeOffer",
    "TimeOfferStatus",
    "Urgency",
    "WaitingListEntry",
    "WaitingListMove",
    "WaitingStatus",
    "WishUnfit",
    "accept_offer",
    "add_entry",
    "change_entry",
    "describe",
    "describe_offer",
    "list_entries",
    "matches_for",
    "offer_by_hand",
    "offer_freed_time",
    "open_offers",
    "read_entry",
    "refuse_offer",
    "withdraw_entry",
]
