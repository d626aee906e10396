"""Why results may refuse."""

from typing import TypedDict
from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale


class Fault(TypedDict):
    """One thing wrong with a request, in the shape of every problem document."""

    at: list[str]
    why: str
    rule: str


class ResultNotFound(NotFound):
    """There is no such result, or you may not see it."""

    result_id: UUID


class CallbackNotFound(NotFound):
    """This version of the result has no such record of a call."""

    callback_id: UUID


class ResultsNotForYourRole(Forbidden):
    """Only doctors and nurses read and enter results."""


class AcknowledgedByDoctorsOnly(Forbidden):
    """Only a doctor acknowledges a result."""


class OrderItemNotAwaited(Conflict):
    """What was ordered is a draft or was called off: no result belongs to it."""

    order_item_id: UUID
    item_status: str


class ResultUnfit(Invalid):
    """This is not a result that can be kept."""

    errors: list[Fault]


class ExternalIdTaken(Conflict):
    """The sender's number of this result stands for another patient's or another order's."""

    result_id: UUID


class ResultChanged(Stale):
    """A newer version of this result came in since you read it: look at that one."""

    result_id: UUID
    expected_version: int
    current_version: int


class ResultOvertaken(Conflict):
    """A report of the same kind that was issued later is here already: this one is older."""

    result_id: UUID
    current_version: int


class NothingReported(Conflict):
    """Nothing was reported yet: there is no version."""

    result_id: UUID


class AlreadyAcknowledged(Conflict):
    """This version of the result was acknowledged already."""

    result_id: UUID
    number: int


class ResultIsWithdrawn(Conflict):
    """This result was cancelled or entered in error: there is nothing to do about it."""

    result_id: UUID


class CallbackCorrected(Conflict):
    """That record of a call was corrected already: correct the newer one."""

    callback_id: UUID


class CallMissing(Conflict):
    """A critical result ends once the call was read back and a doctor has acknowledged."""

    result_id: UUID
    called: bool
    acknowledged: bool
