"""A patient's appointments on the page of their record."""

from datetime import datetime, time
from uuid import UUID

from app.clinical import encounters
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.kernel.paging import PageRequest
from app.scheduling import appointments, availability, reminders, waiting_list
from app.scheduling.appointments import AppointmentFilter, AppointmentOut
from app.web.presenters import patient_appointments as present

KEEPERS = (Role.DOCTOR, Role.NURSE, Role.RECEPTIONIST)
COMING_SHOWN = PageRequest(limit=25)
PAST_SHOWN = PageRequest(limit=10)


async def appointments_of(uow: UnitOfWork, patient_id: UUID) -> present.Appointments:
    """Today's and later ones; earlier ones; what the patient waits for."""
    today = availability.wall_to_instant(uow.zone, datetime.combine(uow.today, time()))
    coming, more_coming = await listed(
        uow, AppointmentFilter(patient_id=patient_id, starts_from=today), COMING_SHOWN
    )
    before_today = AppointmentFilter(patient_id=patient_id, starts_before=today, latest_first=True)
    past, more_past = await listed(uow, before_today, PAST_SHOWN)
    begun = await encounters.encounters_of_appointments(uow, [one.id for one in (*coming, *past)])
    visits = {appointment_id: encounter.id for appointment_id, encounter in begun.items()}
    onlooker = present.Onlooker(uow.zone, uow.today, starts=uow.actor.has_any(Role.DOCTOR))
    entries, _ = await waiting_list.list_entries(uow, patient_id=patient_id)
    waiting = await waiting_list.describe(uow, *entries)
    return present.Appointments(
        coming=present.rows(coming, visits, onlooker),
        past=present.rows(past, visits, onlooker),
        more_coming=more_coming,
        more_past=more_past,
        waiting=present.waiting_rows(waiting, uow.zone),
        opted_out=await reminders.read_preference(uow, patient_id),
        may_switch=uow.actor.has_any(*KEEPERS),
    )


async def listed(
    uow: UnitOfWork, wanted: AppointmentFilter, page: PageRequest
) -> tuple[list[AppointmentOut], bool]:
    found, next_cursor = await appointments.list_appointments(uow, wanted, page=page)
    return await appointments.shown(uow, found), next_cursor is not None
