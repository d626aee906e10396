"""Why a safety plan may refuse."""

from typing import TypedDict
from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale, Unavailable


class Fault(TypedDict):
    """One thing wrong with a request, in the shape of every problem document."""

    at: list[str]
    why: str
    rule: str


class SafetyPlanNotFound(NotFound):
    """There is no such safety plan, or you may not see it."""

    plan_id: UUID


class SafetyPlanVersionNotFound(NotFound):
    """This safety plan has no published version of that number."""

    plan_id: UUID
    number: int


class SafetyPlansNotForYourRole(Forbidden):
    """Only doctors and nurses write and read safety plans."""


class SafetyPlanChanged(Stale):
    """Somebody changed this safety plan since you read it."""

    plan_id: UUID
    expected_version: int
    current_version: int


class SafetyPlanIncomplete(Invalid):
    """The first two steps have to be filled in before a safety plan is published."""

    errors: list[Fault]


class SafetyPlanNotInUse(Conflict):
    """No published version of this safety plan is in use."""

    plan_id: UUID


class SafetyPlanDamaged(Unavailable):
    """The text of this safety plan is not what was written: nothing is shown rather than that."""

    plan_id: UUID
