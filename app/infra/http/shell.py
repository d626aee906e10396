"""The outermost layer: a request id, security headers, a body limit, and no escaped error."""

from http import HTTPStatus
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException as RoutingError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.infra.http.problems import store_is_away, store_unavailable, unexpected

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "worker-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "object-src 'none'",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
}
MAX_BODY_BYTES = 9 * 1024 * 1024  # a chunk of a recording (8 MiB) and some air


class BodyTooLarge(RoutingError):
    """The body is over the limit; told like an error of routing wherever it was being read."""

    def __init__(self) -> None:
        super().__init__(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


class Shell:
    """Pure ASGI, so streams and disconnects pass through untouched."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        self._headers = dict(SECURITY_HEADERS)
        if secure:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = uuid4()
        scope.setdefault("state", {})["request_id"] = request_id
        started = False

        async def send_dressed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers["X-Request-Id"] = str(request_id)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=str(request_id)):
            try:
                await self._app(scope, bounded(scope, receive), send_dressed)
            except Exception as error:  # noqa: BLE001 - the last stop: nothing escapes to a client
                if started:
                    unexpected(error)
                    return
                away = store_is_away(error)
                answer = store_unavailable() if away else unexpected(error)
                await answer(scope, receive, send_dressed)


def bounded(scope: Scope, receive: Receive) -> Receive:
    """Refuse a body over the limit before it fills the memory: when announced, or as it grows."""
    length = Headers(scope=scope).get("content-length", "")
    announced = int(length[:20]) if length.isdecimal() else 0
    seen = 0

    async def counting() -> Message:
        nonlocal seen
        if announced <= MAX_BODY_BYTES:
            message = await receive()
            seen += len(message.get("body", b""))
            if seen <= MAX_BODY_BYTES:
                return message
        raise BodyTooLarge

    return counting
