"""Problems, their suggestions and the codes of ICD-10-CM over HTTP."""

from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.clinical.problems import policies, queries, searching, service, suggesting
from app.clinical.problems.code_schemas import FoundCodes
from app.clinical.problems.lifecycle import ClinicalStatus
from app.clinical.problems.schemas import (
    CardLines,
    ChangeProblem,
    GiveReason,
    NewProblem,
    ProblemHistory,
    ProblemOut,
    ProblemPage,
    Reactivate,
    Resolve,
    Verify,
)
from app.clinical.problems.suggestion_schemas import (
    ExamineNote,
    SuggestionList,
    SuggestionOut,
    TakeSuggestion,
)
from app.infra.http.access import allow
from app.infra.http.deps import Paging, Uow
from app.infra.http.etags import IfMatch, put_etag
from app.infra.http.problems import described
from app.infra.http.routing import api_router

codes = api_router("/icd10", "icd10")
problems = api_router("/problems", "problems")
suggestions = api_router("/problem-suggestions", "problem suggestions")
ROUTERS: tuple[APIRouter, ...] = (codes, problems, suggestions)

READERS = [allow(*policies.READERS)]
DIAGNOSERS = [allow(*policies.DIAGNOSERS)]
STALE: dict[int | str, dict[str, Any]] = {
    412: described(
        HTTPStatus.PRECONDITION_FAILED,
        "problem-stale: somebody changed this problem since you read it",
    ),
    428: described(
        HTTPStatus.PRECONDITION_REQUIRED,
        "precondition-missing: send If-Match with the ETag you read",
    ),
}


def shown(problem: ProblemOut, response: Response) -> ProblemOut:
    put_etag(response, problem.version)
    return problem


@codes.get("", dependencies=READERS)
async def search_icd10(
    uow: Uow,
    q: Annotated[str, Query(max_length=200, description="A code, or words in any order.")] = "",
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
) -> FoundCodes:
    """Codes of ICD-10-CM, the best first, with the release they are from.

    By the beginning of a code with or without its dot, by beginnings of words, and by what doctors
    call things ("htn", "dm2"). Where no release is loaded it says so instead of finding nothing.
    """
    return await searching.search_codes(uow, q, limit=limit)


@problems.get("", dependencies=READERS)
async def list_problems(
    uow: Uow, page: Paging, patient_id: UUID, status: ClinicalStatus | None = None
) -> ProblemPage:
    """A patient's problems, the one recorded last first."""
    found, next_cursor = await queries.list_problems(uow, patient_id, page, status=status)
    return ProblemPage(items=found, next_cursor=next_cursor)


@problems.post("", status_code=201, dependencies=DIAGNOSERS)
async def record_problem(body: NewProblem, uow: Uow, response: Response) -> ProblemOut:
    """Put a problem on a patient's list; a code that is on it already has to be meant."""
    problem = await service.record_problem(uow, body)
    response.headers["Location"] = f"/api/v1/problems/{problem.id}"
    return shown(problem, response)


@problems.get("/free-text", dependencies=READERS)
async def list_free_text_problems(uow: Uow, patient_id: UUID) -> CardLines:
    """The patient's free-text list, line by line, to be taken over; nothing is taken by itself."""
    return await queries.card_lines(uow, patient_id)


@problems.get("/{problem_id:uuid}", dependencies=READERS)
async def get_problem(problem_id: UUID, uow: Uow, response: Response) -> ProblemOut:
    """One problem; the ETag is the version to send with changes."""
    return shown(await queries.read_problem(uow, problem_id), response)


@problems.get("/{problem_id:uuid}/history", dependencies=READERS)
async def get_problem_history(problem_id: UUID, uow: Uow) -> ProblemHistory:
    """How it went and how sure it was, the first change first."""
    return await queries.history_of(uow, problem_id)


@problems.put("/{problem_id:uuid}/details", dependencies=DIAGNOSERS, responses=STALE)
async def change_problem(
    problem_id: UUID, body: ChangeProblem, version: IfMatch, uow: Uow, response: Response
) -> ProblemOut:
    """Every detail there is now; what is left out is not known."""
    return shown(await service.change_problem(uow, problem_id, body, version=version), response)


@problems.post("/{problem_id:uuid}/resolution", status_code=201, dependencies=DIAGNOSERS)
async def resolve_problem(
    problem_id: UUID, body: Resolve, uow: Uow, response: Response
) -> ProblemOut:
    """It is over."""
    return shown(await service.resolve_problem(uow, problem_id, **body.model_dump()), response)


@problems.post("/{problem_id:uuid}/remission", status_code=201, dependencies=DIAGNOSERS)
async def remit_problem(
    problem_id: UUID, body: Resolve, uow: Uow, response: Response
) -> ProblemOut:
    """It is there, but without signs."""
    return shown(await service.remit_problem(uow, problem_id, **body.model_dump()), response)


@problems.post("/{problem_id:uuid}/inactivation", status_code=201, dependencies=DIAGNOSERS)
async def inactivate_problem(
    problem_id: UUID, body: Resolve, uow: Uow, response: Response
) -> ProblemOut:
    """Nobody follows it any more, though nobody says that it is over."""
    return shown(await service.inactivate_problem(uow, problem_id, **body.model_dump()), response)


@problems.post("/{problem_id:uuid}/reactivation", status_code=201, dependencies=DIAGNOSERS)
async def reactivate_problem(
    problem_id: UUID, body: Reactivate, uow: Uow, response: Response
) -> ProblemOut:
    """It came back, or had never gone."""
    return shown(await service.reactivate_problem(uow, problem_id, **body.model_dump()), response)


@problems.post("/{problem_id:uuid}/verification", status_code=201, dependencies=DIAGNOSERS)
async def verify_problem(
    problem_id: UUID, body: Verify, uow: Uow, response: Response
) -> ProblemOut:
    """It is surer now, or less sure."""
    problem = await service.verify_problem(
        uow,
        problem_id,
        body.verification_status,
        reason=body.reason,
        allow_duplicate=body.allow_duplicate,
    )
    return shown(problem, response)


@problems.post("/{problem_id:uuid}/refutation", status_code=201, dependencies=DIAGNOSERS)
async def refute_problem(
    problem_id: UUID, body: GiveReason, uow: Uow, response: Response
) -> ProblemOut:
    """The patient does not have it, after all."""
    return shown(await service.refute_problem(uow, problem_id, reason=body.reason), response)


@problems.post("/{problem_id:uuid}/entered-in-error", status_code=201, dependencies=DIAGNOSERS)
async def enter_problem_in_error(
    problem_id: UUID, body: GiveReason, uow: Uow, response: Response
) -> ProblemOut:
    """It should never have been on this list: it stays readable, marked so."""
    problem = await service.enter_problem_in_error(uow, problem_id, reason=body.reason)
    return shown(problem, response)


@suggestions.get("", dependencies=DIAGNOSERS)
async def list_problem_suggestions(uow: Uow, note_id: UUID) -> SuggestionList:
    """Diagnoses named in the assessment of a note, whatever became of them."""
    return await suggesting.list_suggestions(uow, note_id)


@suggestions.post("/examinations", status_code=201, dependencies=DIAGNOSERS)
async def examine_note_for_problems(body: ExamineNote, uow: Uow) -> SuggestionList:
    """Look through the assessment of a note as it is saved now."""
    return await suggesting.examine_note(uow, body.note_id)


@suggestions.post("/{suggestion_id:uuid}/acceptance", status_code=201, dependencies=DIAGNOSERS)
async def take_problem_suggestion(
    suggestion_id: UUID, body: TakeSuggestion, uow: Uow, response: Response
) -> ProblemOut:
    """Put it on the patient's list."""
    problem = await suggesting.take_suggestion(
        uow,
        suggestion_id,
        sureness=body.verification_status,
        allow_duplicate=body.allow_duplicate,
    )
    response.headers["Location"] = f"/api/v1/problems/{problem.id}"
    return shown(problem, response)


@suggestions.post("/{suggestion_id:uuid}/dismissal", status_code=201, dependencies=DIAGNOSERS)
async def dismiss_problem_suggestion(suggestion_id: UUID, uow: Uow) -> SuggestionOut:
    """It is not offered again for this note."""
    return await suggesting.dismiss_suggestion(uow, suggestion_id)
