"""Appointments for tests: the frozen clock stands at nine on Monday, the book opens at eight."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from app.infra.uow import Works
from app.kernel.actors import Actor
from app.scheduling import appointments, availability
from tests.builders.availability import Clinic
from tests.builders.patients import a_patient

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HELD_FOR = timedelta(minutes=5)


def at(clock: str, day: int = 2) -> datetime:
    """A clock time of that day of March 2026, in UTC, which is the clinic's zone in tests."""
    hours, minutes = clock.split(":")
    return MONDAY.replace(day=day, hour=int(hours), minute=int(minutes))


TEN = at("10:00")


def new_booking(
    clinic: Clinic, patient_id: UUID, starts_at: datetime, **fields: Any
) -> appointments.BookAppointment:
    """A consultation with the clinic's doctor; other fields of `BookAppointment` as named."""
    asked = {
        "practitioner_id": clinic.doctor.id,
        "visit_type_id": clinic.visit_type.id,
        "patient_id": patient_id,
        "starts_at": starts_at,
    }
    return appointments.BookAppointment.model_validate(asked | fields)


async def an_appointment(
    works: Works,
    by: Actor,
    clinic: Clinic,
    starts_at: datetime = TEN,
    *,
    patient_id: UUID | None = None,
    **fields: Any,
) -> appointments.Appointment:
    """Booked with the clinic's doctor for this patient or for a new one."""
    if patient_id is None:
        patient_id = (await a_patient(works, by)).id
    async with works.begin(by) as uow:
        new = new_booking(clinic, patient_id, starts_at, **fields)
        return (await appointments.book_at_last(uow, new)).appointment


async def a_hold(
    works: Works, by: Actor, clinic: Clinic, starts_at: datetime = TEN, **fields: Any
) -> appointments.Appointment:
    """Held for five minutes, for nobody in particular."""
    asked = {
        "practitioner_id": clinic.doctor.id,
        "visit_type_id": clinic.visit_type.id,
        "starts_at": starts_at,
    }
    async with works.begin(by) as uow:
        new = appointments.HoldSlot.model_validate(asked | fields)
        return await appointments.hold_slot(uow, new, hold_for=HELD_FOR)


async def an_arrival(works: Works, by: Actor, appointment_id: UUID) -> appointments.Appointment:
    async with works.begin(by) as uow:
        return await appointments.record_arrival(uow, appointment_id)


async def a_cancellation(works: Works, by: Actor, appointment_id: UUID) -> appointments.Appointment:
    async with works.begin(by) as uow:
        cancelled = appointments.CancelAppointment(
            reason="caught a cold", by=appointments.Canceller.PATIENT
        )
        return await appointments.cancel(uow, appointment_id, cancelled)


async def with_lanes(works: Works, by: Actor, clinic: Clinic, lanes: int) -> None:
    """From now on the clinic's doctor may be booked so many times over."""
    async with works.begin(by) as uow:
        schedule = availability.SetSchedule(lanes=lanes)
        await availability.set_schedule(uow, clinic.doctor.id, schedule, version=0)
