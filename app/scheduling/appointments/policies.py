"""Who may do what in the appointment book."""

from collections.abc import Iterable

from app.infra.uow import UnitOfWork
from app.kernel.actors import Actor, Role
from app.scheduling.appointments.errors import MayNotBook, MayNotOverride, ObstacleKind
from app.scheduling.appointments.schemas import Override

BOOKERS = (Role.RECEPTIONIST, Role.DOCTOR, Role.NURSE)
OVERRIDERS = (Role.RECEPTIONIST, Role.DOCTOR)

# A room cannot hold more than it holds, and nobody can come yesterday.
OVERRIDABLE = frozenset(ObstacleKind) - {ObstacleKind.ROOM, ObstacleKind.IN_THE_PAST}


def require_booker(uow: UnitOfWork) -> None:
    """The desk, doctors and nurses; the system's own parts offer and expire."""
    if not uow.actor.has_any(*BOOKERS, Role.SYSTEM):
        raise MayNotBook


def require_overrider(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(*OVERRIDERS):
        raise MayNotOverride


def may_override(actor: Actor, kinds: Iterable[ObstacleKind]) -> bool:
    """Whether this person, with a reason, may book although all of these are in the way."""
    return actor.has_any(*OVERRIDERS) and OVERRIDABLE.issuperset(kinds)


def overriding_with(uow: UnitOfWork, override: Override | None) -> frozenset[ObstacleKind]:
    """What may be in the way, given a reason; raises `MayNotOverride`."""
    if override is None:
        return frozenset()
    require_overrider(uow)
    return OVERRIDABLE
