"""Deny by default: every route says who may call it, and the route itself enforces it."""

from dataclasses import dataclass
from typing import Any

from fastapi import Depends, Request

from app.infra.http.callers import require_caller
from app.kernel.actors import Caller, Role
from app.kernel.errors import Forbidden

STAFF = (Role.DOCTOR, Role.NURSE, Role.RECEPTIONIST, Role.ADMIN)
ANYONE_SIGNED_IN = (*STAFF, Role.PATIENT)


class RoleNotAllowed(Forbidden):
    """Your role does not include this."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call a route. `roles` empty: everybody, signed in or not."""

    roles: frozenset[Role]

    async def __call__(self) -> None:
        """A dependency only so that FastAPI carries it along; `HouseRoute` enforces it.

        Async, because FastAPI sends whatever is not to a thread of its own.
        """

    @property
    def public(self) -> bool:
        return not self.roles

    async def admit(self, request: Request) -> Caller | None:
        if self.public:
            return None
        caller = await require_caller(request)
        request.state.caller = caller
        if not caller.actor.has_any(*self.roles):
            raise RoleNotAllowed
        return caller


def allow(*roles: Role) -> Any:
    """Declare on a route: `dependencies=[allow(Role.DOCTOR)]`."""
    return Depends(Access(frozenset(roles)))


def public() -> Any:
    """Declare that strangers may call this."""
    return Depends(Access(frozenset()))


def declared_access(dependencies: list[Any]) -> Access:
    """The last access a route or its routers declare: the nearest one counts."""
    found = [d.dependency for d in dependencies if isinstance(d.dependency, Access)]
    if not found:
        raise TypeError("a route must declare who may call it: allow(...) or public()")
    return found[-1]
