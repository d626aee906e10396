"""Who may change the register of patients."""

from collections.abc import Iterable

from app.infra.uow import UnitOfWork
from app.kernel.actors import Actor, Role
from app.patients.errors import ClinicalFieldsNotYours, MayNotMerge, NotARegistrar
from app.patients.schemas import CLINICAL_FIELDS

CLINICIANS = (Role.DOCTOR, Role.NURSE)
REGISTRARS = (*CLINICIANS, Role.RECEPTIONIST)
MERGERS = (*REGISTRARS, Role.ADMIN)


def require_registrar(uow: UnitOfWork, fields: Iterable[str]) -> None:
    """The desk may register and correct demographics; clinical lists belong to clinicians."""
    if not uow.actor.has_any(*REGISTRARS):
        raise NotARegistrar
    clinical = sorted(CLINICAL_FIELDS.intersection(fields))
    if clinical and not sees_clinical_fields(uow.actor):
        raise ClinicalFieldsNotYours(fields=clinical)


def require_merger(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(*MERGERS):
        raise MayNotMerge


def sees_clinical_fields(actor: Actor) -> bool:
    return actor.has_any(*CLINICIANS)
