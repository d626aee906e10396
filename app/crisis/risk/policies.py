"""Who may do what with risk levels."""

from app.crisis.risk.errors import MayNotAssessRisk
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role

ASSESSORS = (Role.DOCTOR, Role.NURSE)


def require_assessor(uow: UnitOfWork) -> None:
    """Clinicians, and the system's own parts."""
    if not uow.actor.has_any(*ASSESSORS, Role.SYSTEM):
        raise MayNotAssessRisk
