"""Who may screen."""

from app.crisis.screenings.errors import MayNotScreen
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role

SCREENERS = (Role.DOCTOR, Role.NURSE)


def require_screener(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(*SCREENERS):
        raise MayNotScreen


def require_demander(uow: UnitOfWork) -> None:
    """Whoever screens, and the parts of the system that find a reason to."""
    if not uow.actor.has_any(*SCREENERS, Role.SYSTEM):
        raise MayNotScreen
