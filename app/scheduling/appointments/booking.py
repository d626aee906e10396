"""Booking: from a hold, or from nothing."""

from contextlib import suppress
from typing import NamedTuple

from app.infra.uow import UnitOfWork
from app.scheduling.appointments import repository
from app.scheduling.appointments.asking import Facts, Place, patient_at, wanted_from
from app.scheduling.appointments.lapsing import let_go
from app.scheduling.appointments.lifecycle import AppointmentStatus
from app.scheduling.appointments.models import Appointment
from app.scheduling.appointments.placing import (
    Details,
    Unsettled,
    name_of,
    place,
    place_at_last,
    trace,
)
from app.scheduling.appointments.policies import overriding_with, require_booker
from app.scheduling.appointments.reading import LatestMove, Names
from app.scheduling.appointments.refusing import slot_taken
from app.scheduling.appointments.regranting import overridden_kinds, regrant
from app.scheduling.appointments.repository import Person, busy_of
from app.scheduling.appointments.schemas import BookAppointment, CancelledBy
from app.scheduling.appointments.telling import tell_booked
from app.scheduling.appointments.wanted import Wanted

ACTION = "appointment.book"


class Booked(NamedTuple):
    """An appointment, with its names where they were learned on the way."""

    appointment: Appointment
    names: Names | None = None


async def book_appointment(uow: UnitOfWork, new: BookAppointment) -> Appointment:
    """Book a time for a patient; a hold that is named becomes the appointment.

    Raises `SlotTaken` with everything in the way, `PatientNotFound`, `DoctorUnknown`,
    `VisitTypeUnknown`, `RoomUnknown`.
    """
    appointment = await place_booking(uow, new)
    await trace(uow, ACTION, appointment)
    return appointment


async def book_at_last(uow: UnitOfWork, new: BookAppointment) -> Booked:
    """Like `book_appointment`, as the last thing of the unit of work, for whoever shows it."""
    if new.hold_id is None:
        with suppress(Unsettled):
            return await book_in_one(uow, new)
    return Booked(await book_appointment(uow, new))


async def book_in_one(uow: UnitOfWork, new: BookAppointment) -> Booked:
    """Look without locking anybody out, then book in one statement; raises `Unsettled`."""
    require_booker(uow)
    patient, facts = await patient_at(uow, new.patient_id, place_of(new, None), keep=False)
    wanted = wanted_from(uow, facts, place_of(new, None), patient_id=patient.id)
    overriding = overriding_with(uow, new.override)
    seen = [busy_of(row) for row in facts.busy_told] if facts else []
    booked = await place_at_last(
        uow, wanted, details_of(new, patient), ACTION, seen=seen, overriding=overriding
    )
    if not isinstance(booked, Appointment):
        raise await slot_taken(uow, wanted, booked)
    return Booked(booked, names_among(uow, facts, patient))


async def place_booking(uow: UnitOfWork, new: BookAppointment) -> Appointment:
    """Like `book_appointment` without a trace of its own: for verbs that leave one."""
    require_booker(uow)
    patient, facts = await patient_at(uow, new.patient_id, place_of(new, None), keep=True)
    hold = await repository.hold(uow, new.hold_id) if new.hold_id else None
    if hold is not None and is_held(hold, new):
        wanted = wanted_from(uow, facts, place_of(new, hold), patient_id=patient.id, moving=hold)
        await confirm(uow, hold, wanted, patient, new)
        return hold
    if hold is not None:
        let_go(uow, hold, CancelledBy.CLINIC, "replaced")
    wanted = wanted_from(uow, facts, place_of(new, None), patient_id=patient.id)
    overriding = overriding_with(uow, new.override)
    booked = await place(uow, wanted, details_of(new, patient), overriding=overriding)
    if not isinstance(booked, Appointment):
        raise await slot_taken(uow, wanted, booked)
    return booked


def details_of(new: BookAppointment, patient: Person) -> Details:
    why = new.override.reason if new.override else None
    return Details(patient=patient, reason=new.reason, override_reason=why)


def names_among(uow: UnitOfWork, facts: Facts | None, patient: Person) -> Names:
    """The names of an appointment that this person has just made."""
    assert facts is not None
    assert facts.doctor_name is not None
    return Names(
        practitioner=facts.doctor_name,
        patient_mrn=patient.mrn,
        visit_type=facts.type_name,
        color=facts.color,
        room=facts.room_name,
        created_by=uow.actor.name,
        booked_by=uow.actor.name,
        latest=LatestMove(AppointmentStatus.BOOKED, None, uow.now),
        hidden=False,
    )


def is_held(hold: Appointment, new: BookAppointment) -> bool:
    """Whether the hold is of exactly this time, so that it can become the appointment."""
    return (
        (hold.practitioner_id, hold.visit_type_id, hold.room_id, hold.starts_at)
        == (new.practitioner_id, new.visit_type_id, new.room_id, new.starts_at)
    ) and new.duration_minutes in {None, hold.minutes}


def place_of(new: BookAppointment, hold: Appointment | None) -> Place:
    """Where and how long; a length nobody names is the one that was held."""
    return Place(
        practitioner_id=new.practitioner_id,
        visit_type_id=new.visit_type_id,
        starts_at=new.starts_at,
        duration_minutes=hold.minutes if hold else new.duration_minutes,
        room_id=new.room_id,
    )


async def confirm(
    uow: UnitOfWork, hold: Appointment, wanted: Wanted, patient: Person, new: BookAppointment
) -> None:
    """Make the hold an appointment; only the patient may still be somewhere else at that time."""
    values = {
        "patient_id": patient.id,
        "patient_name": name_of(patient),
        "reason": new.reason,
        "expires_at": None,
        "booked_by": uow.actor.id,
        "booked_at": uow.now,
    }
    obstacles = await regrant(
        uow,
        hold,
        wanted,
        AppointmentStatus.BOOKED,
        values=values,
        overriding=overriding_with(uow, new.override) | overridden_kinds(hold),
        why=new.override.reason if new.override else hold.override_reason,
        kept=overridden_kinds(hold),
    )
    if obstacles:
        raise await slot_taken(uow, wanted, obstacles)
    await tell_booked(uow, hold)
