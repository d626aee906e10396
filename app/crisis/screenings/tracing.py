"""What the audit trail is told about screenings: never an answer."""

from app import audit
from app.crisis.screenings.models import Screening
from app.infra.uow import UnitOfWork


async def trace(uow: UnitOfWork, action: str, screening: Screening, **detail: object) -> None:
    await audit.record(
        uow,
        action,
        patient_id=screening.patient_id,
        subject=("screening", screening.id),
        detail={"instrument": screening.instrument, **detail},
    )
