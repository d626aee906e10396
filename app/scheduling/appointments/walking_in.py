"""Somebody stands at the desk without an appointment."""

from datetime import timedelta

from app.infra.uow import UnitOfWork
from app.scheduling.appointments import repository
from app.scheduling.appointments.asking import Place, wanted_at
from app.scheduling.appointments.errors import BookedToday
from app.scheduling.appointments.lifecycle import AppointmentStatus
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.placing import Details, place, trace
from app.scheduling.appointments.policies import OVERRIDABLE, require_booker
from app.scheduling.appointments.refusing import slot_taken
from app.scheduling.appointments.schemas import AppointmentKind, WalkIn
from app.scheduling.appointments.today import midnight

WALKED_IN = "walk-in"
DAY = timedelta(days=1)


async def walk_in(uow: UnitOfWork, came: WalkIn) -> Appointment:
    """A patient came without an appointment and waits, whoever else is booked now.

    Raises `BookedToday` for somebody who is expected, `SlotTaken` for a room that is taken, and
    what booking raises.
    """
    require_booker(uow)
    patient = await repository.patient(uow, came.patient_id)
    if not came.beside_booked:
        since, until = midnight(uow, uow.today), midnight(uow, uow.today + DAY)
        expected = await repository.booked_between(uow, patient.id, since, until)
        if expected:
            raise BookedToday(appointment_ids=expected)
    where = Place(
        practitioner_id=came.practitioner_id,
        visit_type_id=came.visit_type_id,
        starts_at=uow.now.replace(second=0, microsecond=0),
        duration_minutes=came.duration_minutes,
        room_id=came.room_id,
    )
    wanted = await wanted_at(uow, where, patient_id=patient.id)
    details = Details(
        status=AppointmentStatus.ARRIVED,
        kind=AppointmentKind.WALK_IN,
        patient=patient,
        reason=came.reason,
        override_reason=WALKED_IN,
    )
    placed = await place(uow, wanted, details, overriding=OVERRIDABLE)
    if not isinstance(placed, Appointment):
        raise await slot_taken(uow, wanted, placed)
    await trace(uow, "appointment.walk-in", placed)
    return placed
