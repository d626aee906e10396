"""Why problems, their codes and suggestions may be refused."""

from typing import TypedDict
from uuid import UUID

from app.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Stale


class Fault(TypedDict):
    """One thing wrong with a request, in the shape of every problem document."""

    at: list[str]
    why: str
    rule: str


class NoReleaseLoaded(Conflict):
    """No release of ICD-10-CM is loaded: an administrator loads one with ./dra icd10 load."""


class ReleaseUnreadable(Invalid):
    """This is no file of ICD-10-CM codes in CMS's order format: nothing was loaded."""

    line: int
    rule: str


class ProblemNotFound(NotFound):
    """There is no such problem, or you may not see it."""

    problem_id: UUID


class ProblemStale(Stale):
    """Somebody changed this problem since you read it."""

    problem_id: UUID
    expected_version: int
    current_version: int


class ProblemUnfit(Invalid):
    """This does not describe a problem of this patient."""

    errors: list[Fault]


class ProblemAlreadyListed(Conflict):
    """This code is on the patient's list already; it can be listed twice if that is meant."""

    problem_ids: list[UUID]


class ProblemEnteredInError(Conflict):
    """This problem was entered in error: it does not change any more."""

    problem_id: UUID


class ProblemsNotForYourRole(Forbidden):
    """Only doctors and nurses read problems."""


class OnlyDoctorsDiagnose(Forbidden):
    """Only doctors record and change problems."""


class SuggestionNotFound(NotFound):
    """There is no such suggestion, or you may not see it."""

    suggestion_id: UUID


class SuggestionAnswered(Conflict):
    """This suggestion waits for no answer any more: somebody was first, or its sentence is gone."""

    suggestion_id: UUID
    current: str
