"""Another time, another doctor, another room."""

from dataclasses import replace
from uuid import UUID

from app.infra.uow import UnitOfWork
from app.scheduling.appointments import repository
from app.scheduling.appointments.asking import Place, wanted_at
from app.scheduling.appointments.errors import NotInSeries, NotMovable, NotToday, Obstacle
from app.scheduling.appointments.granting import NOTHING
from app.scheduling.appointments.lapsing import CALENDAR
from app.scheduling.appointments.lifecycle import AppointmentStatus
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.placing import trace
from app.scheduling.appointments.policies import overriding_with, require_booker
from app.scheduling.appointments.refusing import slot_taken
from app.scheduling.appointments.regranting import overridden_kinds, regrant
from app.scheduling.appointments.schemas import ChangeAppointment, Override, Reschedule, Scope
from app.scheduling.appointments.telling import Had, tell_edited, tell_moved
from app.scheduling.appointments.today import day_of
from app.scheduling.appointments.wanted import Wanted

MOVABLE = {AppointmentStatus.BOOKED, AppointmentStatus.ARRIVED, AppointmentStatus.IN_ROOM}


async def reschedule(uow: UnitOfWork, appointment_id: UUID, change: Reschedule) -> Appointment:
    """Move an appointment in time, to another doctor or room, or make it shorter or longer.

    Raises `SlotTaken`, `NotMovable`, `NotToday` (somebody who waits cannot be moved to another
    day), `AppointmentChanged` when `change.version` is stale.
    """
    require_booker(uow)
    appointment = await repository.get(uow, appointment_id, lock=True)
    require_single(appointment, change.scope)
    appointment.require(change.version)
    await shift(uow, appointment, place_after(appointment, change), change.override)
    await trace(uow, "appointment.reschedule", appointment)
    return appointment


async def change_appointment(
    uow: UnitOfWork, appointment_id: UUID, change: ChangeAppointment, *, version: int
) -> Appointment:
    """Change what an appointment is for; raises `SlotTaken` where another type needs more room."""
    require_booker(uow)
    appointment = await repository.get(uow, appointment_id, lock=True)
    appointment.require(version)
    said = change.model_fields_set
    if "visit_type_id" in said:
        place = replace(place_of(appointment), visit_type_id=change.visit_type_id)
        await shift(uow, appointment, place, None)
    if "reason" in said and change.reason != appointment.reason:
        appointment.reason = change.reason
        appointment.changed(uow.now)
        uow.wake(CALENDAR)
    await tell_edited(uow, appointment)
    await trace(uow, "appointment.change", appointment)
    return appointment


def require_single(appointment: Appointment, scope: Scope | None) -> None:
    """Raise `NotInSeries` for more than this one; the verbs of series change several at once."""
    if scope not in {None, Scope.THIS}:
        raise NotInSeries(appointment_id=appointment.id)


def place_of(appointment: Appointment) -> Place:
    """Where it is."""
    return Place(
        practitioner_id=appointment.practitioner_id,
        visit_type_id=appointment.visit_type_id,
        starts_at=appointment.starts_at,
        duration_minutes=appointment.minutes,
        room_id=appointment.room_id,
    )


def place_after(appointment: Appointment, change: Reschedule) -> Place:
    """Where it will be; what the change does not say stays as it is."""
    told = ("starts_at", "duration_minutes", "practitioner_id", "room_id")
    said = {name: getattr(change, name) for name in told if name in change.model_fields_set}
    return replace(place_of(appointment), **said)


async def shift(
    uow: UnitOfWork, appointment: Appointment, place: Place, override: Override | None
) -> None:
    """Move a locked appointment there without a trace of its own; raises as `reschedule` does."""
    wanted = await wanted_at(uow, place, patient_id=appointment.patient_id, moving=appointment)
    obstacles = await try_shift(uow, appointment, wanted, override)
    if obstacles:
        raise await slot_taken(uow, wanted, obstacles)


async def try_shift(
    uow: UnitOfWork, appointment: Appointment, wanted: Wanted, override: Override | None = None
) -> list[Obstacle]:
    """Like `shift`, but what is in the way is returned; none when the appointment was moved."""
    require_movable(uow, appointment, wanted)
    before = Had.of(appointment)
    if before == Had.of(wanted):
        return []
    inside = before.holds(wanted)
    own = overridden_kinds(appointment) if inside else NOTHING
    obstacles = await regrant(
        uow,
        appointment,
        wanted,
        appointment.status,
        overriding=overriding_with(uow, override) | own,
        why=override.reason if override else appointment.override_reason,
        kept=own if inside and before.visit_type_id == wanted.visit_type_id else None,
    )
    if not obstacles:
        await tell_moved(uow, appointment, before)
    return obstacles


def require_movable(uow: UnitOfWork, appointment: Appointment, wanted: Wanted) -> None:
    """Raise `NotMovable` or `NotToday`: who waits here cannot be moved to another day."""
    if appointment.status not in MOVABLE:
        raise NotMovable(appointment_id=appointment.id, current=appointment.status)
    waits = appointment.status is not AppointmentStatus.BOOKED
    if waits and day_of(uow, wanted.starts_at) != day_of(uow, appointment.starts_at):
        raise NotToday(appointment_id=appointment.id)
