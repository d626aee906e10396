"""Who is calling: a bearer token or the session cookie, looked up by identity."""

import secrets
from functools import lru_cache
from ipaddress import ip_address
from typing import Literal, Protocol
from urllib.parse import urlsplit
from uuid import uuid4

from fastapi import Request

from app.kernel.actors import Caller, Origin
from app.kernel.errors import Forbidden, Unauthenticated

COOKIE = "dra_session"
CSRF_FIELD = "csrf_token"
CSRF_HEADER = "x-csrf-token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


class ForeignOrigin(Forbidden):
    """This request came from another site and was refused."""


class CsrfTokenWrong(Forbidden):
    """The page is out of date: reload it and try again."""


class Authenticator(Protocol):
    """Supplied by identity in the composition root."""

    async def __call__(
        self, token: str, *, via: Literal["bearer", "cookie"], origin: Origin
    ) -> Caller | None:
        """The caller behind a token, or None when it is unknown, expired or revoked."""


def origin_of(request: Request) -> Origin:
    """The peer address; uvicorn has already applied trusted proxy headers."""
    address = address_in(request.client.host if request.client else "")
    known = getattr(request.state, "request_id", None)
    return Origin(address=address, request_id=known or uuid4())


@lru_cache(maxsize=1024)
def address_in(text: str) -> str | None:
    """A proxy hands on what it was told, which need not be an address at all."""
    try:
        return str(ip_address(text))
    except ValueError:
        return None


async def find_caller(request: Request) -> Caller | None:
    """Whoever the request proves to be, or None for a stranger."""
    authenticate: Authenticator = request.state.authenticate
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return await authenticate(token.strip(), via="bearer", origin=origin_of(request))
    if cookie := request.cookies.get(COOKIE):
        caller = await authenticate(cookie, via="cookie", origin=origin_of(request))
        if caller is not None and request.method not in SAFE_METHODS:
            await check_csrf(request, caller)
        return caller
    return None


async def require_caller(request: Request) -> Caller:
    caller = await find_caller(request)
    if caller is None:
        raise Unauthenticated
    return caller


async def check_csrf(request: Request, caller: Caller) -> None:
    """A cookie alone does not prove that the person meant it."""
    check_same_origin(request)
    token = request.headers.get(CSRF_HEADER)
    if token is None and request.headers.get("content-type", "").startswith(FORM_TYPES):
        field = (await request.form()).get(CSRF_FIELD)
        token = field if isinstance(field, str) else None
    if token is None or not secrets.compare_digest(token.encode(), caller.csrf_token.encode()):
        raise CsrfTokenWrong


def check_same_origin(request: Request) -> None:
    """Browsers say where a request began; another site's is refused."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise ForeignOrigin
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise ForeignOrigin
