"""The server-rendered site: its own app, its own error pages, the same services as the API."""

from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from pymongo.errors import PyMongoError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException as RoutingError
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.infra.http.problems import (
    headers_of,
    record_refusal,
    status_of,
    store_is_away,
    unexpected,
)
from app.kernel.errors import DomainError, Unauthenticated
from app.patients import PatientNotFound
from app.web.framing import strangers_frame
from app.web.pages import (
    access,
    account,
    calendar,
    chart,
    chart_export,
    crisis,
    encounters,
    formulary,
    home,
    misplaced,
    month,
    notes,
    orders,
    patient_merges,
    patients,
    prescriptions,
    problems,
    queue,
    queue_plans,
    recordings,
    reports,
    results,
    safety_plan,
    schedule,
    screenings,
    sessions,
    today,
    waiting_list,
)
from app.web.presenters.account import safe_next
from app.web.presenters.errors import error_page
from app.web.rendering import render

STATIC = Path(__file__).parent / "static"
PAGES = (
    sessions.router,
    home.router,
    today.router,
    month.router,
    calendar.router,
    patients.router,
    chart.router,
    patient_merges.router,
    problems.router,
    chart_export.router,
    prescriptions.router,
    encounters.router,
    recordings.router,
    notes.router,
    formulary.router,
    safety_plan.router,
    orders.router,
    schedule.router,
    misplaced.router,
    waiting_list.router,
    queue_plans.router,
    queue.router,
    reports.router,
    results.router,
    crisis.router,
    screenings.router,
    access.router,
    account.router,
)
SENTENCES = {
    HTTPStatus.NOT_FOUND: "There is no such page",
    HTTPStatus.METHOD_NOT_ALLOWED: "This page cannot be sent to",
}


class Revalidated(StaticFiles):
    """Kept by browsers, but asked for every time: after an upgrade nothing old is run."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        answer.headers["Cache-Control"] = "no-cache"
        return answer


def page_of_error(request: Request, status: HTTPStatus, title: str) -> Response:
    return render(
        "errors/error.html", error_page(status, title), strangers_frame(request), status=status
    )


def to_sign_in(request: Request) -> Response:
    """To the sign-in page and back here; htmx is told in its own words."""
    target = f"/login?next={safe_next(request.url.path)}"
    if request.headers.get("hx-request"):
        return Response(status_code=401, headers={"HX-Redirect": target})
    return RedirectResponse(target, status_code=303)


async def on_domain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    if isinstance(error, Unauthenticated):
        return to_sign_in(request)
    await record_refusal(request, error)
    if isinstance(error, PatientNotFound):
        asking = await access.before_restricted(request, error)
        if asking is not None:
            return asking
    answer = page_of_error(request, status_of(type(error)), error.title)
    answer.headers.update(headers_of(error))
    return answer


async def on_invalid_request(request: Request, error: Exception) -> Response:
    """An id that is none in the address is no such page; anything else cannot be read."""
    assert isinstance(error, RequestValidationError)
    in_path = any(fault["loc"][:1] == ("path",) for fault in error.errors())
    if in_path:
        return page_of_error(request, HTTPStatus.NOT_FOUND, SENTENCES[HTTPStatus.NOT_FOUND])
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return page_of_error(request, status, "This address cannot be read")


async def on_unknown_page(request: Request, error: Exception) -> Response:
    assert isinstance(error, RoutingError)
    status = HTTPStatus(error.status_code)
    return page_of_error(request, status, SENTENCES.get(status, f"{status.phrase}."))


async def on_unexpected(request: Request, error: Exception) -> Response:
    """A page instead of a trace; only its kind and place are logged."""
    if store_is_away(error):
        status = HTTPStatus.SERVICE_UNAVAILABLE
        return page_of_error(request, status, "A database is not answering")
    unexpected(error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return page_of_error(request, status, "Something went wrong on our side")


@cache
def create_site() -> FastAPI:
    """Every page; one for the whole process, since it holds nothing of a clinic's."""
    handlers: dict[int | type[Exception], Any] = {
        DomainError: on_domain_error,
        RequestValidationError: on_invalid_request,
        RoutingError: on_unknown_page,
        DBAPIError: on_unexpected,
        PoolTimeout: on_unexpected,
        PyMongoError: on_unexpected,
        OSError: on_unexpected,
        Exception: on_unexpected,
    }
    site = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        exception_handlers=handlers,
        redirect_slashes=False,
    )
    site.mount("/static", Revalidated(directory=STATIC))
    for router in PAGES:
        site.include_router(router)
    return site
