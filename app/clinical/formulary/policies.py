"""Who may read the formulary, and who brings in another."""

from app.clinical.formulary.errors import MayNotImportFormulary, MayNotReadFormulary
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role

CLINICIANS = (Role.DOCTOR, Role.NURSE)


def require_reader(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(*CLINICIANS, Role.ADMIN, Role.SYSTEM):
        raise MayNotReadFormulary


def require_importer(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(Role.SYSTEM):
        raise MayNotImportFormulary
