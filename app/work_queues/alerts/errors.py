"""Why an alert may be refused."""

from typing import TypedDict
from uuid import UUID

from app.kernel.errors import Conflict, Invalid


class Fault(TypedDict):
    """One thing wrong with a request, in the shape of every problem document."""

    at: list[str]
    why: str
    rule: str


class AlertUnfit(Invalid):
    """This cannot be raised like that."""

    errors: list[Fault]


class AlertNotLow(Conflict):
    """Only what is low is acknowledged together with others: look at this one by itself."""

    item_id: UUID
