"""Keeping appointments true when a patient is renamed, or two records become one and two again."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update

from app.infra.uow import UnitOfWork
from app.patients import Patient, get_patient
from app.scheduling.appointments import repository
from app.scheduling.appointments.errors import ObstacleKind
from app.scheduling.appointments.lapsing import CALENDAR
from app.scheduling.appointments.models import (
    Appointment,
    AppointmentRepointing,
    range_of,
    share_of,
)
from app.scheduling.appointments.obstacles import of_patient
from app.scheduling.appointments.placing import name_of
from app.scheduling.appointments.shares import MOST_LANES, Share, free_share, lane_of
from app.scheduling.appointments.telling import tell_repointed
from app.scheduling.appointments.wanted import Wanted

MERGED = "two records of this patient became one"
PATIENT = ObstacleKind.PATIENT.value

# A merge and its reversal may be delivered at the same time, and in any order.
ONE_MERGE_AT_A_TIME = text(
    "select pg_advisory_xact_lock(hashtextextended('appointments.merge:' || :merge_id, 0))"
)


class NowhereToGo(Exception):
    """A person would have more appointments at one time than there are lanes."""


async def copy_name(uow: UnitOfWork, patient: Patient) -> None:
    """The name on all appointments of a patient is the one they have now."""
    name = name_of(patient)
    await uow.db.execute(
        update(Appointment)
        .where(Appointment.patient_id == patient.id, Appointment.patient_name != name)
        .values(patient_name=name, version=Appointment.version + 1)
        .execution_options(synchronize_session=False)
    )
    uow.wake(CALENDAR)


async def follow_merge(
    uow: UnitOfWork, merge_id: UUID, absorbed: Sequence[UUID], survivor_id: UUID
) -> None:
    """Appointments of the absorbed records are the survivor's, as long as the merge stands."""
    await uow.db.execute(ONE_MERGE_AT_A_TIME, {"merge_id": str(merge_id)})
    counts = await get_patient(uow, absorbed[0])
    if counts.id in absorbed:  # it was reversed before we heard of it
        return
    survivor = await get_patient(uow, survivor_id)
    for appointment in await written_under(uow, absorbed):
        assert appointment.patient_id is not None
        uow.db.add(
            AppointmentRepointing(
                merge_id=merge_id,
                appointment_id=appointment.id,
                from_patient_id=appointment.patient_id,
                patient_share=appointment.patient_share,
            )
        )
        await repoint(uow, appointment, survivor, share_of(appointment.patient_share))
    uow.wake(CALENDAR)


async def follow_reversal(uow: UnitOfWork, merge_id: UUID, absorbed_id: UUID) -> None:
    """Exactly the appointments that came with a merge go back with the record."""
    await uow.db.execute(ONE_MERGE_AT_A_TIME, {"merge_id": str(merge_id)})
    patient = await get_patient(uow, absorbed_id)
    statement = (
        select(Appointment, AppointmentRepointing.patient_share)
        .join(AppointmentRepointing, AppointmentRepointing.appointment_id == Appointment.id)
        .where(AppointmentRepointing.merge_id == merge_id)
        .order_by(Appointment.id)
        .with_for_update(of=Appointment, key_share=True)
        .execution_options(populate_existing=True)
    )
    for appointment, share in (await uow.db.execute(statement)).all():
        await repoint(uow, appointment, patient, share_of(share))
    uow.wake(CALENDAR)


async def written_under(uow: UnitOfWork, patient_ids: Sequence[UUID]) -> Sequence[Appointment]:
    """Appointments of any state that stand under these ids, locked."""
    statement = (
        select(Appointment)
        .where(Appointment.patient_id.in_(patient_ids))
        .order_by(Appointment.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await uow.db.scalars(statement)).all()


async def repoint(
    uow: UnitOfWork, appointment: Appointment, patient: Patient, wished: Share
) -> None:
    """Write an appointment under a patient, in another lane where they are somewhere already.

    Raises `NowhereToGo` when there is none left.
    """
    wanted = Wanted(
        practitioner_id=appointment.practitioner_id,
        visit_type_id=appointment.visit_type_id,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        patient_id=patient.id,
        ignoring=appointment.id,
    )
    before = appointment.patient_id
    assert before is not None
    share: Share | None = wished
    for _ in range(MOST_LANES):
        if share is None:
            break
        values = {
            "patient_id": patient.id,
            "patient_name": name_of(patient),
            "patient_share": range_of(share),
            **overridden_in(appointment, share),
            "version": appointment.version + 1,
        }
        if await repository.update_unless_taken(uow, appointment, {patient.id}, values):
            await tell_repointed(uow, appointment, before)
            return
        rows = await repository.busy(uow, wanted)
        share = free_share(of_patient(wanted, rows)[1], MOST_LANES)
    raise NowhereToGo


def overridden_in(appointment: Appointment, share: Share) -> dict[str, Any]:
    """What stands on the appointment about being beside another one of the same person."""
    kinds, reason = set(appointment.overridden), appointment.override_reason
    if lane_of(share) > 0:
        kinds.add(PATIENT)
    elif reason == MERGED:
        kinds.discard(PATIENT)
    return {"overridden": sorted(kinds), "override_reason": (reason or MERGED) if kinds else None}
