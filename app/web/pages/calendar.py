"""The calendar: the day of the whole clinic, and a doctor's day on paper."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from app import identity
from app.infra.http.access import STAFF, allow
from app.infra.http.deps import Uow
from app.infra.http.routing import page_router
from app.infra.uow import UnitOfWork
from app.kernel.paging import Cursor, PageRequest
from app.scheduling import appointments, availability
from app.scheduling.appointments import AppointmentFilter, AppointmentOut, AppointmentStatus
from app.scheduling.availability import Day
from app.web.framing import PageFrame
from app.web.presenters import calendar as present
from app.web.presenters import calendar_print
from app.web.rendering import render

router = page_router("/calendar")

ON_PAPER = frozenset(AppointmentStatus) - {
    AppointmentStatus.PENDING,
    AppointmentStatus.CANCELLED,
    AppointmentStatus.ENTERED_IN_ERROR,
}
LONGEST_PAGE = 100
ShownDay = Annotated[Day | None, Query(alias="date", description="Left out: today.")]


@router.get("", dependencies=[allow(*STAFF)])
async def show_calendar(
    uow: Uow,
    frame: PageFrame,
    shown: ShownDay = None,
    appointment: Annotated[UUID | None, Query(description="Opened beside the calendar.")] = None,
) -> Response:
    """The page itself; appointments are asked for by its script."""
    clinic = await clinic_of(uow)
    view = present.calendar_page(uow, clinic, shown=shown or uow.today, appointment_id=appointment)
    return render("calendar/calendar.html", view, frame)


@router.get("/print", dependencies=[allow(*STAFF)])
async def print_calendar(
    uow: Uow,
    frame: PageFrame,
    shown: ShownDay = None,
    practitioner_id: Annotated[list[UUID] | None, Query(max_length=100)] = None,
) -> Response:
    """One day on paper, a sheet for each doctor."""
    day = shown or uow.today
    everybody = await identity.list_practitioners(uow)
    doctors = calendar_print.wanted_doctors(everybody, practitioner_id or ())
    found = await appointments_on(uow, day, [doctor.id for doctor in doctors])
    view = calendar_print.print_page(day, doctors, found, today=uow.today, zone=uow.zone)
    return render("calendar/print.html", view, frame)


async def clinic_of(uow: UnitOfWork) -> present.Clinic:
    practitioners = await identity.list_practitioners(uow)
    visit_types = await availability.list_visit_types(uow)
    return present.Clinic(
        practitioners=practitioners,
        schedules=await availability.schedules_of(uow, [one.id for one in practitioners]),
        visit_types=visit_types,
        offered_by=await availability.offers_of(uow, [one.id for one in visit_types]),
        rooms=await availability.list_rooms(uow),
    )


async def appointments_on(
    uow: UnitOfWork, day: date, practitioner_ids: Sequence[UUID]
) -> list[AppointmentOut]:
    """What begins on a day of the clinic's wall with these doctors and was not called off."""
    wanted = AppointmentFilter(
        starts_from=midnight(uow, day),
        starts_before=midnight(uow, day + timedelta(days=1)),
        practitioner_ids=practitioner_ids,
        statuses=ON_PAPER,
    )
    found: list[AppointmentOut] = []
    page = PageRequest(limit=LONGEST_PAGE)
    while practitioner_ids:
        rows, cursor = await appointments.list_appointments(uow, wanted, page=page)
        found += await appointments.shown(uow, rows)
        if cursor is None:
            break
        page = PageRequest(limit=LONGEST_PAGE, cursor=Cursor.decode(cursor))
    return found


def midnight(uow: UnitOfWork, day: date) -> datetime:
    return availability.wall_to_instant(uow.zone, datetime.combine(day, time.min))
