"""Who may write and read safety plans."""

from app.crisis.safety_plans.errors import SafetyPlansNotForYourRole
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role

CLINICIANS = (Role.DOCTOR, Role.NURSE)


def require_clinician(uow: UnitOfWork) -> None:
    """The plan is made together with the patient by whoever cares for them."""
    if not uow.actor.has_any(*CLINICIANS, Role.SYSTEM):
        raise SafetyPlansNotForYourRole
