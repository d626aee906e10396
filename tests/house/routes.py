"""Walking every route of the application, the site's included."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount

from app.infra.http.routing import HouseRoute


@dataclass(frozen=True)
class Reached:
    """A route where a client finds it."""

    method: str
    path: str
    route: APIRoute

    @property
    def roles(self) -> frozenset[Any]:
        assert isinstance(self.route, HouseRoute)
        return self.route.access.roles

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def every_route(routes: Iterable[BaseRoute], prefix: str = "") -> Iterator[Reached]:
    for route in routes:
        if isinstance(route, APIRoute):
            for method in sorted(route.methods):
                yield Reached(method, prefix + route.path, route)
        elif isinstance(route, Mount):
            yield from every_route(route.routes or [], prefix + route.path)
        elif (router := getattr(route, "original_router", None)) is not None:
            context: Any = route.include_context  # type: ignore[attr-defined]
            yield from every_route(router.routes, prefix + context.prefix)
