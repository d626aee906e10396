"""Who is asking. Somebody always is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, Self
from uuid import UUID, uuid5


class Role(StrEnum):
    DOCTOR = "doctor"
    NURSE = "nurse"
    RECEPTIONIST = "receptionist"
    ADMIN = "admin"
    PATIENT = "patient"
    SYSTEM = "system"


NAMESPACE = UUID("6d1f0a36-5a2f-4d6b-9c39-0e0f5b1f7c11")


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    id: UUID
    name: str
    roles: frozenset[Role]
    authenticated_at: datetime | None = None  # when this person last proved who they are

    @classmethod
    def system(cls, name: str) -> Self:
        """A part of the system acting on its own account, by name."""
        return cls(id=uuid5(NAMESPACE, name), name=name, roles=frozenset({Role.SYSTEM}))

    def has_any(self, *roles: Role) -> bool:
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """An actor on a line to us: which session, and the token its pages must show."""

    actor: Actor
    session_id: UUID
    csrf_token: str
    via: Literal["bearer", "cookie"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a request came from, for the audit trail: never more than that."""

    address: str | None = None
    request_id: UUID | None = None


NOWHERE = Origin()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What a request was about, for the audit trail: the address without what it names."""

    route: str  # "GET /notes/{note_id}"
    ids: Mapping[str, UUID]  # those in the address, in its order
