"""The times held for those who wait; the appointment book keeps them and decides."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from app import patients
from app.infra.uow import UnitOfWork
from app.scheduling import appointments
from app.scheduling.appointments import Appointment, AppointmentStatus, ObstacleKind
from app.scheduling.waiting_list.models import TimeOffer, WaitingListEntry

CAME_TO_NOTHING = frozenset({AppointmentStatus.CANCELLED, AppointmentStatus.ENTERED_IN_ERROR})
# What is found in the way anew when a hold becomes an appointment; rules are asked only once.
LOOKED_UP = frozenset({ObstacleKind.PRACTITIONER, ObstacleKind.PATIENT})


class Fate(StrEnum):
    """What became of the time held for an offer."""

    HELD = "held"
    BOOKED = "booked"  # for this patient, by other means than the offer
    GONE = "gone"


async def hold_for(
    uow: UnitOfWork,
    entry: WaitingListEntry,
    *,
    practitioner_id: UUID,
    starts_at: datetime,
    expires_at: datetime,
    duration_minutes: int | None = None,
    room_id: UUID | None = None,
    override: appointments.Override | None = None,
) -> Appointment:
    """Hold a time for a patient who waits; raises `SlotTaken` with everything in the way."""
    patient = await patients.get_patient(uow, entry.patient_id)
    wanted = appointments.HoldSlot(
        practitioner_id=practitioner_id,
        visit_type_id=entry.visit_type_id,
        starts_at=starts_at,
        duration_minutes=duration_minutes,
        room_id=room_id,
        patient_id=patient.id,
        override=override,
    )
    return await appointments.place_hold(uow, wanted, hold_for=expires_at - uow.now)


async def locked_hold(uow: UnitOfWork, offer: TimeOffer) -> Appointment:
    """The appointment an offer is about, whatever it is by now."""
    statement = select(Appointment).where(Appointment.id == offer.appointment_id)
    statement = statement.with_for_update(key_share=True)
    statement = statement.execution_options(populate_existing=True)
    return (await uow.db.execute(statement)).scalar_one()


async def fate_of(uow: UnitOfWork, hold: Appointment, entry: WaitingListEntry) -> Fate:
    if hold.status is AppointmentStatus.PENDING:
        return Fate.HELD
    if hold.status in CAME_TO_NOTHING:
        return Fate.GONE
    theirs = await uow.db.scalars(patients.records_of(entry.patient_id))
    return Fate.BOOKED if hold.patient_id in set(theirs) else Fate.GONE


async def book_held(uow: UnitOfWork, entry: WaitingListEntry, hold: Appointment) -> Appointment:
    """The hold becomes the appointment; where it is gone, the same time is booked anew.

    Raises `SlotTaken`.
    """
    patient = await patients.get_patient(uow, entry.patient_id)
    override = None
    if hold.override_reason is not None and LOOKED_UP.intersection(hold.overridden):
        override = appointments.Override(reason=hold.override_reason)
    booking = appointments.BookAppointment(
        hold_id=hold.id,
        practitioner_id=hold.practitioner_id,
        patient_id=patient.id,
        visit_type_id=hold.visit_type_id,
        starts_at=hold.starts_at,
        duration_minutes=int((hold.ends_at - hold.starts_at).total_seconds()) // 60,
        room_id=hold.room_id,
        override=override,
    )
    return await appointments.place_booking(uow, booking)
