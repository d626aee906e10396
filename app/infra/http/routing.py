"""The one kind of route this house has: admits first, then reads the request."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute

from app.infra.http.access import Access, declared_access
from app.infra.http.idempotency import remember_answer, wants_remembering
from app.infra.http.problems import PROBLEM_RESPONSES

Endpoint = Callable[[Request], Awaitable[Response]]


class HouseRoute(APIRoute):
    """Access is decided before the body is even parsed; creating POSTs may be retried."""

    @property
    def access(self) -> Access:
        return declared_access(self.dependencies)

    def get_route_handler(self) -> Any:
        answer = super().get_route_handler()
        access = self.access  # asked now: a route that declares none stops the start

        async def handler(request: Request) -> Response:
            await access.admit(request)
            response: Response = await answer(request)
            if wants_remembering(request):
                await remember_answer(request, response)
            return response

        return handler


def api_router(prefix: str, tag: str) -> APIRouter:
    """A router for JSON endpoints; every one of them may answer with a problem document."""
    return APIRouter(prefix=prefix, tags=[tag], route_class=HouseRoute, responses=PROBLEM_RESPONSES)


def page_router(prefix: str = "") -> APIRouter:
    """A router for pages of the site."""
    return APIRouter(prefix=prefix, route_class=HouseRoute, include_in_schema=False)
