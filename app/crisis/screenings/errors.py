"""Why a screening may be refused."""

from typing import TypedDict
from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale


class Fault(TypedDict):
    """One thing wrong with a request, in the shape of every problem document."""

    at: list[str]
    why: str
    rule: str


class ScreeningNotFound(NotFound):
    """There is no such screening, or you may not see it."""

    screening_id: UUID


class InstrumentNotFound(NotFound):
    """There is no such screening instrument in use."""


class DemandNotFound(NotFound):
    """There is no such screening to be done, or you may not see it."""

    demand_id: UUID


class ScreeningChanged(Stale):
    """Somebody answered in this screening since you read it."""

    screening_id: UUID
    expected_version: int
    current_version: int


class ScreeningOver(Conflict):
    """This screening is over: its answers do not change any more."""

    screening_id: UUID


class AnswersMissing(Conflict):
    """Questions are not answered: ask them, or say that they stay open."""

    screening_id: UUID
    errors: list[Fault]


class AnswersUnfit(Invalid):
    """An answer does not fit its question, or answers what is not asked."""

    errors: list[Fault]


class EncounterOfAnotherPatient(Invalid):
    """That encounter is with another patient."""

    encounter_id: UUID


class DemandAnswered(Conflict):
    """This screening is not due any more."""

    demand_id: UUID


class DeferralUnfit(Invalid):
    """It can only be put off until a moment to come, and for seven days at most."""

    demand_id: UUID


class MayNotScreen(Forbidden):
    """Only doctors and nurses do screenings and read them."""
