"""Putting appointments and holds in the book: what booking, holding, walk-ins and series share."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from app import audit
from app.infra.uow import UnitOfWork
from app.patients import Patient
from app.scheduling.appointments.errors import Obstacle, ObstacleKind
from app.scheduling.appointments.granting import NOTHING, Fit, grant
from app.scheduling.appointments.lapsing import CALENDAR
from app.scheduling.appointments.lifecycle import AppointmentStatus
from app.scheduling.appointments.models import Appointment, range_of
from app.scheduling.appointments.repository import Busy, Person
from app.scheduling.appointments.schemas import AppointmentKind
from app.scheduling.appointments.storing import insert_at_last_unless_taken, insert_unless_taken
from app.scheduling.appointments.telling import tell_booked, tell_status
from app.scheduling.appointments.wanted import Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What an appointment is beside its time."""

    status: AppointmentStatus = AppointmentStatus.BOOKED
    kind: AppointmentKind = AppointmentKind.BOOKED
    patient: Person | None = None
    reason: str | None = None
    override_reason: str | None = None
    expires_at: datetime | None = None
    series_id: UUID | None = None
    occurrence_local: datetime | None = None


class Unsettled(Exception):
    """Something changed while we looked: begin again, and keep what is read as it is."""


async def place(
    uow: UnitOfWork,
    wanted: Wanted,
    details: Details,
    *,
    overriding: AbstractSet[ObstacleKind] = NOTHING,
) -> Appointment | list[Obstacle]:
    """A new appointment, or everything that is in its way; raises nothing, audits nothing."""

    async def write(fit: Fit) -> Appointment | None:
        return await insert_unless_taken(uow, row_of(uow, wanted, details, fit))

    placed = await grant(uow, wanted, write, overriding=overriding)
    if isinstance(placed, Appointment):
        uow.wake(CALENDAR)
        await tell_of(uow, placed)
    return placed


async def place_at_last(
    uow: UnitOfWork,
    wanted: Wanted,
    details: Details,
    action: str,
    *,
    seen: Sequence[Busy],
    overriding: AbstractSet[ObstacleKind] = NOTHING,
) -> Appointment | list[Obstacle]:
    """Like `place`, as the last thing of the unit of work, traced as that action: one statement.

    `seen` is who was there when the patient was read. The patient needs no lock, only a record that
    is still the one that was read. Raises `Unsettled` where it is not, or where somebody gave back
    the time that was in the way.
    """
    patient, tried = details.patient, set[Fit]()
    assert patient is not None

    async def say(placed: Appointment) -> None:
        await tell_of(uow, placed)
        await trace(uow, action, placed)

    async def write(fit: Fit) -> Appointment | None:
        if fit in tried:
            raise Unsettled
        tried.add(fit)
        row = row_of(uow, wanted, details, fit)
        return await insert_at_last_unless_taken(uow, row, patient.version, say)

    placed = await grant(uow, wanted, write, overriding=overriding, seen=seen)
    if isinstance(placed, Appointment):
        uow.wake(CALENDAR)
    return placed


def row_of(uow: UnitOfWork, wanted: Wanted, details: Details, fit: Fit) -> dict[str, Any]:
    held = details.status is AppointmentStatus.PENDING
    came = details.status is AppointmentStatus.ARRIVED
    return {
        "id": uuid4(),
        "status": details.status,
        "kind": details.kind,
        "practitioner_id": wanted.practitioner_id,
        "patient_id": details.patient.id if details.patient else None,
        "patient_name": name_of(details.patient) if details.patient else None,
        "visit_type_id": wanted.visit_type_id,
        "room_id": wanted.room_id,
        "starts_at": wanted.starts_at,
        "ends_at": wanted.ends_at,
        **shares_of(fit),
        **overriding_of(fit, details.override_reason),
        "reason": details.reason,
        "expires_at": details.expires_at,
        "series_id": details.series_id,
        "occurrence_local": details.occurrence_local,
        "arrived_at": uow.now if came else None,
        "created_by": uow.actor.id,
        "booked_by": None if held else uow.actor.id,
        "booked_at": None if held else uow.now,
        "version": 1,
        "created_at": uow.now,
    }


def shares_of(fit: Fit) -> dict[str, Any]:
    return {
        "practitioner_share": range_of(fit.practitioner),
        "patient_share": range_of(fit.patient),
        "room_share": range_of(fit.room),
    }


def overriding_of(fit: Fit, reason: str | None) -> dict[str, Any]:
    """A reason somebody gave is kept only where there was something to override."""
    return {
        "overridden": sorted(fit.overridden),
        "override_reason": reason if fit.overridden else None,
    }


def name_of(patient: Person | Patient) -> str:
    """As the lists show it."""
    return f"{patient.given_name} {patient.family_name}"


async def tell_of(uow: UnitOfWork, appointment: Appointment) -> None:
    """Holds are told to nobody."""
    if appointment.status is AppointmentStatus.BOOKED:
        await tell_booked(uow, appointment)
    elif appointment.status is not AppointmentStatus.PENDING:
        await tell_status(uow, appointment, None)


async def trace(uow: UnitOfWork, action: str, appointment: Appointment) -> None:
    """What was overridden is in the trail too; why is in the record."""
    await audit.record(
        uow,
        action,
        patient_id=appointment.patient_id,
        subject=("appointment", appointment.id),
        detail={"overridden": appointment.overridden} if appointment.overridden else None,
    )
