"""What the audit trail and the rest of the house are told about encounters."""

from app import audit
from app.clinical.encounters.events import EncounterMoved
from app.clinical.encounters.lifecycle import EncounterStatus
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


async def tell_moved(uow: UnitOfWork, encounter: Encounter, before: EncounterStatus | None) -> None:
    await uow.publish(
        EncounterMoved(
            encounter_id=encounter.id,
            patient_id=encounter.patient_id,
            practitioner_id=encounter.practitioner_id,
            from_status=before,
            to_status=encounter.status,
        )
    )
