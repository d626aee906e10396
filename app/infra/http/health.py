"""Alive, ready, and counted: what a machine asks this service."""

import asyncio
import os
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.infra.http.access import public
from app.infra.http.routing import API_PREFIX, HouseRoute
from app.kernel.errors import Forbidden

CHECK_SECONDS = 3
FRESH_SECONDS = 1.0
COUNTED_TOGETHER = "PROMETHEUS_MULTIPROC_DIR"  # the folder; read by the library as it is imported
LOOPBACK = frozenset({"127.0.0.1", "::1"})

REQUESTS = Counter("dra_http_requests", "Requests by route and status.", ["route", "status"])
SECONDS = Histogram("dra_http_request_seconds", "Time until the answer began.", ["route"])


class Verdict(StrEnum):
    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    verdict: Verdict
    advice: str | None = None


Check = Callable[[], Awaitable[Finding]]


class Readiness:
    """Runs the checks; strangers asking again and again get the findings of a moment ago."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self._asking = asyncio.Lock()
        self._found: dict[str, Finding] = {}
        self._found_at = float("-inf")

    async def findings(self) -> Mapping[str, Finding]:
        async with self._asking:
            if time.monotonic() - self._found_at > FRESH_SECONDS:
                each = await asyncio.gather(*map(answer_in_time, self._checks.values()))
                self._found = dict(zip(self._checks, each, strict=True))
                self._found_at = time.monotonic()
            return self._found


class MetricsNotForYou(Forbidden):
    """Metrics are shown to this machine, or to whoever bears the metrics token."""


router = APIRouter(route_class=HouseRoute, include_in_schema=False)


@router.get("/livez", dependencies=[public()])
async def livez() -> dict[str, str]:
    """The process answers."""
    return {"status": Verdict.OK}


@router.get("/readyz", dependencies=[public()])
async def readyz(request: Request) -> JSONResponse:
    """Every store, the schema and the speech model; 503 while one that is needed fails."""
    readiness: Readiness = request.state.readiness
    found = await readiness.findings()
    failed = any(each.verdict is Verdict.FAILED for each in found.values())
    body = {
        "status": Verdict.FAILED if failed else Verdict.OK,
        "checks": {
            name: {"status": each.verdict, "advice": each.advice} for name, each in found.items()
        },
    }
    return JSONResponse(body, status_code=503 if failed else 200)


@router.get("/metrics", dependencies=[public()])
async def metrics(request: Request) -> Response:
    """Counters and timings in the Prometheus text format; no word about anybody."""
    token: str | None = request.state.metrics_token
    said = request.headers.get("authorization", "").encode()
    shown = token is not None and secrets.compare_digest(said, f"Bearer {token}".encode())
    if not shown and (request.client is None or request.client.host not in LOOPBACK):
        raise MetricsNotForYou
    return Response(generate_latest(counted_by_all()), media_type=CONTENT_TYPE_LATEST)


def counted_by_all() -> CollectorRegistry:
    """What this process counts, or all together where several share the work."""
    if COUNTED_TOGETHER not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together


async def answer_in_time(check: Check) -> Finding:
    try:
        return await asyncio.wait_for(check(), CHECK_SECONDS)
    except TimeoutError:
        return Finding(Verdict.FAILED, f"no answer within {CHECK_SECONDS} seconds")


class Counted:
    """Counts requests by route template, never by path: paths hold ids."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = asyncio.get_running_loop().time()

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = template_of(scope)
                REQUESTS.labels(route, str(message["status"])).inc()
                SECONDS.labels(route).observe(asyncio.get_running_loop().time() - began)
            await send(message)

        await self._app(scope, receive, counting)


def template_of(scope: Scope) -> str:
    """Method and path template; a router's own path lacks the prefix it was included under."""
    template = getattr(scope.get("route"), "path", None)
    prefix = API_PREFIX if scope["path"].startswith(f"{API_PREFIX}/") else ""
    return f"{scope['method']} {prefix}{template}" if template else "unmatched"
