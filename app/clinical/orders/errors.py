"""Why orders may refuse."""

from datetime import date
from enum import StrEnum
from typing import TypedDict
from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale


class Fault(TypedDict):
    """One thing wrong with a request, in the shape of every problem document."""

    at: list[str]
    why: str
    rule: str


class EarlierOrder(TypedDict):
    """What was ordered before, and which item of this order, counted from 1, is the same."""

    position: int
    item_id: UUID
    order_id: UUID
    state: StrEnum
    on: date


class OrderNotFound(NotFound):
    """There is no such order, or you may not see it."""

    order_id: UUID


class OrderItemNotFound(NotFound):
    """There is no such thing ordered, or you may not see it."""

    item_id: UUID


class OrderSetNotFound(NotFound):
    """There is no such order set, or it is somebody else's."""

    set_id: UUID


class OrderProposalNotFound(NotFound):
    """There is no such proposal of an order, or you may not see it."""

    proposal_id: UUID


class OrdersNotForYourRole(Forbidden):
    """Only doctors and nurses see orders."""


class MayNotOrder(Forbidden):
    """Only doctors order, hold and revoke."""


class OrderOfAnother(Forbidden):
    """This draft is somebody else's: only who began it changes and places it."""

    order_id: UUID


class OrderUnfit(Invalid):
    """This cannot be ordered like that."""

    errors: list[Fault]


class OrderChanged(Stale):
    """This order is not what you saw: look at it again, then place it."""

    order_id: UUID
    expected_version: int
    current_version: int


class OrderPlacedAlready(Conflict):
    """This order was placed: nothing in it is a draft any more."""

    order_id: UUID


class OrderEmpty(Conflict):
    """There is nothing in this order to place."""

    order_id: UUID


class OrderedBefore(Conflict):
    """The same was ordered before: give a reason to order it again."""

    earlier: list[EarlierOrder]


class NothingToCollect(Conflict):
    """No specimen is to be taken for this: none is needed, it was taken, or it is not active."""

    item_id: UUID


class OrderProposalAnswered(Conflict):
    """This proposal waits for nobody any more: somebody was first, or its sentence is gone."""

    proposal_id: UUID
    current: str


class OrderSetNameTaken(Conflict):
    """You have an order set of that name."""

    set_id: UUID


class OrderSetNotYours(Forbidden):
    """This order set is the clinic's: save one of your own."""

    set_id: UUID


class OrderSetChanged(Stale):
    """Somebody changed this order set since you read it."""

    set_id: UUID
    expected_version: int
    current_version: int
