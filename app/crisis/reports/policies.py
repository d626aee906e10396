"""Who suspects, who reports, and who says who else may see it."""

from app.crisis.reports.errors import MayNotFormSuspicions, NotYourCompartment, NotYourReport
from app.crisis.reports.models import MandatoryReport
from app.crisis.reports.repository import compartment_of
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role

CLINICIANS = (Role.DOCTOR, Role.NURSE)


def require_clinician(uow: UnitOfWork) -> None:
    if not uow.actor.has_any(*CLINICIANS):
        raise MayNotFormSuspicions


def is_reporter(uow: UnitOfWork, report: MandatoryReport) -> bool:
    return report.reporter_id == uow.actor.id


def require_reporter(uow: UnitOfWork, report: MandatoryReport) -> None:
    """Nobody reports, declines or writes in another's place, whatever their rank."""
    if not is_reporter(uow, report):
        raise NotYourReport(report_id=report.id)


async def keeps_compartment(uow: UnitOfWork, report: MandatoryReport) -> bool:
    return is_reporter(uow, report) or (await compartment_of(uow)).everything


async def require_keeper(uow: UnitOfWork, report: MandatoryReport) -> None:
    if not await keeps_compartment(uow, report):
        raise NotYourCompartment(report_id=report.id)
