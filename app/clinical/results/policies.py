"""Who may do what with results."""

from app.clinical.results.errors import AcknowledgedByDoctorsOnly, ResultsNotForYourRole
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role

CLINICIANS = (Role.DOCTOR, Role.NURSE)


def require_clinician(uow: UnitOfWork) -> None:
    """Doctors and nurses read results, enter them and record calls; so does an import."""
    if not uow.actor.has_any(*CLINICIANS, Role.SYSTEM):
        raise ResultsNotForYourRole


def require_doctor(uow: UnitOfWork) -> None:
    """What follows from a result is for a doctor to decide."""
    if not uow.actor.has_any(Role.DOCTOR):
        raise AcknowledgedByDoctorsOnly
