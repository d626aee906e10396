"""Signing in and out."""

from typing import Annotated, Any

from fastapi import Form, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import ValidationError

from app import identity
from app.infra.http.access import ANYONE_SIGNED_IN, allow, public
from app.infra.http.callers import COOKIE, check_same_origin, find_caller, origin_of
from app.infra.http.deps import CurrentCaller, Uow
from app.infra.http.problems import headers_of, problem, status_of
from app.infra.http.routing import page_router
from app.kernel.errors import DomainError
from app.web.framing import strangers_frame
from app.web.presenters.account import SignInPage, safe_next
from app.web.rendering import render

router = page_router()

MESSAGES = {"out": "You are signed out."}


@router.get("/login", dependencies=[public()])
async def show_sign_in(
    request: Request,
    next: Annotated[str | None, Query(max_length=500)] = None,  # noqa: A002 - the name in the URL
    done: Annotated[str | None, Query(max_length=10)] = None,
) -> Response:
    if await find_caller(request) is not None:
        return RedirectResponse(safe_next(next), status_code=303)
    view = SignInPage(next=safe_next(next), message=MESSAGES.get(done or "", ""))
    return render("sessions/sign_in.html", view, strangers_frame(request))


@router.post("/login", dependencies=[public()])
async def sign_in(
    request: Request,
    username: Annotated[str, Form(max_length=256)] = "",
    password: Annotated[str, Form(max_length=1024)] = "",
    next: Annotated[str, Form(max_length=500)] = "/",  # noqa: A002 - the name in the form
    again: Annotated[str, Form(max_length=1)] = "",
) -> Response:
    """Open a session. `again` comes from a page whose session ended: it gets JSON, and stays."""
    check_same_origin(request)
    try:
        opened = await open_session(request, username, password)
    except DomainError as error:
        return refused(request, error, username, next, stay=bool(again))
    if again:
        facts = {"user_id": str(opened.user.id), "csrf_token": opened.session.csrf_token}
        answer: Response = JSONResponse(facts)
    else:
        answer = RedirectResponse(safe_next(next), status_code=303)
    keep(request, answer, opened.token)
    return answer


@router.post("/logout", dependencies=[allow(*ANYONE_SIGNED_IN)])
async def sign_out(uow: Uow, caller: CurrentCaller) -> Response:
    await identity.sign_out(uow, caller.session_id)
    answer = RedirectResponse("/login?done=out", status_code=303)
    answer.delete_cookie(COOKIE, path="/")
    return answer


async def open_session(request: Request, username: str, password: str) -> identity.SignedIn:
    try:
        said = identity.SignIn(username=username, password=password)
    except ValidationError as error:
        raise identity.CredentialsWrong from error
    origin = origin_of(request)
    name_key = identity.name_digest(said.username).hex()
    throttle: identity.LoginThrottle = request.state.login_throttle
    async with throttle.guarding(address=origin.address, name_key=name_key):
        return await identity.sign_in(
            request.state.works,
            said.username,
            said.password,
            kind=identity.SessionKind.BROWSER,
            origin=origin,
            user_agent=request.headers.get("user-agent"),
        )


def refused(
    request: Request, error: DomainError, username: str, next_path: str, *, stay: bool
) -> Response:
    status = status_of(type(error))
    if stay:
        return problem(status, error.code, error.title, headers=headers_of(error))
    view = SignInPage(next=safe_next(next_path), username=username, problem=sentence(error))
    answer = render("sessions/sign_in.html", view, strangers_frame(request), status=status)
    answer.headers.update(headers_of(error))
    return answer


def sentence(error: DomainError) -> str:
    seconds: Any = error.context.get("retry_after_seconds")
    return f"{error.title} Try again in {seconds} seconds." if seconds else error.title


def keep(request: Request, answer: Response, token: str) -> None:
    """Lax, so that a link from an e-mail finds the doctor signed in; unsafe verbs need more."""
    answer.set_cookie(
        COOKIE,
        token,
        path="/",
        httponly=True,
        samesite="lax",
        secure=bool(request.state.settings.secure_cookies),
    )
