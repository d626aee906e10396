"""Looking at encounters."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from uuid import UUID

from app import audit
from app.clinical.encounters import repository
from app.clinical.encounters.lifecycle import EncounterStatus
from app.clinical.encounters.models import Encounter, RecordingConsent
from app.clinical.encounters.repository import EncounterFilter
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor, PageRequest, page_of
from app.patients import Patient

FIRST_PAGE = PageRequest()


async def read_encounter(uow: UnitOfWork, encounter_id: UUID) -> Encounter:
    """Somebody looks at an encounter; raises `EncounterNotFound`."""
    encounter = await repository.get(uow, encounter_id)
    await audit.record(
        uow,
        "encounter.read",
        patient_id=encounter.patient_id,
        subject=("encounter", encounter.id),
    )
    return encounter


async def list_encounters(
    uow: UnitOfWork,
    *,
    patient_id: UUID | None = None,
    appointment_id: UUID | None = None,
    status: EncounterStatus | None = None,
    mine: bool = False,
    page: PageRequest = FIRST_PAGE,
) -> tuple[list[Encounter], str | None]:
    """Encounters newest first, and the cursor of the next page; `mine`: where I am the doctor."""
    practitioner_id = uow.actor.id if mine else None
    wanted = EncounterFilter(
        patient_id=patient_id,
        appointment_id=appointment_id,
        practitioner_id=practitioner_id,
        status=status,
    )
    rows = await repository.page(uow, wanted, page)
    found, next_cursor = page_of(rows, page, key=lambda e: Cursor(at=e.started_at, id=e.id))
    await note_whom(uow, "encounter.list", found, patient_id=patient_id)
    return found, next_cursor


async def encounters_of_day(
    uow: UnitOfWork, practitioner_id: UUID | None, day: date, *, zone: tzinfo = UTC
) -> Sequence[tuple[Encounter, Patient]]:
    """A doctor's (None: everybody's) encounters that started on that day, first to last."""
    midnight = datetime.combine(day, time(), tzinfo=zone)
    next_midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
    rows = await repository.between(uow, practitioner_id, midnight, next_midnight)
    await note_whom(uow, "encounter.list_day", [encounter for encounter, _ in rows])
    return rows


async def encounters_of_appointments(
    uow: UnitOfWork, appointment_ids: Collection[UUID]
) -> dict[UUID, Encounter]:
    """The encounter under way or completed of each of these appointments, by appointment.

    Leaves no trace in the audit trail: whoever shows the appointments does.
    """
    return await repository.of_appointments(uow, appointment_ids)


async def latest_consents(
    uow: UnitOfWork, encounter_ids: Collection[UUID]
) -> dict[UUID, RecordingConsent]:
    """What patients last said to being recorded, by encounter; unasked ones are not there."""
    return await repository.latest_consents(uow, encounter_ids)


async def note_whom(
    uow: UnitOfWork, action: str, seen: Sequence[Encounter], *, patient_id: UUID | None = None
) -> None:
    """Who saw a list saw every patient on it."""
    ids = list(dict.fromkeys(str(encounter.patient_id) for encounter in seen))
    await audit.record(uow, action, patient_id=patient_id, detail={"patients": ids})
