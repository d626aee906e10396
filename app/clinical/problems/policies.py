"""Who reads problems, and who says what somebody suffers from."""

from app.clinical.problems.errors import OnlyDoctorsDiagnose, ProblemsNotForYourRole
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role

READERS = (Role.DOCTOR, Role.NURSE)
DIAGNOSERS = (Role.DOCTOR,)


def require_reader(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(*READERS, Role.SYSTEM):
        raise ProblemsNotForYourRole


def require_diagnoser(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(*DIAGNOSERS):
        raise OnlyDoctorsDiagnose


def require_finder(uow: UnitOfWork) -> None:
    """Doctors, and the parts of the system that read for them."""
    if not uow.actor.has_any(*DIAGNOSERS, Role.SYSTEM):
        raise OnlyDoctorsDiagnose
