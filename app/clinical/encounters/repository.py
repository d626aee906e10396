"""Every statement that touches encounters and consents to record."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on, insert

from app.clinical.encounters.errors import EncounterNotFound
from app.clinical.encounters.lifecycle import EncounterStatus
from app.clinical.encounters.models import Encounter, RecordingConsent
from app.infra.uow import UnitOfWork
from app.kernel.paging import PageRequest
from app.patients import Patient, joined_to_patient, records_of, visible_patients

# Of these an appointment has one at most; the unique index names the same ones.
COUNTING = (EncounterStatus.IN_PROGRESS, EncounterStatus.COMPLETED)
NEWEST_FIRST = (Encounter.started_at.desc(), Encounter.id.desc())


@dataclass(frozen=True, slots=True, kw_only=True)
class EncounterFilter:
    """Which encounters are asked for; None asks for any."""

    patient_id: UUID | None = None
    appointment_id: UUID | None = None
    practitioner_id: UUID | None = None
    status: EncounterStatus | None = None


def visible(uow: UnitOfWork) -> Select[Encounter]:
    joined = joined_to_patient(select(Encounter), Encounter.patient_id)
    return joined.where(visible_patients(uow))


async def get(uow: UnitOfWork, encounter_id: UUID, *, lock: bool = False) -> Encounter:
    statement = visible(uow).where(Encounter.id == encounter_id)
    if lock:
        # Rows that point at this encounter may still be written meanwhile.
        statement = statement.with_for_update(of=Encounter, key_share=True)
        statement = statement.execution_options(populate_existing=True)
    encounter = (await uow.db.execute(statement)).scalar_one_or_none()
    if encounter is None:
        raise EncounterNotFound(encounter_id=encounter_id)
    return encounter


async def add_unless_taken(uow: UnitOfWork, **fields: Any) -> Encounter | None:
    """Store an encounter; None when its appointment has one that counts already."""
    statement = insert(Encounter).values(**fields).on_conflict_do_nothing().returning(Encounter)
    return (await uow.db.execute(statement)).scalar_one_or_none()


async def of_appointments(
    uow: UnitOfWork, appointment_ids: Collection[UUID]
) -> dict[UUID, Encounter]:
    """The encounters that count of these appointments, by appointment."""
    statement = visible(uow).where(
        Encounter.appointment_id.in_(appointment_ids), Encounter.status.in_(COUNTING)
    )
    found = await uow.db.scalars(statement)
    return {one.appointment_id: one for one in found if one.appointment_id is not None}


async def page(
    uow: UnitOfWork, wanted: EncounterFilter, request: PageRequest
) -> Sequence[Encounter]:
    """One row more than the page holds, newest first."""
    statement = visible(uow)
    if wanted.patient_id is not None:
        statement = statement.where(Encounter.patient_id.in_(records_of(wanted.patient_id)))
    if wanted.appointment_id is not None:
        statement = statement.where(Encounter.appointment_id == wanted.appointment_id)
    if wanted.practitioner_id is not None:
        statement = statement.where(Encounter.practitioner_id == wanted.practitioner_id)
    if wanted.status is not None:
        statement = statement.where(Encounter.status == wanted.status)
    if request.cursor is not None:
        last = (request.cursor.at, request.cursor.id)
        statement = statement.where(tuple_(Encounter.started_at, Encounter.id) < tuple_(*last))
    return (await uow.db.scalars(statement.order_by(*NEWEST_FIRST).limit(request.limit + 1))).all()


async def between(
    uow: UnitOfWork, practitioner_id: UUID | None, since: datetime, until: datetime
) -> Sequence[tuple[Encounter, Patient]]:
    """Encounters of a span of time with their patients, in order; None for everybody's."""
    statement = (
        joined_to_patient(select(Encounter, Patient), Encounter.patient_id)
        .where(visible_patients(uow))
        .where(Encounter.started_at >= since, Encounter.started_at < until)
        .order_by(Encounter.started_at, Encounter.id)
    )
    if practitioner_id is not None:
        statement = statement.where(Encounter.practitioner_id == practitioner_id)
    return [(row[0], row[1]) for row in await uow.db.execute(statement)]


async def latest_consents(
    uow: UnitOfWork, encounter_ids: Collection[UUID]
) -> dict[UUID, RecordingConsent]:
    """What counts now, by encounter; an encounter in which nobody asked is not there."""
    statement = (
        select(RecordingConsent)
        .where(RecordingConsent.encounter_id.in_(encounter_ids))
        .ext(distinct_on(RecordingConsent.encounter_id))
        .order_by(RecordingConsent.encounter_id, RecordingConsent.seq.desc())
    )
    return {row.encounter_id: row for row in await uow.db.scalars(statement)}
