"""Who sees and answers signals."""

from app.crisis.signals.errors import SignalsNotForYourRole
from app.infra.uow import UnitOfWork
from app.kernel.actors import Actor, Role

CLINICIANS = (Role.DOCTOR, Role.NURSE)


def may_see(actor: Actor) -> bool:
    return actor.has_any(*CLINICIANS)


def require_clinician(uow: UnitOfWork) -> None:
    if not may_see(uow.actor):
        raise SignalsNotForYourRole


def require_finder(uow: UnitOfWork) -> None:
    """Clinicians, and the parts of the system that read for them."""
    if not uow.actor.has_any(*CLINICIANS, Role.SYSTEM):
        raise SignalsNotForYourRole
