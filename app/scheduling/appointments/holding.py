"""Keeping a time for some minutes while somebody is just booking."""

from datetime import timedelta
from uuid import UUID

from app import audit
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.scheduling.appointments import repository
from app.scheduling.appointments.asking import Place, wanted_at
from app.scheduling.appointments.errors import HoldNotFound, NotYourHold
from app.scheduling.appointments.lapsing import let_go
from app.scheduling.appointments.lifecycle import AppointmentStatus
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.placing import Details, place
from app.scheduling.appointments.policies import overriding_with, require_booker
from app.scheduling.appointments.refusing import slot_taken
from app.scheduling.appointments.schemas import CancelledBy, HoldSlot


async def hold_slot(uow: UnitOfWork, new: HoldSlot, *, hold_for: timedelta) -> Appointment:
    """Keep a time until it is booked, released or over; raises what booking raises."""
    hold = await place_hold(uow, new, hold_for=hold_for)
    await audit.record(
        uow, "appointment.hold", patient_id=hold.patient_id, subject=("appointment", hold.id)
    )
    return hold


async def place_hold(uow: UnitOfWork, new: HoldSlot, *, hold_for: timedelta) -> Appointment:
    """Like `hold_slot` without a trace of its own: for verbs that leave one."""
    require_booker(uow)
    overriding = overriding_with(uow, new.override)
    patient = await repository.patient(uow, new.patient_id) if new.patient_id else None
    if new.replaces is not None:
        await replace(uow, new.replaces)
    where = Place(
        practitioner_id=new.practitioner_id,
        visit_type_id=new.visit_type_id,
        starts_at=new.starts_at,
        duration_minutes=new.duration_minutes,
        room_id=new.room_id,
    )
    wanted = await wanted_at(uow, where, patient_id=patient.id if patient else None)
    details = Details(
        status=AppointmentStatus.PENDING,
        patient=patient,
        override_reason=new.override.reason if new.override else None,
        expires_at=uow.now + hold_for,
    )
    held = await place(uow, wanted, details, overriding=overriding)
    if not isinstance(held, Appointment):
        raise await slot_taken(uow, wanted, held)
    return held


async def replace(uow: UnitOfWork, hold_id: UUID) -> None:
    """Give up a hold of one's own for another time; one that is gone already is no matter."""
    hold = await repository.hold(uow, hold_id)
    if hold is not None:
        require_own(uow, hold)
        let_go(uow, hold, CancelledBy.CLINIC, "replaced")


async def release_hold(uow: UnitOfWork, hold_id: UUID) -> None:
    """Give back a time one holds. Raises `HoldNotFound`, `NotYourHold`."""
    require_booker(uow)
    hold = await drop_hold(uow, hold_id, anybodys=False)
    await audit.record(
        uow, "appointment.release", patient_id=hold.patient_id, subject=("appointment", hold.id)
    )


async def drop_hold(uow: UnitOfWork, hold_id: UUID, *, anybodys: bool = True) -> Appointment:
    """Give back a held time without a trace of its own; raises `HoldNotFound`, `NotYourHold`."""
    hold = await repository.hold(uow, hold_id)
    if hold is None:
        raise HoldNotFound(hold_id=hold_id)
    if not anybodys:
        require_own(uow, hold)
    let_go(uow, hold, CancelledBy.CLINIC, "released")
    return hold


def require_own(uow: UnitOfWork, hold: Appointment) -> None:
    if hold.created_by != uow.actor.id and not uow.actor.has_any(Role.SYSTEM):
        raise NotYourHold(hold_id=hold.id)
