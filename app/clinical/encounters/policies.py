"""Who may do what with encounters."""

from app.clinical.encounters.errors import (
    MayNotArrangeEncounters,
    MayNotConductEncounters,
    MayNotRecordConsent,
)
from app.infra.uow import UnitOfWork
from app.kernel.actors import Actor, Role

CLINICIANS = (Role.DOCTOR, Role.NURSE)
ARRANGERS = (*CLINICIANS, Role.RECEPTIONIST)


def require_arranger(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(*ARRANGERS):
        raise MayNotArrangeEncounters


def require_clinician(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(*CLINICIANS):
        raise MayNotConductEncounters


def require_witness(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(*ARRANGERS):
        raise MayNotRecordConsent


def sees_reason(actor: Actor) -> bool:
    return actor.has_any(*CLINICIANS)
