"""The one kind of route this house has: admits first, then reads the request."""

from collections.abc import Awaitable, Callable
from inspect import cleandoc
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from starlette.routing import Match, Mount
from starlette.types import Scope

from app.infra.http.access import Access, declared_access
from app.infra.http.description import IDEMPOTENCY_KEY, SECURITY
from app.infra.http.idempotency import remember_answer, wants_remembering
from app.infra.http.problems import PROBLEM_RESPONSES

API_PREFIX = "/api/v1"

Endpoint = Callable[[Request], Awaitable[Response]]


class HouseRoute(APIRoute):
    """Access is decided before the body is even parsed; creating POSTs may be retried."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        title, _, rest = cleandoc(endpoint.__doc__ or "").partition("\n")
        options["summary"] = options.get("summary") or title.removesuffix(".")
        options["description"] = options.get("description") or rest.strip()
        super().__init__(path, endpoint, **options)
        self.openapi_extra = self.described(self.openapi_extra or {})

    @property
    def access(self) -> Access:
        return declared_access(self.dependencies)

    def described(self, extra: dict[str, Any]) -> dict[str, Any]:
        """What the description of the API says beside what FastAPI reads from the endpoint."""
        if self.access.public:
            return extra | {"security": []}
        said = extra | {"security": SECURITY, "x-roles": sorted(self.access.roles)}
        if "POST" in (self.methods or ()):
            said["parameters"] = [*extra.get("parameters", []), IDEMPOTENCY_KEY]
        return said

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


class Beside(Mount):
    """An app at the root that leaves one prefix to others, unknown addresses below it too."""

    def __init__(self, app: Any, *, leaves: str) -> None:
        super().__init__("/", app)
        self._leaves = leaves

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if scope["type"] == "http" and scope["path"].startswith(self._leaves):
            return Match.NONE, {}
        return super().matches(scope)


def api_router(prefix: str, tag: str) -> APIRouter:
    """A router for JSON endpoints; every one of them may answer with a problem document."""
    return APIRouter(
        prefix=prefix,
        tags=[tag],
        route_class=HouseRoute,
        responses=PROBLEM_RESPONSES,
        generate_unique_id_function=lambda route: route.name,
    )


def page_router(prefix: str = "") -> APIRouter:
    """A router for pages of the site."""
    return APIRouter(prefix=prefix, route_class=HouseRoute, include_in_schema=False)
