"""Who prescribes, and who sees what is prescribed."""

from app.clinical.prescriptions.errors import (
    MedicationNotForYourRole,
    NotThePrescriber,
    PrescribingIsForDoctors,
)
from app.clinical.prescriptions.models import Prescription
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role

PRESCRIBERS = (Role.DOCTOR,)
READERS = (Role.DOCTOR, Role.NURSE)


def require_doctor(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(*PRESCRIBERS):
        raise PrescribingIsForDoctors


def require_reader(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(*READERS):
        raise MedicationNotForYourRole


def require_finder(uow: UnitOfWork) -> None:
    """Doctors, and the parts of the system that read for them."""
    if not uow.actor.has_any(*PRESCRIBERS, Role.SYSTEM):
        raise PrescribingIsForDoctors


def require_prescriber(uow: UnitOfWork, prescription: Prescription) -> None:
    """A draft has one pair of hands."""
    require_doctor(uow)
    if prescription.prescriber_id != uow.actor.id:
        raise NotThePrescriber(prescription_id=prescription.id)
