"""Today's appointments: on the home page, and alone for a page that is open already."""

from datetime import datetime, time, timedelta
from uuid import UUID

from fastapi import Response

from app.clinical import encounters
from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.infra.uow import UnitOfWork
from app.kernel.actors import Role
from app.kernel.paging import PageRequest
from app.scheduling import appointments, availability
from app.scheduling.appointments import AppointmentFilter, AppointmentOut
from app.web.framing import PageFrame
from app.web.presenters import today as present
from app.web.rendering import render

router = page_router("/fragments")

MOST = PageRequest(limit=1000)


@router.get("/today", dependencies=[allow(*STAFF)])
async def show_today(uow: Uow, frame: PageFrame) -> Response:
    return render("today/list.html", await todays_list(uow), frame)


async def todays_list(uow: UnitOfWork) -> present.TodayView:
    """A doctor's own day; everybody's for the desk and the nurses."""
    is_doctor = uow.actor.has_any(Role.DOCTOR)
    onlooker = present.Onlooker(
        zone=uow.zone,
        now=uow.now,
        starts=is_doctor,
        moves=uow.actor.has_any(*appointments.BOOKERS),
        names_doctor=not is_doctor,
    )
    found = await appointments_today(uow, uow.actor.id if is_doctor else None)
    visits = await visits_of(uow, found) if is_doctor else {}
    of_whom = present.doctors_day if is_doctor else present.clinics_day
    return of_whom(found, visits, onlooker, uow.today)


async def appointments_today(uow: UnitOfWork, practitioner_id: UUID | None) -> list[AppointmentOut]:
    wanted = AppointmentFilter(
        starts_from=midnight(uow, 0),
        starts_before=midnight(uow, 1),
        practitioner_ids=() if practitioner_id is None else (practitioner_id,),
        statuses=present.SHOWN,
    )
    found, _ = await appointments.list_appointments(uow, wanted, page=MOST)
    return await appointments.shown(uow, found)


def midnight(uow: UnitOfWork, days: int) -> datetime:
    """The beginning of a day of the clinic, so many days from today."""
    local = datetime.combine(uow.today + timedelta(days=days), time())
    return availability.wall_to_instant(uow.zone, local)


async def visits_of(uow: UnitOfWork, found: list[AppointmentOut]) -> dict[UUID, UUID]:
    """The encounter of each appointment that has one."""
    begun = await encounters.encounters_of_appointments(uow, [one.id for one in found])
    return {appointment_id: encounter.id for appointment_id, encounter in begun.items()}
