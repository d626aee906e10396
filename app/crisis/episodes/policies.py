"""Who may do what with crisis episodes."""

from app.crisis.episodes.errors import MayNotWorkCrises
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role

CLINICIANS = (Role.DOCTOR, Role.NURSE)


def require_clinician(uow: UnitOfWork) -> None:
    """Doctors and nurses, and the system's own parts."""
    if not uow.actor.has_any(*CLINICIANS, Role.SYSTEM):
        raise MayNotWorkCrises
