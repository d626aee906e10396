"""One line of the audit trail for whatever was done with a report or seen of it."""

from app import audit
from app.crisis.reports.repository import Found
from app.infra.uow import UnitOfWork


async def trace(uow: UnitOfWork, verb: str, found: Found, **detail: object) -> None:
    await audit.record(
        uow,
        f"report.{verb}",
        patient_id=found.suspicion.patient_id,
        subject=("mandatory_report", found.report.id),
        detail=detail,
    )
