"""The clinic's day: who has come, who is in which room, who is being seen, who has gone."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from uuid import UUID

from app.infra.uow import UnitOfWork
from app.kernel.lifecycle import IllegalMove
from app.scheduling.appointments import repository
from app.scheduling.appointments.asking import wanted_at
from app.scheduling.appointments.errors import NotYetDue, ObstacleKind
from app.scheduling.appointments.lapsing import CALENDAR
from app.scheduling.appointments.lifecycle import APPOINTMENT, AppointmentStatus
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.moving import place_of
from app.scheduling.appointments.placing import trace
from app.scheduling.appointments.policies import require_booker
from app.scheduling.appointments.refusing import slot_taken
from app.scheduling.appointments.regranting import LOOKED_UP, overridden_kinds, regrant
from app.scheduling.appointments.schemas import RecordRooming
from app.scheduling.appointments.telling import tell_status
from app.scheduling.appointments.today import require_today

S = AppointmentStatus
CAME_AFTER_ALL = "came after being taken for a no-show"


async def record_arrival(uow: UnitOfWork, appointment_id: UUID) -> Appointment:
    """The patient is here, perhaps after all; raises `NotToday`, `IllegalMove`.

    Whoever was taken for a no-show gets the time back, beside whomever it was given to since.
    """
    appointment = await locked(uow, appointment_id)
    require_today(uow, appointment)
    if appointment.status is S.NOSHOW:
        await take_back_no_show(uow, appointment)
    else:
        await advance(uow, appointment, S.ARRIVED, only_from={S.BOOKED})
    await trace(uow, "appointment.arrive", appointment)
    return appointment


async def record_rooming(
    uow: UnitOfWork, appointment_id: UUID, rooming: RecordRooming
) -> Appointment:
    """The patient was shown to a room; raises `NotToday`, `IllegalMove`.

    `SlotTaken` when another room is named that somebody else has at that time.
    """
    appointment = await locked(uow, appointment_id)
    require_today(uow, appointment)
    room_id = rooming.room_id if "room_id" in rooming.model_fields_set else appointment.room_id
    if room_id == appointment.room_id:
        await advance(uow, appointment, S.IN_ROOM, only_from={S.BOOKED, S.ARRIVED})
    else:
        await show_to(uow, appointment, room_id)
    await trace(uow, "appointment.room", appointment)
    return appointment


async def record_departure(uow: UnitOfWork, appointment_id: UUID) -> Appointment:
    """The patient is done and gone, also without having seen the doctor."""
    appointment = await locked(uow, appointment_id)
    left_from = {S.ARRIVED, S.IN_ROOM, S.FINISHED}
    await advance(uow, appointment, S.CHECKED_OUT, only_from=left_from)
    await trace(uow, "appointment.depart", appointment)
    return appointment


async def record_no_show(uow: UnitOfWork, appointment_id: UUID) -> Appointment:
    """Nobody came; raises `NotYetDue` before the appointment has begun, and `IllegalMove`."""
    appointment = await locked(uow, appointment_id)
    if appointment.starts_at > uow.now:
        raise NotYetDue(appointment_id=appointment.id)
    await miss(uow, appointment)
    await trace(uow, "appointment.no-show", appointment)
    return appointment


async def miss(uow: UnitOfWork, appointment: Appointment) -> None:
    """Take a locked appointment for missed, without a trace of its own."""
    await advance(uow, appointment, S.NOSHOW, only_from={S.BOOKED})


async def advance(
    uow: UnitOfWork,
    appointment: Appointment,
    target: AppointmentStatus,
    *,
    only_from: AbstractSet[AppointmentStatus],
) -> None:
    """One step of a locked appointment that takes nobody's time anew."""
    before = appointment.status
    if before not in only_from:  # the lifecycle also knows the ways back, which are no steps
        raise IllegalMove(lifecycle=APPOINTMENT.name, current=before, target=target)
    uow.db.add(appointment.move(target, by=uow.actor.id, at=uow.now))
    uow.wake(CALENDAR)
    await tell_status(uow, appointment, before)


async def show_to(uow: UnitOfWork, appointment: Appointment, room_id: UUID | None) -> None:
    before = appointment.status
    where = replace(place_of(appointment), room_id=room_id)
    wanted = await wanted_at(uow, where, patient_id=appointment.patient_id, moving=appointment)
    own = overridden_kinds(appointment)
    obstacles = await regrant(
        uow,
        appointment,
        wanted,
        S.IN_ROOM,
        overriding=own,
        why=appointment.override_reason,
        kept=own,
    )
    if obstacles:
        raise await slot_taken(uow, wanted, obstacles)
    await tell_status(uow, appointment, before)


async def take_back_no_show(uow: UnitOfWork, appointment: Appointment) -> None:
    """The time may be somebody else's by now; then both are there, and a taken room is let go."""
    where = place_of(appointment)
    own = overridden_kinds(appointment)
    for room_id in (appointment.room_id, None):
        place = replace(where, room_id=room_id)
        wanted = await wanted_at(uow, place, patient_id=appointment.patient_id, moving=appointment)
        obstacles = await regrant(
            uow,
            appointment,
            wanted,
            S.ARRIVED,
            overriding=own | LOOKED_UP,
            why=appointment.override_reason or CAME_AFTER_ALL,
            kept=own,
        )
        if not any(obstacle["kind"] is ObstacleKind.ROOM for obstacle in obstacles):
            break
    if obstacles:
        raise await slot_taken(uow, wanted, obstacles)
    await tell_status(uow, appointment, S.NOSHOW)


async def locked(uow: UnitOfWork, appointment_id: UUID) -> Appointment:
    require_booker(uow)
    return await repository.get(uow, appointment_id, lock=True)
