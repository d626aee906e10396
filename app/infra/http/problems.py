"""Domain errors as RFC 9457 problem documents; nothing a person typed is ever echoed."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from uuid import UUID

import structlog
from asyncpg import InternalClientError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from pydantic_core import to_json
from pymongo.errors import ConnectionFailure, PyMongoError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException as RoutingError
from starlette.routing import Match

from app.infra.http.callers import origin_of
from app.infra.http.etags import PreconditionMissing
from app.infra.http.idempotency import Replay, on_replay
from app.infra.postgres import sqlstate_of
from app.kernel.actors import Attempt, Caller, Origin
from app.kernel.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    Stale,
    TooMany,
    Unauthenticated,
    Unavailable,
)

log = structlog.get_logger(__name__)

STATUS: dict[type[DomainError], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    Stale: HTTPStatus.PRECONDITION_FAILED,
    Conflict: HTTPStatus.CONFLICT,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    PreconditionMissing: HTTPStatus.PRECONDITION_REQUIRED,
}

DATA_EXCEPTION = "22"  # SQLSTATE class: a value Postgres cannot hold, such as a NUL character
RETRY_AFTER = {"Retry-After": "5"}
# No state at all, a lost connection, a lock not got in time, and two who waited for each other.
RETRYABLE = frozenset({"", "08003", "08006", "55P03", "40001", "40P01"})

RefusalRecorder = Callable[[Caller, Origin, DomainError, Attempt], Awaitable[None]]


class Fault(BaseModel):
    """One thing wrong with a request: where, and which rule it breaks."""

    at: list[str | int]
    why: str
    rule: str


class ProblemDocument(BaseModel):
    """RFC 9457; further members are the facts of the occurrence."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    errors: list[Fault] | None = None


class Problem(JSONResponse):
    media_type = "application/problem+json"

    def render(self, content: Any) -> bytes:
        """Moments, ids and enums written as in every other answer."""
        return to_json(content)


def described(status: HTTPStatus, sentence: str) -> dict[str, Any]:
    code, _, title = sentence.partition(": ")
    example = {"type": f"/problems/{code}", "title": title, "status": status}
    schema = {"$ref": f"#/components/schemas/{ProblemDocument.__name__}"}
    return {
        "description": status.phrase,
        "content": {Problem.media_type: {"schema": schema, "example": example}},
    }


PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    400: described(HTTPStatus.BAD_REQUEST, "bad-request: this is not HTTP as we understand it"),
    401: described(HTTPStatus.UNAUTHORIZED, "unauthenticated: sign in first"),
    403: described(HTTPStatus.FORBIDDEN, "role-not-allowed: your role does not include this"),
    404: described(HTTPStatus.NOT_FOUND, "not-found: no such record, or you may not see it"),
    405: described(
        HTTPStatus.METHOD_NOT_ALLOWED, "method-not-allowed: this address has no such verb"
    ),
    409: described(HTTPStatus.CONFLICT, "conflict: the record is not in a state that allows this"),
    413: described(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large: the body is too large"),
    422: described(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-request: the request is malformed"),
    429: described(HTTPStatus.TOO_MANY_REQUESTS, "too-many: wait a moment and try again"),
    503: described(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable: try again in a few seconds"),
}


def status_of(error: type[DomainError]) -> HTTPStatus:
    return next(STATUS[kind] for kind in error.__mro__ if kind in STATUS)


def problem(
    status: HTTPStatus,
    code: str,
    title: str,
    *,
    headers: Mapping[str, str] | None = None,
    facts: Mapping[str, Any] | None = None,
) -> Problem:
    """A problem document; a fact can add a member, never replace one of the three."""
    body = {**(facts or {}), "type": f"/problems/{code}", "title": title, "status": status}
    return Problem(body, status_code=status, headers=headers)


def headers_of(error: DomainError) -> dict[str, str]:
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.retry_after_seconds)}
    if isinstance(error, Unavailable):
        return RETRY_AFTER
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    return {}


async def record_refusal(request: Request, error: DomainError) -> None:
    """Tell the audit trail who was refused; refused reads leave a trace too."""
    caller: Caller | None = getattr(request.state, "caller", None)
    recorder: RefusalRecorder | None = getattr(request.state, "record_refusal", None)
    if caller and recorder and isinstance(error, (Forbidden, NotFound)):
        await recorder(caller, origin_of(request), error, attempt_of(request))


def attempt_of(request: Request) -> Attempt:
    """The route and the ids in its address; whatever else somebody wrote there is left out."""
    names = {str(written): name for name, written in request.path_params.items()}
    parts = request.scope["path"].split("/")
    template = "/".join(f"{{{names[part]}}}" if part in names else part for part in parts)
    ids = {}
    for written, name in names.items():
        with suppress(ValueError):
            ids[name] = UUID(written)
    return Attempt(route=f"{request.method} {template}", ids=ids)


async def on_domain_error(request: Request, error: Exception) -> Problem:
    assert isinstance(error, DomainError)
    await record_refusal(request, error)
    status = status_of(type(error))
    return problem(status, error.code, error.title, headers=headers_of(error), facts=error.context)


async def on_invalid_request(request: Request, error: Exception) -> Problem:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    typed = names_typed(found)
    faults = [
        {"at": [part for part in e["loc"] if part not in typed], "why": e["msg"], "rule": e["type"]}
        for e in found
    ]
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "invalid-request",
        "The request is malformed.",
        facts={"errors": faults},
    )


def names_typed(errors: Sequence[Any]) -> set[str | int]:
    """Names of members that we do not know: whoever wrote them may have written anything."""
    unknown = {e["loc"][-1] for e in errors if e["type"] == "extra_forbidden"}
    return unknown | {e["loc"][-2] for e in errors if e["loc"][-1] == "[key]"}


async def on_routing_error(request: Request, error: Exception) -> Problem:
    assert isinstance(error, RoutingError)
    status = HTTPStatus(error.status_code)
    if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:  # its phrase differs from Python to Python
        return problem(status, "body-too-large", "The request body is too large.")
    headers = dict(error.headers or {})
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(verbs_of(request))
    code = status.phrase.lower().replace(" ", "-")
    return problem(status, code, f"{status.phrase}.", headers=headers)


def verbs_of(request: Request) -> list[str]:
    """Every verb of this address: the framework names those of its first route only."""
    asked = {key: request.scope[key] for key in ("type", "path", "root_path")}
    return [
        verb
        for verb in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
        if any(
            route.matches(asked | {"method": verb})[0] is Match.FULL
            for route in request.app.router.routes
        )
    ]


async def on_database_error(request: Request, error: Exception) -> Problem:
    """A value Postgres cannot hold is the caller's fault; a lost connection is nobody's."""
    if isinstance(error, DBAPIError) and unstorable(error):
        return problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "unstorable-value",
            "A value in the request cannot be stored (a NUL character, or a number out of range).",
        )
    if store_is_away(error):
        log.warning("store_away", error=type(error).__name__, reason=sqlstate_of(error))
        return store_unavailable()
    return unexpected(error)


async def on_unexpected(request: Request, error: Exception) -> Problem:
    if isinstance(error, UnicodeEncodeError):
        return problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "unstorable-value",
            "A text in the request holds half a character (a lone surrogate).",
        )
    return unexpected(error)


def unstorable(error: DBAPIError) -> bool:
    state = str(getattr(error.orig, "sqlstate", "") or getattr(error.orig, "pgcode", "") or "")
    cause = error.orig.__cause__ if error.orig else None
    kinds = {type(each).__name__ for each in (error.orig, cause)}
    return state.startswith(DATA_EXCEPTION) or "DataError" in kinds


def store_is_away(error: BaseException) -> bool:
    if isinstance(error, (PoolTimeout, OSError, ConnectionFailure, InternalClientError)):
        return True  # the last one: asyncpg, when Postgres dies in the middle of a query
    state = sqlstate_of(error)
    away = isinstance(error, DBAPIError) and (error.connection_invalidated or state[:2] == "57")
    return away or (isinstance(error, DBAPIError) and state in RETRYABLE)


def store_unavailable() -> Problem:
    return problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "store-unavailable",
        "A database is not answering. Nothing was changed; try again in a few seconds.",
        headers=RETRY_AFTER,
    )


def unexpected(error: Exception) -> Problem:
    """Say nothing of what went wrong, here or in the log, beyond its kind and place."""
    frames, trace = [], error.__traceback__
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}")
        trace = trace.tb_next
    log.error("unexpected_error", error=type(error).__name__, frames=frames[-6:])
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "unexpected",
        "Something went wrong on our side. It was logged; nothing was changed.",
    )


def speak_problems(app: FastAPI) -> None:
    app.add_exception_handler(DomainError, on_domain_error)
    app.add_exception_handler(RequestValidationError, on_invalid_request)
    app.add_exception_handler(RoutingError, on_routing_error)
    app.add_exception_handler(Replay, on_replay)
    for away in (DBAPIError, PoolTimeout, PyMongoError, OSError):
        app.add_exception_handler(away, on_database_error)
    app.add_exception_handler(UnicodeEncodeError, on_unexpected)
