"""What the audit trail is told about encounters."""

from app import audit
from app.clinical.encounters.models import Encounter
from app.infra.uow import UnitOfWork


async def trace(uow: UnitOfWork, action: str, encounter: Encounter, **detail: str) -> None:
    await audit.record(
        uow,
        action,
        patient_id=encounter.patient_id,
        subject=("encounter", encounter.id),
        detail=detail,
    )
